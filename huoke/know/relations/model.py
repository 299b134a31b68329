"""What relates customers, for which purpose it may be looked at, and what speaks for a ring; events and refusals."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.refusals import Forbidden, NotFound

CONSENTED = "relations"
"""The consent purpose by which a customer lets transfers, devices and household serve more than fraud (rule P11)."""


class Kind(StrEnum):
    """What an edge is; a payroll edge leads to an employer, a device edge to a device, a transfer to either end."""

    REFERRAL = "referral"
    TRANSFER = "transfer"
    PAYROLL = "payroll"
    HOUSEHOLD = "household"
    DEVICE = "device"


class LookPurpose(StrEnum):
    """What somebody looks at relations for."""

    FRAUD = "fraud"
    MARKETING = "marketing"


GUARDED = frozenset({Kind.TRANSFER, Kind.HOUSEHOLD, Kind.DEVICE})
"""Serve fraud only, unless consented (rule P11)."""


class RingState(StrEnum):
    """What a person said of a ring."""

    NEW = "new"
    RING = "ring"
    INNOCENT = "innocent"


class NewEdge(msgspec.Struct, frozen=True, kw_only=True):
    """An edge to another customer or to a hub, just one of them. `hub` is an employer's name, else already hashed."""

    kind: Kind
    seq: Seq
    other_seq: Seq | None = None
    hub: str | None = None
    since: date
    until: date | None = None
    weight: int = 1


class Joined(msgspec.Struct, frozen=True):
    """Which numbers lead to whom now: edges are kept under the number they came with, and read as of today."""

    ends: dict[int, Seq]

    @property
    def columns(self) -> tuple[list[int], list[int]]:
        """Numbers that lead on, and whom each leads to."""
        return list(self.ends), [int(kept) for kept in self.ends.values()]

    def numbers(self, seqs: Iterable[int]) -> list[int]:
        """These customers under every number of theirs."""
        whole = {*seqs}
        return sorted(whole | {number for number, kept in self.ends.items() if kept in whole})


class Reason(msgspec.Struct, frozen=True):
    """One sentence that speaks for a ring."""

    text: str
    text_en: str


class RingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine measured; shares 0 … 1."""

    members: int
    organisers: int
    devices: int
    anchorless: float
    quiet: float
    burst: float
    invited: float


class RingMember(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a ring, masked."""

    seq: Seq
    customer_no: str
    name: str | None
    unit_id: UnitId
    unit_name: str
    organiser: bool


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts that look like a ring; `score` 0 … 1 says how sure, `reasons` why."""

    id: UUID
    score: float
    state: RingState
    facts: RingFacts
    reasons: list[Reason]
    members: list[RingMember]
    note: str
    judged_by: str | None
    judged_at: datetime | None
    found_at: datetime


class RingVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of a ring once; it had `members` then."""

    state: RingState
    note: str
    members: int
    judged_by: str
    judged_at: datetime


class RingDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device members share, named by a letter: who uses it, since when, and how many use it in all."""

    label: str
    seqs: list[Seq]
    since: date
    shared_by: int


class RingInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """Who invited members, and how many; None for somebody outside the ring."""

    seq: Seq | None
    invited: int


class RingPage(msgspec.Struct, frozen=True, kw_only=True):
    """A ring with its evidence, and everything that was said of it, latest first."""

    ring: Ring
    devices: list[RingDevice]
    invitations: list[RingInvitation]
    verdicts: list[RingVerdict]


class Ringed(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a ring, as a row of a list for risk; masked."""

    ring_id: UUID
    state: RingState
    score: float
    seq: Seq
    customer_no: str
    name: str | None
    unit_id: UnitId
    unit_name: str
    organiser: bool
    judged_by: str | None
    judged_at: datetime | None


class RingsFound(Event, frozen=True, kw_only=True):
    """The graph was read for rings; `fresh` were not there before."""

    name = "relations.rings_found"

    rings: int
    fresh: int


class RingJudged(Event, frozen=True, kw_only=True):
    """Somebody said what a ring is; its members ride on the event."""

    name = "relations.ring_judged"

    ring_id: UUID
    state: RingState


class RingUnknown(NotFound):
    """No such ring in this bank."""

    code = "relations.ring_unknown"


class PurposeClosed(Forbidden):
    """The customer did not allow this kind of relation to serve this purpose (rule P11)."""

    code = "relations.purpose"


def open_kinds(purpose: LookPurpose) -> frozenset[Kind]:
    """The kinds a purpose may look at whoever the customer is."""
    return frozenset(Kind) if purpose is LookPurpose.FRAUD else frozenset(Kind) - GUARDED


def check_kinds(kinds: Iterable[Kind], purpose: LookPurpose, *, consented: bool) -> None:
    """Raise `PurposeClosed` for the first kind that may not serve the purpose."""
    for kind in sorted({*kinds} - open_kinds(purpose)):
        if not consented:
            raise PurposeClosed(
                f"Edges of kind '{kind}' serve fraud only; the customer's consent to '{CONSENTED}' opens them.",
                pointer="/kind",
                kind=kind,
            )


def reasons(facts: RingFacts) -> list[Reason]:
    """Why this looks like a ring, in sentences with the numbers they rest on."""
    count = facts.members - facts.organisers
    said = [
        Reason(f"{count} 个账户共用 {facts.devices} 台设备", f"{count} accounts share {facts.devices} devices"),
        Reason(f"{facts.quiet:.0%} 除领取权益外几乎没有活动", f"{facts.quiet:.0%} hardly do anything but take"),
    ]
    if facts.anchorless >= 0.5:
        said.append(
            Reason(f"{facts.anchorless:.0%} 没有自己独用的设备", f"{facts.anchorless:.0%} have no device of their own")
        )
    if facts.burst >= 0.3:
        said.append(Reason(f"{facts.burst:.0%} 在同一周内出现", f"{facts.burst:.0%} appeared within one week"))
    if facts.invited >= 0.3:
        said.append(
            Reason(
                f"{facts.invited:.0%} 由同一人或彼此邀请",
                f"{facts.invited:.0%} were invited by one person or each other",
            )
        )
    if facts.organisers:
        said.append(
            Reason(
                f"{facts.organisers} 人专门邀请其中成员", f"{facts.organisers} invited members and hardly anybody else"
            )
        )
    return said

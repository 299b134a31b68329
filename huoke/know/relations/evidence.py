"""Rings as people read them: members masked, what speaks for each ring, its devices, and what was said of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from huoke.govern.people import staff
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import CustomerRow
from huoke.know.relations import store
from huoke.know.relations.model import (
    Joined,
    Kind,
    Ring,
    RingDevice,
    Ringed,
    RingFacts,
    RingInvitation,
    RingMember,
    RingPage,
    RingState,
    RingUnknown,
    RingVerdict,
    reasons,
)

LISTED_MAX = 12
"""Members of each ring in a list; its own page has them all."""
SHOWN_MAX = 500


async def find(
    tx: Tx, *, state: RingState | None = None, after: tuple[float, UUID] | None = None, limit: int = 50
) -> list[Ring]:
    """Rings, the surest first, with the first members of each."""
    return await _shown(tx, await store.rings(tx, state or "", after, limit), LISTED_MAX)


async def counts(tx: Tx) -> dict[str, int]:
    """How many rings there are by state."""
    return await store.ring_counts(tx)


async def member_counts(tx: Tx) -> dict[str, int]:
    """How many rows `ringed_rows` has in all, by the state of their ring."""
    return await store.member_counts(tx, SHOWN_MAX)


async def page(tx: Tx, ring_id: UUID) -> RingPage:
    """One ring with up to 500 members, the devices they share and who invited them; `RingUnknown`."""
    row = await store.ring(tx, ring_id)
    if row is None:
        raise RingUnknown("There is no such ring.", ring_id=str(ring_id))
    (ring,) = await _shown(tx, [row], SHOWN_MAX)
    edges = await store.evidence(tx, Joined(await customers.survivors(tx, None)), row["seqs"])
    said = await store.verdicts(tx, ring_id)
    names = await staff.names(tx, {one["judged_by"] for one in said})
    return RingPage(
        ring=ring,
        devices=_devices([edge for edge in edges if edge["kind"] == Kind.DEVICE]),
        invitations=_invitations([edge for edge in edges if edge["kind"] == Kind.REFERRAL], {*row["seqs"]}),
        verdicts=[
            RingVerdict(
                state=RingState(one["state"]), note=one["note"], members=one["members"], judged_at=one["judged_at"],
                judged_by=names.get(one["judged_by"], one["judged_by"]),
            )
            for one in said
        ],
    )  # fmt: skip


async def ringed_rows(
    tx: Tx, *, state: RingState | None = None, after: tuple[float, UUID] | None = None, limit: int = 50
) -> tuple[list[Ringed], tuple[float, UUID] | None]:
    """The members of `limit` rings, one row each, and where the next page begins."""
    rows = await store.rings(tx, state or "", after, limit + 1)
    found = [
        Ringed(
            ring_id=ring.id, state=ring.state, score=ring.score, seq=one.seq, customer_no=one.customer_no,
            name=one.name, unit_id=one.unit_id, unit_name=one.unit_name, organiser=one.organiser,
            judged_by=ring.judged_by, judged_at=ring.judged_at,
        )
        for ring in await _shown(tx, rows[:limit], SHOWN_MAX)
        for one in ring.members
    ]  # fmt: skip
    last = rows[limit - 1] if len(rows) > limit else None
    return found, (last["score"], last["id"]) if last else None


def _devices(edges: Sequence[Any]) -> list[RingDevice]:
    """Devices of several members, the most shared first."""
    members: dict[str, dict[int, Any]] = {}
    for edge in edges:
        members.setdefault(edge["hub"], {}).setdefault(edge["seq"], edge)
    shared = sorted((used for used in members.values() if len(used) > 1), key=lambda used: -len(used))
    return [
        RingDevice(
            label=label, seqs=[Seq(seq) for seq in sorted(used)], since=min(edge["since"] for edge in used.values()),
            shared_by=max(len(used), *(edge["count"] for edge in used.values())),
        )
        for label, used in zip(_letters(), shared, strict=False)
    ]  # fmt: skip


def _letters() -> Iterator[str]:
    """A … Z, A2 … Z2, and so on."""
    for again in count(1):
        yield from (letter if again == 1 else f"{letter}{again}" for letter in ascii_uppercase)


def _invitations(edges: Sequence[Any], members: set[int]) -> list[RingInvitation]:
    """Who invited members: each member who did, and everybody else together."""
    first = {edge["other_seq"]: edge["seq"] for edge in reversed(edges)}
    told = Counter(by if by in members else None for by in first.values())
    return [
        RingInvitation(seq=None if by is None else Seq(by), invited=times)
        for by, times in sorted(told.items(), key=lambda item: (item[0] is None, -item[1], item[0] or 0))
    ]


async def _shown(tx: Tx, rows: Sequence[Any], members_max: int) -> list[Ring]:
    seqs = sorted({seq for row in rows for seq in _first(row, members_max)})
    people = {one.seq: one for one in await customers.masked_rows(tx, seqs)}
    names = await staff.names(tx, {row["judged_by"] for row in rows if row["judged_by"]})
    return [_ring(row, people, names, members_max) for row in rows]


def _ring(row: Any, people: dict[Seq, CustomerRow], names: dict[str, str], members_max: int) -> Ring:
    facts = RingFacts(
        members=len(row["seqs"]),
        **{name: row[name] for name in ("organisers", "devices", "anchorless", "quiet", "burst", "invited")},
    )
    leads = {*row["seqs"][len(row["seqs"]) - row["organisers"] :]}
    members = [
        RingMember(
            seq=seq, customer_no=people[seq].customer_no, name=people[seq].name,
            unit_id=people[seq].unit_id, unit_name=people[seq].unit_name, organiser=seq in leads,
        )
        for seq in _first(row, members_max)
        if seq in people
    ]  # fmt: skip
    return Ring(
        id=row["id"],
        score=round(row["score"], 3),
        state=RingState(row["state"]),
        facts=facts,
        reasons=reasons(facts),
        members=members,
        note=row["note"],
        judged_by=names.get(row["judged_by"], row["judged_by"]),
        judged_at=row["judged_at"],
        found_at=row["found_at"],
    )


def _first(row: Any, members_max: int) -> list[Seq]:
    """The members that are shown: whoever organised first."""
    at = len(row["seqs"]) - row["organisers"]
    ordered: list[Seq] = [*row["seqs"][at:], *row["seqs"][:at]]
    return ordered[:members_max]

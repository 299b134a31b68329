"""What a customer sees of a programme: the invitation they were sent, and what became of those they sent."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers, entry_points
from huoke.reward.referral import store, store_bond, store_read
from huoke.reward.referral.bind import TARGET
from huoke.reward.referral.model import Bond, BondState, Channel, Programme, ProgrammeState, refuse_channel
from huoke.reward.referral.programme import find, get
from huoke.reward.referral.read import SideBenefit, side_benefits
from huoke.reward.referral.refusals import ChannelClosed, InvitationUnknown

SHOWN_MAX = 50


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """The invitation behind a code, as one visitor meets it.

    `inviter` is the inviter's masked name, empty for staff; `own` says that the visitor sent it; `bond` is the
    invitation of this programme the visitor accepted, whoever sent it, `mine` whether it was this one. Where help was
    asked, `until` is how long it is asked for and `helping` how many do. `closed` is why its channel takes it no more.
    """

    programme: Programme
    benefits: list[SideBenefit]
    inviter: str
    own: bool = False
    channel: Channel = Channel.CODE
    closed: ChannelClosed | None = None
    bond: Bond | None = None
    mine: bool = False
    eligible: bool = True
    until: datetime | None = None
    helping: int = 0


class Friend(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who accepted, by masked name only."""

    name: str
    state: BondState
    since: datetime


class OwnInvitations(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer sent in a programme. `codes` has a code for each channel that is open, and none before the first.

    `until`: how long they ask for help.
    """

    programme: Programme
    benefits: list[SideBenefit]
    codes: dict[Channel, str]
    accepted: int
    rewarded: int
    friends: list[Friend]
    until: datetime | None = None


async def invitation(tx: Tx, code: str, seq: int | None) -> Invitation:
    """What stands behind a code; `InvitationUnknown`, `EntryPointUnknown`."""
    point = await entry_points.resolve(tx, code)
    row = (await store.referrers_by_code(tx, [code])).get(code)
    if point.target_kind != TARGET or row is None:
        raise InvitationUnknown("This invitation leads nowhere.")
    programme = await get(tx, row["programme_id"])
    channel = Channel(row["channel"])
    inviter = await _masked(tx, [row["seq"]]) if row["seq"] is not None else {}
    person = None if seq is None else await person_of(tx, seq)
    bond = None if person is None else await store_bond.bond_of_person(tx, programme.id, person)
    return Invitation(
        programme=programme,
        benefits=await side_benefits(tx, programme),
        inviter=inviter.get(row["seq"], ""),
        own=person is not None and person == row["person"],
        channel=channel,
        closed=refuse_channel(programme.terms, channel, row["made_at"], tx.now),
        bond=bond,
        mine=bond is not None and bond.referrer_id == row["id"],
        eligible=seq is None or person is not None,
        until=programme.terms.asked_until(row["created_at"]),
        helping=(await store_bond.helping(tx, [row["id"]])).get(row["id"], 0),
    )


async def is_known(tx: Tx, code: str) -> bool:
    """Whether a code is somebody's invitation."""
    return code in await store.referrers_by_code(tx, [code])


async def own(tx: Tx, programme_id: UUID, seq: int) -> OwnInvitations:
    """What a customer sent in a programme and what became of it; `ProgrammeUnknown`."""
    programme = await get(tx, programme_id)
    person = await person_of(tx, seq)
    row = None if person is None else await store.referrer(tx, programme_id, person=person)
    found = [] if row is None else await store_read.bonds(tx, programme_id, referrer_id=row["id"], limit=SHOWN_MAX)
    names = await _masked(tx, [bond["invitee_seq"] for bond in found])
    counts = {} if person is None else await store_bond.rewarded_by_person(tx, programme_id, [person])
    return OwnInvitations(
        programme=programme,
        benefits=await side_benefits(tx, programme),
        codes={} if row is None else await _codes(tx, programme, row["id"]),
        accepted=len(found),
        rewarded=counts.get(person or 0, 0),
        friends=[
            Friend(name=names.get(bond["invitee_seq"], "＊"), state=BondState(bond["state"]), since=bond["bound_at"])
            for bond in found
        ],
        until=programme.terms.asked_until(row["created_at"]) if row else None,
    )


async def _codes(tx: Tx, programme: Programme, referrer_id: UUID) -> dict[Channel, str]:
    """The codes of a customer in channels that are open; those who began before there were channels have one."""
    held = {Channel(channel): code for channel, code in (await store.codes_of(tx, referrer_id)).items()}
    return {channel: code for channel, code in held.items() if programme.terms.rule(channel).open}


async def shown(tx: Tx, *, help_: bool = False) -> list[Programme]:
    """Programmes customers may invite in today (with `help_`: ask for help in), be they paused; latest first."""
    states = (ProgrammeState.LIVE, ProgrammeState.PAUSED)
    found = [one for one in await find(tx, states=states) if bool(one.terms.help_hours) is help_]
    return [one for one in found if one.terms.opens_at <= tx.now < one.terms.closes_at]


async def person_of(tx: Tx, seq: int) -> int | None:
    """The natural person of an active customer; None for nobody's."""
    facts = await customers.facts(tx, [seq])
    return int(facts.persons[0]) if len(facts.seqs) else None


async def _masked(tx: Tx, seqs: list[int]) -> dict[int, str]:
    ends = await customers.survivors(tx, seqs)
    rows = await customers.masked_rows(tx, sorted({ends.get(seq, Seq(seq)) for seq in seqs}))
    names = {int(row.seq): row.name or "＊" for row in rows}
    return {seq: names[int(ends.get(seq, Seq(seq)))] for seq in seqs if int(ends.get(seq, Seq(seq))) in names}

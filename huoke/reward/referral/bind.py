"""Inviting and accepting: a code for each who invites, and the bond between inviter and invitee."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.people import units
from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, entry_points, relations
from huoke.know.customers import NotEligible
from huoke.know.entry_points import EntryPointKind, NewEntryPoint
from huoke.reward.referral import store, store_bond
from huoke.reward.referral.events import InvitationAccepted
from huoke.reward.referral.model import Bond, BondState, Channel, Programme, Verdict, refuse_bond, refuse_channel
from huoke.reward.referral.programme import get
from huoke.reward.referral.refusals import ChannelFull, HelpFull, HelpOver, InvitationUnknown

TARGET = "referral"
"""What the entry point of an inviter leads to: a programme, by the inviter's own code."""
LOOK_SECONDS = 60
"""How often an accepted invitation is looked at until the act was done."""


class Bind(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in customer accepts the invitation behind a code."""

    code: str
    seq: int


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: `exists` says that this very invitation was accepted before."""

    bond_id: UUID
    exists: bool = False


class _Counted(msgspec.Struct):
    """Who accepted before and in this batch: of each inviter, and of each inviter by each channel."""

    helping: Counter[UUID]
    brought: Counter[tuple[UUID, str]]


class _Side(msgspec.Struct, frozen=True):
    unit_id: int
    person: int


async def own_code(tx: Tx, programme_id: UUID, seq: int) -> str:
    """The code a customer invites by, made when it is first asked for; twice at once gives the same one.

    `ProgrammeUnknown`, `Ended`, `Paused`, `NotStarted`, `NotEligible`.
    """
    programme = await get(tx, programme_id, lock=True)
    if refusal := programme.closed(tx.now):
        raise refusal
    side = (await _sides(tx, [seq])).get(seq)
    if side is None:
        raise NotEligible
    known = await store.referrer(tx, programme_id, person=side.person)
    if known is not None:
        return str(known["code"])
    codes = await _open(tx, programme, [Channel.CODE, Channel.LINK, Channel.POSTER])
    await store.insert_referrer(tx, programme_id, codes[Channel.CODE], side.unit_id, (seq, side.person), None)
    return await _keep(tx, await store.referrer(tx, programme_id, person=side.person), codes)


async def staff_code(tx: Tx, programme_id: UUID, staff_id: UUID, unit_id: int) -> str:
    """The code a member of staff invites by; what comes of it counts for them and their unit. Answers as `own_code`."""
    programme = await get(tx, programme_id, lock=True)
    if refusal := programme.closed(tx.now):
        raise refusal
    if programme.terms.help_hours:
        raise NotEligible
    known = await store.referrer(tx, programme_id, staff_id=staff_id)
    if known is not None:
        return str(known["code"])
    codes = await _open(tx, programme, [Channel.STAFF])
    await store.insert_referrer(tx, programme_id, codes[Channel.STAFF], unit_id, None, staff_id)
    return await _keep(tx, await store.referrer(tx, programme_id, staff_id=staff_id), codes)


async def own_staff_code(tx: Tx, principal: Principal, programme_id: UUID) -> str:
    """The caller's own code, in a programme of their scope or of a unit they sit under. As `staff_code`."""
    programme = await get(tx, programme_id)
    if principal.own_unit not in await units.descendants(tx, [programme.unit_id]):
        principal.require_unit(programme.unit_id)
    return await staff_code(tx, programme_id, UUID(principal.actor.id), principal.own_unit)


async def bind(tx: Tx, calls: Sequence[Call[Bind]]) -> list[Bound | Refusal]:
    """Accept invitations; one answer per call, in order. Shaped for `kernel.batch`.

    Refused: `InvitationUnknown`, `Ended`, `Paused`, `NotStarted`, `NotEligible`, `SelfInvited`, `InvitedBefore`,
    `Circle`, by the rules of its channel `ChannelClosed`, `ChannelFull`, and where help was asked `HelpOver`,
    `HelpFull`. The same invitation again answers with the bond there is.
    """
    await customers.hold_persons(tx)
    referrers = await store.referrers_by_code(tx, {call.value.code for call in calls})
    programmes = {
        programme_id: await get(tx, programme_id, lock=True)
        for programme_id in sorted({row["programme_id"] for row in referrers.values()})
    }
    sides = await _sides(tx, sorted({call.value.seq for call in calls}))
    ways = {}
    for programme_id in programmes:
        theirs = [row["person"] for row in referrers.values() if row["programme_id"] == programme_id and row["person"]]
        ways[programme_id] = await store_bond.way_up(
            tx, programme_id, {*theirs, *(side.person for side in sides.values())}
        )
    counted = _Counted(
        helping=Counter(await store_bond.helping(tx, [row["id"] for row in referrers.values()])),
        brought=Counter(await store_bond.brought_by(tx, [row["id"] for row in referrers.values()])),
    )
    answers: list[Bound | Refusal] = []
    fresh: defaultdict[UUID, list[Bond]] = defaultdict(list)
    for call in calls:
        row = referrers.get(call.value.code)
        side = sides.get(call.value.seq)
        if row is None:
            answers.append(InvitationUnknown("This invitation leads nowhere."))
            continue
        programme = programmes[row["programme_id"]]
        if refusal := programme.closed(call.at):
            answers.append(refusal)
        elif side is None:
            answers.append(NotEligible())
        elif no := refuse_bond(row["person"], side.person, ways[programme.id]):
            answers.append(await _again(tx, no, programme.id, side.person, row["id"], fresh[programme.id]))
        elif over := _past_limits(programme, row, counted, call.at):
            answers.append(over)
        else:
            bond = _bond(tx, programme, row, call.value.seq, side.person)
            ways[programme.id][side.person] = row["person"]
            counted.helping[row["id"]] += 1
            counted.brought[row["id"], row["channel"]] += 1
            fresh[programme.id].append(bond)
            answers.append(Bound(bond_id=bond.id))
    await _write(tx, [bond for bonds in fresh.values() for bond in bonds])
    return answers


async def _open(tx: Tx, programme: Programme, channels: Sequence[Channel]) -> dict[Channel, str]:
    """An entry point for each channel."""
    new = [
        NewEntryPoint(kind=_KINDS[channel], name=programme.terms.name, target_kind=TARGET, target_id=programme.id)
        for channel in channels
    ]
    points = await entry_points.add(tx, new)
    return {channel: point.code for channel, point in zip(channels, points, strict=True)}


_KINDS = {
    Channel.CODE: EntryPointKind.LINK,
    Channel.LINK: EntryPointKind.LINK,
    Channel.POSTER: EntryPointKind.POSTER,
    Channel.STAFF: EntryPointKind.QR,
}


async def _keep(tx: Tx, row: Record, codes: Mapping[Channel, str]) -> str:
    """The first code of whoever invites: ours, or that of a tap that came a moment earlier with all of its codes."""
    if row["code"] in codes.values():
        await store.put_codes(tx, row["id"], {channel.value: code for channel, code in codes.items()})
    return str(row["code"])


async def _sides(tx: Tx, seqs: Sequence[int]) -> dict[int, _Side]:
    """Units and persons of those who are customers now and on no list of suppression that closes marketing (S2)."""
    facts = await customers.facts(tx, seqs)
    suppressed = await consent.suppressed(tx)
    rows = zip(facts.seqs.tolist(), facts.unit_ids.tolist(), facts.persons.tolist(), strict=True)
    return {seq: _Side(unit_id, person) for seq, unit_id, person in rows if seq not in suppressed}


async def _again(
    tx: Tx, refusal: Refusal, programme_id: UUID, person: int, referrer_id: UUID, fresh: Sequence[Bond]
) -> Bound | Refusal:
    """The bond there is, where the person accepted this very invitation before, in an earlier batch or in this one."""
    known = await store_bond.bond_of_person(tx, programme_id, person)
    for bond in (known, *fresh):
        if bond is not None and bond.referrer_id == referrer_id and bond.invitee_person == person:
            return Bound(bond_id=bond.id, exists=True)
    return refusal


def _past_limits(programme: Programme, row: Record, counted: _Counted, at: datetime) -> Refusal | None:
    """Why nobody can accept from this one by this channel any more, or None."""
    channel = Channel(row["channel"])
    if closed := refuse_channel(programme.terms, channel, row["made_at"], at):
        return closed
    limit = programme.terms.rule(channel).person_limit
    if 0 < limit <= counted.brought[row["id"], channel.value]:
        return ChannelFull("This inviter has brought as many this way as one may.", limit=limit)
    until = programme.terms.asked_until(row["created_at"])
    if until is None:
        return None
    if at >= until:
        return HelpOver("The time to help with this is over.", until=until.isoformat())
    if counted.helping[row["id"]] >= programme.terms.goal:
        return HelpFull("Enough friends are helping with this already.", goal=programme.terms.goal)
    return None


def _bond(tx: Tx, programme: Programme, row: Record, seq: int, person: int) -> Bond:
    within = tx.now + timedelta(days=programme.terms.act_days)
    return Bond(
        id=new_id(),
        programme_id=programme.id,
        referrer_id=row["id"],
        inviter_seq=row["seq"],
        inviter_person=row["person"],
        invitee_seq=seq,
        invitee_person=person,
        state=BondState.BOUND,
        verdict=Verdict.ALLOW,
        reasons=[],
        steps=1,
        bound_at=tx.now,
        act_by=min(within, programme.terms.asked_until(row["created_at"]) or within),
        qualified_at=None,
        due_at=tx.now + timedelta(seconds=LOOK_SECONDS),
        ended_at=None,
        value_fen=0,
        channel=Channel(row["channel"]),
    )


async def _write(tx: Tx, bonds: Sequence[Bond]) -> None:
    """Keep new bonds, tell others, and let those who look for rings see who invited whom."""
    if not bonds:
        return
    await store_bond.insert_bonds(tx, bonds)
    invited = [(Seq(one.inviter_seq), Seq(one.invitee_seq)) for one in bonds if one.inviter_seq is not None]
    await relations.note_invited(tx, invited)
    for bond in bonds:
        accepted = InvitationAccepted(programme_id=bond.programme_id, bond_id=bond.id, inviter_seq=bond.inviter_seq)
        tx.emit(accepted, seq=bond.invitee_seq)

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
from huoke.know.entry_points import EntryPointKind, NewEntryPoint
from huoke.reward.referral import store, store_bond
from huoke.reward.referral.events import InvitationAccepted
from huoke.reward.referral.model import Bond, BondState, Programme, Verdict, refuse_bond
from huoke.reward.referral.programme import get
from huoke.reward.referral.refusals import HelpFull, HelpOver, InvitationUnknown, NotEligible

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
        raise NotEligible("This programme is not open to you.")
    known = await store.referrer(tx, programme_id, person=side.person)
    if known is not None:
        return str(known["code"])
    code = await _open(tx, programme)
    await store.insert_referrer(tx, programme_id, code, side.unit_id, (seq, side.person), None)
    return code


async def staff_code(tx: Tx, programme_id: UUID, staff_id: UUID, unit_id: int) -> str:
    """The code a member of staff invites by; what comes of it counts for them and their unit. Answers as `own_code`."""
    programme = await get(tx, programme_id, lock=True)
    if refusal := programme.closed(tx.now):
        raise refusal
    if programme.terms.help_hours:
        raise NotEligible("Only customers ask for help.")
    known = await store.referrer(tx, programme_id, staff_id=staff_id)
    if known is not None:
        return str(known["code"])
    code = await _open(tx, programme)
    await store.insert_referrer(tx, programme_id, code, unit_id, None, staff_id)
    return code


async def own_staff_code(tx: Tx, principal: Principal, programme_id: UUID) -> str:
    """The caller's own code, in a programme of their scope or of a unit they sit under. As `staff_code`."""
    assert principal.unit_id is not None, "staff sit in a unit"
    programme = await get(tx, programme_id)
    if principal.unit_id not in await units.descendants(tx, [programme.unit_id]):
        principal.require_unit(programme.unit_id)
    return await staff_code(tx, programme_id, UUID(principal.actor.id), int(principal.unit_id))


async def bind(tx: Tx, calls: Sequence[Call[Bind]]) -> list[Bound | Refusal]:
    """Accept invitations; one answer per call, in order. Shaped for `kernel.batch`.

    Refused: `InvitationUnknown`, `Ended`, `Paused`, `NotStarted`, `NotEligible`, `SelfInvited`, `InvitedBefore`,
    `Circle`, and where help was asked `HelpOver`, `HelpFull`. The same invitation again answers with the bond there is.
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
    helping = Counter(await store_bond.helping(tx, [row["id"] for row in referrers.values()]))
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
            answers.append(NotEligible("This programme is not open to you."))
        elif no := refuse_bond(row["person"], side.person, ways[programme.id]):
            answers.append(await _again(tx, no, programme.id, side.person, row["id"], fresh[programme.id]))
        elif over := _past_help(programme, row, helping, call.at):
            answers.append(over)
        else:
            bond = _bond(tx, programme, row, call.value.seq, side.person)
            ways[programme.id][side.person] = row["person"]
            helping[row["id"]] += 1
            fresh[programme.id].append(bond)
            answers.append(Bound(bond_id=bond.id))
    await _write(tx, [bond for bonds in fresh.values() for bond in bonds])
    return answers


async def _open(tx: Tx, programme: Programme) -> str:
    new = NewEntryPoint(kind=EntryPointKind.QR, name=programme.terms.name, target_kind=TARGET, target_id=programme.id)
    [point] = await entry_points.add(tx, [new])
    return point.code


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


def _past_help(programme: Programme, row: Record, helping: Mapping[UUID, int], at: datetime) -> Refusal | None:
    """Why nobody can help this one any more, or None."""
    until = programme.terms.asked_until(row["created_at"])
    if until is None:
        return None
    if at >= until:
        return HelpOver("The time to help with this is over.", until=until.isoformat())
    if helping[row["id"]] >= programme.terms.goal:
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

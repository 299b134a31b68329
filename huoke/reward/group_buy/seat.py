"""Taking a seat: reserved with its unit and its points before anything is paid, in a new group or in a friend's."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, entry_points
from huoke.know.customers import NotEligible
from huoke.know.entry_points import EntryPointKind, NewEntryPoint
from huoke.reward import catalogue, grants, ledger, payments
from huoke.reward.catalogue import Sku
from huoke.reward.grants import Delivery
from huoke.reward.group_buy import delivery, store
from huoke.reward.group_buy.events import GroupMoved, SeatMoved
from huoke.reward.group_buy.model import (
    HOLD_SPARE_SECONDS,
    SOURCE,
    Party,
    PartyState,
    Programme,
    Reserve,
    Reserved,
    Seat,
    SeatState,
    Sitting,
    party_end,
    refuse_seat,
)
from huoke.reward.group_buy.programme import programme_of
from huoke.reward.group_buy.refusals import GroupUnknown, PointsShort, ProgrammeUnknown, SoldOut
from huoke.reward.group_buy.settle import party_of, take_payment

TARGET = "group_buy"
"""What the entry point of a group leads to: the group, by its own code."""
Answers = dict[int, Reserved | Refusal]


class _Wish(msgspec.Struct, frozen=True):
    """A seat that may be reserved: which call, in which group (one of its own: `is_new`), as which seat, for whom."""

    index: int
    party: Party
    is_new: bool
    seat: Seat
    delivery: Delivery | None


class _Facts(msgspec.Struct, frozen=True):
    """What a batch of reservations is decided by; counted on as seats are given."""

    programmes: Mapping[UUID, Programme]
    parties: Mapping[str, Party]
    people: Mapping[int, tuple[int, int]]
    in_party: Mapping[UUID, set[int]]
    by_person: Mapping[UUID, Counter[int]]
    free: dict[UUID, int]
    skus: Mapping[UUID, Sku]


async def reserve(tx: Tx, calls: Sequence[Call[Reserve]]) -> list[Reserved | Refusal]:
    """Reserve seats; one answer per call, in order. Shaped for `kernel.batch`.

    Unit, points and place are set aside at once; cash is asked for until the seat's time to pay is over, a seat that
    costs points alone is paid. A repeated request number answers with its seat (`exists`). Refused: `ProgrammeUnknown`,
    `GroupUnknown`, `NotEligible`, `NotStarted`, `Ended`, `PriceChanged`, `GroupClosed`, `GroupFull`, `SeatTaken`,
    `LimitReached`, `SoldOut`, `PointsShort`, `grants.DeliveryMissing`, `grants.DeliveryUnfit`; raises
    `payments.NoCashier`.
    """
    answers: Answers = {}
    names = [(call.value.seq, call.value.request_no) for call in calls]
    await customers.hold_persons(tx)
    found = await store.known(tx, names)
    for index, name in enumerate(names):
        if row := found.get(name):
            answers[index] = Reserved(seat_id=row["id"], code=row["code"], payment_id=row["payment_id"], exists=True)
    fresh = [index for index, name in enumerate(names) if index not in answers and names.index(name) == index]
    facts = await _facts(tx, [calls[index].value for index in fresh])
    answers |= await _take(tx, await _wishes(tx, calls, fresh, facts, answers), facts.programmes)
    return [
        answers[index] if index in answers else _again(answers[names.index(name)]) for index, name in enumerate(names)
    ]


async def _wishes(
    tx: Tx, calls: Sequence[Call[Reserve]], fresh: Sequence[int], facts: _Facts, answers: Answers
) -> list[_Wish]:
    """Decide in order, points set aside; whoever finds no room waits until it is known who before them can pay."""
    held: list[_Wish] = []
    waiting: list[_Wish] = []
    for index in fresh:
        wish = _decide(tx, index, calls[index], facts)
        if isinstance(wish, Refusal) and waiting:
            held += await _set_aside(tx, waiting, facts, answers)
            waiting = []
            wish = _decide(tx, index, calls[index], facts)
        if isinstance(wish, Refusal):
            answers[index] = wish
        else:
            waiting.append(wish)
    return held + await _set_aside(tx, waiting, facts, answers)


async def _set_aside(tx: Tx, wishes: Sequence[_Wish], facts: _Facts, answers: Answers) -> list[_Wish]:
    """Hold the points of seats; whoever has too few gets none, and what was counted for them is free again."""
    short = await _hold_points(tx, [wish.seat for wish in wishes], facts.programmes)
    for wish in wishes:
        seat = wish.seat
        if seat.id in short:
            answers[wish.index] = PointsShort("There are not enough points for a seat.", pointer="/expected_points")
            facts.in_party[wish.party.id].discard(seat.person)
            facts.by_person[seat.programme_id][seat.person] -= 1
            facts.free[seat.programme_id] += 1
    return [wish for wish in wishes if wish.seat.id not in short]


async def _facts(tx: Tx, wanted: Sequence[Reserve]) -> _Facts:
    """Lock group buys, then groups, and read who sits where."""
    rows = await store.programmes(tx, ids={one.programme_id for one in wanted}, lock=True)
    programmes = {row["id"]: programme_of(row) for row in rows}
    locked = await store.parties(tx, codes={one.code for one in wanted if one.code}, lock=True)
    parties = {row["code"]: party_of(row) for row in locked}
    facts = await customers.facts(tx, sorted({one.seq for one in wanted}))
    suppressed = await consent.suppressed(tx)
    columns = zip(facts.seqs.tolist(), facts.unit_ids.tolist(), facts.persons.tolist(), strict=True)
    people = {seq: (unit_id, person) for seq, unit_id, person in columns if seq not in suppressed}
    in_party: defaultdict[UUID, set[int]] = defaultdict(set)
    for row in await store.sitting(tx, [party.id for party in parties.values()]):
        in_party[row["party_id"]].add(row["person"])
    by_person: defaultdict[UUID, Counter[int]] = defaultdict(Counter)
    for row in await store.sitting_persons(tx, list(programmes), {person for _, person in people.values()}):
        by_person[row["programme_id"]][row["person"]] = row["seats"]
    pools = {one.pool_id: one.id for one in programmes.values() if one.pool_id is not None}
    free = {pools[pool.id]: pool.available for pool in await grants.get_pools(tx, list(pools))} if pools else {}
    skus = await catalogue.skus(tx, {one.terms.sku_id for one in programmes.values()})
    return _Facts(programmes, parties, people, in_party, by_person, free, skus)


def _decide(tx: Tx, index: int, call: Call[Reserve], facts: _Facts) -> _Wish | Refusal:
    """A seat for a call, counted at once; or why there is none."""
    one = call.value
    programme = facts.programmes.get(one.programme_id)
    if programme is None:
        return ProgrammeUnknown("There is no such group buy.", pointer="/programme_id")
    party = facts.parties.get(one.code) if one.code else None
    if one.code and (party is None or party.programme_id != programme.id):
        return GroupUnknown("There is no such group.", pointer="/code")
    if one.seq not in facts.people:
        return NotEligible()
    unit_id, person = facts.people[one.seq]
    sitting = Sitting(facts.in_party[party.id] if party else set(), facts.by_person[programme.id])
    if refusal := refuse_seat(one, person, programme, party, sitting, tx.now) or _unfit(one, programme, facts):
        return refusal
    group = party or _new_party(tx, programme, one.seq)
    facts.in_party[group.id].add(person)
    facts.by_person[programme.id][person] += 1
    facts.free[programme.id] -= 1
    return _Wish(index, group, party is None, _new_seat(tx, programme, group, one, unit_id, person), one.delivery)


def _unfit(one: Reserve, programme: Programme, facts: _Facts) -> Refusal | None:
    """Why nothing can be set aside for a seat, or brought to its customer; None where all is well."""
    if facts.free.get(programme.id, 0) < 1:
        return SoldOut("Every seat of this group buy is gone.")
    sku = facts.skus[programme.terms.sku_id]
    kind, handover = grants.BenefitKind(sku.kind.value), grants.Handover(sku.handover.value)
    return grants.delivery_refusal(kind, handover, one.delivery)


async def _take(tx: Tx, wishes: Sequence[_Wish], programmes: Mapping[UUID, Programme]) -> Answers:
    """Ask for the cash of seats whose points are set aside, write groups and seats, take the units."""
    answers: Answers = {}
    taken = await _open(tx, await _charge(tx, wishes, programmes), programmes)
    told = {wish.seat.id: wish.delivery for wish in taken if wish.delivery is not None}
    await store.insert_seats(tx, [wish.seat for wish in taken], await delivery.seal(tx, told))
    await store.fill(tx, {wish.party.id for wish in taken})
    for programme_id, count in sorted(Counter(wish.seat.programme_id for wish in taken).items()):
        programme = programmes[programme_id]
        assert programme.pool_id is not None, "a live group buy has its pools"
        assert programme.seat_pool_id is not None, "a live group buy has its pools"
        await grants.allocate_stock(tx, programme.pool_id, programme.seat_pool_id, count)
    for wish in taken:
        seat = wish.seat
        answers[wish.index] = Reserved(seat_id=seat.id, code=wish.party.code, payment_id=seat.payment_id)
        tx.emit(_moved(seat), seq=seat.seq)
    for wish in taken:
        if not wish.seat.cash_fen:
            await take_payment(tx, wish.seat.id)
    return answers


async def _hold_points(tx: Tx, seats: Sequence[Seat], programmes: Mapping[UUID, Programme]) -> set[UUID]:
    """Set the points of seats aside; the seats whose customers have too few."""
    priced = [seat for seat in seats if seat.points]
    if not priced:
        return set()
    keys = [ledger.points_account(seat.seq, programmes[seat.programme_id].terms.currency) for seat in priced]
    accounts = await ledger.open_accounts(tx, list(dict.fromkeys(keys)))
    holds = [
        ledger.NewHold(
            id=seat.id,
            account_id=accounts[key],
            amount=seat.points,
            ttl_seconds=int((seat.pay_by - tx.now).total_seconds()) + HOLD_SPARE_SECONDS,
            source_kind=SOURCE,
        )
        for seat, key in zip(priced, keys, strict=True)
    ]
    outcomes = await ledger.hold(tx, holds)
    return {seat.id for seat, outcome in zip(priced, outcomes, strict=True) if outcome is not ledger.Outcome.POSTED}


async def _charge(tx: Tx, wishes: Sequence[_Wish], programmes: Mapping[UUID, Programme]) -> list[_Wish]:
    """Ask for the cash of seats; each seat with its payment."""
    priced = [wish for wish in wishes if wish.seat.cash_fen]
    charges = [
        payments.Charge(
            request_no=f"group-buy-{wish.seat.id.hex}",
            seq=wish.seat.seq,
            amount_fen=wish.seat.cash_fen,
            subject=programmes[wish.seat.programme_id].terms.title,
            source_kind=SOURCE,
            source_id=wish.seat.id,
            line=0,
            expires_at=wish.seat.pay_by,
        )
        for wish in priced
    ]
    ids: dict[UUID, UUID] = {}
    for wish, answer in zip(priced, await payments.charge(tx, charges) if charges else [], strict=True):
        if isinstance(answer, Refusal):
            raise answer  # a price that was approved and a fresh number are never refused
        ids[wish.seat.id] = answer.payment_id
    return [
        msgspec.structs.replace(wish, seat=msgspec.structs.replace(wish.seat, payment_id=ids.get(wish.seat.id)))
        for wish in wishes
    ]


async def _open(tx: Tx, wishes: Sequence[_Wish], programmes: Mapping[UUID, Programme]) -> list[_Wish]:
    """Open the groups whose first seats these are, each with a code friends find it by."""
    fresh = [wish for wish in wishes if wish.is_new]
    points = (
        await entry_points.add(
            tx,
            [
                NewEntryPoint(
                    kind=EntryPointKind.QR,
                    name=programmes[wish.party.programme_id].terms.name,
                    target_kind=TARGET,
                    target_id=wish.party.id,
                )
                for wish in fresh
            ],
        )
        if fresh
        else []
    )
    codes = {wish.party.id: point.code for wish, point in zip(fresh, points, strict=True)}
    opened = [
        msgspec.structs.replace(
            wish, party=msgspec.structs.replace(wish.party, code=codes.get(wish.party.id, wish.party.code))
        )
        for wish in wishes
    ]
    if fresh:
        await store.insert_parties(tx, [wish.party for wish in opened if wish.is_new])
    for wish in opened:
        if wish.is_new:
            moved = GroupMoved(
                programme_id=wish.party.programme_id, party_id=wish.party.id, state=PartyState.OPEN.value
            )
            tx.emit(moved, seq=wish.seat.seq)
    return opened


def _new_party(tx: Tx, programme: Programme, seq: int) -> Party:
    return Party(
        id=new_id(),
        programme_id=programme.id,
        code="",
        state=PartyState.OPEN,
        size=programme.terms.size,
        opened_by=seq,
        opened_at=tx.now,
        expires_at=party_end(programme.terms, tx.now),
        ended_at=None,
        reason="",
    )


def _new_seat(tx: Tx, programme: Programme, party: Party, one: Reserve, unit_id: int, person: int) -> Seat:
    terms = programme.terms
    return Seat(
        id=new_id(),
        party_id=party.id,
        programme_id=programme.id,
        seq=one.seq,
        person=person,
        unit_id=unit_id,
        state=SeatState.RESERVED,
        request_no=one.request_no,
        points=terms.points,
        cash_fen=terms.cash_fen,
        payment_id=None,
        grant_id=None,
        reserved_at=tx.now,
        pay_by=min(tx.now + timedelta(minutes=terms.pay_minutes), party.expires_at),
        paid_at=None,
        ended_at=None,
    )


def _moved(seat: Seat) -> SeatMoved:
    return SeatMoved(programme_id=seat.programme_id, party_id=seat.party_id, seat_id=seat.id, state=seat.state.value)


def _again(answer: Reserved | Refusal) -> Reserved | Refusal:
    """What a request number that stands twice in a batch is answered the second time."""
    return answer if isinstance(answer, Refusal) else msgspec.structs.replace(answer, exists=True)

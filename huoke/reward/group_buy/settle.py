"""What becomes of seats: paid, delivered together, released, or given their money back."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.batch import Call
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import grants, ledger, payments
from huoke.reward.group_buy import delivery, store
from huoke.reward.group_buy.events import GroupMoved, SeatMoved
from huoke.reward.group_buy.model import (
    OPEN,
    REFUND_LINE,
    SEAT_NEXT,
    SOURCE,
    Party,
    PartyState,
    Programme,
    Seat,
    SeatState,
)
from huoke.reward.group_buy.programme import get

UNDELIVERABLE = "undeliverable"
"""Why a group was stopped that was paid, where not everybody could get the benefit."""


class _UndeliverableError(Exception):
    """Somebody of a group cannot get the benefit: nobody does."""


def party_of(row: Record) -> Party:
    """A row as a group."""
    return msgspec.convert({key: value for key, value in dict(row).items() if key != "tenant_id"}, Party)


def seat_of(row: Record) -> Seat:
    """A row as a seat."""
    return msgspec.convert({name: row[name] for name in Seat.__struct_fields__}, Seat)


async def lock_seat(tx: Tx, seat_id: UUID) -> tuple[Party, Seat] | None:
    """A seat and its group, the group locked first; None where there is none."""
    found = await store.seats(tx, ids=[seat_id])
    if not found:
        return None
    [party] = await store.parties(tx, ids=[found[0]["party_id"]], lock=True)
    [seat] = await store.seats(tx, ids=[seat_id], lock=True)
    return party_of(party), seat_of(seat)


async def take_payment(tx: Tx, seat_id: UUID) -> None:
    """A seat is paid: its points are burned, and its group is complete if it was the last.

    Paid after its group ended, it gets everything back. Told again, nothing happens.
    """
    locked = await lock_seat(tx, seat_id)
    if locked is None or locked[1].state is not SeatState.RESERVED:
        return
    party, seat = locked
    if party.state not in OPEN:
        await refund(tx, [seat], "拼团已结束")
        return
    if seat.points:
        await ledger.commit_hold(tx, seat.id, source_kind=SOURCE)
    await _move(tx, [seat], SeatState.PAID, paid=True)
    await _complete(tx, party)


async def release(tx: Tx, seat_id: UUID) -> None:
    """A seat will not be paid: place, points and unit are free again. Told again, nothing happens."""
    locked = await lock_seat(tx, seat_id)
    if locked is None or locked[1].state is not SeatState.RESERVED:
        return
    party, seat = locked
    if seat.points:
        await ledger.release_hold(tx, seat.id)
    await _move(tx, [seat], SeatState.RELEASED)
    await units_back(tx, [seat])
    await store.fill(tx, [party.id])
    await close_refunded(tx, [party.id])


async def refund(tx: Tx, seats: Sequence[Seat], reason: str) -> None:
    """Give locked seats everything back: points to the lots they came from, cash by the cashier, units to the pool."""
    assert all(SeatState.REFUNDED in SEAT_NEXT[seat.state] for seat in seats), "only what was taken comes back"
    priced = [seat for seat in seats if seat.points]
    await ledger.release_holds(tx, [seat.id for seat in priced if seat.state is SeatState.RESERVED])
    burned = [seat for seat in priced if seat.state is not SeatState.RESERVED]
    await ledger.refund_all(
        tx, [ledger.Refund(source_id=one.id, line=0, points=one.points, refund_line=REFUND_LINE) for one in burned]
    )
    cash = [seat for seat in seats if seat.payment_id is not None]
    wanted = [
        payments.Refund(
            request_no=f"group-buy-{seat.id.hex}", payment_id=seat.payment_id, amount_fen=seat.cash_fen, reason=reason
        )
        for seat in cash
        if seat.payment_id is not None
    ]
    for answer in await payments.refund(tx, wanted) if wanted else []:
        if isinstance(answer, Refusal):
            raise answer  # what a seat paid was paid, and comes back once
    await _move(tx, cash, SeatState.REFUNDING)
    await _move(tx, [seat for seat in seats if seat.payment_id is None], SeatState.REFUNDED)
    await units_back(tx, seats)
    await close_refunded(tx, {seat.party_id for seat in seats})


async def money_back(tx: Tx, seat_id: UUID) -> None:
    """The cashier gave a seat's cash back. Told again, nothing happens."""
    locked = await lock_seat(tx, seat_id)
    if locked is None or locked[1].state is not SeatState.REFUNDING:
        return
    await _move(tx, [locked[1]], SeatState.REFUNDED)
    await close_refunded(tx, [locked[0].id])


async def refund_ended(tx: Tx, offer_id: UUID, state: str, seqs: Collection[int] | None = None) -> int:
    """Refund the seats of an offer whose benefits failed, were revoked or returned; returns how many.

    `seqs` are those it happened to, None for whoever it may be.
    """
    if state not in {one.value for one in grants.FORGIVEN}:
        return 0
    delivered = [seat_of(row) for row in await store.delivered(tx, offer_id, seqs)]
    ended = await _forgiven(tx, delivered)
    await store.parties(tx, ids={seat.party_id for seat in ended}, lock=True)
    locked = [seat_of(row) for row in await store.seats(tx, ids=[seat.id for seat in ended], lock=True)]
    back = [seat for seat in locked if seat.state is SeatState.DELIVERED]
    if back:
        await refund(tx, back, "权益已退回")
    return len(back)


async def _forgiven(tx: Tx, seats: Sequence[Seat]) -> list[Seat]:
    """Delivered seats whose benefits failed, were revoked or returned: an end that no grant leaves again."""
    found = await grants.find_grants(tx, grant_ids=[_grant(seat) for seat in seats], limit=len(seats)) if seats else []
    gone = {one.id for one in found if one.state in grants.FORGIVEN}
    return [seat for seat in seats if seat.grant_id in gone]


async def end(tx: Tx, parties: Sequence[Party], state: PartyState, reason: str) -> None:
    """End locked groups that are open: what was paid goes back, what was not will not be paid any more."""
    ids = [party.id for party in parties]
    await store.end_parties(tx, ids, state.value, reason)
    for party in parties:
        tx.emit(GroupMoved(programme_id=party.programme_id, party_id=party.id, state=state.value))
    seats = [seat_of(row) for row in await store.seats(tx, party_ids=ids, lock=True)]
    paid = [seat for seat in seats if seat.state is SeatState.PAID]
    if paid:
        await refund(tx, paid, "拼团未成团" if state is PartyState.EXPIRED else "拼团已停止")
    await stop_asking(tx, [seat for seat in seats if seat.state is SeatState.RESERVED])


async def stop_asking(tx: Tx, seats: Sequence[Seat]) -> None:
    """Have the payments of reserved seats closed; each seat ends when its payment does, one way or the other."""
    ids = [seat.payment_id for seat in seats if seat.payment_id is not None]
    if ids:
        await payments.close(tx, ids)


async def units_back(tx: Tx, seats: Sequence[Seat]) -> None:
    """The units that seats kept are free again."""
    for programme_id, count in sorted(Counter(seat.programme_id for seat in seats).items()):
        pool_id, seat_pool_id = _pools(await get(tx, programme_id))
        await grants.give_back_stock(tx, seat_pool_id, pool_id, count)


async def close_refunded(tx: Tx, ids: Collection[UUID]) -> None:
    """Groups whose money is all back are refunded."""
    rows = {row["id"]: row["programme_id"] for row in await store.parties(tx, ids=ids)}
    for party_id in await store.all_back(tx, ids):
        moved = GroupMoved(programme_id=rows[party_id], party_id=party_id, state=PartyState.REFUNDED.value)
        tx.emit(moved)


async def _complete(tx: Tx, party: Party) -> None:
    """Where every seat is paid all get the benefit, or, if one of them cannot, all get their money back."""
    try:
        async with tx.savepoint():
            if await store.complete(tx, party.id):
                await _deliver(tx, party)
    except _UndeliverableError:
        await end(tx, [party], PartyState.STOPPED, UNDELIVERABLE)


async def _deliver(tx: Tx, party: Party) -> None:
    programme = await get(tx, party.programme_id)
    seats = [seat_of(row) for row in await store.seats(tx, party_ids=[party.id], lock=True)]
    paid = [seat for seat in seats if seat.state is SeatState.PAID]
    facts = await customers.facts(tx, sorted(seat.seq for seat in paid))
    columns = zip(facts.seqs.tolist(), facts.unit_ids.tolist(), facts.persons.tolist(), strict=True)
    who = {seq: (unit_id, person) for seq, unit_id, person in columns}
    assert programme.offer_id is not None, "a live group buy has its offer"
    sent_to = await delivery.opened(tx, [seat.id for seat in paid])
    calls = [Call(_claim(seat, programme.offer_id, who, sent_to.get(seat.id)), tx.actor, tx.now) for seat in paid]
    answers = await grants.claim(tx, calls)
    granted = [answer.grant_id for answer in answers if not isinstance(answer, Refusal)]
    if len(granted) < len(paid):
        raise _UndeliverableError
    await _move(tx, paid, SeatState.DELIVERED, grant_ids=granted)
    tx.emit(GroupMoved(programme_id=programme.id, party_id=party.id, state=PartyState.COMPLETE.value))


def _claim(
    seat: Seat, offer_id: UUID, who: dict[int, tuple[int, int]], sent_to: grants.Delivery | None
) -> grants.Claim:
    unit_id, person = who.get(seat.seq, (seat.unit_id, seat.person))
    return grants.Claim(
        request_no=f"group_buy:{seat.id}", offer_id=offer_id, seq=seat.seq, unit_id=unit_id, person=person,
        eligible=seat.seq in who, delivery=sent_to,
    )  # fmt: skip


async def _move(
    tx: Tx, seats: Sequence[Seat], state: SeatState, *, paid: bool = False, grant_ids: Sequence[UUID] = ()
) -> None:
    if not seats:
        return
    assert all(state in SEAT_NEXT[seat.state] for seat in seats), "seats move as their states allow"
    await store.move_seats(tx, [(seat.id, state.value) for seat in seats], paid=paid, grants=grant_ids)
    for seat in seats:
        moved = SeatMoved(programme_id=seat.programme_id, party_id=seat.party_id, seat_id=seat.id, state=state.value)
        tx.emit(moved, seq=seat.seq)


def _grant(seat: Seat) -> UUID:
    assert seat.grant_id is not None, "a delivered seat has its grant"
    return seat.grant_id


def _pools(programme: Programme) -> tuple[UUID, UUID]:
    assert programme.pool_id is not None, "a live group buy has its pools"
    assert programme.seat_pool_id is not None, "a live group buy has its pools"
    return programme.pool_id, programme.seat_pool_id

"""How group buys and groups end: by the clock, by staff, by customers who leave; and what is left goes back."""

from uuid import UUID

from huoke.govern import audit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import grants, ledger
from huoke.reward.group_buy import store
from huoke.reward.group_buy.events import GroupBuyChanged
from huoke.reward.group_buy.model import OPEN, PartyState, Programme, ProgrammeState, SeatState
from huoke.reward.group_buy.programme import KIND, find, get
from huoke.reward.group_buy.refusals import GroupClosed, GroupUnknown, NotLeavable, ProgrammeClosed, SeatUnknown
from huoke.reward.group_buy.settle import end, lock_seat, party_of, refund, stop_asking

CHUNK_MAX = 100


async def expire(tx: Tx, *, limit: int = CHUNK_MAX) -> int:
    """End groups whose time is over, with everything paid refunded; returns how many."""
    due = [party_of(row) for row in await store.due_parties(tx, limit)]
    if due:
        await end(tx, due, PartyState.EXPIRED, "")
    return len(due)


async def leave(tx: Tx, seq: int, seat_id: UUID) -> None:
    """A customer leaves a group that is open: what was paid goes back, what was not will not be asked for any more.

    `SeatUnknown` for nobody's or another's seat, `NotLeavable` once the group is complete or over. Left already,
    nothing happens.
    """
    locked = await lock_seat(tx, seat_id)
    if locked is None or locked[1].seq != seq:
        raise SeatUnknown("There is no such seat of yours.")
    party, seat = locked
    if seat.state in (SeatState.RELEASED, SeatState.REFUNDING, SeatState.REFUNDED):
        return
    if party.state not in OPEN:
        raise NotLeavable("This group is complete or over.", state=party.state.value)
    if seat.state is SeatState.PAID:
        await refund(tx, [seat], "客户退出拼团")
        await store.fill(tx, [party.id])
    else:
        await stop_asking(tx, [seat])


async def stop_party(tx: Tx, principal: Principal, party_id: UUID, reason: str) -> None:
    """Stop one group, with everything paid refunded; stopped already, nothing happens.

    `GroupUnknown`, `GroupClosed` once it is complete or expired, `OutOfScope`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    rows = await store.parties(tx, ids=[party_id], lock=True)
    if not rows:
        raise GroupUnknown("There is no such group.")
    party = party_of(rows[0])
    programme = await get(tx, party.programme_id)
    principal.require_unit(programme.unit_id)
    if party.state is PartyState.STOPPED:
        return
    if party.state not in OPEN:
        raise GroupClosed(f"The group is {party.state.value}.", state=party.state.value)
    await end(tx, [party], PartyState.STOPPED, why)
    await _record(tx, programme, "group_buy.stop_group", "group_buy_group", str(party_id), why)


async def stop(tx: Tx, principal: Principal, programme_id: UUID, reason: str) -> None:
    """Stop a group buy and all its open groups, with everything paid refunded; stopped already, nothing happens.

    What is complete stays delivered. `ProgrammeUnknown`, `ProgrammeClosed`, `OutOfScope`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    programme = await get(tx, programme_id, lock=True)
    principal.require_unit(programme.unit_id)
    if programme.state is ProgrammeState.STOPPED:
        return
    if programme.state is not ProgrammeState.LIVE:
        raise ProgrammeClosed(f"The group buy is {programme.state.value}.", state=programme.state.value)
    await store.set_state(tx, programme_id, ProgrammeState.STOPPED.value)
    open_ids = await store.open_parties(tx, programme_id)
    parties = [party_of(row) for row in await store.parties(tx, ids=open_ids, lock=True)]
    still = [party for party in parties if party.state in OPEN]
    if still:
        await end(tx, still, PartyState.STOPPED, why)
    await _record(tx, programme, "group_buy.stop", KIND, str(programme_id), why)
    tx.emit(GroupBuyChanged(programme_id=programme_id, state=ProgrammeState.STOPPED.value))


async def give_back_all(tx: Tx) -> int:
    """What group buys that are over have left goes back: units to their pools, money to budgets; the fen of it."""
    returned = 0
    for one in sorted(await find(tx, states=(ProgrammeState.LIVE, ProgrammeState.STOPPED)), key=lambda each: each.id):
        over = one.state is ProgrammeState.STOPPED or tx.now >= one.terms.closes_at
        if over and not await store.unsettled(tx, one.id):
            returned += await _give_back(tx, one)
    return returned


async def _give_back(tx: Tx, programme: Programme) -> int:
    assert programme.pool_id is not None, "a live group buy has its pools"
    assert programme.budget_id is not None, "a live group buy has its budget"
    [pool] = await grants.get_pools(tx, [programme.pool_id])
    if pool.parent_id is not None and pool.available:
        await grants.give_back_stock(tx, pool.id, pool.parent_id, pool.available)
    [budget] = await ledger.get_budgets(tx, [programme.budget_id])
    if budget.parent_id is None or not budget.available_fen:
        return 0
    await ledger.give_back(tx, budget.id, budget.parent_id, budget.available_fen)
    return budget.available_fen


async def _record(tx: Tx, programme: Programme, action: str, kind: str, subject_id: str, why: str) -> None:
    entry = audit.AuditEntry(
        action=action, subject_kind=kind, subject_id=subject_id, unit_id=programme.unit_id, reason=why
    )
    await audit.record(tx, entry)

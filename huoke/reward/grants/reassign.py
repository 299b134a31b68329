"""Another supplier delivers a grant: at its own price, out of the same budget."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.grants import store
from huoke.reward.grants.model import Grant, State
from huoke.reward.grants.move import CREDIT, lock
from huoke.reward.grants.push import LINES
from huoke.reward.grants.refusals import UnknownGrant, WrongState


class Reassignment(msgspec.Struct, frozen=True, kw_only=True):
    """Who delivers a grant from now on and what that costs in fen; `turn` counts its orders, from 1."""

    grant_id: UUID
    supplier_id: UUID
    amount_fen: int
    turn: int


async def hold(tx: Tx, grant_ids: Sequence[UUID]) -> None:
    """Lock all that results of these grants' orders may touch, in the one order; for who does both to some of them."""
    await lock(tx, grant_ids, State.FAILED)


async def published_terms(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID | None, int]]:
    """By grant: the supplier its offer was published with, and what one costs there in fen."""
    found = await store.grants(tx, grant_ids)
    offers = await store.offers(tx, {grant.offer_id for grant in found.values()})
    return {grant.id: (offers[grant.offer_id].supplier_id, offers[grant.offer_id].cost_fen) for grant in found.values()}


async def reassign(tx: Tx, wanted: Sequence[Reassignment]) -> list[UUID | Refusal]:
    """Let other suppliers deliver grants that wait for one, each at most once a turn.

    In order: the grant's id or a refusal: `UnknownGrant`, `WrongState` (not waiting for an order),
    `ledger.BudgetExhausted` (dearer, and the budget does not cover the difference). What is refused stays as it was.
    """
    seen = await store.grants(tx, [one.grant_id for one in wanted])
    available = await ledger.lock_budgets(tx, {grant.budget_id for grant in seen.values()})
    locked = await store.lock_grants(tx, seen)
    answers: list[UUID | Refusal] = []
    moved: list[tuple[Grant, Reassignment]] = []
    for one in wanted:
        refusal = _refusal(locked.get(one.grant_id), one, available)
        answers.append(refusal or one.grant_id)
        if refusal is None:
            grant = locked[one.grant_id]
            available[grant.budget_id] -= one.amount_fen - grant.amount_fen
            moved.append((grant, one))
    await _move_money(tx, moved)
    await store.reassign(tx, [(one.grant_id, one.supplier_id, one.amount_fen) for _, one in moved])
    return answers


def _refusal(grant: Grant | None, one: Reassignment, available: dict[UUID, int]) -> Refusal | None:
    if grant is None:
        return UnknownGrant(f"There is no grant {one.grant_id}.")
    if grant.state is not State.FULFILLING:
        return WrongState(f"A grant that is {grant.state.value} waits for no delivery.", state=grant.state.value)
    more = one.amount_fen - grant.amount_fen
    if more > available[grant.budget_id]:
        return ledger.BudgetExhausted(
            f"The other supplier costs {more} fen more; the budget has {available[grant.budget_id]} fen left.",
            budget_id=str(grant.budget_id),
            has_fen=available[grant.budget_id],
            needed_fen=more,
        )
    return None


async def _move_money(tx: Tx, moved: Sequence[tuple[Grant, Reassignment]]) -> None:
    more = [(grant, one, one.amount_fen - grant.amount_fen) for grant, one in moved]
    less = [(grant.budget_id, grant.id, _line(grant, one), -fen) for grant, one, fen in more if fen < 0]
    dearer = [(grant.budget_id, grant.id, _line(grant, one), fen) for grant, one, fen in more if fen > 0]
    if less:
        await ledger.release(tx, ledger.columns("grant", less))
    if dearer:
        await ledger.reserve(tx, ledger.columns("grant", dearer))


def _line(grant: Grant, one: Reassignment) -> int:
    assert 1 <= one.turn < LINES - CREDIT, "a grant's lines of one step are all its own"
    return grant.steps * LINES + CREDIT + one.turn

"""What the cashier takes off a payment: set aside while its customer pays, used with the money, back without it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.model import Grant, Handover, Movement, OfferFacts, State
from huoke.reward.grants.move import PAYABLE, lock, move
from huoke.reward.grants.push import LINES
from huoke.reward.grants.refusals import Expired, UnknownGrant, WrongState
from huoke.reward.merchants import Place


async def set_aside(tx: Tx, ids: Sequence[UUID]) -> list[Grant | UnknownGrant | WrongState | Expired]:
    """Hold benefits that the cashier takes off, each for one payment: fulfilled → fulfilling.

    In order the grant as it was, or why not: `UnknownGrant`, `WrongState` (used, held, no such benefit), `Expired`.
    """
    locked = await lock(tx, ids, State.FULFILLING)
    offers = await store.offers(tx, {grant.offer_id for grant in locked.values()})
    answers: list[Grant | UnknownGrant | WrongState | Expired] = []
    held: dict[UUID, Grant] = {}
    for grant_id in ids:
        grant = locked.get(grant_id)
        refusal = _why_not(tx, grant, offers)
        if grant is None or refusal is not None or grant_id in held:
            answers.append(refusal or WrongState("It is held for another payment.", state=State.FULFILLING.value))
        else:
            held[grant_id] = grant
            answers.append(grant)
    await move(tx, [Movement(grant, State.FULFILLING) for grant in held.values()], offers)
    return answers


async def let_go(tx: Tx, ids: Sequence[UUID]) -> None:
    """Held benefits are their customers' again; one whose time ran out meanwhile expires by itself."""
    await _move_all(tx, ids, State.FULFILLING, State.FULFILLED)


async def use_up(tx: Tx, places: Mapping[UUID, Place | None]) -> None:
    """Held benefits were paid with, each at its place (None: the bank's own mall)."""
    moved, offers = await _move_all(tx, list(places), State.FULFILLING, State.USED)
    rows = []
    for grant in moved:
        place = places[grant.id]
        rows.append(
            store_redeem.NewRedemption(
                id=new_id(),
                grant_id=grant.id,
                offer_id=grant.offer_id,
                seq=grant.seq,
                supplier_id=offers[grant.offer_id].supplier_id,
                amount_fen=grant.amount_fen,
                line=(grant.steps + 1) * LINES + PAYABLE,
                way=store_redeem.Way.CASHIER,
                teller=str(tx.actor.id),
                unit_id=place.unit_id if place else grant.unit_id,
                store_id=place.store_id if place else None,
            )
        )
    if rows:
        await store_redeem.insert_redemptions(tx, rows)


async def restore(tx: Tx, ids: Sequence[UUID], reason: str) -> None:
    """All that was paid with these went back: each is its customer's again, until its own end."""
    moved, _ = await _move_all(tx, ids, State.USED, State.FULFILLED)
    await store_redeem.close_redemptions(tx, [grant.id for grant in moved], str(tx.actor.id), reason)


async def lock_used_up(tx: Tx, ids: Sequence[UUID]) -> None:
    """Lock what `use_up` and `restore` of these will touch, before anything else of theirs is locked."""
    seen = await store.grants(tx, ids)
    await store.lock_pools(tx, {grant.pool_id for grant in seen.values()})
    await ledger.lock_budgets(tx, {grant.budget_id for grant in seen.values()})


async def _move_all(
    tx: Tx, ids: Sequence[UUID], before: State, after: State
) -> tuple[list[Grant], Mapping[UUID, OfferFacts]]:
    locked = await lock(tx, ids, after)
    moved = [grant for grant in locked.values() if grant.state is before]
    offers = await store.offers(tx, {grant.offer_id for grant in moved})
    await move(tx, [Movement(grant, after) for grant in moved], offers)
    return moved, offers


def _why_not(
    tx: Tx, grant: Grant | None, offers: Mapping[UUID, OfferFacts]
) -> UnknownGrant | WrongState | Expired | None:
    if grant is None:
        return UnknownGrant("There is no such benefit.")
    if grant.state is not State.FULFILLED or offers[grant.offer_id].handover is not Handover.CASHIER:
        return WrongState("This cannot be taken off a payment: see its state.", state=grant.state.value)
    if grant.expires_at is not None and grant.expires_at <= tx.now:
        return Expired("This benefit has expired.", expires_at=grant.expires_at.isoformat())
    return None

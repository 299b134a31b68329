"""What the cashier takes off a payment: set aside while its customer pays, used with the money, back without it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.model import Grant, Handover, Movement, OfferFacts, State
from huoke.reward.grants.move import PAYABLE, lock, move
from huoke.reward.grants.push import LINES
from huoke.reward.grants.refusals import Expired, UnknownGrant, WrongState
from huoke.reward.merchants import Place

PART_LINE = 30
"""The ledger line, in the name of what brought it, of money that a budget has again."""


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


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Of what a used benefit cost, so much came back; `source_kind` and `source_id` name what brought it."""

    grant_id: UUID
    source_kind: str
    source_id: UUID
    amount_fen: int


async def free_parts(tx: Tx, parts: Sequence[Part]) -> None:
    """A part of what was paid with these went back: their budgets have it again at once, the benefits stay used."""
    locked = await lock(tx, {part.grant_id for part in parts if part.amount_fen}, State.RETURNED)
    due = [part for part in parts if part.amount_fen]
    back = Counter[UUID]()
    for part in due:
        assert locked[part.grant_id].state is State.USED, "only what is used has money to give back"
        back[part.grant_id] += part.amount_fen
    for kind in sorted({part.source_kind for part in due}):
        rows = [
            (locked[part.grant_id].budget_id, part.source_id, PART_LINE, part.amount_fen)
            for part in due
            if part.source_kind == kind
        ]
        await ledger.return_(tx, ledger.columns(kind, rows))
    if back:
        await store.add_back(tx, back)


async def restore(tx: Tx, ids: Sequence[UUID], reason: str) -> None:
    """All that was paid with these went back: each is its customer's again, until its own end.

    Where parts went back before and their budget has spent that money since, the benefit cannot be held again: it is
    returned, and the person may claim another one while there are any.
    """
    locked = await lock(tx, ids, State.RETURNED)
    used = [grant for grant in locked.values() if grant.state is State.USED]
    left = await ledger.lock_budgets(tx, {grant.budget_id for grant in used})
    movements = []
    for grant in used:
        fits = left[grant.budget_id] >= grant.back_fen
        left[grant.budget_id] -= grant.back_fen if fits else 0
        movements.append(Movement(grant, State.FULFILLED if fits else State.RETURNED))
    await move(tx, movements, await store.offers(tx, {grant.offer_id for grant in used}))
    await store_redeem.close_redemptions(tx, [grant.id for grant in used], str(tx.actor.id), reason)


async def lock_used_up(tx: Tx, ids: Sequence[UUID], *, back: bool = False) -> None:
    """Lock what `use_up` of these will touch, before anything else of theirs is locked; `back`: what `free_parts` and
    `restore` will.
    """
    seen = await store.grants(tx, ids)
    if back:
        await store.lock_offers(tx, {grant.offer_id for grant in seen.values()})
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

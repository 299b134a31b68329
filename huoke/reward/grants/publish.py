"""Putting a benefit on offer, and pausing, reopening, stopping or ending it."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from huoke.kernel.money import FEN_MAX
from huoke.kernel.refusals import Conflict
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.grants import store
from huoke.reward.grants.events import OfferPublished, OfferStateChanged
from huoke.reward.grants.model import (
    HANDOVERS,
    OFFER_NEXT,
    BenefitKind,
    Handover,
    Mode,
    Offer,
    OfferFacts,
    OfferState,
)
from huoke.reward.grants.refusals import UnfitOffer, UnknownOffer

PERSON_LIMIT_MAX = 1_000_000
VALID_DAYS_MAX = 36_500
PAID = frozenset({BenefitKind.VOUCHER, BenefitKind.TOPUP, BenefitKind.PHYSICAL})
"""Kinds somebody outside of the bank is paid for."""


class OfferExists(Conflict):
    """The source line already has an offer under another id."""

    code = "grants.offer_exists"


async def publish_offer(tx: Tx, offer: Offer) -> UUID:
    """Put a benefit on offer and return its id; publishing the same id again changes nothing.

    Raises `UnfitOffer` (terms that contradict each other, a pool of another SKU), `UnknownPool`, `ledger.UnknownBudget`
    and `OfferExists`.
    """
    if offer.handover is None:
        offer = msgspec.structs.replace(offer, handover=HANDOVERS[offer.kind][0])
    _check(offer)
    pools = await store.lock_pools(tx, {terms.pool_id for terms in offer.unit_terms.values()})
    for terms in offer.unit_terms.values():
        pool = pools.get(terms.pool_id)
        if pool is None or pool["sku_id"] != offer.sku_id:
            raise UnfitOffer(
                "A unit draws from a pool that does not exist or holds another SKU.", pointer="/unit_terms"
            )
    await ledger.get_budgets(tx, sorted({terms.budget_id for terms in offer.unit_terms.values()}))
    if await store.insert_offer(tx, offer):
        tx.emit(OfferPublished(offer_id=offer.id, source_kind=offer.source_kind, source_id=offer.source_id))
    elif offer.id not in await store.offers(tx, [offer.id]):
        raise OfferExists("This line already has an offer.", source_id=str(offer.source_id), line=offer.line)
    return offer.id


def _check(offer: Offer) -> None:
    reduces = offer.handover is Handover.CASHIER
    wrong = {
        "/person_limit": not 0 < offer.person_limit <= PERSON_LIMIT_MAX,
        "/valid_days": not 0 < offer.valid_days <= VALID_DAYS_MAX,
        "/cost_fen": not 0 <= offer.cost_fen <= FEN_MAX,
        "/face_value_fen": not 0 <= offer.face_value_fen <= FEN_MAX,
        "/points": not (0 < offer.points <= FEN_MAX if offer.kind is BenefitKind.POINTS else offer.points == 0),
        "/closes_at": offer.closes_at <= offer.opens_at,
        "/unit_terms": not offer.unit_terms,
        "/supplier_id": offer.kind in PAID and not reduces and offer.cost_fen > 0 and offer.supplier_id is None,
        "/handover": offer.handover not in HANDOVERS[offer.kind],
        "/choose": not 0 <= offer.choose <= PERSON_LIMIT_MAX or (offer.choose > 0 and offer.mode is Mode.PUSH),
    }
    for pointer, is_wrong in wrong.items():
        if is_wrong:
            raise UnfitOffer(f"The offer's {pointer[1:]} cannot be.", pointer=pointer)


async def get_offer(tx: Tx, offer_id: UUID) -> OfferFacts:
    """An offer as it is now; raises `UnknownOffer`."""
    found = (await store.offers(tx, [offer_id])).get(offer_id)
    if found is None:
        raise UnknownOffer(f"There is no offer {offer_id}.")
    return found


async def lock_offers(tx: Tx, ids: Iterable[UUID]) -> None:
    """Lock offers before pools and budgets are, for who moves stock and claims it in one transaction."""
    await store.lock_offers(tx, ids)


async def update_offer_state(tx: Tx, offer_id: UUID, state: OfferState) -> None:
    """Pause, reopen, stop or end an offer: no claim or grant begun after this commits gets through.

    Setting the state it has is a retry. Raises `UnknownOffer`, `Conflict` out of a final state.
    """
    offer = (await store.lock_offers(tx, [offer_id])).get(offer_id)
    if offer is None:
        raise UnknownOffer(f"There is no offer {offer_id}.")
    if offer.state is state:
        return
    if state not in OFFER_NEXT[offer.state]:
        raise Conflict(f"An offer that is {offer.state.value} cannot become {state.value}.", state=offer.state.value)
    await store.set_offer_state(tx, offer_id, state)
    tx.emit(
        OfferStateChanged(
            offer_id=offer_id, source_kind=offer.source_kind, source_id=offer.source_id, state=state.value
        )
    )

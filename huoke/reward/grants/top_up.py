"""More stock and money for an offer that is on; approved above, done here."""

from uuid import UUID

from huoke.kernel.money import FEN_MAX
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.grants import store, store_read
from huoke.reward.grants.model import EVERY_UNIT, OfferState
from huoke.reward.grants.pool import add_stock, allocate
from huoke.reward.grants.read import get_pools
from huoke.reward.grants.refusals import BadQuantity, Ended, UnknownOffer


async def top_up(tx: Tx, offer_id: UUID, *, unit_id: int = EVERY_UNIT, stock: int = 0, amount_fen: int = 0) -> None:
    """Put units and fen into the pool and budget that serve a unit's customers (`EVERY_UNIT`: all without their own).

    They come out of the parent where there is one, else they are new. Raises `UnknownOffer`, `Ended` (stopped, ended or
    past its window), `BadQuantity`, `PoolShort`, `ledger.BudgetExhausted`; after a refusal nothing has moved.
    """
    if not 0 <= stock <= FEN_MAX or not 0 <= amount_fen <= FEN_MAX or not stock + amount_fen:
        raise BadQuantity("Say how many units or how much money, not less than 0.", pointer="/stock")
    offer = (await store.lock_offers(tx, [offer_id])).get(offer_id)
    if offer is None:
        raise UnknownOffer(f"There is no offer {offer_id}.")
    if offer.state not in {OfferState.OPEN, OfferState.PAUSED} or offer.closes_at <= tx.now:
        raise Ended("The offer is over; it takes nothing more.")
    terms = {row["unit_id"]: row for row in await store_read.terms_of(tx, offer_id)}
    own = terms.get(unit_id, terms.get(EVERY_UNIT))
    if own is None:
        raise Invalid(f"The offer does not serve unit {unit_id}.", pointer="/unit_id")
    async with tx.savepoint():
        if stock:
            [pool] = await get_pools(tx, [own["pool_id"]])
            if pool.parent_id is None:
                await add_stock(tx, pool.id, stock)
            else:
                await allocate(tx, pool.parent_id, pool.id, stock)
        if amount_fen:
            [budget] = await ledger.get_budgets(tx, [own["budget_id"]])
            if budget.parent_id is None:
                await ledger.fund(tx, budget.id, amount_fen)
            else:
                await ledger.allocate(tx, budget.parent_id, budget.id, amount_fen)

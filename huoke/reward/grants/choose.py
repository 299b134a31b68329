"""What a customer can choose from: the offers of one source, with what is left of each and what they have of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.grants import store, store_pool, store_read
from huoke.reward.grants.eligibility import Choosing, choosing
from huoke.reward.grants.model import EVERY_UNIT, Mode
from huoke.reward.grants.read import OfferItem, find_offers


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One offer: `left` units in the pool that serves this customer (rule L7), of which they have `mine`."""

    offer: OfferItem
    left: int
    mine: int


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """The offers of a source that this customer may choose from, by line: `chosen` of `choose` are taken.

    `choose` 0 is no limit over them together.
    """

    choose: int
    chosen: int
    items: list[Choice]


async def choices(tx: Tx, source_kind: str, source_id: UUID, seq: int) -> Choices:
    """What a customer can choose from now, nothing where nothing is pulled; eligibility is asked at claims."""
    offers = [offer for offer in await find_offers(tx, source_kind, source_id) if offer.mode is Mode.PULL]
    choose = max((offer.choose for offer in offers), default=0)
    own = await choosing(tx, source_kind, source_id, [seq]) if choose else None
    if own is not None:
        mine = own[seq] or Choosing(choose=0, sku_ids=frozenset())
        offers, choose = [offer for offer in offers if offer.sku_id in mine.sku_ids], mine.choose
    facts = await customers.facts(tx, [seq])
    unit_id = int(facts.unit_ids[0]) if len(facts.seqs) else EVERY_UNIT
    person = int(facts.persons[0]) if len(facts.seqs) else seq
    ids = [offer.id for offer in offers]
    left = await _left(tx, ids, unit_id)
    taken = await store.taken(tx, [(offer_id, person) for offer_id in ids])
    chosen = await store.chosen(tx, [(source_id, person)] if ids else [])
    return Choices(
        choose=choose,
        chosen=chosen.get((source_id, person), 0),
        items=[
            Choice(offer=offer, left=left.get(offer.id, 0), mine=taken.get((offer.id, person), (0, 0))[0])
            for offer in offers
        ],
    )


async def _left(tx: Tx, offer_ids: Sequence[UUID], unit_id: int) -> Mapping[UUID, int]:
    pool_of = await store_read.pools_serving(tx, offer_ids, unit_id)
    rows = await store_pool.pools(tx, set(pool_of.values()), None)
    available = {row["id"]: row["available"] for row in rows}
    return {offer_id: available[pool_id] for offer_id, pool_id in pool_of.items()}

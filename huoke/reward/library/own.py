"""SKUs of the bank's own catalogue as listings, so that one search finds everything."""

import hashlib
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.catalogue import SkuRow, SkuStatus
from huoke.reward.library import store
from huoke.reward.library.model import ANY_STOCK
from huoke.reward.library.words import words_of


async def follow(tx: Tx, sku_id: UUID) -> None:
    """Have the library show a SKU as it is published, or no longer where it is retired."""
    sku = await catalogue.get_sku(tx, sku_id)
    if sku.status is SkuStatus.RETIRED:
        await store.retire(tx, sku_id)
    elif sku.terms is not None:
        await store.put_own(tx, _row(sku, tx))


def _row(sku: SkuRow, tx: Tx) -> dict[str, object]:
    terms = sku.terms
    assert terms is not None, "a published SKU has terms"
    texts = words_of(terms.name, terms.name_en, sku.brand_name, sku.item_name, sku.code)
    return {
        "supplier_id": terms.supplier_id,
        "code": sku.code,
        "name": terms.name,
        "name_en": terms.name_en,
        "brand": sku.brand_name,
        "item": sku.item_name,
        "category": sku.category,
        "kind": sku.kind.value,
        "face_value_fen": terms.face_value_fen,
        "cost_fen": terms.cost_fen,
        "regions": terms.regions,
        "valid_days": terms.valid_days,
        "valid_until": terms.valid_until,
        "stock": ANY_STOCK,
        "words": texts.words,
        "sounds": texts.sounds,
        "initials": texts.initials,
        "digest": hashlib.blake2b(msgspec.json.encode(terms), digest_size=16).digest(),
        "status": "listed",
        "sku_id": sku.id,
        "added_at": sku.added_at,
        "changed_at": tx.now,
    }

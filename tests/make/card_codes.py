"""Builders for card codes: a SKU of them, uploaded batches."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from huoke.kernel import files
from huoke.kernel.tx import SYSTEM, Database, Tx
from huoke.reward import card_codes, catalogue, grants
from huoke.reward.card_codes import Batch, NewBatch
from huoke.reward.catalogue import NewSku, SkuKind, VoucherCode, VoucherDetails
from tests.make import catalogue as make_catalogue

LAST_DAY = date(2026, 12, 31)


async def sku(tx: Tx, item_id: UUID | None = None, *, supplier_id: UUID | None = None) -> UUID:
    """A published voucher whose codes come from its supplier; of a brand and supplier of its own unless given."""
    terms = make_catalogue.voucher_terms(
        supplier_id or await make_catalogue.supplier(tx), details=VoucherDetails(code=VoucherCode.CARD_CODE)
    )
    new = NewSku(
        item_id=item_id or await make_catalogue.item(tx),
        code=make_catalogue.next_code(),
        kind=SkuKind.VOUCHER,
        terms=terms,
    )
    sku_id = await catalogue.add_sku(tx, new)
    await catalogue.publish(tx, sku_id)
    return sku_id


async def upload(
    database: Database,
    bank: Any,
    sku_id: UUID,
    content: bytes | Sequence[str],
    *,
    name: str = "codes.csv",
    expires_on: date = LAST_DAY,
) -> Batch:
    """A file of codes, taken in and read."""
    body = content if isinstance(content, bytes) else "\n".join(content).encode()
    async with database.begin(bank) as tx:
        file_id = await files.put(tx, name, "text/csv", body, tx.now + timedelta(days=1))
        new = NewBatch(sku_id=sku_id, file_id=file_id, file_name=name, expires_on=expires_on, unit_id=1)
        batch_id = await card_codes.take_batch(tx, new)

    async def progress(_done: int, _total: int) -> bool:
        return True

    await card_codes.read_batch(database, bank, batch_id, actor=SYSTEM, progress=progress)
    async with database.begin(bank) as tx:
        return await card_codes.get_batch(tx, batch_id)


async def stocked(database: Database, bank: Any, codes: Sequence[str], **more: Any) -> UUID:
    """A SKU with codes, and its pool as the subscriber keeps it."""
    async with database.begin(bank) as tx:
        sku_id = await sku(tx)
    batch = await upload(database, bank, sku_id, codes, **more)
    async with database.begin(bank) as tx:
        await grants.stock_codes(tx, sku_id, 1, batch.success)
    return sku_id

"""The SQL of files for core banking: which day's was taken."""

import hashlib
from datetime import date
from uuid import UUID

from huoke.kernel.tx import Tx


async def is_sent(tx: Tx, supplier_id: UUID, on: date) -> bool:
    """Whether a day's file was taken."""
    found = await tx.fetch_value(
        "SELECT true FROM fulfilment.core_file WHERE supplier_id = $1 AND business_on = $2", supplier_id, on
    )
    return bool(found)


async def note_sent(tx: Tx, supplier_id: UUID, on: date, lines: int, content: bytes) -> None:
    """Note that it was; again changes nothing."""
    await tx.execute(
        "INSERT INTO fulfilment.core_file (supplier_id, business_on, lines, hash, sent_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        supplier_id,
        on,
        lines,
        hashlib.sha256(content).hexdigest(),
        tx.now,
    )

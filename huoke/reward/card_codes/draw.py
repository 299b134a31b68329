"""Drawing codes for grants, putting back what nobody saw, showing them to their customer, and voiding them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import audit, privacy
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward.card_codes import store
from huoke.reward.card_codes.model import BatchState, BatchUnknown, CardCode, CodeMissing, CodesStocked

FIELD = "card_code"
VOID_MAX = 5_000


class Sealed(msgspec.Struct, frozen=True):
    """What is encrypted of a code."""

    code: str
    pin: str = ""


async def draw(tx: Tx, sku_id: UUID, grant_ids: Sequence[UUID]) -> dict[UUID, date]:
    """Set one code aside for each grant, the first to expire first; says until which day each is good.

    Grants for which there is none are left out. No code is ever drawn twice, however many draw at once.
    """
    if not grant_ids:
        return {}
    rows = await store.draw(tx, sku_id, grant_ids, tx.now.astimezone(CHINA).date())
    return {row["grant_id"]: row["expires_on"] for row in rows}


async def put_back(tx: Tx, grant_ids: Sequence[UUID]) -> int:
    """Free the codes of grants that ended before anybody saw them; returns how many."""
    return await store.put_back(tx, grant_ids)


async def see(tx: Tx, grant_id: UUID) -> CardCode:
    """The code of a grant for its customer, who from now on has it; raises `CodeMissing`."""
    return await _open(tx, await store.see(tx, grant_id))


async def open_code(tx: Tx, grant_id: UUID) -> CardCode:
    """The code of a grant for a reveal with a reason; nothing changes. Raises `CodeMissing`."""
    return await _open(tx, await store.of_grant(tx, grant_id))


async def last_days(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The last day on which the codes of grants are good; grants without a code are left out."""
    rows = await store.of_grants(tx, grant_ids) if grant_ids else []
    return {row["grant_id"]: row["expires_on"] for row in rows}


async def void_expired(tx: Tx, *, limit: int = VOID_MAX) -> int:
    """Void at most `limit` free codes whose last day is over or that are copies; returns how many."""
    return await _void(tx, None, tx.now.astimezone(CHINA).date(), limit)


async def void_batch(tx: Tx, batch_id: UUID, reason: str) -> int:
    """Call back the free codes of a batch (at most 5,000 at a time); returns how many. `BatchUnknown`."""
    reason = audit.require_reason(reason)
    if await store.lock_batch(tx, batch_id) is None:
        raise BatchUnknown("There is no such batch in this bank.")
    voided = await _void(tx, batch_id, None, VOID_MAX)
    await store.change_batch(tx, batch_id, {"state": BatchState.VOID.value})
    await audit.record(
        tx,
        audit.AuditEntry(
            action="card_codes.void",
            subject_kind="card_code_batch",
            subject_id=str(batch_id),
            reason=reason,
            after={"voided": voided},
        ),
    )
    return voided


async def _void(tx: Tx, batch_id: UUID | None, before: date | None, limit: int) -> int:
    rows = await store.void(tx, batch_id, before, limit)
    for row in rows:
        tx.emit(CodesStocked(sku_id=row["sku_id"], unit_id=row["unit_id"], quantity=-row["quantity"]))
    return sum(row["quantity"] for row in rows)


async def _open(tx: Tx, row: Record | None) -> CardCode:
    if row is None:
        raise CodeMissing("No code was set aside for this benefit.")
    [text] = (await privacy.keys(tx)).decrypt(FIELD, [row["id"].int], [row["sealed"]])
    assert text is not None, "a code is never empty"
    sealed = msgspec.json.decode(text, type=Sealed)
    return CardCode(code=sealed.code, pin=sealed.pin, expires_on=row["expires_on"])

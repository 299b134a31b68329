"""Writing the trail, in the transaction that did the thing."""

from collections.abc import Sequence

from structlog.contextvars import get_contextvars

from huoke.govern.audit import store
from huoke.govern.audit.model import AuditEntry
from huoke.kernel.tx import Tx


async def record(tx: Tx, *entries: AuditEntry) -> None:
    """Append entries; actor and instant are the transaction's, the request id is that of the running request."""
    await record_all(tx, entries)


async def record_all(tx: Tx, entries: Sequence[AuditEntry]) -> None:
    """Append a batch of entries in one statement."""
    if entries:
        await store.append(tx, entries, str(get_contextvars().get("request_id", "")))

"""What invoices do by themselves: lines follow statements."""

from uuid import UUID

import msgspec

from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.settle.invoices.open import follow


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed of a statement's event."""

    statement_id: UUID


@subscriber("invoices.follow", events={"statements.confirmed", "statements.reversed"})
async def follow_statements(tx: Tx, event: LoggedEvent) -> None:
    """Lines open with a confirmed statement and close with a reversed one."""
    await follow(tx, event.decode(Changed).statement_id)

"""Ending the sessions of staff who may no longer sign in, and forgetting what has run out."""

from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern.identity import store
from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx

KEPT = timedelta(days=1)


class _Disabled(msgspec.Struct, frozen=True):
    staff_id: UUID


@subscriber("identity.end_disabled", events={"people.staff_disabled"})
async def end_disabled(tx: Tx, event: LoggedEvent) -> None:
    """A disabled person is refused at once by every request; this closes the sessions in the list as well."""
    await store.end_sessions(tx, event.decode(_Disabled).staff_id)


@every("identity.forget", seconds=3600)
async def forget(sweep: Sweep) -> None:
    """Drop wrong tries and tickets of a day ago."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await store.forget_attempts(tx, tx.now - KEPT)
        await store.forget_tickets(tx, tx.now - KEPT)

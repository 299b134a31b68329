"""The SQL of the gateway."""

from datetime import datetime

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reach.channels.model import NewGateway


async def get(tx: Tx) -> Record | None:
    """The bank's gateway with its sealed key."""
    return await tx.fetch_row("SELECT * FROM channels.gateway")


async def put(tx: Tx, new: NewGateway, sealed: bytes) -> None:
    """Write the gateway over the one there is."""
    row = {**msgspec.structs.asdict(new), "key": sealed, "changed_at": tx.now}
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    sets = ", ".join(f"{name} = excluded.{name}" for name in row)
    await tx.execute(
        f"INSERT INTO channels.gateway ({columns}) VALUES ({places}) ON CONFLICT (tenant_id) DO UPDATE SET {sets},"
        " failures = 0, rest_until = NULL",
        *row.values(),
    )


async def note(tx: Tx, failures: int, rest_until: datetime | None) -> None:
    """Write how the last calls went."""
    await tx.execute("UPDATE channels.gateway SET failures = $1, rest_until = $2", failures, rest_until)

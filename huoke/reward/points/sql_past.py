"""The ClickHouse SQL of what happened: a name's latest events, as the engine takes them."""

from datetime import UTC, datetime
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.events import Taken
from huoke.know.language import event_rows


async def past(
    clickhouse: ClickHouse, tenant: TenantId, name: str, since: datetime, until: datetime, limit: int
) -> tuple[int, list[Taken]]:
    """How many events of a name happened in [since, until), and the latest of them, oldest first."""
    if await event_rows(clickhouse, tenant) is None:
        return 0, []
    where = (
        "FROM event WHERE name = {name:String} AND at >= {since:DateTime64(3, 'UTC')}"
        " AND at < {until:DateTime64(3, 'UTC')}"
    )
    given = {
        "name": name,
        "since": since.astimezone(UTC).replace(tzinfo=None),
        "until": until.astimezone(UTC).replace(tzinfo=None),
    }
    counted = await clickhouse.query(tenant, f"SELECT count() AS n {where}", given)
    found = await clickhouse.query(
        tenant,
        f"SELECT toString(id) AS id, seq, at, amount_fen, entry_code, properties {where}"
        " ORDER BY at DESC, id LIMIT {limit:UInt32}",
        given | {"limit": limit},
    )
    rows = [
        Taken(
            UUID(row["id"]),
            row["seq"],
            name,
            row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC),
            row["amount_fen"],
            row["entry_code"],
            dict(row["properties"]),
            (0, place),
        )
        for place, row in enumerate(reversed(found.to_pylist()))
    ]
    return counted.column("n")[0].as_py(), rows


async def happened(
    clickhouse: ClickHouse, tenant: TenantId, name: str, since: datetime, until: datetime, limit: int
) -> list[Taken]:
    """The latest `limit` events of a name in [since, until), oldest first, as `earn` takes them."""
    return (await past(clickhouse, tenant, name, since, until, limit))[1]

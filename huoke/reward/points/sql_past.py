"""The ClickHouse SQL of what happened: a name's latest events, as the engine takes them."""

from datetime import UTC, datetime
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.language import event_rows
from huoke.reward.points.engine import Arrival


async def happened(
    clickhouse: ClickHouse, tenant: TenantId, name: str, since: datetime, limit: int
) -> tuple[int, list[Arrival]]:
    """How many events of a name happened since, and the latest of them, oldest first; persons are still to be found."""
    if await event_rows(clickhouse, tenant) is None:
        return 0, []
    where = "FROM event WHERE name = {name:String} AND at >= {since:DateTime64(3, 'UTC')}"
    given = {"name": name, "since": since.astimezone(UTC).replace(tzinfo=None)}
    counted = await clickhouse.query(tenant, f"SELECT count() AS n {where}", given)
    found = await clickhouse.query(
        tenant,
        f"SELECT toString(id) AS id, seq, at, amount_fen, entry_code, properties {where}"
        " ORDER BY at DESC, id LIMIT {limit:UInt32}",
        given | {"limit": limit},
    )
    rows = [
        Arrival(
            UUID(row["id"]),
            row["seq"],
            row["seq"],
            name,
            row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC),
            row["amount_fen"],
            row["entry_code"],
            dict(row["properties"]),
        )
        for row in reversed(found.to_pylist())
    ]
    return counted.column("n")[0].as_py(), rows

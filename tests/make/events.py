"""Events for tests: a source of a bank, customers by number, messages, and the shipment to ClickHouse."""

from typing import Any

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know import customers, events
from huoke.know.events import MadeSource, Message, NewSource, Outcome
from tests.make import customers as make_customers
from tests.make import shipping


async def source(database: Database, tenant: TenantId, name: str = "手机银行") -> MadeSource:
    """A source with its write key."""
    async with database.begin(tenant) as tx:
        return await events.sources.add(tx, NewSource(name=name))


async def people(database: Database, tenant: TenantId, *numbers: str) -> dict[str, int]:
    """Customers of these numbers, who need a unit N1, and their seqs."""
    rows = [
        {"customer_no": number, "name": "张三", "phone": f"139{place:08d}", "unit_code": "N1"}
        for place, number in enumerate(numbers)
    ]
    await make_customers.import_rows(database, tenant, rows, {})
    async with database.begin(tenant) as tx:
        return dict(await customers.find_by_no(tx, numbers))


def track(message_id: str, user_id: str | None = "C1", event: str = "app.login", **more: Any) -> Message:
    """A track message."""
    return Message(type="track", message_id=message_id, user_id=user_id, event=event, **more)


async def take(database: Database, tenant: TenantId, made: MadeSource, *messages: Message) -> list[Outcome]:
    """Take messages in one transaction."""
    async with database.begin(tenant) as tx:
        return await events.take(tx, made.id, messages)


async def ship(feed: Database, clickhouse: ClickHouse) -> None:
    """Carry all that is committed to ClickHouse."""
    await shipping.ship(feed, clickhouse, events.EVENT, events.TIMELINE)


async def rows(clickhouse: ClickHouse, tenant: TenantId, table: str = "event") -> list[dict[str, Any]]:
    """All rows of a bank's table, by time."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, name, at, toString(id) AS id, amount_fen, entry_code, properties FROM {table} ORDER BY at, id",
    )
    return [{**row, "properties": dict(row["properties"])} for row in found.to_pylist()]

"""Messages: taken once, attributed, put aside where no schema fits, and in ClickHouse as they were said."""

from datetime import UTC, datetime

import pytest

from huoke.know import events
from huoke.know.events import Status
from tests.make import events as make

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def statuses(outcomes):
    return [outcome.status.value for outcome in outcomes]


@pytest.fixture
async def shipped(feed, clickhouse, bank):
    async def ship():
        await make.ship(feed, clickhouse)
        return {row["id"]: row for row in await make.rows(clickhouse, bank)}

    return ship


async def test_a_message_stands_in_clickhouse_as_it_was_said(database, bank, source, seqs, clock, shipped):
    said = make.track(
        "m-1", "C1", "payment.made", properties={"amount_fen": 1250, "category": "咖啡", "entry_code": "e7"}
    )
    [outcome] = await make.take(database, bank, source, said)
    assert outcome.status is Status.ACCEPTED
    row = (await shipped())[str(outcome.id)]
    assert (row["seq"], row["name"], row["amount_fen"], row["entry_code"]) == (seqs["C1"], "payment.made", 1250, "e7")
    assert row["properties"] == {"category": "咖啡"}
    assert row["at"] == NOW


async def test_the_same_message_counts_once_in_a_batch_and_over_retries(database, bank, source, seqs, shipped):
    one, other = make.track("d-1"), make.track("d-2", "C2")
    assert statuses(await make.take(database, bank, source, one, one, other)) == ["accepted", "duplicate", "accepted"]
    assert statuses(await make.take(database, bank, source, other, one)) == ["duplicate", "duplicate"]
    ids = {str(events.model.id_of(message)) for message in ("d-1", "d-2")}
    await shipped()
    assert len(ids & set(await shipped())) == 2

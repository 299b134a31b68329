"""Bulk event files: every row by itself, each once whatever file it comes in, times of a file in its own zone."""

import csv
from datetime import UTC, datetime

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huoke.know import events
from huoke.know.customers import LocalSource
from huoke.know.events import Flaw, Malformed
from tests.make import events as make

NOON = "2026-02-28 23:30:00"
"""In Shanghai; in UTC it is 15:30 of the same day."""


@pytest.fixture
def load(database, clickhouse, bank, tmp_path):
    """Load rows as a file of the given kind, and what became of them with the refused ones."""

    async def into(rows, kind="csv", name="events", progress=None):
        path = tmp_path / f"{name}.{kind}"
        if kind == "csv":
            with path.open("w", newline="") as out:
                writer = csv.DictWriter(out, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        elif kind == "parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)
        else:
            path.write_bytes(b"\n".join(row if isinstance(row, bytes) else msgspec.json.encode(row) for row in rows))
        flaws: list[Flaw] = []
        source, noting = LocalSource(path), lambda found, _rows, _start: flaws.extend(found)
        return await events.load_file(database, clickhouse, bank, source, reject=noting, progress=progress), flaws

    return into


async def test_rows_are_loaded_with_their_properties_in_their_own_zone(load, clickhouse, bank, seqs):
    rows = [
        {"customer_no": "C1", "event": "payment.made", "timestamp": NOON, "message_id": "f-1", "amount_fen": "990",
         "merchant": "老面馆", "channel": ""},
        {"customer_no": "C2", "event": "app.login", "timestamp": "2026-02-28T23:30:00Z", "message_id": "f-2",
         "amount_fen": "", "merchant": "", "channel": "app"},
    ]  # fmt: skip
    loaded, flaws = await load(rows)
    assert (loaded.read, loaded.loaded, loaded.duplicate, loaded.refused, flaws) == (2, 2, 0, 0, [])
    first, second = await make.rows(clickhouse, bank)
    assert (first["seq"], first["at"]) == (seqs["C1"], datetime(2026, 2, 28, 15, 30, tzinfo=UTC))
    assert (first["amount_fen"], first["properties"]) == (990, {"merchant": "老面馆"})
    assert (second["seq"], second["at"]) == (seqs["C2"], datetime(2026, 2, 28, 23, 30, tzinfo=UTC))
    assert second["properties"] == {"channel": "app"}


async def test_a_message_counts_once_though_its_first_row_is_still_on_its_way_in(
    load, clickhouse, bank, seqs, monkeypatch
):
    """Batches of a few lines: one is examined while the one before is being inserted."""
    monkeypatch.setattr("huoke.know.events.bulk_read.BLOCK_BYTES", 150)
    before = len(await make.rows(clickhouse, bank))
    batches: list[int] = []

    async def noting(total):
        batches.append(total.read)
        return True

    ids = ["n-1", "n-2", "n-2", "n-3", "n-1", "n-4", "n-3", "n-4", "n-5", "n-1", "n-5", "n-5"]
    row = {"customer_no": "C1", "event": "app.login", "timestamp": NOON}
    loaded, flaws = await load([row | {"message_id": one} for one in ids], progress=noting)
    assert len(batches) > 3
    assert (loaded.read, loaded.loaded, loaded.duplicate, flaws) == (12, 5, 7, [])
    assert len(await make.rows(clickhouse, bank)) == before + 5


async def test_a_load_told_to_stop_keeps_no_further_batch(load, clickhouse, bank, seqs, monkeypatch):
    monkeypatch.setattr("huoke.know.events.bulk_read.BLOCK_BYTES", 150)
    before = len(await make.rows(clickhouse, bank))

    async def stop(_total):
        return False

    row = {"customer_no": "C1", "event": "app.login", "timestamp": NOON}
    loaded, _ = await load([row | {"message_id": f"s-{place}"} for place in range(12)], progress=stop)
    assert 0 < loaded.loaded < 6
    assert len(await make.rows(clickhouse, bank)) == before + loaded.loaded


async def test_a_message_counts_once_in_files_of_any_kind_and_live(load, database, bank, source, clickhouse, seqs):
    before = len(await make.rows(clickhouse, bank))
    row = {"type": "track", "userId": "C1", "event": "app.login", "timestamp": "2026-03-01T01:00:00Z"}
    loaded, _ = await load(
        [row | {"messageId": "x-1"}, row | {"messageId": "x-1"}, row | {"messageId": "x-2"}], "ndjson"
    )
    assert (loaded.loaded, loaded.duplicate) == (2, 1)
    as_columns = [
        {
            "customer_no": "C1",
            "event": "app.login",
            "timestamp": datetime(2026, 3, 1, 1, tzinfo=UTC),
            "message_id": name,
        }
        for name in ("x-2", "x-3")
    ]
    loaded, _ = await load(as_columns, "parquet")
    assert (loaded.loaded, loaded.duplicate) == (1, 1)
    [live] = await make.take(database, bank, source, make.track("x-3"))
    assert live.status == "duplicate"
    assert len(await make.rows(clickhouse, bank)) == before + 3


async def test_the_same_file_again_is_nothing_new_even_without_ids(load, clickhouse, bank, seqs):
    rows = [{"customer_no": "C3", "event": "app.login", "timestamp": f"2026-01-0{day} 08:00:00"} for day in (1, 1, 2)]
    first, _ = await load(rows)
    before = await make.rows(clickhouse, bank)
    again, _ = await load(rows)
    assert (first.loaded, again.loaded, again.duplicate) == (3, 0, 3)
    assert await make.rows(clickhouse, bank) == before


async def test_each_unfit_row_is_told_by_itself_and_the_others_go_in(load, seqs):
    good = {"customer_no": "C1", "event": "page.viewed", "timestamp": NOON, "amount_fen": "", "seconds": "3", "odd": ""}
    rows = [
        good, good | {"event": "no.such"}, good | {"customer_no": "C404"}, good | {"timestamp": "yesterday"},
        good | {"timestamp": "2027-01-01T00:00:00Z"}, good | {"amount_fen": "9.90"}, good | {"seconds": "three"},
        good | {"odd": "1"},
    ]  # fmt: skip
    loaded, flaws = await load(rows)
    assert (loaded.read, loaded.loaded, loaded.refused) == (8, 1, 7)
    assert sorted((flaw.row, flaw.code) for flaw in flaws) == [
        (2, "unknown_name"), (3, "unknown_customer"), (4, "unfit_time"), (5, "unfit_time"), (6, "unfit_property"),
        (7, "unfit_property"), (8, "unknown_property"),
    ]  # fmt: skip


async def test_a_broken_line_is_a_row_and_a_broken_file_a_refusal(load, tmp_path, database, clickhouse, bank, seqs):
    line = {"type": "track", "userId": "C1", "event": "app.login", "timestamp": "2026-02-01T00:00:00Z"}
    loaded, flaws = await load([b"{not json", line], "ndjson")
    assert (loaded.loaded, [flaw.row for flaw in flaws]) == (1, [1])
    for name, body in (("a.parquet", b"PAR1"), ("a.xml", b"<a/>"), ("a.csv", b"customer_no,event\nC1,app.login\n")):
        path = tmp_path / name
        path.write_bytes(body)
        with pytest.raises(Malformed):
            await events.load_file(database, clickhouse, bank, LocalSource(path))

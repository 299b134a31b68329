"""A page of the timeline of customers who did 10,000 things, among the events of everybody else.

Two years of events lie in ClickHouse as they are shipped there. Read are first pages, folded and not, pages narrowed by
name, and pages far down, the way the customer's page reads them: every module is asked. Every page must hold exactly
the rows that a plain scan in another order of work finds.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from bench.imports import blocks, import_file, postgres
from huoke.kernel import log
from huoke.kernel.clock import SetClock
from huoke.kernel.engines import ClickHouse, Sidecar
from huoke.kernel.ids import TenantId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import SYSTEM, Database
from huoke.know import events
from huoke.measure import timeline

SIZE = 20_000_000
BANK = TenantId(1)
MONTHS = 24
BUSY = 40
EVENTS_OF_BUSY = 10_000
EVENTS_OF_OTHERS = 120
ROWS_AT_ONCE = 2_000_000
PAGES = 240
PAGE = 50
P95_MAX_MS = 150
NAMES = ("app.login", "page.viewed", "payment.made", "benefit.viewed", "transfer.made", "bill.paid")
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
END = BEGAN + timedelta(days=30 * MONTHS)
SETTLE_SECONDS_MAX = 900
_SAID = (
    ("app", "餐饮", "首页"), ("qr", "超市", "账户"), ("card", "出行", "理财"), ("app", "网购", "权益"),
    ("qr", "餐饮", "转账"), ("card", "超市", "首页"), ("app", "出行", "账户"), ("web", "网购", "理财"),
)  # fmt: skip
"""What events say: channel, category, name."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One question about one customer."""

    seq: int
    before: datetime | None
    names: tuple[str, ...]
    folded: bool


async def run(size: int = SIZE) -> list[dict[str, Any]]:
    """Read `PAGES` pages of busy customers among `size` events; each at the first asking of its customer's rows."""
    with tempfile.TemporaryDirectory(prefix="huoke bench ") as folder:
        async with postgres() as cluster, _engine(Path(folder)) as clickhouse:
            database = await Database.connect(cluster.url("huoke_app"), clock=SetClock(END + timedelta(days=1)))
            first = await _customers(database)
            began = time.perf_counter()
            await _happen(clickhouse, size, first)
            filled, parts = time.perf_counter() - began, await _parts(clickhouse)
            pages = list(_pages(random.Random(size), first))
            took = []
            for page in pages:
                began = time.perf_counter()
                lines = await _read(database, clickhouse, page)
                took.append((time.perf_counter() - began) * 1_000)
                assert len(lines) == PAGE, f"{len(lines)} lines of {page}"
            scans = []
            for page in pages[:: PAGES // 24]:
                began = time.perf_counter()
                plain = await _scanned(clickhouse, page)
                scans.append((time.perf_counter() - began) * 1_000)
                lines = await _read(database, clickhouse, page)
                assert [(one.at, one.id, one.times) for one in lines] == plain, page
            kept = await clickhouse.query(BANK, "SELECT count() AS n FROM timeline")
            await database.close()
    p95 = statistics.quantiles(took, n=20)[-1]
    return [
        {
            "name": "timeline",
            "ours": round(p95, 1),
            "unit": f"ms, p95 of {PAGES} pages of {PAGE} lines among {size:,} events",
            "median_ms": round(statistics.median(took), 1),
            "baseline": "a plain scan of the table",
            "baseline_value": round(statistics.median(scans), 1),
            "ratio": round(statistics.median(scans) / statistics.median(took), 1),
            "events_of_the_customer": EVENTS_OF_BUSY,
            "parts": parts,
            "fill_s": round(filled, 1),
            "checks": {
                "all events are there": abs(kept.column("n")[0].as_py() - size) <= 2 * MONTHS * BUSY,
                f"p95 within {P95_MAX_MS} ms": p95 <= P95_MAX_MS,
                "rows equal to the scan": True,
            },
        }
    ]


async def _customers(database: Database) -> int:
    """Import the busy customers; the first of their numbers, which follow each other."""
    with tempfile.NamedTemporaryFile(prefix="huoke-import-", suffix=".csv") as raw:
        raw.writelines(blocks(BUSY))
        raw.flush()
        await import_file(database, Path(raw.name))
    async with database.begin(BANK) as tx:
        seqs = [row["seq"] for row in await tx.fetch("SELECT seq FROM customers.customer ORDER BY seq")]
    assert seqs == list(range(seqs[0], seqs[0] + BUSY)), "numbers are given in order"
    return int(seqs[0])


async def _read(database: Database, clickhouse: ClickHouse, page: Page) -> list[timeline.Line]:
    """A page as a clerk of the whole bank opens it."""
    asked = timeline.Asked(
        before=(page.before, "") if page.before else None,
        limit=PAGE,
        until=END,
        names=page.names,
        folded=page.folded,
    )
    clerk = Principal(actor=SYSTEM, tenant=BANK, units=None)
    async with database.begin(BANK) as tx:
        return await timeline.lines(tx, clickhouse, clerk, page.seq, asked)


async def _scanned(clickhouse: ClickHouse, page: Page) -> list[tuple[datetime, str, int]]:
    """Every line of the customer, in one pass over all rows that no index serves; folded and cut in Python."""
    found = await clickhouse.query(
        BANK,
        "SELECT at, name, toString(id) AS id FROM timeline WHERE materialize(seq) = {seq:UInt32}",
        {"seq": page.seq},
    )
    days: dict[object, list[tuple[datetime, str]]] = {}
    for row in found.to_pylist():
        if not page.names or row["name"] in page.names:
            day = (row["at"] + timedelta(hours=8)).date()
            key = (row["name"], day) if page.folded and row["name"] in timeline.FOLDED else row["id"]
            days.setdefault(key, []).append((row["at"].astimezone(UTC), row["id"]))
    lines = sorted(((*max(ones), len(ones)) for ones in days.values()), reverse=True)
    return [line for line in lines if page.before is None or line[:2] < (page.before, "")][:PAGE]


def _pages(chance: random.Random, first: int) -> list[Page]:
    asked = []
    for place in range(PAGES):
        depth = chance.randrange(60, MONTHS * 30 - 60)
        asked.append(
            Page(
                seq=first + place % BUSY,
                before=BEGAN + timedelta(days=depth, seconds=chance.randrange(86_400)) if place % 3 == 2 else None,
                names=("bill.paid",) if place % 5 == 4 else (),
                folded=place % 2 == 1,
            )
        )
    return asked


async def _happen(clickhouse: ClickHouse, size: int, first: int) -> None:
    """Two years of events, as the shipper brings them: of some days at a time, all customers in each part."""
    await clickhouse.create_database(BANK)
    await clickhouse.command(BANK, events.TIMELINE.create_sql([*events.TIMELINE.columns, *log.PLACE]))
    busy, others = BUSY * EVENTS_OF_BUSY // MONTHS + 1, max(1, (size - BUSY * EVENTS_OF_BUSY) // MONTHS)
    people = max(1, size // EVENTS_OF_OTHERS)
    for month in range(MONTHS):
        begins = BEGAN + timedelta(days=month * 30)
        await _fill(clickhouse, begins, timedelta(days=30), busy, f"{first} + intDiv(number * {BUSY}, {busy})")
        parts = -(-others // ROWS_AT_ONCE)
        for part in range(parts):
            rows, lasts = min(ROWS_AT_ONCE, others - part * ROWS_AT_ONCE), timedelta(days=30) / parts
            whom = f"{first + BUSY} + intDiv(number * {people}, {rows})"
            await _fill(clickhouse, begins + part * lasts, lasts, rows, whom)
    await _settle(clickhouse)


async def _fill(clickhouse: ClickHouse, begins: datetime, lasts: timedelta, rows: int, seq: str) -> None:
    """So many rows ascending by customer: as they are kept, which spares sorting them."""
    began, names = int(begins.timestamp() * 1_000), ", ".join(f"'{name}'" for name in NAMES)
    said = ", ".join(
        f"map('channel', '{channel}', 'category', '{kind}', 'name', '{page}')" for channel, kind, page in _SAID
    )
    await clickhouse.command(
        BANK,
        "INSERT INTO timeline (seq, at, name, id, kind, amount_fen, properties, xid, ordinal) SELECT"
        f" toUInt32({seq}), fromUnixTimestamp64Milli({began} + toInt64(drawn % {lasts // timedelta(milliseconds=1)})),"
        f" [{names}][1 + intDiv(drawn, 16) % {len(NAMES)}], generateUUIDv4(), 'track', intDiv(drawn, 256) % 100000,"
        f" [{said}][1 + intDiv(drawn, 64) % {len(_SAID)}], 1, number"
        f" FROM (SELECT number, cityHash64(number, {began}) AS drawn FROM numbers({rows}))",
    )


async def _parts(clickhouse: ClickHouse) -> int:
    found = await clickhouse.query(
        BANK,
        "SELECT count() AS n FROM system.parts WHERE database = currentDatabase() AND table = 'timeline' AND active",
    )
    return int(found.column("n")[0].as_py())


async def _settle(clickhouse: ClickHouse) -> None:
    """Wait until ClickHouse has put together what it wants to, as it has when nothing was brought for a while."""
    async with asyncio.timeout(SETTLE_SECONDS_MAX):
        while (await clickhouse.query(BANK, "SELECT count() AS n FROM system.merges")).column("n")[0].as_py():
            await asyncio.sleep(1)


@asynccontextmanager
async def _engine(folder: Path) -> AsyncIterator[ClickHouse]:
    sidecar = Sidecar(folder / "clickhouse", log=folder / "clickhouse.log")
    sidecar.start()
    try:
        clickhouse = await ClickHouse.connect(sidecar.url)
        try:
            yield clickhouse
        finally:
            await clickhouse.close()
    finally:
        sidecar.stop()

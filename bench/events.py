"""Events over HTTP: batches of 100 with de-duplication and identity, against one event a request at the same endpoint;
and events as a file, against those batches.

The real web process takes them and the real worker carries them to ClickHouse, both on engines of their own. Of every
hundred messages some come again, some name a visitor, and one says who the visitor is. Lag is the longest time from an
answer to the moment its last event can be read in ClickHouse, looked at while the load runs.
"""

import asyncio
import base64
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from bench.imports import BANK, blocks, import_file, postgres
from huoke.kernel import archives
from huoke.kernel import settings as instance
from huoke.kernel.engines import ClickHouse, Sidecar
from huoke.kernel.engines.ports import free_port
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Database
from huoke.know import events
from huoke.know.customers import LocalSource
from huoke.know.events import NewSource

SIZE = 60_000
SINGLES = 3_000
BATCH = 100
CALLERS = 8
CUSTOMERS = 20_000
RATIO_MIN = 8
RATE_MIN = 5_000
LAG_MAX_SECONDS = 5.0
FILE_TIMES = 10
"""So many times as many rows in the file."""
FILE_RATE_MIN = 60_000
LOOK_SECONDS = 0.1
FIRST_NO = 10_000_000


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Send `size` events (60,000) in batches, a sample of them one by one, and ten times as many as a file."""
    count = size or SIZE
    async with _instance() as (database, clickhouse, port, key):
        singles = _requests(min(SINGLES, count), 1, "s")
        single_seconds, _ = await _drive(clickhouse, port, key, singles)
        batches = _requests(count, BATCH, "b")
        batch_seconds, lag_seconds = await _drive(clickhouse, port, key, batches)
        expected = _distinct(singles) | _distinct(batches)
        arrived, names = await _arrived(clickhouse, len(expected))
        async with database.begin(BANK) as tx:
            kept = await tx.fetch_value("SELECT count(*) FROM events.event")
        rows = count * FILE_TIMES
        file_seconds, loaded = await _load_file(database, clickhouse, rows)
        with_file = await _count(clickhouse, "1")
    filed = rows / file_seconds
    ours, single = count / batch_seconds, min(SINGLES, count) / single_seconds
    return [
        {
            "name": "events-http",
            "ours": round(ours),
            "unit": f"events/s, {CALLERS} callers, batches of {BATCH}",
            "baseline": "one event a request, same endpoint, same callers",
            "baseline_value": round(single),
            "ratio": round(ours / single, 1),
            "lag_seconds": round(lag_seconds, 2),
            "checks": {
                f"at least {RATIO_MIN} times one by one": ours >= RATIO_MIN * single,
                f"at least {RATE_MIN:,} events a second": ours >= RATE_MIN,
                f"in ClickHouse within {LAG_MAX_SECONDS:.0f} s": lag_seconds <= LAG_MAX_SECONDS,
                "every event is in PostgreSQL once": kept == len(expected),
                "every event is in ClickHouse once": arrived == kept == names,
            },
        },
        {
            "name": "events-file",
            "ours": round(filed),
            "unit": f"rows/s, one CSV of {rows:,} rows, de-duplicated and attributed",
            "baseline": f"batches of {BATCH} over HTTP, in the same run",
            "baseline_value": round(ours),
            "ratio": round(filed / ours, 1),
            "checks": {
                f"at least {FILE_RATE_MIN:,} rows a second": filed >= FILE_RATE_MIN,
                "every row was loaded": loaded == rows,
                "every row is in ClickHouse once": with_file == arrived + rows,
            },
        },
    ]


async def _load_file(database: Database, clickhouse: ClickHouse, rows: int) -> tuple[float, int]:
    """Seconds for a file of so many payments, and how many of them went in."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as raw:
        raw.write("customer_no,event,timestamp,message_id,amount_fen,channel,category,merchant\n")
        for place in range(rows):
            minute, hour, day = place % 60, place // 60 % 24, 1 + place // 1_440 % 28
            raw.write(
                f"{FIRST_NO + place % CUSTOMERS},payment.made,2026-02-{day:02d}T{hour:02d}:{minute:02d}:00Z,"
                f"f-{place},{100 + place % 9_900},app,餐饮,M{place % 60}\n"
            )
        raw.flush()
        started = time.perf_counter()
        found = await events.load_file(database, clickhouse, BANK, LocalSource(Path(raw.name)))
        return time.perf_counter() - started, found.loaded


class _Request(msgspec.Struct, frozen=True):
    body: bytes
    ids: tuple[str, ...]


def _requests(count: int, size: int, mark: str) -> list[_Request]:
    """Requests of `size` messages; each twentieth message is one sent before, each tenth names a visitor."""
    chance = random.Random(7)
    made: list[_Request] = []
    for start in range(0, count, size):
        messages = [_message(chance, place, mark) for place in range(start, min(start + size, count))]
        body = msgspec.json.encode({"batch": messages, "sentAt": "2026-03-02T01:00:00Z"})
        made.append(_Request(body, tuple(message["messageId"] for message in messages)))
    return made


def _message(chance: random.Random, place: int, mark: str) -> dict[str, Any]:
    again = place % 20 == 19
    number = place - 10 if again else place
    customer = number % CUSTOMERS
    said: dict[str, Any] = {"messageId": f"{mark}-{number}", "timestamp": "2026-03-02T00:59:58Z"}
    if number % 100 == 0:
        return said | {"type": "identify", "userId": str(FIRST_NO + customer), "anonymousId": f"v-{customer}"}
    if number % 10 == 0:
        said["anonymousId"] = f"v-{customer // 100 * 100}"
    else:
        said["userId"] = str(FIRST_NO + customer)
    properties = {
        "channel": "app",
        "category": "餐饮",
        "merchant": f"M{number % 60}",
        "amount_fen": 100 + chance.randrange(9_900),
    }
    return said | {"type": "track", "event": "payment.made", "properties": properties}


def _distinct(requests: Sequence[_Request]) -> set[str]:
    return {one for request in requests for one in request.ids}


async def _drive(clickhouse: ClickHouse, port: int, key: str, requests: Sequence[_Request]) -> tuple[float, float]:
    """Seconds until every request was answered, and the longest lag seen on the way and after it."""
    waiting = list(enumerate(requests))[::-1]
    told: asyncio.Queue[tuple[UUID, float] | None] = asyncio.Queue()
    looking = asyncio.create_task(_look(clickhouse, told))

    async def call() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            place, request = waiting.pop()
            answer = await _post(reader, writer, key, request.body)
            if place % max(1, len(requests) // 20) == 0:
                told.put_nowait((events.model.id_of(request.ids[0]), time.perf_counter()))
            assert answer["success"], answer
            assert {one["status"] for one in answer["results"]} <= {"accepted", "duplicate", "waiting"}, answer
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(CALLERS)))
    seconds = time.perf_counter() - started
    told.put_nowait(None)
    return seconds, await looking


async def _look(clickhouse: ClickHouse, told: "asyncio.Queue[tuple[UUID, float] | None]") -> float:
    """The longest time from an answer until its event could be read."""
    longest = 0.0
    while (one := await told.get()) is not None:
        event, answered_at = one
        while not await _count(clickhouse, f"id = '{event}'"):
            await asyncio.sleep(LOOK_SECONDS)
        longest = max(longest, time.perf_counter() - answered_at)
    return longest


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str, body: bytes) -> dict[str, Any]:
    writer.write(
        b"POST /v1/batch HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic %b\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (base64.b64encode(f"{key}:".encode()), len(body), body)
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    answer = await reader.readexactly(int(length.partition(b":")[2]))
    assert b" 200 " in head.split(b"\r\n")[0], answer
    decoded: dict[str, Any] = msgspec.json.decode(answer)
    return decoded


async def _arrived(clickhouse: ClickHouse, expected: int) -> tuple[int, int]:
    """Rows in ClickHouse once all are there (or ten seconds later), and how many different ids they have."""
    for _ in range(100):
        if await _count(clickhouse, "1") >= expected:
            break
        await asyncio.sleep(LOOK_SECONDS)
    found = await clickhouse.query(BANK, "SELECT uniqExact(id) AS n FROM event")
    return await _count(clickhouse, "1"), int(found.column("n").to_pylist()[0])


async def _count(clickhouse: ClickHouse, condition: str) -> int:
    found = await clickhouse.query(BANK, f"SELECT count() AS n FROM event WHERE {condition}")
    return int(found.column("n").to_pylist()[0])


@asynccontextmanager
async def _instance() -> AsyncIterator[tuple[Database, ClickHouse, int, str]]:
    """PostgreSQL, ClickHouse, web and worker of their own, 20,000 customers, and a source's write key."""
    async with postgres() as cluster:
        home = cluster.place.data.parent
        sidecar = Sidecar(home / "clickhouse", log=home / "clickhouse.log")
        sidecar.start()
        port = free_port()
        database = await Database.connect(cluster.url("huoke_app"))
        clickhouse = await ClickHouse.connect(sidecar.url)
        made = Settings(
            home=home,
            instance="bench",
            database_url=cluster.url("huoke_app"),
            database_owner_url=cluster.url("huoke_owner"),
            database_feed_url=cluster.url("huoke_feed"),
            clickhouse_url=sidecar.url,
            web_port=port,
        )
        instance.save(made)
        processes = [_process(name, home) for name in ("huoke.app.web", "huoke.app.worker")]
        try:
            key = await _prepare(database, clickhouse)
            await _listening(port)
            yield database, clickhouse, port, key
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
                process.wait(20)
            await clickhouse.close()
            await database.close()
            sidecar.stop()


def _process(module: str, home: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "HUOKE_HOME": str(home)}
    with (home / f"{module}.log").open("wb") as log:
        return subprocess.Popen([sys.executable, "-m", module], env=environment, stdout=log, stderr=log)


async def _prepare(database: Database, clickhouse: ClickHouse) -> str:
    """Customers, the bank's tables, and a write key."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as raw:
        for block in blocks(CUSTOMERS):
            raw.write(block)
        raw.flush()
        await import_file(database, Path(raw.name))
    await archives.prepare(clickhouse, BANK, [events.EVENT, events.TIMELINE])
    async with database.begin(BANK) as tx:
        return (await events.sources.add(tx, NewSource(name="bench"))).write_key


async def _listening(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            with suppress(OSError):
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                return
            await asyncio.sleep(LOOK_SECONDS)

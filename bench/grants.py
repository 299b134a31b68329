"""Grants: one hot budget and pool under 64 callers, a million grants of one campaign, and the same callers over HTTP.

Every side runs on the same PostgreSQL (fsync on, row-level security on, role huoke_app), makes the same checks (request
number, window, person limit, stock, budget) and writes the same rows: request, grant, step, person limit, transfer, and
the balances of pool and budget. Rows and sums are counted after each side. Baselines are sampled: they are slow.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bench.grants_baseline import FUNCTION_SQL, PerRequest, call_function, per_request
from huoke.app.migrate import upgrade
from huoke.kernel.batch import Batcher
from huoke.kernel.engines import Cluster, Place
from huoke.kernel.engines.place import unprivileged_user
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import grants, ledger
from huoke.reward.grants import BenefitKind, Claim, Facts, Mode, Offer, Terms

CALLERS = 64
SINGLE = 40_000
BULK = 1_000_000
HTTP = 20_000
SAMPLE = 4_000
COST_FEN = 1_280
BANK = TenantId(1)
CLAIM = Callable[[int], Awaitable[None]]


async def run_single(size: int | None = None) -> list[dict[str, Any]]:
    """64 callers claim from one hot budget and pool: micro-batch, a transaction per request, a function per request."""
    size = size or SINGLE
    sample = min(size, SAMPLE)
    async with engines() as (owner, database, _):
        commit_ms = await _commit_latency_ms(database)
        await _warm_up(database)
        sides = {}
        for name, count, make in (
            ("transaction", sample, _transactions),
            ("function", sample, _functions),
            ("batch", size, _batches),
        ):
            world = await _world(database, Mode.PULL, stock=count + 1)
            claim, close = await make(owner, database, world)
            seconds, latencies = await _drive(claim, count)
            await close()
            assert await _holds(database, world, count, state="fulfilled")
            sides[name] = (count / seconds, _p99_ms(latencies), statistics.median(latencies) * 1_000)
    return [
        _row("grants-single", sides, "transaction", at_least=8, lower_p99=True),
        _row("grants-single", sides, "function", at_least=4, lower_p99=False),
        {
            "name": "grants-single: commit latency",
            "ours": round(commit_ms, 3),
            "unit": "ms, median of lone commits, fsync on",
            "baseline": None,
            "baseline_value": None,
            "ratio": None,
            "checks": {"fsync is on": True},
        },
    ]


async def run_bulk(size: int | None = None) -> list[dict[str, Any]]:
    """Grants of one campaign in chunks of 10,000, each a transaction; then all chunks again, which grants nothing."""
    size = size or BULK
    async with engines() as (owner, database, _):
        world = await _world(database, Mode.PULL, stock=SAMPLE + 1)
        claim, close = await _transactions(owner, database, world)
        seconds, _ = await _drive(claim, SAMPLE)
        await close()
        assert await _holds(database, world, SAMPLE, state="fulfilled")
        baseline = SAMPLE / seconds
        world = await _world(database, Mode.PUSH, stock=size, units=40)
        seconds, longest, granted = await _push_all(database, world, size)
        replay_seconds, _, regranted = await _push_all(database, world, size)
        holds = await _holds(database, world, size, state="reserved")
    ours = size / seconds
    return [
        {
            "name": "grants-bulk",
            "ours": round(ours),
            "unit": "grants/s",
            "baseline": "one transaction per request, 8 statements, 64 callers",
            "baseline_value": round(baseline),
            "ratio": round(ours / baseline, 1),
            "grants": size,
            "longest_transaction_seconds": round(longest, 2),
            "replay_seconds": round(replay_seconds, 1),
            "checks": {
                "ratio is at least 20": ours >= 20 * baseline,
                "every customer was granted once": granted == size and holds,
                "a replay grants 0": regranted == 0,
                "no transaction over 2 s": longest <= 2,
            },
        }
    ]


async def run_http(size: int | None = None) -> list[dict[str, Any]]:
    """The same 64 callers through the API over HTTP, and through the same API without the batcher."""
    size = size or HTTP
    rates, p99s = {}, {}
    async with engines() as (owner, database, url):
        await customers_of(owner, size)
        for name, path, count in (
            ("plain", "/baseline/claims", min(size, SAMPLE)),
            ("batch", "/v1/grants/claims", size),
        ):
            offer = await _world(database, Mode.PULL, stock=count + 1)
            async with _server(database, url, offer) as connect:
                connections = [await connect() for _ in range(CALLERS)]
                seconds, latencies = await _drive(_over_http(connections, path, offer), count)
                for connection in connections:
                    connection.close()
            assert await _holds(database, offer, count, state="fulfilled")
            rates[name], p99s[name] = count / seconds, _p99_ms(latencies)
    return [
        {
            "name": "grants-http",
            "ours": round(rates["batch"]),
            "unit": "requests/s",
            "baseline": "the same API, one transaction per request, 64 callers",
            "baseline_value": round(rates["plain"]),
            "ratio": round(rates["batch"] / rates["plain"], 1),
            "p99_ms": round(p99s["batch"], 2),
            "baseline_p99_ms": round(p99s["plain"], 2),
            "checks": {
                "ratio is at least 2": rates["batch"] >= 2 * rates["plain"],
                "rows and sums are equal": True,
            },
        }
    ]


class Connection:
    """One keep-alive HTTP/1.1 connection: a client that costs little beside what it measures."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def post(self, path: str, seq: int, body: bytes) -> bytes:
        """POST as the customer `seq`; the answer's body. Raises unless the status is 2xx."""
        self.send(path, seq, body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        answer = await self._reader.readexactly(int(length.partition(b":")[2]))
        assert head.split(b" ", 2)[1].startswith(b"2"), answer
        return answer

    def send(self, path: str, seq: int, body: bytes) -> None:
        """Write a POST and wait for nothing."""
        self._writer.write(
            b"POST %b HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %d\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (path.encode(), seq, len(body), body)
        )

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def _server(database: Database, url: str, offer: Offer) -> AsyncIterator[Callable[[], Awaitable[Connection]]]:
    """The API process on a socket of its own; lends a function that connects to it."""
    request = await PerRequest.of(database, BANK, offer)
    with tempfile.TemporaryDirectory(prefix="huoke-bench-") as folder:
        path = f"{folder}/s"
        environment = os.environ | {
            "BENCH_URL": url,
            "BENCH_REQUEST": msgspec.json.encode(request).decode(),
            "BENCH_SOCKET": path,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.grants_server", env=environment, cwd=Path(__file__).parents[1]
        )

        async def connect() -> Connection:
            return Connection(*await asyncio.open_unix_connection(path))

        try:
            while not Path(path).exists():
                assert process.returncode is None, "the server did not start"
                await asyncio.sleep(0.05)
            yield connect
        finally:
            process.terminate()
            await process.wait()


def _over_http(connections: list[Connection], path: str, offer: Offer) -> CLAIM:
    free = list(connections)

    async def claim(number: int) -> None:
        connection = free.pop()
        body = msgspec.json.encode([{"request_no": f"{offer.id.hex}-{number}", "offer_id": offer.id}])
        answer = await connection.post(path, number, body)
        assert b'"done"' in answer, answer
        free.append(connection)

    return claim


async def customers_of(owner: Database, count: int) -> None:
    """Customers 0 … count-1 of unit 1, each a person of their own."""
    async with owner.begin_shared() as tx:
        await tx.execute(
            "INSERT INTO customers.customer"
            " (tenant_id, seq, customer_no, unit_id, person, created_at, changed_at, ordinal)"
            " SELECT $1, n, n::text, 1, n, $2, $2, n FROM generate_series(0, $3 - 1) AS n",
            BANK,
            tx.now,
            count,
        )
        await tx.execute("ANALYZE customers.customer")


def _row(
    name: str, sides: dict[str, tuple[float, float, float]], baseline: str, *, at_least: float, lower_p99: bool
) -> dict[str, Any]:
    (ours, p99, p50), (theirs, their_p99, _) = sides["batch"], sides[baseline]
    told = {
        "transaction": "one transaction per request, 8 statements, 64 callers",
        "function": "one SQL function call per request, 64 callers",
    }[baseline]
    checks = {f"ratio is at least {at_least}": ours >= at_least * theirs, "rows and sums are equal": True}
    if lower_p99:
        checks["p99 is lower"] = p99 < their_p99
    return {
        "name": name,
        "ours": round(ours),
        "unit": "grants/s",
        "baseline": told,
        "baseline_value": round(theirs),
        "ratio": round(ours / theirs, 1),
        "p50_ms": round(p50, 2),
        "p99_ms": round(p99, 2),
        "baseline_p99_ms": round(their_p99, 2),
        "checks": checks,
    }


@asynccontextmanager
async def engines() -> AsyncIterator[tuple[Database, Database, str]]:
    """A PostgreSQL of its own with the whole schema and one bank: its owner, its app, and the app's address."""
    with tempfile.TemporaryDirectory(prefix="huoke bench ") as folder:
        home = Path(folder)
        home.chmod(0o711)
        cluster = Cluster(Place(home / "data", home / "run", unprivileged_user()), log=home / "log")
        cluster.create()
        cluster.start()
        try:
            cluster.prepare("huoke")
            await upgrade(cluster.url("huoke_owner"))
            assert cluster.query("SHOW fsync").strip() == "on"
            owner = await Database.connect(cluster.url("huoke_owner"))
            database = await Database.connect(cluster.url("huoke_app"), size_max=CALLERS)
            async with owner.begin_shared() as tx:
                await tx.execute(
                    "INSERT INTO tenants.tenant (id, code, name, name_en, status, brand, created_at)"
                    " VALUES ($1, 'bench', '银行', 'Bank', 'open', '{}', $2)",
                    BANK,
                    tx.now,
                )
            yield owner, database, cluster.url("huoke_app")
            await database.close()
            await owner.close()
        finally:
            cluster.stop()


async def _world(database: Database, mode: Mode, *, stock: int, units: int = 1) -> Offer:
    """An offer whose units share one hot budget and one hot pool."""
    async with database.begin(BANK) as tx:
        sku_id = new_id()
        budget_id = await ledger.open_budget(tx, ledger.NewBudget(name="预算", unit_id=1, limit_fen=stock * COST_FEN))
        pool_id = await grants.open_pool(tx, grants.NewPool(sku_id=sku_id, unit_id=1, name="库存", quantity=stock))
        offer = Offer(
            id=new_id(),
            source_kind="bench",
            source_id=new_id(),
            sku_id=sku_id,
            sku_version=1,
            kind=BenefitKind.VOUCHER,
            mode=mode,
            title="咖啡券",
            cost_fen=COST_FEN,
            supplier_id=new_id(),
            person_limit=1,
            opens_at=tx.now - timedelta(days=1),
            closes_at=tx.now + timedelta(days=30),
            valid_days=15,
            unit_terms={unit: Terms(budget_id, pool_id) for unit in range(1, units + 1)},
        )
        await grants.publish_offer(tx, offer)
        return offer


async def _drive(claim: CLAIM, count: int) -> tuple[float, list[float]]:
    """Let 64 callers make `count` claims, each as soon as its last is answered; seconds in all and of each claim."""
    numbers = iter(range(count))
    latencies: list[float] = []

    async def caller() -> None:
        for number in numbers:
            began = time.perf_counter()
            await claim(number)
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return time.perf_counter() - began, latencies


def _claim(offer: Offer, number: int) -> Claim:
    return Claim(request_no=f"{offer.id.hex}-{number}", offer_id=offer.id, seq=number, unit_id=1, person=number)


async def _batches(owner: Database, database: Database, offer: Offer) -> tuple[CLAIM, Callable[[], Awaitable[None]]]:
    del owner
    batcher: Batcher[Claim, grants.Claimed] = Batcher(database, grants.claim)

    async def claim(number: int) -> None:
        await batcher.submit(BANK, SYSTEM, _claim(offer, number))

    return claim, batcher.close


async def _transactions(
    owner: Database, database: Database, offer: Offer
) -> tuple[CLAIM, Callable[[], Awaitable[None]]]:
    del owner
    request = await PerRequest.of(database, BANK, offer)

    async def claim(number: int) -> None:
        await per_request(database, request, number)

    return claim, _nothing


async def _functions(owner: Database, database: Database, offer: Offer) -> tuple[CLAIM, Callable[[], Awaitable[None]]]:
    async with owner.begin_shared() as tx:
        await tx.connection.execute(FUNCTION_SQL)
    request = await PerRequest.of(database, BANK, offer)

    async def claim(number: int) -> None:
        await call_function(database, request, number)

    return claim, _nothing


async def _nothing() -> None:
    """There is nothing to close."""


async def _push_all(database: Database, offer: Offer, size: int) -> tuple[float, float, int]:
    """Grant to customers 0 … size-1 in chunks of 10,000; seconds in all, of the longest transaction, and grants."""
    longest, granted = 0.0, 0
    began = time.perf_counter()
    for first in range(0, size, grants.CHUNK_MAX):
        seqs = np.arange(first, min(first + grants.CHUNK_MAX, size), dtype=np.int32)
        chunk_began = time.perf_counter()
        async with database.begin(BANK) as tx:
            pushed = await grants.grant_members(tx, offer.id, Facts(seqs=seqs, unit_ids=seqs % 40 + 1, persons=seqs))
        longest = max(longest, time.perf_counter() - chunk_began)
        granted += pushed.granted
    return time.perf_counter() - began, longest, granted


async def _holds(database: Database, offer: Offer, count: int, *, state: str) -> bool:
    """Whether exactly `count` grants, steps, limits, transfers and the sums of pool and budget are there."""
    terms: Terms = next(iter(offer.unit_terms.values()))
    async with database.begin(BANK) as tx:
        rows = await tx.fetch_value(
            "SELECT count(*) FROM grants.grant WHERE offer_id = $1 AND state = $2", offer.id, state
        )
        steps = await tx.fetch_value("SELECT count(*) FROM grants.step WHERE offer_id = $1", offer.id)
        taken = await tx.fetch_value(
            "SELECT coalesce(sum(taken), 0)::bigint FROM grants.person_limit WHERE offer_id = $1", offer.id
        )
        moved = await tx.fetch_row(
            "SELECT count(*) AS count, sum(t.amount)::bigint AS amount FROM ledger.transfer t"
            " JOIN ledger.budget b ON b.reserved_account = t.credit_account WHERE b.id = $1",
            terms.budget_id,
        )
        [pool] = await grants.get_pools(tx, [terms.pool_id])
        [budget] = await ledger.get_budgets(tx, [terms.budget_id])
    assert moved is not None
    return (
        rows == steps == taken == pool.reserved == moved["count"] == count
        and moved["amount"] == budget.reserved_fen == count * COST_FEN
    )


async def _commit_latency_ms(database: Database) -> float:
    """The median of lone commits of one small row."""
    spent = []
    for number in range(200):
        async with database.pool.acquire() as connection:
            await connection.execute(f"BEGIN; SELECT set_config('app.tenant', '{BANK}', true)")
            await connection.execute(
                "INSERT INTO grants.guess (teller, since, misses) VALUES ($1, '2026-01-01', 0)", str(number)
            )
            began = time.perf_counter()
            await connection.execute("COMMIT")
            spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1_000


async def _warm_up(database: Database) -> None:
    """Open every connection of the pool."""

    async def touch() -> None:
        async with database.begin(BANK) as tx:
            await tx.execute("SELECT pg_sleep(0.05)")

    await asyncio.gather(*(touch() for _ in range(CALLERS)))


def _p99_ms(latencies: list[float]) -> float:
    return sorted(latencies)[int(len(latencies) * 0.99)] * 1_000


if __name__ == "__main__":
    name = os.environ.get("BENCH", "single")
    for row in asyncio.run(
        {"single": run_single, "bulk": run_bulk, "http": run_http}[name](int(os.environ.get("SIZE", "0")) or None)
    ):
        print(row)

"""Draws: one hot play under 64 callers, against one transaction a draw that locks the play (SELECT … FOR UPDATE).

Both sides run on the same PostgreSQL (fsync on, row-level security, role huoke_app), take a chance, pick by the same
rule, take a unit from a pool that runs out half way, pay from one budget, and write the draw, the grant and its step.
The baseline knows its rules beforehand, keeps a chance as a plain counter and writes no request number and no ledger
lines: the best it can do. Rows, stock and money are counted after each side, and every draw of ours is done again.
"""

import asyncio
import random
import tempfile
import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.grants import BANK, CALLERS, COST_FEN, _p99_ms, engines
from huoke.govern import privacy
from huoke.kernel.batch import Batcher
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import grants, ledger, plays
from huoke.reward.grants import BenefitKind, Mode, NewPool, Offer, Terms
from huoke.reward.plays import Draft, DrawDone, DrawOrder, Prize, PrizeTable, commitment_of, store
from huoke.reward.plays.seed import new_seed

DRAWS = 20_000
SAMPLE = 1_500
ODDS_PPM = 300_000
DRAWS_EACH = 2

BASELINE_SQL = """
CREATE TABLE plays.bench_play (id uuid PRIMARY KEY, drawn bigint NOT NULL);
CREATE TABLE plays.bench_chance (play_id uuid, seq int, left_ int NOT NULL, PRIMARY KEY (play_id, seq));
CREATE TABLE plays.bench_draw (play_id uuid, number bigint, seq int, outcome int, line int, grant_id uuid,
  at timestamptz, PRIMARY KEY (play_id, number));
GRANT SELECT, INSERT, UPDATE ON plays.bench_play, plays.bench_chance, plays.bench_draw TO huoke_app;
"""


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Draws a second and the 99th percentile of a caller's wait, ours and the baseline's; never one unit too many."""
    size = size or DRAWS
    sample = min(size, SAMPLE)
    with tempfile.TemporaryDirectory(prefix="huoke keys ") as folder:
        privacy.unlock(Path(folder) / "master.key")
        async with engines() as (owner, database, _):
            await people(owner, size // DRAWS_EACH + 1)
            theirs, their_p99, their_sound = await _baseline(owner, database, sample)
            ours, p99, sound, replayed = await _batched(database, size)
    return [
        {
            "name": "draw",
            "ours": round(ours),
            "unit": "draws/s",
            "baseline": "SELECT … FOR UPDATE: one transaction a draw, 64 callers",
            "baseline_value": round(theirs),
            "ratio": round(ours / theirs, 1),
            "draws": size,
            "p99_ms": round(p99, 1),
            "baseline_p99_ms": round(their_p99, 1),
            "checks": {
                "ratio is at least 10": ours >= 10 * theirs,
                "p99 is lower": p99 < their_p99,
                "never over stock, and the pool is empty": sound,
                "the baseline kept its stock too": their_sound,
                "every draw done again comes out the same": replayed,
            },
        }
    ]


async def _batched(database: Database, size: int) -> tuple[float, float, bool, bool]:
    stock = size * ODDS_PPM // 2_000_000
    play_id, pool_id = await _play(database, stock)
    batcher: Batcher[DrawOrder, DrawDone] = Batcher(database, plays.draw)

    async def draw(number: int) -> None:
        order = DrawOrder(request_no=f"{play_id.hex}-{number}", play_id=play_id, seq=number // DRAWS_EACH)
        await batcher.submit(BANK, SYSTEM, order)

    seconds, latencies = await _drive(draw, size)
    await batcher.close()
    async with database.begin(BANK) as tx:
        [pool] = await grants.get_pools(tx, [pool_id])
        won = await tx.fetch_value("SELECT count(*) FROM grants.grant WHERE pool_id = $1", pool_id)
        drawn = await tx.fetch_value("SELECT count(*) FROM plays.draw WHERE play_id = $1", play_id)
        await plays.move(tx, None, play_id, plays.PlayState.ENDED)
    sound = won == stock == pool.reserved and pool.available == 0 and drawn == size
    found = await plays.replay(database, BANK, play_id)
    return size / seconds, _p99_ms(latencies), sound, found.mismatches == [] and found.draws == size


async def _play(database: Database, stock: int) -> tuple[UUID, UUID]:
    """A live wheel with one prize, one budget, one pool; two chances a day."""
    play_id, sku_id = new_id(), new_id()
    async with database.begin(BANK) as tx:
        draft = Draft(
            name="转盘",
            daily_chances=DRAWS_EACH,
            opens_at=tx.now - timedelta(days=1),
            closes_at=tx.now + timedelta(days=30),
        )
        budget_id = await ledger.open_budget(tx, ledger.NewBudget(name="预算", unit_id=1, limit_fen=stock * COST_FEN))
        pool_id = await grants.open_pool(tx, NewPool(sku_id=sku_id, unit_id=1, name="库存", quantity=stock))
        offer = Offer(
            id=new_id(),
            source_kind="play",
            source_id=play_id,
            sku_id=sku_id,
            sku_version=1,
            kind=BenefitKind.VOUCHER,
            mode=Mode.PULL,
            title="咖啡券",
            cost_fen=COST_FEN,
            supplier_id=new_id(),
            person_limit=1_000_000,
            opens_at=tx.now - timedelta(days=1),
            closes_at=tx.now + timedelta(days=30),
            valid_days=15,
            unit_terms={grants.EVERY_UNIT: Terms(budget_id, pool_id)},
        )
        await grants.publish_offer(tx, offer)
        await store.insert(tx, play_id, "bench", 1, draft)
        await store.insert_table(tx, play_id, PrizeTable(version=1, prizes=_prizes(offer.id)))
        seed, sealed = await new_seed(tx, play_id)
        await store.publish(tx, play_id, sealed, commitment_of(seed))
    return play_id, pool_id


def _prizes(offer_id: UUID) -> list[Prize]:
    told = {"per_day": 0, "per_person": 0}
    return [
        Prize(line=0, title="咖啡券", title_en="Coffee", odds_ppm=ODDS_PPM, fallback=1, offer_id=offer_id, **told),
        Prize(line=1, title="谢谢", title_en="None", odds_ppm=1_000_000 - ODDS_PPM, fallback=None, **told),
    ]


async def _baseline(owner: Database, database: Database, count: int) -> tuple[float, float, bool]:
    stock = count * ODDS_PPM // 2_000_000
    play_id = new_id()
    async with owner.begin_shared() as tx:
        await tx.connection.execute(BASELINE_SQL)
        await tx.execute("INSERT INTO plays.bench_play VALUES ($1, 0)", play_id)
        await tx.execute(
            "INSERT INTO plays.bench_chance SELECT $1, n, $2 FROM generate_series(0, $3) AS n",
            play_id,
            DRAWS_EACH,
            count,
        )
    async with database.begin(BANK) as tx:
        budget_id = await ledger.open_budget(tx, ledger.NewBudget(name="预算", unit_id=1, limit_fen=stock * COST_FEN))
        pool_id = await grants.open_pool(tx, NewPool(sku_id=new_id(), unit_id=1, name="库存", quantity=stock))

    async def draw(number: int) -> None:
        await _one(database, play_id, budget_id, pool_id, number // DRAWS_EACH)

    seconds, latencies = await _drive(draw, count)
    async with database.begin(BANK) as tx:
        [pool] = await grants.get_pools(tx, [pool_id])
        won = await tx.fetch_value("SELECT count(*) FROM grants.grant WHERE pool_id = $1", pool_id)
    return count / seconds, _p99_ms(latencies), won == pool.reserved <= stock


async def _one(database: Database, play_id: UUID, budget_id: UUID, pool_id: UUID, seq: int) -> None:
    """One draw in one transaction: lock the play, take a chance, pick, take stock and money, write."""
    async with database.begin(BANK) as tx:
        number = 1 + await tx.fetch_value("SELECT drawn FROM plays.bench_play WHERE id = $1 FOR UPDATE", play_id)
        left = await tx.fetch_value(
            "SELECT left_ FROM plays.bench_chance WHERE play_id = $1 AND seq = $2 FOR UPDATE", play_id, seq
        )
        assert left > 0
        await tx.execute(
            "UPDATE plays.bench_chance SET left_ = left_ - 1 WHERE play_id = $1 AND seq = $2", play_id, seq
        )
        outcome = random.randrange(1_000_000)
        line, grant_id = bisect_right((ODDS_PPM, 1_000_000), outcome), None
        if line == 0 and await tx.fetch_value("SELECT available FROM grants.pool WHERE id = $1 FOR UPDATE", pool_id):
            grant_id = new_id()
            await tx.execute(
                "UPDATE grants.pool SET available = available - 1, reserved = reserved + 1 WHERE id = $1", pool_id
            )
            await tx.execute(
                "UPDATE ledger.budget SET available_fen = available_fen - $2, reserved_fen = reserved_fen + $2"
                " WHERE id = $1",
                budget_id,
                COST_FEN,
            )
            await tx.execute(
                "INSERT INTO grants.grant (id, offer_id, seq, person, line, unit_id, state, budget_id, pool_id,"
                " amount_fen, steps, granted_at) VALUES ($1, $2, $3, $3, $4, 1, 'fulfilled', $5, $6, $7, 1, $8)",
                grant_id,
                play_id,
                seq,
                number,
                budget_id,
                pool_id,
                COST_FEN,
                tx.now,
            )
            await tx.execute(
                "INSERT INTO grants.step (grant_id, step, seq, unit_id, offer_id, source_id, state, amount_fen, at,"
                " ordinal) VALUES ($1, 1, $2, 1, $3, $3, 'fulfilled', $4, $5, 0)",
                grant_id,
                seq,
                play_id,
                COST_FEN,
                tx.now,
            )
        await tx.execute(
            "INSERT INTO plays.bench_draw VALUES ($1, $2, $3, $4, $5, $6, $7)",
            play_id,
            number,
            seq,
            outcome,
            0 if grant_id else 1,
            grant_id,
            tx.now,
        )
        await tx.execute("UPDATE plays.bench_play SET drawn = $2 WHERE id = $1", play_id, number)


async def _drive(draw: Callable[[int], Awaitable[None]], count: int) -> tuple[float, list[float]]:
    """Let 64 callers make `count` draws, each as soon as its last is answered; seconds in all and of each."""
    numbers = iter(range(count))
    latencies: list[float] = []

    async def caller() -> None:
        for number in numbers:
            began = time.perf_counter()
            await draw(number)
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return time.perf_counter() - began, latencies


async def people(owner: Database, count: int) -> None:
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

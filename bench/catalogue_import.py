"""A supplier's catalogue of two million lines: read, compared and carried in, and read once more with little changed.

The baseline is the bare minimum any import pays: the same bytes by COPY into a table of text columns, same PostgreSQL,
fsync on, no checks, no index, no row-level security. Our side starts from the stored (encrypted) file.
"""

import asyncio
import random
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.imports import BANK, engines
from bench.library_search import brands
from huoke.kernel import files
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import library, supply
from huoke.reward.library import CatalogueImport, NewCatalogue
from huoke.reward.supply import NewSupplier

LINES = 2_000_000
SECONDS_MAX = 300
CHANGED_EVERY = 1_000
THINGS = [
    "咖啡",
    "奶茶",
    "火锅",
    "电影",
    "酒店",
    "打车",
    "加油",
    "洗车",
    "话费",
    "视频",
    "健身",
    "体检",
    "洗衣",
    "保洁",
    "图书",
    "耳机",
    "香水",
    "鲜花",
    "茶叶",
    "水果",
]
FORMS = ["代金券", "兑换券", "双人餐", "套餐", "礼品卡", "周卡", "季卡", "次卡", "礼盒", "立减券"]
HEADER = "编码,名称,品牌,商品,类别,类型,面值,结算价,适用地区,有效天数,库存"


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Take in `size` lines (two million), then the same with one in a thousand renamed."""
    count = size or LINES
    async with engines() as (owner, database):
        with tempfile.TemporaryDirectory(prefix="huoke-catalogue-") as folder:
            first, second = (_written(Path(folder) / f"{turn}.csv", count, turn) for turn in range(2))
            copied = await _copy(owner, first)
            async with database.begin(BANK, SYSTEM) as tx:
                supplier_id = await supply.add(tx, NewSupplier(code="BENCH", name="供应商"))
            began = time.perf_counter()
            read, done = await _take_in(database, supplier_id, first)
            seconds = time.perf_counter() - began
            before = await _places(database)
            began = time.perf_counter()
            _, again = await _take_in(database, supplier_id, second)
            again_seconds = time.perf_counter() - began
            moved = await _moved(database, before)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    changed = -(-count // CHANGED_EVERY)
    return [
        {
            "name": "catalogue-import",
            "ours": round(seconds, 1),
            "unit": f"s for {count:,} lines × {HEADER.count(',') + 1} columns, read, compared and carried in",
            "of_which_read_and_compared_s": round(read, 1),
            "baseline": "COPY of the raw file into an untyped table",
            "baseline_value": round(copied, 2),
            "ratio": round(seconds / copied, 1),
            "again_with_one_in_a_thousand_changed_s": round(again_seconds, 1),
            "peak_memory_mb": round(peak_mb),
            "checks": {
                f"at most {SECONDS_MAX} s for two million": seconds <= SECONDS_MAX * max(count / LINES, 0.05),
                "every line is in": done.counts.applied == count,
                "a catalogue again changes what changed": again.counts.changed == changed,
                "and writes nothing else": moved == changed,
            },
        }
    ]


def _written(path: Path, count: int, turn: int) -> Path:
    with path.open("w", encoding="utf-8") as out:
        out.write(HEADER + "\n")
        out.writelines(_lines(count, turn))
    return path


def _lines(count: int, turn: int) -> Iterator[str]:
    random_, names = random.Random(5), brands()
    for number in range(count):
        brand, worth = random_.choice(names), random_.choice((10, 20, 50, 100, 200))
        thing, form = random_.choice(THINGS), random_.choice(FORMS)
        renamed = "新" if turn and number % CHANGED_EVERY == 0 else ""
        yield (
            f"S{number:08d},{renamed}{brand}{thing}{form}{worth}元,{brand},{thing},餐饮,券,{worth},{worth * 0.8:.2f},"
            f"{'330200' if number % 3 == 0 else ''},30,{random_.randrange(1_000)}\n"
        )


async def _take_in(database: Database, supplier_id: Any, path: Path) -> tuple[float, CatalogueImport]:
    async def pieces() -> AsyncIterator[bytes]:
        with path.open("rb") as raw:
            while piece := await asyncio.to_thread(raw.read, 1 << 20):
                yield piece

    async def goes_on(_done: int, _total: int) -> bool:
        return True

    until = database.clock.now() + timedelta(days=1)
    file_id = await files.upload(database, BANK, SYSTEM, path.name, "text/csv", pieces(), until)
    async with database.begin(BANK, SYSTEM) as tx:
        import_id = await library.start(tx, NewCatalogue(supplier_id=supplier_id, file_id=file_id))
    began = time.perf_counter()
    await library.read(database, BANK, import_id, actor=SYSTEM, progress=goes_on)
    read = time.perf_counter() - began
    async with database.begin(BANK, SYSTEM) as tx:
        await library.apply(tx, import_id)
    await library.run_apply(database, BANK, import_id, actor=SYSTEM, progress=goes_on)
    async with database.begin(BANK, SYSTEM) as tx:
        return read, await library.get_import(tx, import_id)


async def _copy(owner: Database, path: Path) -> float:
    async with owner.pool.acquire() as connection:
        columns = ", ".join(f"c{place} text" for place in range(HEADER.count(",") + 1))
        await connection.execute(f"CREATE SCHEMA bench; CREATE TABLE bench.raw ({columns})")
        began = time.perf_counter()
        await connection.copy_to_table("raw", schema_name="bench", source=path, format="csv", header=True, timeout=600)
        seconds = time.perf_counter() - began
        await connection.execute("DROP SCHEMA bench CASCADE")
    return seconds


async def _places(database: Database) -> int:
    async with database.begin(BANK, SYSTEM) as tx:
        return int(await tx.fetch_value("SELECT max(xid::text::bigint) FROM library.listing"))


async def _moved(database: Database, before: int) -> int:
    async with database.begin(BANK, SYSTEM) as tx:
        return int(
            await tx.fetch_value("SELECT count(*) FROM library.listing WHERE xid::text::bigint > $1::bigint", before)
        )

"""Finding a listing among two million: what is typed, with facets, against ILIKE over the same texts in PostgreSQL.

The listings lie in PostgreSQL and are shipped to ClickHouse as those of a bank are. Asked are first pages by two
characters, by pinyin, by its first letters and by whole names, with and without filters. Of every tenth question the
hits are counted by the plain scan too, and must be the same.
"""

import itertools
import random
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.imports import postgres
from huoke.kernel import log
from huoke.kernel.engines import ClickHouse, Sidecar
from huoke.kernel.engines.postgres import feed_url
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import SYSTEM, Database, Feed
from huoke.reward import library
from huoke.reward.library import Asked, Sort
from huoke.reward.library.words import plain, sound, words_of

SIZE = 2_000_000
BANK = TenantId(1)
ROWS_AT_ONCE = 10_000
QUESTIONS = 240
P95_MAX_MS = 120
CHANGED = 2_000
BRANDS = 3_000
_SYLLABLES = (
    "星云海山川江河湖林森木石金银玉瑞祥福禄寿喜安康宁和平顺达通联合众诚信义德仁礼智勇明光华盛兴隆昌茂丰裕永久恒泰"
)
_THINGS = [
    "咖啡",
    "拿铁",
    "美式",
    "奶茶",
    "果汁",
    "炸鸡",
    "汉堡",
    "火锅",
    "烧烤",
    "寿司",
    "蛋糕",
    "面包",
    "水果",
    "生鲜",
    "电影",
    "演出",
    "门票",
    "酒店",
    "机票",
    "打车",
    "加油",
    "洗车",
    "话费",
    "流量",
    "视频",
    "音乐",
    "会员",
    "月卡",
    "年卡",
    "健身",
    "体检",
    "洗牙",
    "美发",
    "洗衣",
    "保洁",
    "图书",
    "玩具",
    "耳机",
    "充电",
    "箱包",
    "服饰",
    "香水",
    "鲜花",
    "宠物",
    "茶叶",
]
_FORMS = ["代金券", "兑换券", "双人餐", "单人餐", "套餐", "礼品卡", "周卡", "季卡", "次卡", "礼盒", "立减券", "折扣券"]
_CATEGORIES = ("dining", "travel", "topup", "retail", "leisure", "life", "health", "finance")


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Ask `QUESTIONS` questions of `size` listings (two million), and once more after some were changed."""
    count = size or SIZE
    async with _engines() as (owner, database, feed, clickhouse):
        began = time.perf_counter()
        await fill(database, count)
        filled = time.perf_counter() - began
        began = time.perf_counter()
        await log.Shipper(feed, clickhouse, [library.LISTINGS]).run_once()
        shipped = time.perf_counter() - began
        await _settled(clickhouse)
        asked = list(itertools.islice(questions(random.Random(count)), QUESTIONS))
        took, spent = await _ask_all(database, clickhouse, asked)
        same, scans = await _compare(database, clickhouse, asked[::10])
        await _change(owner)
        await log.Shipper(feed, clickhouse, [library.LISTINGS]).run_once()
        after, _ = await _ask_all(database, clickhouse, asked)
        same_after, _ = await _compare(database, clickhouse, asked[5::24])
    p95, p95_after = _p95(took), _p95(after)
    return [
        {
            "name": "library-search",
            "ours": round(p95, 1),
            "unit": f"ms, p95 of {QUESTIONS} first pages with facets among {count:,} listings",
            "median_ms": round(statistics.median(took), 1),
            "cpu_ms_of_one_in_this_process": round(spent * 1_000 / QUESTIONS, 1),
            "p95_after_changes_ms": round(p95_after, 1),
            "baseline": "ILIKE scan in PostgreSQL",
            "baseline_value": round(statistics.median(scans), 1),
            "ratio": round(statistics.median(scans) / statistics.median(took), 1),
            "fill_s": round(filled, 1),
            "ship_s": round(shipped, 1),
            "checks": {
                f"p95 within {P95_MAX_MS} ms": p95 <= P95_MAX_MS,
                f"p95 within {P95_MAX_MS} ms after {CHANGED:,} listings changed": p95_after <= P95_MAX_MS,
                "hits equal to the scan": same,
                "hits equal to the scan after changes": same_after,
            },
        }
    ]


def _p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


@asynccontextmanager
async def _engines() -> AsyncIterator[tuple[Database, Database, Feed, ClickHouse]]:
    with tempfile.TemporaryDirectory(prefix="huoke bench ", ignore_cleanup_errors=True) as folder:
        async with postgres() as cluster:
            sidecar = Sidecar(Path(folder) / "clickhouse", log=Path(folder) / "clickhouse.log")
            sidecar.start()
            try:
                clickhouse = await ClickHouse.connect(sidecar.url)
                await clickhouse.create_database(BANK)
                owner = await Database.connect(cluster.url("huoke_owner"))
                database = await Database.connect(cluster.url("huoke_app"))
                feed = await Feed.connect(feed_url(cluster.url("huoke_owner")))
                yield owner, database, feed, clickhouse
                for opened in (owner, database, feed):
                    await opened.close()
                await clickhouse.close()
            finally:
                sidecar.stop()


async def fill(database: Database, count: int) -> None:
    """Listings of three thousand brands, the larger ones with more of them."""
    random_ = random.Random(3)
    names = brands()
    weights = list(itertools.accumulate(1 / (place + 5) for place in range(BRANDS)))
    for start in range(0, count, ROWS_AT_ONCE):
        chosen = random_.choices(range(BRANDS), cum_weights=weights, k=min(ROWS_AT_ONCE, count - start))
        rows = [_row(random_, start + place, names[brand], brand) for place, brand in enumerate(chosen)]
        async with database.begin(BANK, SYSTEM) as tx:
            await tx.execute(_INSERT, *map(list, zip(*rows, strict=True)), datetime(2026, 1, 1, tzinfo=UTC))


_INSERT = """
INSERT INTO library.listing (number, supplier_id, code, name, name_en, brand, item, category, kind, face_value_fen,
  cost_fen, regions, valid_days, valid_until, stock, words, sounds, initials, digest, status, popularity, added_at,
  changed_at, ordinal)
SELECT n, NULL, code, name, '', brand, '', category, 'voucher', worth, worth * 8 / 10,
  CASE WHEN region = '' THEN '{}'::text[] ELSE ARRAY[region] END, 30, NULL, stock, words, sounds, initials, '',
  'listed', popularity, $13, $13, n
FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[],
  $9::text[], $10::text[], $11::text[], $12::bigint[])
  AS r (n, code, name, brand, category, worth, region, stock, words, sounds, initials, popularity)
"""


def brands() -> list[str]:
    """Three thousand names of two and three characters."""
    random_ = random.Random(1)
    found: dict[str, None] = {}
    while len(found) < BRANDS:
        found["".join(random_.sample(_SYLLABLES, random_.choice((2, 2, 3))))] = None
    return list(found)


def _row(random_: random.Random, number: int, brand: str, place: int) -> tuple[Any, ...]:
    worth = random_.choice((500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000))
    name = f"{brand}{random_.choice(_THINGS)}{random_.choice(_FORMS)}{worth // 100}元"
    code = f"S{number:08d}"
    texts = words_of(name, "", brand, "", code)
    region = random_.choice(("", "", "330000", "330200", "310000", "110000"))
    return (
        number, code, name, brand, _CATEGORIES[place % len(_CATEGORIES)], worth, region, random_.randrange(100),
        texts.words, texts.sounds, texts.initials, int(random_.paretovariate(1) * 10),
    )  # fmt: skip


def questions(random_: random.Random) -> Iterator[Asked]:
    """What people type: parts of brands and things, as they are written and as they sound, now and then narrowed."""
    names = brands()
    while True:
        brand, thing = random_.choice(names), random_.choice(_THINGS)
        full, first = sound(plain(brand + thing))
        texts = [
            brand[:2],
            thing,
            brand,
            brand + thing,
            f"{brand} {thing}",
            sound(thing)[0],
            full,
            first[:3],
            first[:2],
        ]
        for text in texts:
            narrowed = random_.random()
            yield Asked(
                q=text,
                category=random_.choice(_CATEGORIES) if narrowed < 0.15 else None,
                region="330200" if 0.15 <= narrowed < 0.3 else None,
                in_stock=narrowed > 0.9,
                sort=random_.choice(tuple(Sort)) if narrowed > 0.7 else Sort.BEST,
                limit=50,
            )


async def _settled(clickhouse: ClickHouse) -> None:
    """What the night does for every bank: the parts of the day become one."""
    await clickhouse.merge(BANK, "listing")


async def _ask_all(database: Database, clickhouse: ClickHouse, asked: list[Asked]) -> tuple[list[float], float]:
    took = []
    before = resource.getrusage(resource.RUSAGE_SELF)
    for one in asked:
        began = time.perf_counter()
        async with database.begin(BANK, SYSTEM) as tx:
            await library.search(tx, clickhouse, one)
        took.append((time.perf_counter() - began) * 1_000)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


async def _compare(database: Database, clickhouse: ClickHouse, asked: list[Asked]) -> tuple[bool, list[float]]:
    same, took = True, []
    for one in asked:
        bare = Asked(q=one.q, limit=1)
        async with database.begin(BANK, SYSTEM) as tx:
            began = time.perf_counter()
            scanned = await tx.fetch_value(_scan(one.q), *[f"%{word}%" for word in plain(one.q).split(" ")])
            took.append((time.perf_counter() - began) * 1_000)
            found = await library.search(tx, clickhouse, bare)
        same = same and found.total == scanned
    return same, took


def _scan(q: str) -> str:
    parts = []
    for place, word in enumerate(plain(q).split(" "), 1):
        ways = ["words"] + (["initials"] if word.isascii() and word.isalpha() else [])
        ways += ["sounds"] if word.isascii() and word.isalpha() and len(word) > 2 else []
        parts.append("(" + " OR ".join(f"{column} ILIKE ${place}" for column in ways) + ")")
    return f"SELECT count(*) FROM library.listing WHERE status = 'listed' AND {' AND '.join(parts)}"


async def _change(owner: Database) -> None:
    """Some listings all over the library get another name."""
    async with owner.begin(BANK, SYSTEM) as tx:
        await tx.execute(
            "UPDATE library.listing SET name = '换了名字', words = chr(2) || '换了名字', sounds = 'huanlemingzi',"
            " initials = 'hlmz', xid = pg_current_xact_id() WHERE number % ((SELECT max(number) FROM library.listing)"
            f" / {CHANGED}) = 3"
        )

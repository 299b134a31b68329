"""What another scheme of tiers would do to a million customers, before anybody approves it.

Growth lies in months as crediting writes it, over two calendar years. The answer is the product's own `what_if` in
a transaction of role huoke_app, with row-level security; it is asserted against a plain reading of every row in numpy.
"""

import time
from typing import Any

import numpy as np

from bench.grants import BANK, engines
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Database
from huoke.reward import tiers
from huoke.reward.tiers import Scheme, Tier
from huoke.reward.tiers.model import Ints, earned, month_of, months_counted

CUSTOMERS = 1_000_000
MONTHS = 6
"""Of twelve, in which a customer earns on average."""
TRIES = 3
SECONDS_MAX = 3.0
HELD = (0, 1_000, 5_000, 20_000)
WANTED = (0, 800, 6_000, 15_000)


def scheme(*thresholds: int) -> Scheme:
    """Levels that begin there."""
    levels = [Tier(key=f"l{n}", name=f"第{n}级", name_en=f"Tier {n}", threshold=at) for n, at in enumerate(thresholds)]
    return Scheme(period=tiers.Period.ROLLING_YEAR, tiers=tuple(levels))


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Ask three times over; the longest counts, and all are equal to the plain reading."""
    size = size or CUSTOMERS
    async with engines() as (owner, database, _):
        held, wanted = scheme(*HELD), scheme(*WANTED)
        await _lay_out(owner, size)
        seconds, answers = [], []
        for _ in range(TRIES):
            async with database.begin(BANK) as tx:
                began = time.perf_counter()
                answers.append(await tiers.what_if(tx, held, wanted))
                seconds.append(time.perf_counter() - began)
        before, enough, rows = await _read(database, size, wanted)
    table = np.bincount(before * len(WANTED) + enough, minlength=len(WANTED) ** 2).reshape(len(WANTED), len(WANTED))
    ways = {(f"l{a}", f"l{b}"): int(table[a, b]) for a in range(4) for b in range(4) if a != b and table[a, b]}
    told = [{(one.was, one.tier): one.customers for one in (*seen.rises, *seen.falls)} for seen in answers]
    return [
        {
            "name": "tier-whatif",
            "ours": round(max(seconds), 2),
            "unit": "s, the longest of three",
            "baseline": None,
            "baseline_value": None,
            "ratio": None,
            "customers": size,
            "months_of_growth": rows,
            "checks": {
                "every move as read row by row": all(one == ways for one in told),
                "nobody is left out": all(seen.customers == size for seen in answers),
                "somebody rises and somebody falls": bool(answers[0].rises and answers[0].falls),
                "at most 3 s": max(seconds) <= SECONDS_MAX,
            },
        }
    ]


async def _lay_out(owner: Database, size: int) -> None:
    """Growth of the last twelve months, and standings by what it was enough for under the scheme that holds."""
    async with owner.begin(BANK) as tx:
        last = month_of(tx.now.astimezone(CHINA).date())
        for first in range(0, size, 250_000):
            await tx.execute(
                "INSERT INTO tiers.year (seq, year, months) SELECT n, y, array_agg(CASE"
                " WHEN y * 12 + m - 1 BETWEEN $3 - 11 AND $3 AND (hashint8(n * 31::bigint + m) & 1023) * 12 < $4 * 1024"
                " THEN 1 + (hashint8(n * 12::bigint + m) & 4095) ELSE 0 END ORDER BY m)"
                " FROM generate_series($1::int, $2::int) AS n, generate_series($3 / 12 - 1, $3 / 12) AS y,"
                " generate_series(1, 12) AS m GROUP BY n, y",
                first,
                min(first + 250_000, size) - 1,
                last,
                MONTHS,
            )
        await tx.execute(
            "INSERT INTO tiers.standing (seq, tier, since, held_until, protected)"
            " SELECT seq, 'l' || (greatest(width_bucket(sum(m)::bigint, $1::bigint[]), 1) - 1), $2, $2, false"
            " FROM tiers.year, unnest(months) AS m GROUP BY seq",
            list(HELD),
            tx.now.astimezone(CHINA).date(),
        )
    await owner.pool.execute("ANALYZE tiers.year, tiers.standing")


async def _read(database: Database, size: int, wanted: Scheme) -> tuple[Ints, Ints, int]:
    """Every row as it lies there: the place of each customer's level, what growth is enough for, how many rows."""
    growth, before, rows = np.zeros(size, np.int64), np.zeros(size, np.int64), 0
    async with database.begin(BANK) as tx:
        months = months_counted(wanted.period, tx.now.astimezone(CHINA).date())
        for row in await tx.fetch("SELECT seq, tier FROM tiers.standing"):
            before[row["seq"]] = int(row["tier"][1:])
        for first in range(0, size, 100_000):
            found = await tx.fetch(
                "SELECT seq, year, months FROM tiers.year WHERE seq >= $1 AND seq < $2", first, first + 100_000
            )
            for row in found:
                for place, value in enumerate(row["months"]):
                    if value and months[0] <= row["year"] * 12 + place <= months[1]:
                        growth[row["seq"]] += value
                        rows += 1
    return before, earned(wanted, growth), rows

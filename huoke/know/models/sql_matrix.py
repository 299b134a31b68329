"""Features, populations and outcomes of customers, read from the bank's ClickHouse as arrays ordered by `seq`."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know import customers, language
from huoke.know.models.features import EVENTS, OWN, PAY, REACH_DAYS, Feature, names_of
from huoke.know.models.learn import Matrix

Seqs = NDArray[np.uint32]
ACTIVE_DAYS = 90
DAY_MS = 86_400_000
GRANTS = "grant_step"
PER_MILLE = 1_000


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers: `low ≤ seq < high`, and of those a fair `per_mille`, always the same ones."""

    low: int = 0
    high: int = 1 << 32
    per_mille: int = PER_MILLE

    @property
    def sql(self) -> str:
        """The condition; parameters `low`, `high`, `per_mille`."""
        within = "seq >= {low:UInt64} AND seq < {high:UInt64}"
        sample = f" AND cityHash64(seq, 'models') % {PER_MILLE} < {{per_mille:UInt32}}"
        return within + (sample if self.per_mille < PER_MILLE else "")

    @property
    def params(self) -> dict[str, Any]:
        """Values of the condition's parameters."""
        return {"low": self.low, "high": self.high, "per_mille": self.per_mille}


class Table(msgspec.Struct, frozen=True):
    """A row per customer who did anything, a column per feature."""

    seqs: Seqs
    values: Matrix

    def of(self, seqs: Seqs, features: Sequence[Feature]) -> Matrix:
        """The rows of these customers, blank where nothing happened."""
        found = np.tile(np.array([feature.blank for feature in features], dtype=np.float32), (len(seqs), 1))
        place = np.searchsorted(self.seqs, seqs)
        there = np.zeros(len(seqs), dtype=bool)
        within = place < len(self.seqs)
        there[within] = self.seqs[place[within]] == seqs[within]
        found[there] = self.values[place[there]]
        return found


async def is_there(clickhouse: ClickHouse, tenant: TenantId, table: str) -> bool:
    """Whether a table of the bank was ever filled."""
    found = await clickhouse.query(
        tenant,
        "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = {table:String}",
        {"table": table},
    )
    return bool(found.column("n")[0].as_py())


async def has_events(clickhouse: ClickHouse, tenant: TenantId) -> bool:
    """Whether anything happened yet."""
    return bool(await language.event_rows(clickhouse, tenant))


async def past_days(clickhouse: ClickHouse, tenant: TenantId, cut_off: datetime) -> int:
    """How many days of the bank's past lie before a cut-off, a begun one included."""
    found = await clickhouse.query(
        tenant, f"SELECT toUnixTimestamp64Milli(min(at)) AS first FROM event WHERE {names_of(EVENTS)}"
    )
    first: int = found.column("first")[0].as_py()
    return math.ceil((_ms(cut_off) - first) / DAY_MS)


async def matrix(
    clickhouse: ClickHouse,
    tenant: TenantId,
    features: Sequence[Feature],
    cut_off: datetime,
    reach: Reach,
    *,
    until: datetime | None = None,
) -> Table:
    """The features of a cut-off. Only events before it are read; `until` reads on, for the check that none looks."""
    moving = [feature for feature in features if not feature.standing]
    columns = ", ".join(f"toFloat32(ifNull({feature.sql}, nan)) AS f{place}" for place, feature in enumerate(moving))
    inner = (
        "SELECT seq, name, at, amount_fen, properties,"
        " ({cut:Int64} - toUnixTimestamp64Milli(at)) / 86400000 AS ago FROM event"
        " WHERE at >= fromUnixTimestamp64Milli({since:Int64}) AND at < fromUnixTimestamp64Milli({until:Int64})"
        f" AND {names_of(EVENTS)} AND {reach.sql}"
    )
    params = {
        "cut": _ms(cut_off), "since": _ms(cut_off - timedelta(days=REACH_DAYS)),
        "until": _ms(until or cut_off), **reach.params,
    }  # fmt: skip
    found = await clickhouse.query(tenant, f"SELECT seq, {columns} FROM ({inner}) GROUP BY seq ORDER BY seq", params)
    seqs = found.column("seq").to_numpy().astype(np.uint32)
    values = np.empty((len(seqs), len(features)), dtype=np.float32)
    places = [place for place, feature in enumerate(features) if not feature.standing]
    for number, place in enumerate(places):
        values[:, place] = found.column(f"f{number}").to_numpy()
    if len(moving) < len(features):
        await _standing(clickhouse, tenant, features, reach, seqs, values)
    return Table(seqs, values)


async def _standing(
    clickhouse: ClickHouse,
    tenant: TenantId,
    features: Sequence[Feature],
    reach: Reach,
    seqs: Seqs,
    values: Matrix,
) -> None:
    """Attributes as they are now, put into their columns."""
    named = [(place, feature) for place, feature in enumerate(features) if feature.standing]
    columns = ", ".join(f"toFloat32(ifNull({feature.sql}, nan)) AS f{place}" for place, feature in named)
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, {columns} FROM {customers.CUSTOMERS.name} FINAL WHERE {reach.sql} ORDER BY seq",
        reach.params,
    )
    table = Table(
        found.column("seq").to_numpy().astype(np.uint32),
        np.column_stack([found.column(f"f{place}").to_numpy() for place, _ in named]).astype(np.float32),
    )
    values[:, [place for place, _ in named]] = table.of(seqs, [feature for _, feature in named])


async def active(clickhouse: ClickHouse, tenant: TenantId, since: datetime, until: datetime, reach: Reach) -> Seqs:
    """Customers who did something of their own accord from `since`, strictly before `until`."""
    found = await clickhouse.query(
        tenant,
        f"SELECT DISTINCT seq FROM event WHERE {names_of(OWN)} AND at >= fromUnixTimestamp64Milli({{since:Int64}})"
        f" AND at < fromUnixTimestamp64Milli({{until:Int64}}) AND {reach.sql} ORDER BY seq",
        {"since": _ms(since), "until": _ms(until), **reach.params},
    )
    return _seqs(found)


async def alive(clickhouse: ClickHouse, tenant: TenantId, reach: Reach) -> Seqs:
    """Customers of the bank today."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq FROM {customers.CUSTOMERS.name} FINAL WHERE status = 'active' AND {reach.sql} ORDER BY seq",
        reach.params,
    )
    return _seqs(found)


async def last_seq(clickhouse: ClickHouse, tenant: TenantId) -> int:
    """The highest customer number, -1 before any."""
    if not await is_there(clickhouse, tenant, customers.CUSTOMERS.name):
        return -1
    found = await clickhouse.query(tenant, f"SELECT count() AS n, max(seq) AS last FROM {customers.CUSTOMERS.name}")
    row = found.to_pylist()[0]
    return int(row["last"]) if row["n"] else -1


async def given(
    clickhouse: ClickHouse, tenant: TenantId, cut_off: datetime, days: int, reach: Reach
) -> tuple[Seqs, NDArray[np.bool_]]:
    """Customers granted a benefit within `days` after the cut-off, and whether they used one within `days` of it."""
    if not await is_there(clickhouse, tenant, GRANTS):
        return np.array([], dtype=np.uint32), np.array([], dtype=bool)
    found = await clickhouse.query(
        tenant,
        "SELECT seq, max(ifNull(used <= given + INTERVAL {days:UInt32} DAY, 0)) AS did FROM ("
        f"SELECT seq, grant_id, minOrNullIf(at, previous = '') AS given, minOrNullIf(at, state = 'used') AS used"
        f" FROM {GRANTS} WHERE at >= fromUnixTimestamp64Milli({{since:Int64}})"
        f" AND at < fromUnixTimestamp64Milli({{until:Int64}}) AND {reach.sql} GROUP BY seq, grant_id)"
        " WHERE given IS NOT NULL AND given < fromUnixTimestamp64Milli({last:Int64}) GROUP BY seq ORDER BY seq",
        {
            "since": _ms(cut_off), "last": _ms(cut_off + timedelta(days=days)),
            "until": _ms(cut_off + timedelta(days=2 * days)), "days": days, **reach.params,
        },
    )  # fmt: skip
    return _seqs(found), found.column("did").to_numpy().astype(bool)


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """Each customer's days of payment before a cut-off: how many, the first and last in weeks before it, and the mean
    fen of a day after the first.
    """

    seqs: Seqs
    days: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    mean: NDArray[np.float64]


async def payments(clickhouse: ClickHouse, tenant: TenantId, cut_off: datetime, reach: Reach) -> Paid:
    """Days on which customers paid, of all of the bank's past before the cut-off."""
    found = await clickhouse.query(
        tenant,
        "SELECT seq, count() AS days, max(ago) AS first, min(ago) AS last,"
        " if(days > 1, (sum(fen) - argMax(fen, ago)) / (days - 1), 0.) AS mean FROM ("
        "SELECT seq, toDate(at, 'Asia/Shanghai') AS day, sum(amount_fen) AS fen,"
        " max(({cut:Int64} - toUnixTimestamp64Milli(at)) / 604800000) AS ago FROM event"
        f" WHERE name = '{PAY}' AND at < fromUnixTimestamp64Milli({{cut:Int64}}) AND {reach.sql}"
        " GROUP BY seq, day) GROUP BY seq ORDER BY seq",
        {"cut": _ms(cut_off), **reach.params},
    )
    numbers = {name: found.column(name).to_numpy().astype(np.float64) for name in ("days", "first", "last", "mean")}
    return Paid(seqs=_seqs(found), **numbers)


async def paid_between(
    clickhouse: ClickHouse, tenant: TenantId, since: datetime, until: datetime, reach: Reach
) -> tuple[Seqs, NDArray[np.float64]]:
    """What customers paid from `since`, strictly before `until`, in fen."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, toFloat64(sum(amount_fen)) AS fen FROM event WHERE name = '{PAY}'"
        " AND at >= fromUnixTimestamp64Milli({since:Int64}) AND at < fromUnixTimestamp64Milli({until:Int64})"
        f" AND {reach.sql} GROUP BY seq ORDER BY seq",
        {"since": _ms(since), "until": _ms(until), **reach.params},
    )
    return _seqs(found), found.column("fen").to_numpy().astype(np.float64)


def _seqs(found: Any) -> Seqs:
    numbers: Seqs = found.column("seq").to_numpy().astype(np.uint32)
    return numbers


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)

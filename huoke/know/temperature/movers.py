"""Who became warmer or colder most within a week or a month."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.temperature import sql_reading, store
from huoke.know.temperature.model import LIFECYCLES, NEEDS, OWNER, STAGES, LifecycleName, StageName

POINTS_MIN = 5


class Direction(StrEnum):
    """Colder or warmer."""

    DOWN = "down"
    UP = "up"


class Span(StrEnum):
    """Against how many days ago."""

    WEEK = "7"
    MONTH = "30"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which movers: by at least `points_min` points, of a stage and lifecycle where given."""

    direction: Direction = Direction.DOWN
    span: Span = Span.WEEK
    points_min: int = POINTS_MIN
    stage: StageName | None = None
    lifecycle: LifecycleName | None = None


class Mover(msgspec.Struct, frozen=True, kw_only=True):
    """A customer whose temperature moved by `change` points, as it was told; `need` in words, empty for none."""

    seq: Seq
    customer_no: str
    name: str | None
    unit_id: UnitId
    unit_name: str
    owner: str
    temperature: float
    change: float
    stage: StageName
    lifecycle: LifecycleName
    need: str
    need_en: str


class Movers(msgspec.Struct, frozen=True, kw_only=True):
    """The movers of a reading, most moved first, and how many there are in all; `day` None before the first reading."""

    day: date | None
    movers: list[Mover]
    total: int


async def movers(
    tx: Tx,
    clickhouse: ClickHouse,
    asked: Asked,
    *,
    scope: Iterable[UnitId] | None = None,
    after: tuple[float, int] | None = None,
    limit: int = 50,
) -> Movers:
    """Who moved most, of the units of `scope`; `after` is change and seq of the last one seen."""
    run = await store.latest_run(tx)
    if run is None:
        return Movers(day=None, movers=[], total=0)
    units = None if scope is None else sorted(scope)
    portfolio = await customers.portfolio(tx)
    filters = sql_reading.Moving(
        change=f"change_{asked.span.value}",
        sinks=asked.direction is Direction.DOWN,
        points_min=asked.points_min,
        stage=None if asked.stage is None else STAGES.index(asked.stage),
        lifecycle=None if asked.lifecycle is None else LIFECYCLES.index(asked.lifecycle),
        among=None if portfolio is None else tuple(portfolio.array().tolist()),
    )
    rows = await sql_reading.moving(clickhouse, tx.tenant, run["day"], filters, units, after, limit)
    total = await sql_reading.count_moving(clickhouse, tx.tenant, run["day"], filters, units)
    seqs = [row["seq"] for row in rows]
    people = {row.seq: row for row in await customers.masked_rows(tx, seqs)}
    owners = await customers.attributes_of(tx, seqs)
    return Movers(
        day=run["day"],
        total=total,
        movers=[
            Mover(
                seq=row["seq"],
                customer_no=people[row["seq"]].customer_no,
                name=people[row["seq"]].name,
                unit_id=people[row["seq"]].unit_id,
                unit_name=people[row["seq"]].unit_name,
                owner=str(owners.get(row["seq"], {}).get(OWNER) or ""),
                temperature=row["temperature"],
                change=row["change"],
                stage=STAGES[row["stage"]],
                lifecycle=LIFECYCLES[row["lifecycle"]],
                need=NEEDS[row["need"] - 1].label if row["need"] else "",
                need_en=NEEDS[row["need"] - 1].label_en if row["need"] else "",
            )
            for row in rows
            if row["seq"] in people
        ],
    )

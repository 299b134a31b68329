"""Questions about temperature: one customer with drivers in words, need and trend; the bank's customers as a whole."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import msgspec
import numpy as np

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.temperature import engine, sql_reading, sql_states, store
from huoke.know.temperature.engine import HALF_LIVES, Component
from huoke.know.temperature.loops import SETTLED_DAYS, score
from huoke.know.temperature.model import LIFECYCLES, NEEDS, STAGES, LifecycleName, Part, Scale, SignalRule, StageName
from huoke.know.temperature.scale import in_force, measure_of
from huoke.know.temperature.turns import Times, Turn, by_name, turns

TREND_DAYS = 180
DRIVERS_MAX = 6
POINTS_MIN = 0.5
WINDOWS = {Part.ACTIVITY: 14, Part.MONEY: 30, Part.HUMAN: 180}
"""Over how many days a driver is told, by component."""
USUAL_DAYS = 180
LOOKED_DAYS = 400


class ComponentReading(msgspec.Struct, frozen=True, kw_only=True):
    """One component: its score, how much it counts, and whether anything is known of it at all."""

    part: Part
    score: float
    share: float
    known: bool


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """What moves a temperature by `points`, in words: so many times in `days`, and how many usually."""

    part: Part
    event: str
    points: float
    times: int
    usual: float
    days: int
    text: str
    text_en: str


class NeedReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer seems to look for, and how often and when last they looked."""

    name: str
    label: str
    label_en: str
    times: int
    last_on: date


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which the temperature was told anew."""

    day: date
    temperature: float
    stage: StageName
    lifecycle: LifecycleName


class Temperature(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's temperature at the end of `day`; `confidence` 0 to 1. Cool, warm and hot begin at `edges`."""

    seq: Seq
    day: date
    temperature: float
    confidence: float
    stage: StageName
    staged_on: date
    lifecycle: LifecycleName
    edges: tuple[float, float, float]
    components: list[ComponentReading]
    drivers: list[Driver]
    need: NeedReading | None
    trend: list[TrendPoint]
    turns: list[Turn]


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers came from one stage into another."""

    was: StageName
    stage: StageName
    customers: int


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The customers of a bank, or of some units: by stage, lifecycle, and twentieth of the scale (0-5, 5-10, …).

    `day` is None before the first reading. `moves` tell of the last seven days.
    """

    day: date | None
    customers: int
    average: float | None
    stages: dict[str, int]
    lifecycles: dict[str, int]
    histogram: list[int]
    moves: list[Moved]


class DayShape(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers stood in which stage and lifecycle at the end of a day."""

    day: date
    customers: int
    average: float
    stages: dict[str, int]
    lifecycles: dict[str, int]


async def of(tx: Tx, clickhouse: ClickHouse, seq: Seq) -> Temperature | None:
    """One customer's temperature; None before the first reading, or when they were no customer then."""
    run = await store.latest_run(tx)
    if run is None:
        return None
    row = await sql_reading.row(clickhouse, tx.tenant, seq, run["day"])
    if row is None:
        return None
    scale, day = await in_force(tx), run["day"]
    share = engine.shares(np.array(run["typical"], np.float32), measure_of(scale))
    first = day - timedelta(days=LOOKED_DAYS - 1)
    happened = await sql_reading.happened(clickhouse, tx.tenant, seq, scale, first, day)
    told = by_name(happened.to_pylist(), sql_states.day_number(day))
    titles = {one.name: (one.title, one.title_en) for one in await events.schemas(tx)}
    trend = await history(tx, clickhouse, seq, since=day - timedelta(days=TREND_DAYS))
    return Temperature(
        seq=seq,
        day=day,
        temperature=round(row["temperature"], 1),
        confidence=round(row["confidence"], 2),
        stage=STAGES[row["stage"]],
        staged_on=sql_states.EPOCH + timedelta(days=row["staged"]),
        lifecycle=LIFECYCLES[row["lifecycle"]],
        edges=scale.edges,
        components=[
            ComponentReading(
                part=part,
                score=round(row[f"score_{part}"], 1),
                share=round(float(share[part.component]), 3),
                known=bool(row["ever"] >> part.component & 1),
            )
            for part in Part
        ],
        drivers=_drivers(told, titles, scale, row, run, share),
        need=await _need(tx, clickhouse, seq, day),
        trend=trend,
        turns=turns([(one.day, one.temperature) for one in trend], day, told, scale, share, titles),
    )


async def latest_day(tx: Tx) -> date | None:
    """The day whose readings count now; None before the first."""
    run = await store.latest_run(tx)
    return None if run is None else run["day"]


async def members(tx: Tx, clickhouse: ClickHouse, stages: Iterable[StageName]) -> CustomerSet:
    """Who stands in one of these stages by the latest reading; nobody before the first."""
    day = await latest_day(tx)
    if day is None:
        return CustomerSet.of(tx.tenant, [], tx.now)
    places = [STAGES.index(stage) for stage in stages]
    return CustomerSet.of(tx.tenant, await sql_reading.standing(clickhouse, tx.tenant, day, places), tx.now)


async def history(tx: Tx, clickhouse: ClickHouse, seq: Seq, *, since: date) -> list[TrendPoint]:
    """How one customer's temperature changed since a day, earliest first; nothing before the first reading."""
    if not await sql_states.is_there(clickhouse, tx.tenant, sql_states.STEPS):
        return []
    return [
        TrendPoint(
            day=date.fromisoformat(step["told_on"]),
            temperature=round(step["temperature"], 1),
            stage=STAGES[step["stage"]],
            lifecycle=LIFECYCLES[step["lifecycle"]],
        )
        for step in await sql_reading.steps(clickhouse, tx.tenant, seq, since)
    ]


async def shape(tx: Tx, clickhouse: ClickHouse, *, scope: Iterable[UnitId] | None = None) -> Shape:
    """How warm the customers of `scope` are, all for None."""
    run = await store.latest_run(tx)
    units = None if scope is None else sorted(scope)
    rows = [] if run is None else await sql_reading.shape(clickhouse, tx.tenant, run["day"], units)
    flows = [] if run is None else await sql_reading.flows(clickhouse, tx.tenant, run["day"], 7, units)
    count = sum(row["customers"] for row in rows)
    return Shape(
        day=run["day"] if run else None,
        customers=count,
        average=round(sum(row["total"] for row in rows) / count, 1) if count else None,
        stages={one.value: _sum(rows, "stage", place) for place, one in enumerate(STAGES)},
        lifecycles={one.value: _sum(rows, "lifecycle", place) for place, one in enumerate(LIFECYCLES)},
        histogram=[_sum(rows, "tenth", place) for place in range(20)],
        moves=[Moved(was=STAGES[row["was"]], stage=STAGES[row["stage"]], customers=row["customers"]) for row in flows],
    )


async def days(tx: Tx, clickhouse: ClickHouse, *, since: date, scope: Iterable[UnitId] | None = None) -> list[DayShape]:
    """How many customers of `scope` stood where, day by day since then; nothing before the first reading."""
    run = await store.latest_run(tx)
    if run is None or not await sql_states.is_there(clickhouse, tx.tenant, sql_states.DAYS):
        return []
    rows = await sql_reading.days(clickhouse, tx.tenant, since, run["day"], None if scope is None else sorted(scope))
    return [_day_shape(day, list(found)) for day, found in groupby(rows, key=lambda row: str(row["told_on"]))]


def _day_shape(day: str, rows: list[dict[str, Any]]) -> DayShape:
    count = sum(row["customers"] for row in rows)
    return DayShape(
        day=date.fromisoformat(day),
        customers=count,
        average=round(sum(row["total"] for row in rows) / count, 2),
        stages={one.value: _sum(rows, "stage", place) for place, one in enumerate(STAGES)},
        lifecycles={one.value: _sum(rows, "lifecycle", place) for place, one in enumerate(LIFECYCLES)},
    )


def _sum(rows: list[dict[str, Any]], column: str, place: int) -> int:
    return sum(row["customers"] for row in rows if row[column] == place)


async def _need(tx: Tx, clickhouse: ClickHouse, seq: Seq, day: date) -> NeedReading | None:
    found = (await sql_states.needs(clickhouse, tx.tenant, day, seq)).to_pylist()
    if not found:
        return None
    need = NEEDS[found[0]["need"] - 1]
    return NeedReading(
        name=need.name, label=need.label, label_en=need.label_en, times=found[0]["times"],
        last_on=found[0]["last_at"].astimezone(CHINA).date(),
    )  # fmt: skip


def _drivers(
    told: Mapping[str, Times], titles: Mapping[str, tuple[str, str]], scale: Scale, row: dict[str, Any], run: Any,
    share: engine.Floats,
) -> list[Driver]:  # fmt: skip
    """The signals that move the temperature most, by how it would stand if each were as usual."""
    drivers = [
        _driver(rule, *told[rule.event], titles.get(rule.event, (rule.event, rule.event)), row, run, share)
        for rule in scale.signals
        if rule.event in told
    ]
    weighty = [one for one in drivers if abs(one.points) >= POINTS_MIN]
    return sorted(weighty, key=lambda one: -abs(one.points))[:DRIVERS_MAX]


def _driver(
    rule: SignalRule, ages: Any, times: Any, titles: tuple[str, str], row: dict[str, Any], run: Any,
    share: engine.Floats,
) -> Driver:  # fmt: skip
    component = rule.part.component
    days, usual_days = WINDOWS[rule.part], USUAL_DAYS
    lately = int(times[ages < days].sum())
    before = float(times[(ages >= days) & (ages < days + usual_days)].sum())
    lived = sql_states.day_number(run["day"]) - max(row["since"], run["begun"]) - days
    usual = before * days / max(min(usual_days, lived), days)
    return Driver(
        part=rule.part,
        event=rule.event,
        points=round(float(share[component]) * _weight(rule, component, ages, times, row, run), 1),
        times=lately,
        usual=round(usual, 1),
        days=days,
        text=f"近 {days} 天{f'{titles[0]} {lately} 次' if lately else f'无{titles[0]}'}，往常约 {_round(usual)} 次",
        text_en=f"{titles[1]}: {lately} in {days} days, usually about {_round(usual)}",
    )


def _weight(rule: SignalRule, component: Component, ages: Any, times: Any, row: dict[str, Any], run: Any) -> float:
    """By how many points the score is higher than if this signal were as warm as its own slow mean."""
    fade = 0.5 ** (1 / HALF_LIVES[component])
    heats = np.minimum(times * rule.weight, rule.cap)
    day = sql_states.day_number(run["day"])
    typical = max(run["typical"][component], 1e-6)
    settled = float(engine.settled_share(np.array(day - max(row["since"], run["begun"]), np.float32)))
    own = max(day - row["since"], 0)
    heat = row[f"heat_{rule.part}"] / typical
    mean = np.float32(row[f"mean_{rule.part}"] / settled / typical)
    mine = float((heats * np.power(fade, ages)).sum()) / typical
    usual = float((heats * engine.left_in_mean(fade, ages.astype(np.float64))).sum()) / settled / typical
    share = np.float32(own / (own + SETTLED_DAYS))
    with_it = score(np.float32(heat), mean, share)[0]
    without = score(np.float32(max(heat - mine + usual, 0)), mean, share)[0]
    return float(with_it - without)


def _round(value: float) -> str:
    return f"{value:.0f}" if value >= 3 else f"{value:.1f}".removesuffix(".0")

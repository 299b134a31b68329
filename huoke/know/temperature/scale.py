"""The scale of a bank: what counts and how much. One person asks for another one, another person decides."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Request, Requests
from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.language import day_of
from huoke.know.temperature import engine, sql_states, tables
from huoke.know.temperature.loops import NEVER
from huoke.know.temperature.model import (
    STAGES,
    USUAL,
    Part,
    Scale,
    ScaleChanged,
    ScaleOpen,
    ScaleUnfit,
    StageName,
    check_scale,
)

LABELS = {
    StageName.HOT: ("热", "Hot"), StageName.WARM: ("温", "Warm"),
    StageName.COOL: ("凉", "Cool"), StageName.COLD: ("冷", "Cold"),
}  # fmt: skip
PREVIEW_DAYS = 90
PREVIEW_MAX = 1_000_000
"""A preview looks at no more customers: those with the smallest numbers under a salt."""


class NewScale(msgspec.Struct, frozen=True, kw_only=True):
    """A scale somebody wants, and why."""

    scale: Scale
    reason: str


class ScaleRequest(Request, frozen=True, kw_only=True):
    """A scale as listed."""

    scale: Scale


class StageMove(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers another scale would put into another stage."""

    was: StageName
    stage: StageName
    customers: int


class ScalePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What another scale would change, measured on the last 90 days without waiting times.

    `before` and `after` are customers by stage; `looked_at` of how many.
    """

    looked_at: int
    before: dict[str, int]
    after: dict[str, int]
    moves: list[StageMove]


class ScaleRequests(Requests[Scale]):
    """The scale of a bank, in the table that says what holds."""

    kind = "temperature_scale"
    table = tables.scale
    shape = Scale
    usual = USUAL
    named = "调整客户温度的算法 · Change how temperature is measured"
    group = "temperature"
    action = "temperature.scale"
    subject_kind = "temperature_scale"
    open = ScaleOpen
    unfit = ScaleUnfit
    pointer = "/scale"

    async def require_fit(self, tx: Tx, wanted: Scale) -> None:
        """`ScaleUnfit`."""
        check_scale(wanted, {one.name for one in await events.schemas(tx)})

    def diff(self, held: Scale | None, wanted: Scale) -> list[FieldChange]:
        """Components, stages, signals: what goes and what comes."""
        held = held or USUAL
        return [
            *_changed("components", "各分项权重", "How much each component counts", [_parts(held)], [_parts(wanted)]),
            *_changed("stages", "阶段门槛", "Where stages begin", [_stages_of(held)], [_stages_of(wanted)]),
            *_changed("signals", "信号", "Signals", _lines(held), _lines(wanted)),
        ]

    def event(self, request_id: UUID) -> ScaleChanged:
        """Everybody is measured anew."""
        return ScaleChanged(scale_id=request_id)


REQUESTS = ScaleRequests()


async def in_force(tx: Tx) -> Scale:
    """The scale that holds: the usual one until a bank has its own."""
    found = await REQUESTS.in_force(tx)
    assert found is not None, "there is a usual scale"
    return found


def measure_of(scale: Scale) -> engine.Measure:
    """How much each component counts and where stages begin, for the engine."""
    parts = (scale.shares[Part.ACTIVITY], scale.shares[Part.MONEY], scale.shares[Part.HUMAN])
    return engine.Measure(parts, scale.edges, scale.hysteresis, scale.dwell_days)


async def preview(tx: Tx, clickhouse: ClickHouse, scale: Scale) -> ScalePreview:
    """Whom another scale would move; `ScaleUnfit`."""
    check_scale(scale, {one.name for one in await events.schemas(tx)})
    held, day = await in_force(tx), day_of(tx.now) - timedelta(days=1)
    if not await sql_states.is_there(clickhouse, tx.tenant, "event"):
        return ScalePreview(looked_at=0, before={}, after={}, moves=[])
    people = await sql_states.people(clickhouse, tx.tenant, "joined_on", "", day)
    seqs, since = people["seq"][:PREVIEW_MAX], people["since"][:PREVIEW_MAX].astype(np.int32)
    before, after = [await _stages(clickhouse, tx, one, seqs, since, day) for one in (held, scale)]
    flows = np.bincount(before * 4 + after, minlength=16).reshape(4, 4)
    return ScalePreview(
        looked_at=len(seqs),
        before={STAGES[place].value: int(flows[place].sum()) for place in range(4)},
        after={STAGES[place].value: int(flows[:, place].sum()) for place in range(4)},
        moves=[
            StageMove(was=STAGES[was], stage=STAGES[to], customers=int(flows[was, to]))
            for was in range(4)
            for to in range(4)
            if was != to and flows[was, to]
        ],
    )


async def _stages(clickhouse: ClickHouse, tx: Tx, scale: Scale, seqs: Any, since: Any, day: date) -> Any:
    """The stage of each customer after one look at the last 90 days."""
    first = day - timedelta(days=PREVIEW_DAYS - 1)
    found = await sql_states.signals(clickhouse, tx.tenant, scale, first, day, tx.now)
    begun = sql_states.day_number(first)
    state = engine.State.blank(np.where(since == NEVER, begun, since), begun)
    state.day = sql_states.day_number(day) - 1
    place = np.minimum(np.searchsorted(seqs, found["seq"]), max(len(seqs) - 1, 0))
    there = seqs[place] == found["seq"] if len(seqs) else np.zeros(len(place), np.bool_)
    given = engine.Signals(
        places=place[there].astype(np.int32),
        components=found["component"][there],
        heats=found["heat"][there],
        ages=(sql_states.day_number(day) - found["day"][there]).astype(np.int32),
    )
    return engine.step(state, given, measure_of(scale)).stage.astype(np.int64)


async def request_scale(tx: Tx, new: NewScale) -> UUID:
    """Ask for another scale; another person decides. Returns the request's id.

    `ScaleUnfit` also for the scale that holds already; `ScaleOpen`, `audit.ReasonMissing`.
    """
    return await REQUESTS.ask(tx, new.scale, new.reason)


async def requests(tx: Tx, *, limit: int = 100) -> list[ScaleRequest]:
    """Scales that were asked for, latest first, by name of who asked."""
    return [ScaleRequest(scale=wanted, **fields) for wanted, fields in await REQUESTS.listed(tx, limit)]


class ScaleApproval(Approval[Scale]):
    """Serves approvals of kind `temperature_scale`; what would move is read from `clickhouse`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse

    async def effects(self, tx: Tx, wanted: Scale) -> Simulation:
        """Customers by stage, before and after."""
        seen = await preview(tx, self._clickhouse, wanted)
        return Simulation(
            rows=tuple(
                SimulationRow(
                    key=stage.value, label=LABELS[stage][0], label_en=LABELS[stage][1], unit="customers",
                    before=seen.before.get(stage.value, 0), after=seen.after.get(stage.value, 0),
                )
                for stage in reversed(STAGES)
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: Scale) -> list[Check]:
        """What looks at deposits selects on deposits (rule B1): said, so that the approver knows it."""
        derived = {one.name for one in await events.schemas(tx) if one.deposit_derived}
        counted = sorted(rule.event for rule in wanted.signals if rule.event in derived)
        return [
            Check(
                rule="B1",
                verdict=CheckVerdict.WARN if counted else CheckVerdict.PASS,
                detail=(
                    f"温度含存款类事件：{'、'.join(counted)}，只可用于挑选客户，不可作为领取条件"
                    if counted
                    else "温度不含存款类事件"
                ),
                detail_en=(
                    f"Counts deposit events ({', '.join(counted)}): for selecting only, never a condition"
                    if counted
                    else "Counts no deposit events"
                ),
                data={"events": counted},
            )
        ]  # fmt: skip


def _changed(path: str, label: str, label_en: str, before: Sequence[str], after: Sequence[str]) -> list[FieldChange]:
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    if not gone and not come:
        return []
    return [
        FieldChange(
            path=path, label=label, label_en=label_en, before="；".join(gone) or None, after="；".join(come) or None,
            group="temperature",
        )
    ]  # fmt: skip


def _parts(scale: Scale) -> str:
    return ", ".join(f"{part.value} {scale.shares[part]:g}" for part in Part)


def _stages_of(scale: Scale) -> str:
    edges = " / ".join(f"{edge:g}" for edge in scale.edges)
    return f"{edges}, ± {scale.hysteresis:g}, ≥ {scale.dwell_days} d"


def _lines(scale: Scale) -> list[str]:
    return [f"{rule.event} → {rule.part.value} {rule.weight:g} (≤ {rule.cap:g})" for rule in scale.signals]

"""The scale of a bank: what counts and how much. One person asks for another one, another person decides."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import staff, units
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.language import day_of
from huoke.know.temperature import engine, sql_states, store
from huoke.know.temperature.model import (
    STAGES,
    USUAL,
    Part,
    Scale,
    ScaleChanged,
    ScaleOpen,
    ScaleState,
    ScaleUnfit,
    ScaleUnknown,
    StageName,
    check_scale,
)

KIND = "temperature_scale"
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


class ScaleRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A scale as listed."""

    id: UUID
    scale: Scale
    reason: str
    state: ScaleState
    change_id: UUID | None
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None


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


async def in_force(tx: Tx) -> Scale:
    """The scale that holds: the usual one until a bank has its own."""
    row = await store.scale_in_force(tx)
    return USUAL if row is None else msgspec.convert(row["body"], Scale)


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
    state = engine.State.blank(np.where(since == engine.NEVER, begun, since), begun)
    state.day = sql_states.day_number(day) - 1
    place = np.minimum(np.searchsorted(seqs, found["seq"]), max(len(seqs) - 1, 0))
    there = seqs[place] == found["seq"] if len(seqs) else np.zeros(len(place), np.bool_)
    given = engine.Signals(
        places=place[there].astype(np.uint32),
        components=found["component"][there],
        heats=found["heat"][there],
        ages=(sql_states.day_number(day) - found["day"][there]).astype(np.int32),
    )
    return engine.step(state, given, measure_of(scale)).stage.astype(np.int64)


async def request_scale(tx: Tx, new: NewScale) -> UUID:
    """Ask for another scale; another person decides. Returns the request's id.

    `ScaleUnfit` also for the scale that holds already; `ScaleOpen`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(new.reason)
    check_scale(new.scale, {one.name for one in await events.schemas(tx)})
    held = await in_force(tx)
    if held == new.scale:
        raise ScaleUnfit("This is the scale that holds already.", pointer="/scale")
    scale_id = new_id()
    if not await store.add_scale(tx, scale_id, msgspec.to_builtins(new.scale), why):
        raise ScaleOpen("Another scale waits for its decision: see approvals.")
    change = NewChange(
        kind=KIND,
        subject_id=str(scale_id),
        title="调整客户温度的算法 · Change how temperature is measured",
        unit_id=(await units.tree(tx))[0].id,
        diff=_diff(held, new.scale, why),
    )
    await store.set_change(tx, scale_id, await approvals.submit(tx, change))
    return scale_id


async def requests(tx: Tx, *, limit: int = 100) -> list[ScaleRequest]:
    """Scales that were asked for, latest first, by name of who asked."""
    rows = await store.scales(tx, limit)
    names = await staff.names(tx, {row["requested_by"] for row in rows})
    return [
        ScaleRequest(
            scale=msgspec.convert(row["body"], Scale),
            state=ScaleState(row["state"]),
            requested_by=names.get(row["requested_by"], row["requested_by"]),
            **{name: row[name] for name in ("id", "reason", "change_id", "requested_at", "ended_at")},
        )
        for row in rows
    ]


class ScaleApproval:
    """Serves approvals of kind `temperature_scale`; what would move is read from `clickhouse`."""

    kind = KIND

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """Customers by stage, before and after."""
        seen = await preview(tx, self._clickhouse, _scale(await _get(tx, subject_id)))
        return Simulation(
            rows=tuple(
                SimulationRow(
                    key=stage.value, label=LABELS[stage][0], label_en=LABELS[stage][1], unit="customers",
                    before=seen.before.get(stage.value, 0), after=seen.after.get(stage.value, 0),
                )
                for stage in reversed(STAGES)
            )
        )  # fmt: skip

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """What looks at deposits selects on deposits (rule B1): said, so that the approver knows it."""
        scale = _scale(await _get(tx, subject_id))
        derived = {one.name for one in await events.schemas(tx) if one.deposit_derived}
        counted = sorted(rule.event for rule in scale.signals if rule.event in derived)
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

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Put it in force in this transaction; `approvals.Stale` when it is no longer what was approved."""
        row = await _get(tx, subject_id, lock=True)
        held, wanted = await in_force(tx), _scale(row)
        diff = _diff(held, wanted, row["reason"])
        if row["state"] != ScaleState.REQUESTED or approvals.diff_hash(diff) != diff_hash:
            raise approvals.Stale("This scale is no longer what was approved.")
        await store.end_scale(tx, row["id"], ScaleState.IN_FORCE.value)
        entry = audit.AuditEntry(
            action="temperature.scale", subject_kind="temperature_scale", subject_id=subject_id, reason=row["reason"],
            before=msgspec.to_builtins(held), after=row["body"],
        )  # fmt: skip
        await audit.record(tx, entry)
        tx.emit(ScaleChanged(scale_id=row["id"]))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved changes nothing."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        await store.end_scale(tx, UUID(subject_id), "withdrawn" if withdrawn else "refused")


def _scale(row: Record) -> Scale:
    return msgspec.convert(row["body"], Scale)


async def _get(tx: Tx, subject_id: str, *, lock: bool = False) -> Record:
    row = await store.get_scale(tx, UUID(subject_id), lock=lock)
    if row is None:
        raise ScaleUnknown("There is no such scale.")
    return row


def _diff(held: Scale, wanted: Scale, reason: str) -> tuple[FieldChange, ...]:
    return (
        *_changed("components", "各分项权重", "How much each component counts", [_parts(held)], [_parts(wanted)]),
        *_changed("stages", "阶段门槛", "Where stages begin", [_stages_of(held)], [_stages_of(wanted)]),
        *_changed("signals", "信号", "Signals", _lines(held), _lines(wanted)),
        FieldChange(path="reason", label="理由", label_en="Reason", before=None, after=reason, group="temperature"),
    )


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

"""The effect of a campaign: the reach that was frozen at approval against the control group drawn beside it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from huoke.decide import experiments
from huoke.decide.experiments import Effect, Estimate, Gap, Missing, SampleRatio, Verdict
from huoke.govern.people import units
from huoke.kernel.engines import ClickHouse
from huoke.kernel.sets import CustomerSet, from_rows
from huoke.kernel.tx import Tx
from huoke.know import customers, metrics
from huoke.know.metrics import Metric
from huoke.measure import figures
from huoke.measure.reports import store
from huoke.measure.reports.groups import Arm, Window, compare, read_arm
from huoke.measure.reports.model import Breakdowns, CampaignEffect, Cost, PartEffect
from huoke.reach.campaigns import Draft

PARTS_MAX = 12
"""Branches shown by themselves, the largest first; more would widen every interval without use."""
PART_PERSONS_MIN = 30
"""Persons of control below which a part is not shown at all: two or three could be told apart."""


class _Row(msgspec.Struct, frozen=True):
    """What the campaign's row says, read."""

    campaign_id: UUID
    name: str
    state: str
    draft: Draft
    begin: datetime | None
    closes_at: datetime | None
    control_percent: int | None


async def effect(tx: Tx, clickhouse: ClickHouse, campaign_id: UUID) -> CampaignEffect:
    """A campaign's effect as far as it can be told now. Raises `figures.CampaignUnknown`."""
    row = await _read(tx, campaign_id)
    told = await _told(tx, clickhouse, row)
    return msgspec.structs.replace(told, cost=await _cost(tx, campaign_id, told))


async def _read(tx: Tx, campaign_id: UUID) -> _Row:
    found = await store.campaign(tx, campaign_id)
    if found is None:
        raise figures.CampaignUnknown(f"There is no campaign {campaign_id}.")
    draft = msgspec.convert(found["draft"], Draft, strict=False)
    begin = found["started_at"]
    reached = found["run_finished_at"] or (found["closes_at"] if found["control"] is not None else None)
    closes_at = None if begin is None else max(begin, reached or begin) + timedelta(days=draft.metric_days)
    return _Row(campaign_id, found["name"], found["state"], draft, begin, closes_at, found["control_percent"])


async def _told(tx: Tx, clickhouse: ClickHouse, row: _Row) -> CampaignEffect:
    metric = metrics.get(row.draft.metric) if row.draft.metric else None
    nothing = _nothing(row, metric, await figures.data_until(tx, clickhouse))
    if metric is None or row.begin is None or row.closes_at is None:
        return nothing
    treated, control = await _arms(tx, row.campaign_id)
    end = min(tx.now, row.closes_at)
    told = msgspec.structs.replace(nothing, end=end, provisional=end < row.closes_at)
    if not len(control) or not row.control_percent:
        gap = Gap(code=Missing.NO_CONTROL, enough=experiments.PERSONS_MIN)
        return msgspec.structs.replace(told, effect=experiments.silent(len(treated), 0, gap))
    window = Window(row.begin, end, await _before(clickhouse, tx, metric, row.begin, end))
    return await _compared(tx, clickhouse, told, metric, window, (treated, control), row.control_percent)


async def _arms(tx: Tx, campaign_id: UUID) -> tuple[CustomerSet, CustomerSet]:
    """Treated and control with all numbers of everybody in them.

    Whoever was drawn into both as two and was found to be one says nothing of the campaign, and counts in neither: who
    is joined has nothing to do with the group they were drawn into, so the comparison stays fair.
    """
    reach = from_rows(tx.tenant, await store.reach_of(tx, campaign_id))
    treated = await customers.everybody(tx, reach)
    control = await customers.everybody(tx, await experiments.control_members(tx, campaign_id))
    return treated - control, control - treated


async def _compared(
    tx: Tx,
    clickhouse: ClickHouse,
    told: CampaignEffect,
    metric: Metric,
    window: Window,
    members: tuple[CustomerSet, CustomerSet],
    control_percent: int,
) -> CampaignEffect:
    branch_of: dict[int, int] = dict((await units.branch_of(tx)).items())
    treated, control = [await read_arm(tx, clickhouse, some, metric, window, branch_of) for some in members]
    ratio = experiments.sample_ratio(len(treated), len(control), control_percent / 100)
    whole = compare(metric, treated, control, ratio)
    names: dict[int, str] = {unit.id: unit.name for unit in await units.tree(tx)}
    return msgspec.structs.replace(
        told,
        before_begin=window.before,
        sample_ratio=ratio,
        effect=_not_yet(whole, told) if told.provisional else whole,
        parts=_parts(metric, treated, control, ratio, names),
    )


def _not_yet(whole: Effect, told: CampaignEffect) -> Effect:
    """Before its window has closed a number is shown and nothing is concluded from it: looking often finds effects."""
    if whole.verdict in {Verdict.NOT_COMPARABLE, Verdict.NOT_ENOUGH_DATA}:
        return whole
    assert told.begin is not None
    assert told.closes_at is not None
    assert told.end is not None
    gap = Gap(code=Missing.WINDOW_OPEN, have=(told.end - told.begin).days, enough=(told.closes_at - told.begin).days)
    return msgspec.structs.replace(whole, verdict=Verdict.NOT_ENOUGH_DATA, gap=gap)


def _nothing(row: _Row, metric: Metric | None, data_at: datetime | None) -> CampaignEffect:
    gap = Gap(code=Missing.NOT_BEGUN if metric else Missing.NO_METRIC)
    return CampaignEffect(
        campaign_id=row.campaign_id,
        name=row.name,
        state=row.state,
        metric=metric,
        metric_days=row.draft.metric_days,
        begin=row.begin,
        end=None,
        closes_at=row.closes_at,
        before_begin=None,
        provisional=False,
        data_at=data_at,
        effect=experiments.silent(0, 0, gap),
        sample_ratio=None,
        cost=Cost(spent_fen=0, per_incremental=None, gap=gap),
        parts=Breakdowns(),
    )


async def _before(clickhouse: ClickHouse, tx: Tx, metric: Metric, begin: datetime, end: datetime) -> datetime | None:
    """Where a time before of the same length begins; None where the bank's records begin later."""
    since = await metrics.known_since(clickhouse, tx.tenant, metric)
    wanted = begin - (end - begin)
    return wanted if since is not None and since <= wanted + timedelta(days=1) else None


async def _cost(tx: Tx, campaign_id: UUID, told: CampaignEffect) -> Cost:
    money = (await figures.money(tx, [campaign_id])).get(campaign_id, figures.Money())
    found = experiments.cost_per_incremental(money.committed_fen, told.effect)
    return Cost(
        spent_fen=money.committed_fen,
        per_incremental=found if isinstance(found, Estimate) else None,
        gap=found if isinstance(found, Gap) else None,
    )


def _parts(metric: Metric, treated: Arm, control: Arm, ratio: SampleRatio, names: dict[int, str]) -> Breakdowns:
    if ratio.alarm:
        return Breakdowns()
    counts = dict(zip(*(found.tolist() for found in np.unique(control.branches, return_counts=True)), strict=True))
    shown = sorted((n for n in counts if counts[n] >= PART_PERSONS_MIN), key=lambda n: (-counts[n], n))[:PARTS_MAX]
    by_branch = [(str(n), names.get(n, ""), treated.branches == n, control.branches == n) for n in shown]
    by_before: list[tuple[str, str, Any, Any]] = []
    if treated.before is not None and control.before is not None:
        by_before = [
            ("active", "", treated.before > 0, control.before > 0),
            ("quiet", "", treated.before == 0, control.before == 0),
        ]
    return Breakdowns(
        branch=_compare_each(metric, treated, control, by_branch) if len(by_branch) > 1 else [],
        before=_compare_each(metric, treated, control, by_before),
    )


def _compare_each(
    metric: Metric, treated: Arm, control: Arm, parts: Sequence[tuple[str, str, Any, Any]]
) -> list[PartEffect]:
    return [
        PartEffect(
            key=key,
            name=name,
            effect=compare(metric, treated.part(ours), control.part(theirs), parts=len(parts)),
        )
        for key, name, ours, theirs in parts
    ]

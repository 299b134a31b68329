"""Before launch: what control groups of several sizes could show of a metric, by what the audience did lately."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.decide import experiments
from huoke.decide.experiments import Group
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, language, metrics, segments
from huoke.know.metrics import Metric, Unit
from huoke.measure import figures
from huoke.measure.reports import store
from huoke.measure.reports.groups import Window, read_arm
from huoke.measure.reports.model import EffectPlan, PercentPlan
from huoke.reach.campaigns import Draft

PERCENTS = (2, 5, 10, 15, 20, 30, 50)
USUAL_PERCENT = 10
DAYS_MIN, DAYS_MAX = 1, 180


async def effect_plan(
    tx: Tx, principal: Principal, analytics: language.Analytics, campaign_id: UUID, metric_id: str, metric_days: int
) -> EffectPlan:
    """What a draft's audience did in the last `metric_days`, and the smallest rise each control group would show:
    those of the usual sizes, and the draft's own.

    Raises `figures.CampaignUnknown`, `metrics.MetricUnknown`, and what its segment refuses.
    """
    metric = metrics.get(metric_id)
    found = await store.campaign(tx, campaign_id)
    if found is None or not principal.covers(found["unit_id"]):
        raise figures.CampaignUnknown(f"There is no campaign {campaign_id}.")
    draft = msgspec.convert(found["draft"], Draft, strict=False)
    members = await _members(tx, principal, analytics, draft)
    active, persons = await customers.persons(tx, members)
    people = len(set(persons.tolist()))
    since = await metrics.known_since(analytics.clickhouse, tx.tenant, metric)
    history_days = 0 if since is None else min((tx.now - since).days + 1, metric_days)
    plan = EffectPlan(
        metric=metric_id,
        metric_days=metric_days,
        persons=people,
        history_days=history_days,
        baseline=None,
        plans=[],
    )
    if not people or history_days < metric_days:
        return plan
    percents = sorted({*PERCENTS, draft.control_percent} - {0})
    return await _planned(tx, analytics, plan, metric, active, percents)


async def _planned(
    tx: Tx,
    analytics: language.Analytics,
    plan: EffectPlan,
    metric: Metric,
    active: CustomerSet,
    percents: Sequence[int],
) -> EffectPlan:
    length = timedelta(days=plan.metric_days)
    window = Window(tx.now - length, tx.now, tx.now - 2 * length)
    arm = await read_arm(tx, analytics.clickhouse, active, metric, window, {})
    share = metric.unit is Unit.SHARE
    baseline = experiments.baseline_of(Group(arm.values, arm.before), USUAL_PERCENT, share=share)
    plans = [
        PercentPlan(percent=percent, **msgspec.structs.asdict(experiments.plan(plan.persons, percent, baseline)))
        for percent in percents
    ]
    return msgspec.structs.replace(plan, baseline=baseline, plans=plans)


async def _members(tx: Tx, principal: Principal, analytics: language.Analytics, draft: Draft) -> CustomerSet:
    """Whom a draft would reach or leave out as control, now; nobody for a public offer, which has no control."""
    if draft.published or (draft.audience_id is None and draft.segment_id is None):
        return CustomerSet.empty(tx.tenant, tx.now)
    if draft.audience_id is not None:
        audience = await segments.audience_members(tx, draft.audience_id)
    else:
        assert draft.segment_id is not None
        segment = await segments.get(tx, draft.segment_id, units=principal.units)
        scope = segments.Scope(
            units=principal.units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis
        )
        audience = await segments.members_of(tx, analytics, language.parse(segment.expression), scope)
    return (audience & await consent.selectable(tx, consent.MARKETING)) - await consent.suppressed(tx)

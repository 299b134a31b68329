"""What a campaign's checks stand on: the benefit, the budget that pays, the pool, the rule that chose the audience."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.reach.campaigns.check import Selection, Supply
from huoke.reach.campaigns.model import Cost, Draft
from huoke.reward import catalogue, grants, ledger


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the rules ask of other modules, as it is now."""

    cost: Cost
    selection: Selection
    supply: Supply
    sku: catalogue.Sku | None


async def standing(tx: Tx, draft: Draft) -> Standing:
    """Look up what a draft names; a benefit, budget or pool that is not there counts as missing and never raises."""
    sku = await sku_of(tx, draft)
    unit_cost_fen = sku.cost_fen if sku else 0
    return Standing(
        cost=Cost(
            unit_cost_fen=unit_cost_fen,
            most_fen=draft.stock * unit_cost_fen,
            budget_fen=draft.budget_fen,
            available_fen=await _available_fen(tx, draft),
        ),
        selection=await _selection(tx, draft),
        supply=Supply(
            sku_published=sku is not None,
            sku_name=sku.name if sku else "",
            sku_valid_until=_last_instant(sku),
            tax_code=sku.tax_code.value if sku else "",
            withholding_ppm=sku.withholding_ppm if sku else 0,
            pool_available=await _pool_available(tx, draft),
        ),
        sku=sku,
    )


async def sku_of(tx: Tx, draft: Draft) -> catalogue.Sku | None:
    """The benefit as published, None when none is chosen or it may not be used."""
    if draft.sku_id is None:
        return None
    try:
        return await catalogue.sku(tx, draft.sku_id)
    except (catalogue.NotPublished, catalogue.Retired, NotFound):
        return None


async def _available_fen(tx: Tx, draft: Draft) -> int | None:
    if draft.budget_id is None:
        return None
    try:
        return (await ledger.get_budgets(tx, [draft.budget_id]))[0].available_fen
    except ledger.UnknownBudget:
        return None


async def _pool_available(tx: Tx, draft: Draft) -> int | None:
    if draft.pool_id is None:
        return None
    try:
        pool = (await grants.get_pools(tx, [draft.pool_id]))[0]
    except grants.UnknownPool:
        return 0
    return pool.available if pool.sku_id == draft.sku_id else 0


async def _selection(tx: Tx, draft: Draft) -> Selection:
    segment_id = draft.segment_id
    if draft.audience_id is not None:
        segment_id = (await segments.audience(tx, draft.audience_id)).segment_id
    chosen, used = await _rule(tx, None if draft.published else segment_id)
    condition, asked = await _rule(tx, draft.condition_segment_id)
    return Selection(
        name=chosen.name if chosen else "",
        deposit_facts=used,
        basis=chosen.basis if chosen else None,
        serves_condition=chosen is not None and chosen.serves is segments.Serves.CONDITION,
        condition=condition.name if condition else "",
        condition_fits=condition is None or condition.serves is segments.Serves.CONDITION,
        condition_deposit_facts=asked,
    )


async def _rule(tx: Tx, segment_id: UUID | None) -> tuple[segments.Segment | None, tuple[str, ...]]:
    """A segment and the deposit facts it uses now, however deep their lineage."""
    if segment_id is None:
        return None, ()
    segment = await segments.get(tx, segment_id)
    uses = await segments.uses(tx, segment.expression)
    return segment, tuple(use.label for use in uses if use.deposit_path)


def _last_instant(sku: catalogue.Sku | None) -> datetime | None:
    if sku is None or sku.valid_until is None:
        return None
    day = sku.valid_until + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)

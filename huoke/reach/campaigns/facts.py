"""What a campaign's checks stand on: what it gives, the budget that pays, the pools, the rule behind its audience."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.know import language, segments
from huoke.reach.campaigns.check import Selection, Supply
from huoke.reach.campaigns.lines import dearest_fen, lines_of, most_fen
from huoke.reach.campaigns.model import Cost, Draft, Line
from huoke.reach.campaigns.store import Stored
from huoke.reward import catalogue, grants, ledger, variants


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign gives: each line with its SKU as published, None where it may not be used.

    `bundle` is None for a single SKU, and for a bundle that may not be used.
    """

    lines: list[Line]
    skus: list[catalogue.Sku | None]
    bundle: catalogue.Bundle | None = None

    @property
    def name(self) -> str:
        """What customers and colleagues call it."""
        if self.bundle is not None:
            return self.bundle.name
        return self.skus[0].name if self.skus and self.skus[0] else ""

    @property
    def costs(self) -> bool:
        """Whether what is given costs money, or nobody can say yet."""
        return not self.skus or any(sku is None or sku.cost_fen for sku in self.skus)

    @property
    def choose(self) -> int:
        """How many of the lines one person may take at most; 0 where there is no choice."""
        return self.bundle.choose_max if self.bundle else 0

    @property
    def offered(self) -> list[variants.Offered]:
        """What each variant of the bundle offers; nothing for a single benefit."""
        return variants.every_offered(self.bundle) if self.bundle else []

    def is_given(self, line: Line) -> bool:
        """Whether a push gives a line to anybody at once."""
        return self.bundle is None or any(line.sku_id in one.given for one in self.offered)

    def is_left(self, line: Line) -> bool:
        """Whether a line is left to somebody to choose when the others are pushed."""
        return any(line.sku_id in one.left for one in self.offered)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the rules ask of other modules, as it is now."""

    goods: Goods
    supply: Supply
    selection: Selection
    available_fen: int | None

    def cost(self, draft: Draft, persons: int) -> Cost:
        """What it may cost at most when so many persons are reached; 0 where nobody can say, as of a public offer."""
        costs = [sku.cost_fen if sku else 0 for sku in self.goods.skus]
        stocks = [line.stock for line in self.goods.lines]
        if draft.bundle_id is None:
            unit_fen = sum(costs)
            most = sum(cost * stock for cost, stock in zip(costs, stocks, strict=True))
        else:
            choose = self.goods.choose
            unit_fen = dearest_fen(costs, choose, draft.person_limit)
            units = [min(stock, persons * draft.person_limit) if persons else stock for stock in stocks]
            most = most_fen(costs, units, choose * persons if persons else sum(units))
        return Cost(
            unit_cost_fen=unit_fen, most_fen=most, budget_fen=draft.budget_fen, available_fen=self.available_fen
        )


async def standing(tx: Tx, campaign: Stored) -> Standing:
    """Look up what a draft names; a benefit, budget or pool that is not there counts as missing and never raises."""
    draft, goods = campaign.draft, await goods_of(tx, campaign)
    return Standing(
        goods=goods,
        supply=await _supply(tx, draft, goods),
        selection=await _selection(tx, draft, goods.bundle),
        available_fen=await _available_fen(tx, draft),
    )


async def goods_of(tx: Tx, campaign: Stored) -> Goods:
    """What a campaign gives: of a bundle the version it was submitted with, before that the latest."""
    draft, lines = campaign.draft, lines_of(campaign.draft)
    bundle = await _bundle(tx, draft, campaign.bundle_version) if draft.bundle_id else None
    return Goods(lines=lines, skus=[await _sku(tx, line.sku_id) for line in lines], bundle=bundle)


async def _sku(tx: Tx, sku_id: UUID) -> catalogue.Sku | None:
    try:
        return await catalogue.sku(tx, sku_id)
    except (catalogue.NotPublished, catalogue.Retired, NotFound):
        return None


async def _bundle(tx: Tx, draft: Draft, version: int | None) -> catalogue.Bundle | None:
    assert draft.bundle_id is not None, "a draft without a bundle has none"
    try:
        return await catalogue.bundle(tx, draft.bundle_id, version=version)
    except (catalogue.NotPublished, catalogue.Retired, NotFound):
        return None


async def _supply(tx: Tx, draft: Draft, goods: Goods) -> Supply:
    names = [sku.name for sku in goods.skus if sku is not None]
    taxed = [sku for sku in goods.skus if sku is not None and sku.withholding_ppm]
    ends = [(end, sku.name) for sku in goods.skus if sku is not None and (end := _last_instant(sku)) is not None]
    first = min(ends, default=None)
    return Supply(
        sku_published=bool(goods.skus) and len(names) == len(goods.skus),
        sku_name="、".join(names),
        sku_valid_until=first[0] if first else None,
        first_ending=first[1] if first else "",
        tax_code=taxed[0].tax_code.value if taxed else next((s.tax_code.value for s in goods.skus if s), ""),
        withholding_ppm=max((sku.withholding_ppm for sku in taxed), default=0),
        pools=[await _pool_available(tx, line) for line in goods.lines],
        bundle_fits=draft.bundle_id is None or _fits(goods),
        choose=goods.choose,
        rest_has=goods.bundle is None or bool(goods.bundle.sku_ids),
        given=[goods.is_given(line) for line in goods.lines],
        all_given=all(one.given for one in goods.offered),
    )


def _fits(goods: Goods) -> bool:
    """Whether the lines are still those of the bundle."""
    return goods.bundle is not None and goods.bundle.every_sku == [line.sku_id for line in goods.lines]


async def _available_fen(tx: Tx, draft: Draft) -> int | None:
    if draft.budget_id is None:
        return None
    try:
        return (await ledger.get_budgets(tx, [draft.budget_id]))[0].available_fen
    except ledger.UnknownBudget:
        return None


async def _pool_available(tx: Tx, line: Line) -> int | None:
    if line.pool_id is None:
        return None
    try:
        pool = (await grants.get_pools(tx, [line.pool_id]))[0]
    except grants.UnknownPool:
        return 0
    return pool.available if pool.sku_id == line.sku_id else 0


async def _selection(tx: Tx, draft: Draft, bundle: catalogue.Bundle | None) -> Selection:
    segment_id = draft.segment_id
    if draft.audience_id is not None:
        segment_id = (await segments.audience(tx, draft.audience_id)).segment_id
    chosen, used = await _rule(tx, None if draft.published else segment_id)
    condition, asked = await _rule(tx, draft.condition_segment_id)
    rules = [(used, chosen.basis if chosen else None)]
    if bundle is not None and bundle.split is not None:
        rules += await _split_rules(tx, bundle.split)
    asking = [(facts, basis) for facts, basis in rules if facts]
    return Selection(
        name=chosen.name if chosen else "",
        deposit_facts=tuple(dict.fromkeys(fact for facts, _ in asking for fact in facts)),
        basis=_together([basis for _, basis in asking]),
        serves_condition=chosen is not None and chosen.serves is language.Serves.CONDITION,
        condition=condition.name if condition else "",
        condition_fits=condition is None or condition.serves is language.Serves.CONDITION,
        condition_deposit_facts=asked,
    )


async def _split_rules(tx: Tx, split: catalogue.Split) -> list[tuple[tuple[str, ...], str | None]]:
    """The deposit facts that each variant of a bundle looks at now, and the basis it has."""
    rules: list[tuple[tuple[str, ...], str | None]] = []
    for variant in split.variants:
        if variant.segment_id is not None:
            segment, used = await _rule(tx, variant.segment_id)
            rules.append((used, segment.basis if segment else None))
        elif variant.bands is not None:
            uses = await segments.uses(tx, msgspec.to_builtins(variant.bands.expression()))
            rules.append((tuple(use.label for use in uses if use.deposit_path), split.basis or None))
    return rules


def _together(bases: list[str | None]) -> str | None:
    """Every basis once; None where one rule has none."""
    named = [basis.strip() for basis in bases if basis and basis.strip()]
    return "；".join(dict.fromkeys(named)) if len(named) == len(bases) and named else None


async def _rule(tx: Tx, segment_id: UUID | None) -> tuple[segments.Segment | None, tuple[str, ...]]:
    """A segment and the deposit facts it uses now, however deep their lineage."""
    if segment_id is None:
        return None, ()
    segment = await segments.get(tx, segment_id)
    uses = await segments.uses(tx, segment.expression)
    return segment, tuple(use.label for use in uses if use.deposit_path)


def _last_instant(sku: catalogue.Sku) -> datetime | None:
    if sku.valid_until is None:
        return None
    day = sku.valid_until + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)

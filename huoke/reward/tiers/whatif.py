"""What another scheme would do: who of those with growth would move where, and what its benefits would cost."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

import msgspec
import numpy as np

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.tiers import store_scheme
from huoke.reward.tiers.model import Rhythm, Scheme, months_counted


class TierSize(msgspec.Struct, frozen=True, kw_only=True):
    """Customers of a tier now, at once under the other scheme, and once every period was looked at."""

    tier: str
    before: int
    after: int
    settled: int


class TierMove(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers would come from one tier to another; down only at the end of their period."""

    was: str
    tier: str
    customers: int


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What tier benefits cost at most, in fen: once for those who rise, monthly for those who are there.

    `by_budget` is the first month, with those who rise.
    """

    reached_fen: int
    monthly_fen: int
    monthly_before_fen: int
    by_budget: dict[UUID, int]


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """The effect of a scheme on all `customers` who ever earned growth; the others stay on the lowest tier anyway."""

    customers: int
    tiers: list[TierSize]
    rises: list[TierMove]
    falls: list[TierMove]
    cost: Cost


async def what_if(tx: Tx, held: Scheme | None, wanted: Scheme) -> WhatIf:
    """Work out, in one statement over all growth and standings, what `wanted` would do if it began now."""
    today = tx.now.astimezone(CHINA).date()
    flows = await store_scheme.flows(tx, wanted.thresholds, months_counted(wanted.period, today))
    places = {key: place for place, key in enumerate(wanted.keys)}
    size = len(wanted.tiers)
    table = np.zeros((size, size), np.int64)
    for tier, enough, customers in flows:
        table[places.get(tier, 0), enough] += customers
    return _told(held, wanted, table, await _costs(tx, held, wanted))


def _told(held: Scheme | None, wanted: Scheme, table: np.ndarray, costs: Mapping[UUID, int]) -> WhatIf:
    keys, size = wanted.keys, len(wanted.tiers)
    before, settled = table.sum(axis=1), table.sum(axis=0)
    rises = [(was, to) for was in range(size) for to in range(was + 1, size) if table[was, to]]
    falls = [(was, to) for was in range(size) for to in range(was) if table[was, to]]
    arrived = [int(table[:to, to].sum()) for to in range(size)]
    after = [int(np.tril(table)[place].sum()) + arrived[place] for place in range(size)]
    if held is None:
        before = np.array([before.sum(), *[0] * (size - 1)])
    return WhatIf(
        customers=int(table.sum()),
        tiers=[
            TierSize(tier=key, before=int(before[place]), after=after[place], settled=int(settled[place]))
            for place, key in enumerate(keys)
        ],
        rises=[_move(keys, table, one) for one in rises],
        falls=[_move(keys, table, one) for one in falls],
        cost=_cost(held, wanted, before, after, arrived, costs),
    )


def _cost(
    held: Scheme | None,
    wanted: Scheme,
    before: np.ndarray,
    after: list[int],
    arrived: list[int],
    costs: Mapping[UUID, int],
) -> Cost:
    reached = monthly = 0
    by_budget: defaultdict[UUID, int] = defaultdict(int)
    for place, tier in enumerate(wanted.tiers):
        for one in tier.benefits:
            fen = costs[one.sku_id] * (arrived if one.rhythm is Rhythm.REACHED else after)[place]
            by_budget[one.budget_id] += fen
            reached += fen if one.rhythm is Rhythm.REACHED else 0
            monthly += fen if one.rhythm is Rhythm.MONTHLY else 0
    now = dict(zip(wanted.keys, before.tolist(), strict=True))
    monthly_before = sum(
        costs[one.sku_id] * now.get(tier.key, 0)
        for tier in (held.tiers if held else ())
        for one in tier.benefits
        if one.rhythm is Rhythm.MONTHLY
    )
    return Cost(reached_fen=reached, monthly_fen=monthly, monthly_before_fen=monthly_before, by_budget=dict(by_budget))


async def _costs(tx: Tx, *schemes: Scheme | None) -> dict[UUID, int]:
    """What one of each benefit costs, in fen; 0 for one that nobody is paid for."""
    ids = {one.sku_id for scheme in schemes if scheme for tier in scheme.tiers for one in tier.benefits}
    return dict.fromkeys(ids, 0) | {sku_id: sku.cost_fen for sku_id, sku in (await catalogue.skus(tx, ids)).items()}


def _move(keys: list[str], table: np.ndarray, way: tuple[int, int]) -> TierMove:
    return TierMove(was=keys[way[0]], tier=keys[way[1]], customers=int(table[way]))

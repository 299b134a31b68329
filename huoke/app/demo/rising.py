"""The demo's tiers: four levels asked for and approved, and the growth of the past year as customers earned it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, tiers
from huoke.reward.catalogue import SkuKind
from huoke.reward.tiers import GrowthCredit, Rhythm, Scheme, Tier, TierBenefit

CHUNK = 1_000
"""A year of so many customers is credited at once."""
MONTHS = 12
MEDIAN = 130
"""Growth in a month of an active customer, of whom there are seven in ten."""
SOURCES = (("earn_rule", 0.8), ("mission", 0.15), ("referral", 0.05))
_LEVELS = (("classic", "普卡", "Classic", 0), ("silver", "银卡", "Silver", 1_000))
_HIGHER = (("gold", "金卡", "Gold", 3_000), ("diamond", "钻石", "Diamond", 8_000))


async def rise(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Put four levels in force and credit a year of growth; done before, nothing happens."""
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        if await tiers.scheme(tx) is not None:
            return
    for start in range(0, len(seqs), CHUNK):
        async with runtime.database.begin(bank.tenant) as tx:
            await tiers.credit_growth(tx, _earned(bank, seqs[start : start + CHUNK], start, tx.now))
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        scheme = await _scheme(tx, bank)
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        request_id = await tiers.request_scheme(tx, tiers.NewScheme(scheme=scheme, reason="年度会员等级方案"))
        (change_id,) = [one.change_id for one in await tiers.requests(tx) if one.id == request_id]
        await approve(tx, bank, change_id, comment="示范：已核对试算")


def _earned(bank: Filled, seqs: Sequence[Seq], first: int, now: datetime) -> list[GrowthCredit]:
    """What customers earned month by month: most a little, few a lot, three in ten nothing."""
    random = np.random.default_rng([bank.plan.seed, first, 7])
    count = len(seqs)
    zeal = np.where(random.random(count) < 0.7, random.lognormal(0, 0.9, count), 0)
    found = []
    for ago in range(MONTHS):
        values = (MEDIAN * zeal * random.lognormal(0, 0.4, count)).astype(np.int64)
        kinds = random.choice(len(SOURCES), count, p=[share for _, share in SOURCES])
        at = now - timedelta(days=ago * 30, hours=3)
        source_id = uuid5(NAMESPACE_OID, f"{bank.plan.code} {at.astimezone(CHINA):%Y-%m} {ago} {first}")
        found += [
            GrowthCredit(
                seq=int(seqs[place]),
                value=int(values[place]),
                source_kind=SOURCES[kinds[place]][0],
                source_id=source_id,
                line=place,
                at=at - timedelta(minutes=int(place) % 7_000),
            )
            for place in np.flatnonzero(values).tolist()
        ]
    return found


async def _scheme(tx: Tx, bank: Filled) -> Scheme:
    """Four levels of the last twelve months; gold and diamond come with vouchers of the bank, out of its own stock."""
    skus = await catalogue.skus(tx, bank.skus.values())
    vouchers = sorted((one for one in skus.values() if one.kind is SkuKind.VOUCHER), key=lambda one: one.cost_fen)[:2]
    pools = {pool.sku_id: pool.id for pool in await grants.find_pools(tx) if pool.parent_id is None}
    gifts = [
        TierBenefit(
            sku_id=sku.id,
            budget_id=bank.budget_id,
            pool_id=pools[sku.id],
            rhythm=Rhythm.MONTHLY if place else Rhythm.REACHED,
        )
        for place, sku in enumerate(vouchers)
        if sku.id in pools
    ]
    levels = [Tier(key=key, name=name, name_en=en, threshold=at) for key, name, en, at in _LEVELS]
    levels += [
        Tier(key=key, name=name, name_en=en, threshold=at, benefits=tuple(gifts[: place + 1]))
        for place, (key, name, en, at) in enumerate(_HIGHER)
    ]
    return Scheme(period=tiers.Period.ROLLING_YEAR, protection_days=30, tiers=tuple(levels))

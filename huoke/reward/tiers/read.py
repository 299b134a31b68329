"""Questions about tiers: how customers spread over the tiers, and how one customer stands."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.tiers import store, store_scheme
from huoke.reward.tiers.model import Scheme, Tier, held_until, month_of, months_counted
from huoke.reward.tiers.schemes import SCHEMES


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """Growth that was earned, or taken back."""

    value: int
    source_kind: str
    at: datetime


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """How a customer came to another tier; `growth` is what counted then."""

    was: str
    tier: str
    up: bool
    cause: str
    growth: int
    at: datetime


class MonthGrowth(msgspec.Struct, frozen=True, kw_only=True):
    """What was earned in a month, by its first day."""

    month: date
    value: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a customer stands. `next` and `missing` are None on the highest tier.

    `growth` is that of the running period; `held_until` the last day before it is looked at again. `protected`: the
    period had too little, and the tier is held for a while all the same.
    """

    tier: Tier
    place: int
    growth: int
    next: Tier | None
    missing: int | None
    since: date | None
    held_until: date | None
    protected: bool


class TierCount(msgspec.Struct, frozen=True, kw_only=True):
    """A tier and how many customers stand on it who ever earned growth."""

    tier: str
    customers: int


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How customers spread over the tiers."""

    tiers: list[TierCount]
    protected: int


async def scheme(tx: Tx) -> Scheme | None:
    """The scheme in force; None until a bank has one."""
    return await SCHEMES.in_force(tx)


async def names(tx: Tx) -> dict[str, tuple[str, str]]:
    """What each tier of the scheme in force is called, in Chinese and in English, by its key."""
    held = await SCHEMES.in_force(tx)
    return {tier.key: (tier.name, tier.name_en) for tier in held.tiers} if held else {}


async def spread(tx: Tx) -> Spread:
    """How many customers stand on each tier of the scheme in force, lowest first."""
    held = await SCHEMES.in_force(tx)
    counts = await store_scheme.levels_held(tx)
    return Spread(
        tiers=[TierCount(tier=key, customers=counts.get(key, 0)) for key in (held.keys if held else [])],
        protected=await store_scheme.protected(tx),
    )


async def members(tx: Tx) -> dict[str, CustomerSet]:
    """Who stands on each tier of the scheme in force, under whatever number: nobody is in two, the highest counts.

    Those who never earned growth are on the lowest, and left out.
    """
    held = await SCHEMES.in_force(tx)
    kept = await store_scheme.seqs_held(tx)
    placed, found = CustomerSet.empty(tx.tenant), dict[str, CustomerSet]()
    for key in reversed(held.keys if held else []):
        here = await customers.current(tx, CustomerSet.of(tx.tenant, kept.get(key, ())))
        found[key] = here - placed
        placed |= here
    return found


async def standings(tx: Tx, seqs: Sequence[int]) -> Mapping[int, str]:
    """The key of each customer's tier, by seq; those who never earned growth are on the lowest, and left out."""
    numbers = await customers.joined_to(tx, seqs)
    heads = {other: seq for seq in seqs for other in (seq, *numbers.get(seq, []))}
    held = await SCHEMES.in_force(tx)
    places = {key: place for place, key in enumerate(held.keys)} if held else {}
    found: dict[int, str] = {}
    for row in await store.standing_of(tx, heads):
        seq, tier = heads[row["seq"]], row["tier"]
        if places.get(tier, 0) >= places.get(found.get(seq, ""), -1):
            found[seq] = tier
    return found


async def standing(tx: Tx, seq: Seq) -> Standing | None:
    """Where a customer stands under all of their numbers; None while the bank has no scheme."""
    held = await SCHEMES.in_force(tx)
    if held is None:
        return None
    today = tx.now.astimezone(CHINA).date()
    numbers = await customers.numbers_of(tx, seq)
    months = await store.months_of(tx, numbers, months_counted(held.period, today))
    growth = sum(row["value"] for row in months)
    places = {key: place for place, key in enumerate(held.keys)}
    rows = await store.standing_of(tx, numbers)
    top = max(rows, key=lambda row: places.get(row["tier"], 0), default=None)
    place = 0 if top is None else places.get(top["tier"], 0)
    above = held.tiers[place + 1] if place + 1 < len(held.tiers) else None
    return Standing(
        tier=held.tiers[place],
        place=place,
        growth=growth,
        next=above,
        missing=None if above is None else max(above.threshold - growth, 0),
        since=top["since"] if top else None,
        held_until=top["held_until"] if top else held_until(held.period, today),
        protected=bool(top and top["protected"]),
    )


async def months(tx: Tx, seq: Seq) -> list[MonthGrowth]:
    """A customer's growth of the last twelve months, earliest first; months without any are 0."""
    last = month_of(tx.now.astimezone(CHINA).date())
    rows = await store.months_of(tx, await customers.numbers_of(tx, seq), (last - 11, last))
    values = {row["month"]: row["value"] for row in rows}
    return [
        MonthGrowth(month=date(month // 12, month % 12 + 1, 1), value=values.get(month, 0))
        for month in range(last - 11, last + 1)
    ]


async def gains(tx: Tx, seq: Seq, *, before: datetime | None = None, limit: int = 50) -> list[Gain]:
    """What a customer earned before an instant, latest first."""
    rows = await store.gains_of(tx, await customers.numbers_of(tx, seq), before or tx.now, limit)
    return [Gain(value=row["value"], source_kind=row["source_kind"], at=row["at"]) for row in rows]


async def moves(tx: Tx, seq: Seq, *, limit: int = 50) -> list[Move]:
    """How a customer came to the tier they are on, latest first."""
    rows = await store.moves_of(tx, await customers.numbers_of(tx, seq), limit)
    return [Move(**dict(row)) for row in rows]


async def verify(tx: Tx) -> list[tuple[int, int]]:
    """Customers and months whose sum is not what was credited; empty when all is well."""
    return [(row["seq"], row["month"]) for row in await store.unequal_months(tx)]

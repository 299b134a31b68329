"""What the customers of a demo bank did: logins, pages, payments, transfers, salaries, benefits looked at.

Everything is drawn as columns, family by family; the same seed and population give the same history.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.app.demo import seasons
from huoke.app.demo.population import Population
from huoke.app.demo.seasons import DAY_MS, UTC_AHEAD_MS, Span

LOGIN, PAGE, PAYMENT, TRANSACTION, SALARY, BENEFIT = (
    "app.login",
    "page.viewed",
    "payment.made",
    "transaction.posted",
    "salary.received",
    "benefit.viewed",
)
EVENTS_PER_CUSTOMER = 60
"""In the whole history, unless told otherwise."""
_RATES = {LOGIN: 17.5, PAGE: 15.0, PAYMENT: 17.0, TRANSACTION: 6.0, BENEFIT: 2.0}
"""How an average customer's events divide up; salaries come by the calendar."""
PAGES = ("首页", "账户", "转账", "理财", "权益", "信用卡", "贷款", "基金", "生活缴费", "设置")
CATEGORIES = ("餐饮", "超市", "出行", "网购", "娱乐", "医疗", "教育", "加油")
_SPEND_YUAN = np.array([38, 92, 21, 128, 55, 160, 420, 260])
"""The median of one payment."""
KINDS = ("转入", "转出", "取现", "还款", "缴费", "理财申购")
_MOVED_YUAN = np.array([1_800, 1_500, 900, 2_600, 180, 20_000])


class Happenings(msgspec.Struct, frozen=True, kw_only=True):
    """Events of one name as columns of equal length.

    `customer` is the place in the population, `at` milliseconds since 1970 UTC. A property is a column of codes and the
    words they stand for.
    """

    name: str
    customer: NDArray[np.int32]
    at: NDArray[np.int64]
    amount_fen: NDArray[np.int64]
    properties: Mapping[str, tuple[NDArray[np.int16], Sequence[str]]]

    def __len__(self) -> int:
        return len(self.customer)

    def table(self, seqs: NDArray[np.uint32]) -> pa.Table:
        """As `know.events.load_archive` reads it; `seqs` has the customer number of each place in the population."""
        columns = {
            "seq": pa.array(seqs[self.customer].astype(np.uint32)),
            "name": _words(np.zeros(len(self), np.int16), [self.name]),
            "at": pa.array(self.at, pa.timestamp("ms", tz="UTC")),
            "amount_fen": pa.array(self.amount_fen),
        }
        return pa.table(columns | {f"p_{key}": _words(*coded) for key, coded in self.properties.items()})

    def kept(self, where: NDArray[np.bool_]) -> "Happenings":
        """Only those `where` says."""
        return msgspec.structs.replace(
            self,
            customer=self.customer[where],
            at=self.at[where],
            amount_fen=self.amount_fen[where],
            properties={key: (codes[where], words) for key, (codes, words) in self.properties.items()},
        )

    def joined(self, other: "Happenings") -> "Happenings":
        """These and others of the same name and words."""
        assert self.name == other.name, "one name"
        return msgspec.structs.replace(
            self,
            customer=np.concatenate([self.customer, other.customer]),
            at=np.concatenate([self.at, other.at]),
            amount_fen=np.concatenate([self.amount_fen, other.amount_fen]),
            properties={
                key: (np.concatenate([codes, other.properties[key][0]]), words)
                for key, (codes, words) in self.properties.items()
            },
        )


class World(msgspec.Struct, frozen=True, kw_only=True):
    """What customers act upon: the people, the days, merchants with the place of their category, benefits by code."""

    people: Population
    span: Span
    merchants: Sequence[str]
    merchant_categories: Sequence[int]
    benefits: Sequence[str]


def history(world: World, seed: int, events_per_customer: float = EVENTS_PER_CUSTOMER) -> dict[str, Happenings]:
    """All families by name: about `events_per_customer` for each customer."""
    scale = events_per_customer / EVENTS_PER_CUSTOMER
    families = [
        _logins(np.random.default_rng([seed, 1]), world, _RATES[LOGIN] * scale),
        _pages(np.random.default_rng([seed, 2]), world, _RATES[PAGE] * scale),
        _payments(np.random.default_rng([seed, 3]), world, _RATES[PAYMENT] * scale),
        _transactions(np.random.default_rng([seed, 4]), world, _RATES[TRANSACTION] * scale),
        _salaries(np.random.default_rng([seed, 5]), world),
        _benefits(np.random.default_rng([seed, 6]), world, _RATES[BENEFIT] * scale),
    ]
    return {family.name: family for family in families}


def logins_in(happenings: Mapping[str, Happenings], world: World, days: int) -> NDArray[np.int_]:
    """How often each customer logged in during the last `days` days of the history."""
    logins = happenings[LOGIN]
    from_ms = world.span.start_ms + (world.span.days - days) * DAY_MS
    return np.bincount(logins.customer[logins.at >= from_ms], minlength=len(world.people))


def payments(
    random: np.random.Generator, world: World, customer: NDArray[np.int32], at: NDArray[np.int64]
) -> Happenings:
    """A payment by each of `customer` at each of `at`: where, in which category, how much."""
    count = len(customer)
    category = _choose(random, (0.3, 0.2, 0.17, 0.15, 0.07, 0.03, 0.03, 0.05), count)
    income = world.people.income[customer]
    yuan = _SPEND_YUAN[category] * np.clip(income / 8_000, 0.5, 4) ** 0.6 * random.lognormal(0, 0.75, count)
    channel = np.where(world.people.has_app[customer], _choose(random, (0.55, 0.3, 0.15), count), 2)
    return Happenings(
        name=PAYMENT,
        customer=customer,
        at=at,
        amount_fen=np.maximum((yuan * 100).astype(np.int64), 100),
        properties={
            "category": (category, CATEGORIES),
            "channel": (channel.astype(np.int16), ("app", "qr", "card")),
            "merchant": (_merchants(random, world, category), world.merchants),
        },
    )


def logins(random: np.random.Generator, customer: NDArray[np.int32], at: NDArray[np.int64]) -> Happenings:
    """A login by each of `customer` at each of `at`."""
    count = len(customer)
    device = (customer % 5 < 2).astype(np.int16)
    return Happenings(
        name=LOGIN,
        customer=customer,
        at=at,
        amount_fen=np.zeros(count, np.int64),
        properties={
            "channel": (_choose(random, (0.86, 0.11, 0.03), count), ("app", "mini", "web")),
            "device": (device, ("android", "ios")),
        },
    )


def _words(codes: NDArray[np.int16], words: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))


def _logins(random: np.random.Generator, world: World, rate: float) -> Happenings:
    who, last_day = _who(random, world, rate, needs_app=True)
    return logins(
        random,
        who,
        seasons.draw_instants(random, world.span, seasons.looking, seasons.MORNING_AND_NIGHT, last_day),
    )


def _pages(random: np.random.Generator, world: World, rate: float) -> Happenings:
    who, last_day = _who(random, world, rate, needs_app=True)
    page = _choose(random, (0.3, 0.19, 0.11, 0.11, 0.08, 0.07, 0.03, 0.05, 0.04, 0.02), len(who))
    return Happenings(
        name=PAGE,
        customer=who,
        at=seasons.draw_instants(random, world.span, seasons.looking, seasons.MORNING_AND_NIGHT, last_day),
        amount_fen=np.zeros(len(who), np.int64),
        properties={"name": (page, PAGES)},
    )


def _payments(random: np.random.Generator, world: World, rate: float) -> Happenings:
    who, last_day = _who(random, world, rate, needs_app=False)
    at = seasons.draw_instants(random, world.span, seasons.shopping, seasons.MEALS_AND_EVENING, last_day)
    return payments(random, world, who, _after_salary(random, world, who, at))


def _transactions(random: np.random.Generator, world: World, rate: float) -> Happenings:
    who, last_day = _who(random, world, rate, needs_app=False)
    kind = _choose(random, (0.3, 0.3, 0.12, 0.12, 0.13, 0.03), len(who))
    size = np.clip(world.people.income[who] / 8_000, 0.4, 8)
    yuan = _MOVED_YUAN[kind] * size * random.lognormal(0, 1.0, len(who))
    return Happenings(
        name=TRANSACTION,
        customer=who,
        at=seasons.draw_instants(random, world.span, seasons.banking, seasons.BANK_HOURS, last_day),
        amount_fen=np.maximum((yuan * 100).astype(np.int64), 1),
        properties={"type": (kind, KINDS)},
    )


def _salaries(random: np.random.Generator, world: World) -> Happenings:
    """One a month for whoever is paid here, on the employer's day, on the Friday before when that is a weekend."""
    paid = np.flatnonzero(world.people.salary_day)
    last_day = _last_days(world)
    customers, instants, fen = [], [], []
    for place, day in enumerate(world.span.dates()):
        due = {day.day}
        if day.weekday() == 4:
            due |= {(day.day + ahead) for ahead in (1, 2)}
        if day.weekday() >= 5:
            continue
        who = paid[np.isin(world.people.salary_day[paid], sorted(due)) & (last_day[paid] > place)]
        bonus = 2.2 if day.month == 1 else 1.0
        yuan = world.people.income[who] * random.normal(1, 0.03, len(who)) * bonus
        customers.append(who.astype(np.int32))
        at = seasons.times_of_day(random, seasons.PAY_HOURS, len(who))
        instants.append(world.span.start_ms + place * DAY_MS + at)
        fen.append((yuan * 100).astype(np.int64))
    return Happenings(
        name=SALARY,
        customer=np.concatenate(customers),
        at=np.concatenate(instants),
        amount_fen=np.concatenate(fen),
        properties={},
    )


def _benefits(random: np.random.Generator, world: World, rate: float) -> Happenings:
    who, last_day = _who(random, world, rate, needs_app=True)
    weights = 1 / np.arange(1, len(world.benefits) + 1) ** 0.9
    return Happenings(
        name=BENEFIT,
        customer=who,
        at=seasons.draw_instants(random, world.span, seasons.looking, seasons.MORNING_AND_NIGHT, last_day),
        amount_fen=np.zeros(len(who), np.int64),
        properties={"benefit": (_choose(random, weights / weights.sum(), len(who)), world.benefits)},
    )


def _who(
    random: np.random.Generator, world: World, rate: float, *, needs_app: bool
) -> tuple[NDArray[np.int32], NDArray[np.int_]]:
    """One place in the population for each event, and the day of the span before which it happens."""
    people = world.people
    last_day = _last_days(world)
    able = people.has_app if needs_app else np.ones(len(people), bool)
    share = able * last_day / world.span.days
    # Gamma noise again for each family: who pays a lot need not look around a lot.
    eager = people.activity * share * random.gamma(2.5, 1 / 2.5, len(people))
    counts = random.poisson(rate * len(people) * eager / max(eager.sum(), 1e-9))
    who = np.repeat(np.arange(len(people), dtype=np.int32), counts)
    return who, last_day[who]


def _last_days(world: World) -> NDArray[np.int_]:
    """For each customer the day of the span on which nothing happens any more; 0 for prospects and the long dormant."""
    left = (world.span.days - world.people.quiet_days).clip(0, world.span.days)
    return np.where(world.people.prospect, 0, left)


def _after_salary(
    random: np.random.Generator, world: World, who: NDArray[np.int32], at: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One payment in eight of those paid here moves to the days after the salary came."""
    day_of_month = world.people.salary_day[who]
    moved = (day_of_month > 0) & (random.random(len(who)) < 0.125)
    local = (at[moved] + UTC_AHEAD_MS).astype("datetime64[ms]")
    month = local.astype("datetime64[M]").astype("datetime64[D]")
    days = day_of_month[moved] - 1 + random.geometric(0.4, moved.sum()) - 1
    settled = month + days.astype("timedelta64[D]")
    wanted = (settled - local.astype("datetime64[D]")).astype(np.int64) * DAY_MS + at[moved]
    inside = (wanted >= world.span.start_ms) & (wanted < world.span.start_ms + _last_days(world)[who[moved]] * DAY_MS)
    shifted = at.copy()
    shifted[moved] = np.where(inside, wanted, at[moved])
    return shifted


def _merchants(random: np.random.Generator, world: World, category: NDArray[np.int16]) -> NDArray[np.int16]:
    """A merchant of the payment's category; the first of each take most of it."""
    places = np.array(world.merchant_categories)
    chosen = np.zeros(len(category), np.int16)
    for code in range(len(CATEGORIES)):
        here = category == code
        own = np.flatnonzero(places == code)
        own = own if len(own) else np.arange(len(places))
        weights = 1 / np.arange(1, len(own) + 1) ** 1.1
        chosen[here] = own[_choose(random, weights / weights.sum(), int(here.sum()))]
    return chosen


def _choose(
    random: np.random.Generator, shares: Sequence[float] | NDArray[np.float64], count: int
) -> NDArray[np.int16]:
    """Codes 0 … by their shares; by inverse, four times as quick as `Generator.choice`."""
    edges = np.cumsum(shares)
    drawn = random.random(count, dtype=np.float32) * edges[-1]
    codes: NDArray[np.int_] = np.searchsorted(edges, drawn, side="right").clip(0, len(edges) - 1)
    return codes.astype(np.int16)

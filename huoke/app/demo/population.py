"""Invented customers of a demo bank: drawn as columns, the same ones for the same seed, written as a file to import.

What hangs together in life hangs together here: age and occupation follow the stage of life, money follows both, what
somebody holds follows the money, and how often somebody shows up follows age and habit. Some are dormant.
"""

import io
from collections.abc import Sequence
from datetime import date

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from huoke.app.demo import invented
from huoke.app.demo.invented import Words
from huoke.know.customers import REGION, AttributeType, ColumnMapping, Mapping, Target

STAGES = ("学生", "单身青年", "新婚", "育儿家庭", "成熟家庭", "空巢", "退休")
_STAGE_SHARES = (0.06, 0.17, 0.11, 0.24, 0.20, 0.10, 0.12)
_AGES = ((18, 20, 23), (21, 26, 33), (24, 29, 36), (27, 35, 44), (38, 46, 56), (48, 55, 62), (58, 66, 86))
"""Of each stage: youngest, most frequent, oldest."""
JOBS = ("企业职员", "教师", "医护", "个体经营", "公务员", "技术人员", "服务业", "学生", "自由职业", "退休")
_WORKING = np.array([0.30, 0.08, 0.07, 0.15, 0.07, 0.14, 0.13, 0.0, 0.06, 0.0])
_INCOME_YUAN = np.array([7_200, 8_300, 9_400, 9_800, 8_600, 13_500, 5_200, 1_500, 6_100, 4_300])
"""The median of a month."""
_AFFLUENT_YUAN = 300_000
"""Beyond it what one has grows with its square: few have much of it all."""
_SALARIED = np.array([0.95, 1, 1, 0.05, 1, 0.95, 0.85, 0, 0.1, 0.9])
_SALARY_DAYS = ((5, 8, 10, 15, 20, 25, 28), (0.08, 0.07, 0.32, 0.27, 0.1, 0.12, 0.04))
_PENSION_DAY = 15
EDUCATION = ("高中及以下", "大专", "本科", "硕士及以上")
_EDUCATION_SHARES = np.array([[0.18, 0.29, 0.41, 0.12], [0.42, 0.30, 0.24, 0.04]])
"""Of those up to 45, and of those above."""
TIERS = ("普通", "金卡", "白金", "钻石")
_TIER_FROM_YUAN = np.array([50_000, 300_000, 1_000_000])
PROSPECT_SHARE = 0.03
TWICE, COUPLES = 24, 10
"""So many prospects are customers already, under their name and phone; so many couples give one phone for both."""
DORMANT_SHARE = 0.22
YEAR = 365.25
SLICE = 100_000
BANDS_YUAN = ("10000", "50000", "200000", "500000", "1000000", "6000000")
"""Between which balances a rule may tell customers apart; what lies between stays sealed."""


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """Customers as columns of equal length; money in yuan. Rows of prospects come last and know little."""

    today: date
    customer_no: Words
    prospect: NDArray[np.bool_]
    name: Words
    phone: Words
    document: Words
    unit: NDArray[np.int_]
    """Place of the unit's code in the list it was drawn from."""
    city: Words
    stage: NDArray[np.int_]
    age: NDArray[np.int_]
    female: NDArray[np.bool_]
    job: NDArray[np.int_]
    education: NDArray[np.int_]
    tier: NDArray[np.int_]
    owned: NDArray[np.bool_]
    """Whether a relationship manager of the unit looks after the customer: everybody from gold up, and some below."""
    income: NDArray[np.float64]
    salary_day: NDArray[np.int_]
    """0 for whoever is paid elsewhere."""
    deposit: NDArray[np.float64]
    wealth: NDArray[np.float64]
    """In wealth products; 0 for none."""
    matures_in: NDArray[np.int_]
    """Days until the next product falls due; -1 for none."""
    loan: NDArray[np.float64]
    has_card: NDArray[np.bool_]
    has_fund: NDArray[np.bool_]
    has_app: NDArray[np.bool_]
    joined_days: NDArray[np.int_]
    """Days since the account was opened."""
    activity: NDArray[np.float64]
    """How often somebody shows up, against the average of 1; 0 for prospects."""
    quiet_days: NDArray[np.int_]
    """Days since somebody last showed up; 0 for whoever still does."""

    def __len__(self) -> int:
        return len(self.customer_no)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a bank's customers live: the region of their documents, cities, units with their city (its place)."""

    region: str
    cities: Sequence[str]
    unit_codes: Sequence[str]
    unit_cities: Sequence[int]
    unit_owners: Sequence[str]
    """Who looks after the customers of each unit."""


def draw(count: int, seed: int, place: Place, today: date, *, first: int = 0) -> Population:
    """Draw `count` customers, those from number `first` on: at most `SLICE` at a time, so that memory is bounded."""
    assert count <= SLICE, "a population is drawn in slices"
    random = np.random.default_rng([seed, first])
    stage = random.choice(len(STAGES), count, p=_STAGE_SHARES)
    youngest, mode, oldest = np.array(_AGES)[stage].T
    age = random.triangular(youngest, mode, oldest + 1).astype(int)
    job = _jobs(random, stage)
    female = random.random(count) < 0.51
    edges = _EDUCATION_SHARES.cumsum(axis=1)[(age > 45).astype(int)]
    education = (random.random(count)[:, None] > edges).sum(axis=1).clip(0, 3)
    city = random.choice(len(place.cities), count, p=_uneven(len(place.cities), 0.7))
    money = _money(random, stage, age, job, education)
    habit = _habits(random, age, money["tier"].astype(int))
    prospects = int(count * PROSPECT_SHARE)
    is_prospect = np.arange(count) >= count - prospects
    born = _birthdays(random, age, today)
    numbers = np.arange(10_000_001 + first, 10_000_001 + first + count).astype(str)
    name, phone = invented.names(random, count), invented.phones(random, count, first)
    if first == 0:
        _resemble(np.random.default_rng([seed, TWICE]), name, phone, is_prospect, habit["quiet_days"] > 0)
    return Population(
        today=today,
        customer_no=np.where(is_prospect, np.char.add("P", numbers), numbers),
        prospect=is_prospect,
        name=name,
        phone=phone,
        document=np.where(is_prospect, "", invented.documents(born, female, place.region, first // SLICE)),
        unit=_units(random, city, np.array(place.unit_cities)),
        city=np.array(place.cities)[city],
        stage=stage,
        age=age,
        female=female,
        job=job,
        education=education,
        **{name: np.where(is_prospect, _NOTHING.get(name, 0), column) for name, column in (money | habit).items()},
    )  # fmt: skip


def _resemble(
    random: np.random.Generator, name: Words, phone: Words, prospect: NDArray[np.bool_], quiet: NDArray[np.bool_]
) -> None:
    """Let some prospects be customers, and some customers share a phone, so that matches have something to find.

    Only those are taken who lately did nothing: the others are met on phones and in chat, where each is one.
    """
    asleep = random.permutation(np.flatnonzero(quiet & ~prospect))
    strangers = np.flatnonzero(prospect)
    known = strangers[: min(TWICE, len(strangers) // 2, len(asleep))]
    name[known], phone[known] = name[asleep[: len(known)]], phone[asleep[: len(known)]]
    rest = asleep[len(known) :]
    couples = min(COUPLES, len(rest) // 2)
    phone[rest[:couples]] = phone[rest[couples : 2 * couples]]


def _regions(city: Words, cities: Sequence[str]) -> Words:
    """The code of each one's city, in a province that does not exist."""
    names, place = np.unique(city, return_inverse=True)
    codes: Words = np.array([f"99{cities.index(str(name)) + 1:02d}00" for name in names])[place]
    return codes


_NOTHING = {"matures_in": -1, "quiet_days": 0}


def customers_csv(people: Population, place: Place, logins_30d: NDArray[np.int_]) -> bytes:
    """The population in UTF-8, columns as in `mapping`; `logins_30d` are counted from the events, one for each row."""
    known = ~people.prospect
    table = {
        "客户号": people.customer_no,
        "姓名": people.name,
        "手机号": people.phone,
        "证件号": people.document,
        "机构号": np.array(place.unit_codes)[people.unit],
        "管户经理": np.where(people.owned, np.array(place.unit_owners)[people.unit], ""),
        "关系": np.where(known, "客户", "潜客"),
        "年龄": _known(known, people.age),
        "性别": np.where(people.female, "女", "男"),
        "人生阶段": _known(known, np.array(STAGES)[people.stage]),
        "职业": _known(known, np.array(JOBS)[people.job]),
        "学历": _known(known, np.array(EDUCATION)[people.education]),
        "城市": people.city,
        "地区": _regions(people.city, place.cities),
        "客户等级": _known(known, np.array(TIERS)[people.tier]),
        "开户日期": _days(people.today, -people.joined_days, known),
        "持卡": _flag(people.has_card),
        "手机银行": _flag(people.has_app),
        "代发工资": _flag(people.salary_day > 0),
        "持有基金": _flag(people.has_fund),
        "持有理财": _flag(people.wealth > 0),
        "房贷": _flag(people.loan > 0),
        "产品到期日": _days(people.today, people.matures_in, people.matures_in >= 0),
        "近30天登录": _known(known, logins_30d),
        "存款月日均": _known(known, np.char.mod("%.2f", people.deposit)),
        "理财余额": _known(known, np.char.mod("%.2f", people.wealth)),
    }
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(pa.table({name: pa.array(column) for name, column in table.items()}), buffer)
    return buffer.getvalue()


def mapping() -> Mapping:
    """How to read the file. Balances are facts about a deposit or stand beside one (rule B1)."""
    whole, text, flag, day = AttributeType.INTEGER, AttributeType.TEXT, AttributeType.BOOLEAN, AttributeType.DATE
    return Mapping(
        columns=(
            ColumnMapping(column="客户号", to=Target.CUSTOMER_NO),
            ColumnMapping(column="姓名", to=Target.NAME),
            ColumnMapping(column="手机号", to=Target.PHONE),
            ColumnMapping(column="证件号", to=Target.ID_DOCUMENT),
            ColumnMapping(column="机构号", to=Target.UNIT_CODE),
            _attribute("管户经理", "owner", "Relationship manager", text),
            _attribute("关系", "relation", "Relation", text),
            _attribute("年龄", "age", "Age", whole),
            _attribute("性别", "gender", "Gender", text),
            _attribute("人生阶段", "life_stage", "Life stage", text),
            _attribute("职业", "job", "Occupation", text),
            _attribute("学历", "education", "Education", text),
            _attribute("城市", "city", "City", text),
            _attribute("地区", REGION, "Region", text),
            _attribute("客户等级", "tier", "Tier", text),
            _attribute("开户日期", "joined_on", "Customer since", day),
            _attribute("持卡", "has_card", "Has a card", flag),
            _attribute("手机银行", "has_app", "Has the app", flag),
            _attribute("代发工资", "paid_here", "Salary paid here", flag),
            _attribute("持有基金", "has_fund", "Holds funds", flag),
            _attribute("持有理财", "has_wealth", "Holds wealth products", flag),
            _attribute("房贷", "has_loan", "Home loan", flag),
            _attribute("产品到期日", "matures_on", "Next maturity", day),
            _attribute("近30天登录", "logins_30d", "Logins in 30 days", whole),
            _balance(
                "存款月日均", "deposit_average", "存款月日均（元）", "Monthly average deposit (CNY)", deposit=True
            ),
            _balance("理财余额", "wealth_balance", "理财余额（元）", "Wealth products (CNY)", deposit=False),
        ),
        source="demo",
    )


def _attribute(column: str, name: str, label_en: str, kind: AttributeType) -> ColumnMapping:
    return ColumnMapping(column=column, to=Target.ATTRIBUTE, name=name, label=column, label_en=label_en, type=kind)


def _balance(column: str, name: str, label: str, label_en: str, *, deposit: bool) -> ColumnMapping:
    return ColumnMapping(
        column=column,
        to=Target.ATTRIBUTE,
        name=name,
        label=label,
        label_en=label_en,
        type=AttributeType.DECIMAL,
        data_class="C2",
        deposit_derived=deposit,
        lineage=("deposit_balance",) if deposit else (),
        bands=BANDS_YUAN,
    )


def _jobs(random: np.random.Generator, stage: NDArray[np.int_]) -> NDArray[np.int_]:
    job = random.choice(len(JOBS), len(stage), p=_WORKING / _WORKING.sum())
    retired = (stage == STAGES.index("退休")) | ((stage == STAGES.index("空巢")) & (random.random(len(stage)) < 0.35))
    job = np.where(retired, JOBS.index("退休"), job)
    return np.where(stage == STAGES.index("学生"), JOBS.index("学生"), job)


def _money(
    random: np.random.Generator,
    stage: NDArray[np.int_],
    age: NDArray[np.int_],
    job: NDArray[np.int_],
    education: NDArray[np.int_],
) -> dict[str, NDArray[np.float64] | NDArray[np.int_] | NDArray[np.bool_]]:
    """Income, and what has come of it: balances, tier, loan, card, fund, the day money comes and the day it is due."""
    count = len(age)
    income = _INCOME_YUAN[job] * (1 + 0.12 * education) * random.lognormal(0, 0.38, count)
    saved = income * 12 * np.clip((age - 18) / 22, 0.05, 2) * random.lognormal(-1.15, 1.25, count)
    saved = np.where(saved > _AFFLUENT_YUAN, saved**2 / _AFFLUENT_YUAN, saved)
    in_wealth = np.where(random.random(count) < np.clip(np.log10(saved + 1) / 6 - 0.45, 0.02, 0.75), 1, 0)
    wealth = np.round(saved * in_wealth * random.beta(3, 4, count), -3)
    days, shares = _SALARY_DAYS
    day = np.where(job == JOBS.index("退休"), _PENSION_DAY, random.choice(days, count, p=shares))
    paid_here = random.random(count) < _SALARIED[job] * 0.55
    has_term = (saved > 20_000) & (random.random(count) < 0.35)
    dated = (wealth > 0) | has_term
    settled = (stage >= STAGES.index("新婚")) & (stage <= STAGES.index("成熟家庭"))
    loan = np.where(settled & (random.random(count) < 0.3), np.round(income * random.uniform(30, 110, count), -4), 0)
    return {
        "income": np.round(income, -2),
        "salary_day": np.where(paid_here, day, 0),
        "deposit": np.round(saved - wealth, 2).clip(0),
        "wealth": wealth,
        "tier": np.searchsorted(_TIER_FROM_YUAN, saved),
        "owned": (saved >= _TIER_FROM_YUAN[0]) | (random.random(count) < 0.25),
        "matures_in": np.where(dated, random.geometric(1 / 110, count).clip(0, 1_080), -1),
        "loan": loan,
        "has_card": random.random(count) < np.clip(0.25 + income / 25_000 - (age > 65) * 0.3, 0.05, 0.9),
        "has_fund": random.random(count) < np.clip(in_wealth * 0.3 + education * 0.05, 0, 0.6),
    }


def _habits(
    random: np.random.Generator, age: NDArray[np.int_], tier: NDArray[np.int_]
) -> dict[str, NDArray[np.float64] | NDArray[np.int_] | NDArray[np.bool_]]:
    """How often somebody shows up: few very often, most now and then, some no longer."""
    count = len(age)
    drawn = random.gamma(0.9, 1 / 0.9, count) * np.clip(1.5 - (age - 18) / 75, 0.4, 1.5) * (1 + 0.15 * tier)
    dormant = random.random(count) < DORMANT_SHARE
    joined = random.geometric(1 / 1_500, count).clip(20, 9_000)
    quiet = np.where(dormant, 60 + random.geometric(1 / 130, count), 0)
    return {
        "activity": drawn / drawn.mean(),
        "quiet_days": quiet,
        "joined_days": np.maximum(joined, quiet + 20),
        "has_app": random.random(count) < np.clip(1.02 - np.maximum(age - 45, 0) * 0.016, 0.2, 0.97),
    }


def _units(random: np.random.Generator, city: NDArray[np.int_], unit_cities: NDArray[np.int_]) -> NDArray[np.int_]:
    """A unit of the customer's own city, the earlier ones larger; any unit where the city has none."""
    weights = _uneven(len(unit_cities), 0.35)
    near = np.where(unit_cities[None, :] == np.arange(city.max() + 1)[:, None], weights, 0)
    near = np.where(near.sum(axis=1, keepdims=True) > 0, near, weights)
    edges = (near / near.sum(axis=1, keepdims=True)).cumsum(axis=1) + np.arange(len(near))[:, None]
    places: NDArray[np.int_] = np.searchsorted(edges.ravel(), city + random.random(len(city))) - city * len(unit_cities)
    return places.clip(0, len(unit_cities) - 1)


def _uneven(count: int, exponent: float) -> NDArray[np.float64]:
    weights = np.arange(1, count + 1, dtype=np.float64) ** -exponent
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def _birthdays(random: np.random.Generator, age: NDArray[np.int_], today: date) -> NDArray[np.int_]:
    """YYYYMMDD of people who are `age` today."""
    days = (age * YEAR).astype(int) + random.integers(1, 365, len(age))
    born = np.datetime64(today) - days.astype("timedelta64[D]")
    return np.char.replace(np.datetime_as_string(born, unit="D"), "-", "").astype(int)


def _known(known: NDArray[np.bool_], column: NDArray[np.generic]) -> Words:
    return np.where(known, column.astype(str), "")


def _flag(column: NDArray[np.bool_]) -> Words:
    return np.where(column, "true", "false")


def _days(today: date, offset: NDArray[np.int_], known: NDArray[np.bool_]) -> Words:
    days = np.datetime64(today) + np.where(known, offset, 0).astype("timedelta64[D]")
    return np.where(known, np.datetime_as_string(days, unit="D"), "")

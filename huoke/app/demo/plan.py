"""What the demo knows of a bank before it starts: its units, people, benefits, segments and campaigns, as data."""

from typing import Any

import msgspec
import numpy as np

from huoke.app.demo import invented
from huoke.app.demo.planted import Effect
from huoke.app.demo.population import Place
from huoke.govern.people import NewUnit, Role, UnitKind
from huoke.govern.tenants import Brand
from huoke.know.entry_points import EntryPointKind
from huoke.reach.campaigns import (
    CampaignMode,
    EntryPlan,
    MessageChannel,
    MessagePlan,
    MessageTexts,
    PageText,
    PageTexts,
)
from huoke.reward.catalogue import Details, SkuKind, TaxCode


class Person(msgspec.Struct, frozen=True):
    """A member of staff: one role within one unit and below."""

    role: Role
    login: str
    name: str
    post: str
    unit_code: str


class Colleague(msgspec.Struct, frozen=True):
    """A relationship manager of a unit; one in each bank signs in."""

    login: str
    name: str
    post: str
    unit_code: str


class BrandPlan(msgspec.Struct, frozen=True):
    """A brand with stores of its own: code, names, category of payments, the supplier who delivers it."""

    code: str
    name: str
    name_en: str
    category: str
    supplier: str


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU with its brand, item and supplier."""

    code: str
    kind: SkuKind
    brand: tuple[str, str, str]
    category: str
    name: tuple[str, str]
    face_value_fen: int
    cost_fen: int
    tax_code: TaxCode
    acceptance: tuple[str, str]
    regions: tuple[str, ...] = ()
    """Where it is of use (GB/T 2260); empty is everywhere."""
    supplier: str = ""
    points: int = 0
    valid_days: int = 30
    stock: int = 0
    details: Details | None = None


class Supplier(msgspec.Struct, frozen=True):
    """Who delivers: code, names, taxpayer number, settlement days, contact."""

    code: str
    name: str
    name_en: str
    tax_no: str
    settlement_days: int
    contact_name: str
    contact_phone: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign: `until` says how far the demo takes it: draft, submitted or running.

    One that began `days_ago` is over when its `days` have passed since. `stock` and `budget_fen` are for as many
    customers as the bank's plan has. `effect` is what it did to those it reached, for measuring to find.
    """

    name: str
    goal: str
    segment: str
    product: str
    mode: CampaignMode
    published: bool
    stock: int
    budget_fen: int
    shares: int
    days: int
    control_percent: int
    person_limit: int
    texts: PageTexts
    until: str
    days_ago: int = 0
    metric: str | None = None
    metric_days: int = 14
    effect: Effect | None = None
    ways: tuple[EntryPlan, ...] = ()
    """Ways in beside the campaign's own link."""
    message: MessagePlan | None = None
    choose: int = 0
    """So many of `product` and `others` each customer chooses; `stock` is of each of them. 0 gives the one product."""
    others: tuple[str, ...] = ()


class DemoBank(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the demo knows of a bank before it starts."""

    code: str
    name: str
    name_en: str
    brand: Brand
    scene: str
    mark: str
    region: str
    cities: tuple[str, ...]
    customers: int
    seed: int
    units: tuple[NewUnit, ...]
    people: tuple[Person, ...]
    suppliers: tuple[Supplier, ...]
    products: tuple[Product, ...]
    """Benefits that campaigns of the plan use, with stock."""
    merchants: tuple[BrandPlan, ...]
    """The brands of the catalogue that run stores; the clerk stands in one of the first."""
    offers: tuple[Product, ...] = ()
    """What else the catalogue holds."""
    segments: dict[str, dict[str, Any]]
    budget_fen: int
    campaigns: tuple[Plan, ...]

    @property
    def place(self) -> Place:
        """Where the customers live: every branch has a city, the sub-branches below it are in the same."""
        codes = [unit.code for unit in self.units]
        branches = [unit.code for unit in self.units if unit.parent_code == "HO"]
        tops = [unit.code if unit.parent_code == "HO" else unit.parent_code for unit in self.units]
        cities = [branches.index(top) % len(self.cities) for top in tops]
        owners = [colleague.name for colleague in self.colleagues]
        return Place(region=self.region, cities=self.cities, unit_codes=codes, unit_cities=cities, unit_owners=owners)

    @property
    def colleagues(self) -> tuple[Colleague, ...]:
        """Who looks after the customers of each unit, in the order of the units; one of them is of `people`."""
        names = invented.names(np.random.default_rng(self.seed), len(self.units)).tolist()
        known = {person.unit_code: person for person in self.people if person.role is Role.RM}
        return tuple(
            Colleague(
                login=known[unit.code].login if unit.code in known else f"rm-{unit.code.lower()}",
                name=known[unit.code].name if unit.code in known else name,
                post="理财经理" if unit.kind is UnitKind.BRANCH else "客户经理",
                unit_code=unit.code,
            )
            for unit, name in zip(self.units, names, strict=True)
        )


def branches(rows: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...]) -> tuple[NewUnit, ...]:
    """Branches under the head office, and sub-branches under them: (code, name, English name, rows below)."""
    units: list[NewUnit] = []
    for code, name, name_en, below in rows:
        units.append(NewUnit(kind=UnitKind.BRANCH, code=code, name=name, name_en=name_en, parent_code="HO"))
        units += [
            NewUnit(kind=UnitKind.SUB_BRANCH, code=sub_code, name=sub_name, name_en=sub_en, parent_code=code)
            for sub_code, sub_name, sub_en in below
        ]
    return tuple(units)


def branches_of(text: str) -> tuple[NewUnit, ...]:
    """Branches, one a line, with their sub-branches: `CODE|分行|Branch|支行:Sub-branch|…`."""
    rows: list[tuple[str, str, str, tuple[tuple[str, str, str], ...]]] = []
    for line in text.strip().split("\n"):
        code, name, name_en, *below = line.split("|")
        subs = [pair.rpartition(":") for pair in below]
        rows.append(
            (code, name, name_en, tuple((f"{code}{n:02d}", f"{zh}支行", en) for n, (zh, _, en) in enumerate(subs, 1)))
        )
    return branches(tuple(rows))


SECOND_BUYER = "buyer-2"
"""The login of the second buyer: who makes a statement does not confirm it (rule D5)."""


def people(branch: str, sub_branch: str, names: dict[Role, str], second_buyer: str) -> tuple[Person, ...]:
    """One person for each role, and a second buyer; the branch operator, the teller and the manager sit where customers
    are.
    """
    places = {Role.BRANCH_OPERATOR: branch, Role.TELLER: sub_branch, Role.MERCHANT_CLERK: sub_branch, Role.RM: branch}
    logins = {Role.SYSTEM_ADMIN: "system", Role.SECURITY_ADMIN: "security", Role.RISK_OFFICER: "risk"}
    return (
        *(
            Person(role, logins.get(role, role.value.replace("_", "-")), name, _POSTS[role], places.get(role, "HO"))
            for role, name in names.items()
        ),
        Person(Role.BUYER, SECOND_BUYER, second_buyer, "采购复核", "HO"),
    )


_POSTS = {
    Role.OPERATOR: "总行运营",
    Role.BRANCH_OPERATOR: "分行运营",
    Role.BUYER: "权益采购",
    Role.APPROVER: "业务复核",
    Role.CONSUMER_REVIEWER: "消保审查",
    Role.TELLER: "柜员",
    Role.SERVICE_DESK: "客服",
    Role.MERCHANT_CLERK: "商户店员",
    Role.ANALYST: "数据分析",
    Role.RISK_OFFICER: "风险管理",
    Role.RM: "理财经理",
    Role.SYSTEM_ADMIN: "系统管理",
    Role.SECURITY_ADMIN: "安全管理",
    Role.AUDITOR: "审计",
}


def attr(name: str, op: str, value: Any) -> dict[str, Any]:
    """One comparison of the expression language."""
    return {"kind": "attr", "name": name, "op": op, "value": value}


def texts(zh: tuple[str, str, str], en: tuple[str, str, str]) -> PageTexts:
    """The page's words: (title, subtitle, rules) in Chinese and English."""
    zh_text, en_text = (PageText(title=title, subtitle=subtitle, rules=rules) for title, subtitle, rules in (zh, en))
    return PageTexts(zh=zh_text, en=en_text)


def by_sms(zh: str, en: str) -> MessagePlan:
    """A short message to everybody reached, as soon as they are."""
    return MessagePlan(channel=MessageChannel.SMS, texts=MessageTexts(zh=zh, en=en))


WAYS = (
    EntryPlan(name="网点海报", kind=EntryPointKind.POSTER),
    EntryPlan(name="大堂二维码", kind=EntryPointKind.QR),
    EntryPlan(name="公众号文章", kind=EntryPointKind.LINK),
)
"""The usual ways into a campaign beside its own link."""

RULES_ZH = (
    "1. 本活动由银行主办，权益按页面所示数量发放，领完为止。\n"
    "2. 每位客户按身份证件计一次，换手机号或换卡不重复计算。\n"
    "3. 领取后请在有效期内到店出示核销码；核销码每 60 秒更换一次。\n"
    "4. 权益不可转让、不可兑换现金；活动规则如有变更，只会对您更有利。"
)
RULES_EN = (
    "1. The bank runs this campaign; what the page shows is what there is.\n"
    "2. One person counts once, by id document, whatever the phone or card.\n"
    "3. Show the code in a store before the benefit runs out; it changes every 60 seconds.\n"
    "4. Benefits are not transferable and not exchangeable for cash; rules change only in your favour."
)

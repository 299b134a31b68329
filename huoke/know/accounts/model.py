"""What accounts and holdings are: kinds, what anybody may see of them, what follows from them for sets; refusals."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.refusals import NotFound
from huoke.know.customers import Attribute, AttributeType


class AccountKind(StrEnum):
    """What an account is for."""

    CURRENT = "current"
    SAVINGS = "savings"
    TERM_DEPOSIT = "term_deposit"
    CREDIT_CARD = "credit_card"
    LOAN = "loan"
    WEALTH = "wealth"
    OTHER = "other"


class HoldingKind(StrEnum):
    """What a held product is."""

    TERM_DEPOSIT = "term_deposit"
    WEALTH = "wealth"
    FUND = "fund"
    INSURANCE = "insurance"
    BOND = "bond"
    METAL = "metal"
    LOAN = "loan"
    CREDIT_CARD = "credit_card"
    OTHER = "other"


class Standing(StrEnum):
    """Whether an account is in use, or a holding still held."""

    OPEN = "open"
    DORMANT = "dormant"
    FROZEN = "frozen"
    CLOSED = "closed"


DEPOSITS = frozenset({AccountKind.CURRENT, AccountKind.SAVINGS, AccountKind.TERM_DEPOSIT, HoldingKind.TERM_DEPOSIT})
"""What holds a deposit (rule B1)."""

WORDS: dict[str, dict[str, str]] = {
    "account_kind": {
        "活期": "current", "结算": "current", "checking": "current", "储蓄": "savings", "储蓄卡": "savings",
        "借记卡": "savings", "debit_card": "savings", "定期": "term_deposit", "信用卡": "credit_card",
        "贷款": "loan", "理财": "wealth", "其他": "other",
    },
    "holding_kind": {
        "定期": "term_deposit", "定期存款": "term_deposit", "存款": "term_deposit", "理财": "wealth", "基金": "fund",
        "保险": "insurance", "国债": "bond", "债券": "bond", "贵金属": "metal", "黄金": "metal", "贷款": "loan",
        "信用卡": "credit_card", "其他": "other",
    },
    "standing": {
        "正常": "open", "active": "open", "持有": "open", "睡眠": "dormant", "久悬": "dormant", "冻结": "frozen",
        "销户": "closed", "已结清": "closed", "到期": "closed",
    },
}  # fmt: skip
"""A bank's own words for kinds and standings, beside the codes themselves."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account as anybody with the right to see the customer may see it; its balance is withheld (rule F2)."""

    id: UUID
    seq: Seq
    number: str
    """Masked: the last four."""
    kind: AccountKind
    currency: str
    opened_on: date | None
    closed_on: date | None
    standing: Standing
    unit_id: UnitId | None
    unit_name: str
    has_balance: bool
    deposit: bool
    as_of: date | None
    changed_at: datetime


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """A held product; its amount is withheld (rule F2)."""

    id: UUID
    seq: Seq
    product: str
    kind: HoldingKind
    account: str
    """The masked number of the account it stands on; empty where the bank gave none."""
    currency: str
    started_on: date | None
    matures_on: date | None
    standing: Standing
    has_amount: bool
    deposit: bool
    as_of: date | None
    changed_at: datetime


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer has with the bank."""

    accounts: list[Account]
    holdings: list[Holding]
    can: list[str]


class AccountsArrived(Event, frozen=True, kw_only=True):
    """Accounts or holdings of some customers are new or changed; the customers travel with the event."""

    name: ClassVar[str] = "accounts.arrived"
    what: str
    import_id: UUID
    added: int
    changed: int


class AccountUnknown(NotFound):
    """No such account or holding in this bank, or none in the caller's scope."""

    code = "accounts.unknown"


def _derived(name: str, label: str, label_en: str, kind: AttributeType, *, deposit: bool) -> Attribute:
    return Attribute(
        name=name,
        label=label,
        label_en=label_en,
        type=kind,
        deposit_derived=deposit,
        lineage=("accounts.holding",) if "product" in name or "matures" in name else ("accounts.account",),
        source="accounts",
    )


DERIVED = (
    _derived("accounts_open", "账户数", "Open accounts", AttributeType.INTEGER, deposit=True),
    _derived("products_held", "持有产品数", "Products held", AttributeType.INTEGER, deposit=True),
    _derived("next_matures_on", "下一到期日", "Next maturity", AttributeType.DATE, deposit=True),
    _derived(
        "products_held_no_deposit", "持有产品数（不含存款）", "Products held, deposits left out",
        AttributeType.INTEGER, deposit=False,
    ),
    _derived(
        "next_matures_on_no_deposit", "下一到期日（不含存款）", "Next maturity, deposits left out",
        AttributeType.DATE, deposit=False,
    ),
)  # fmt: skip
"""What follows from accounts and holdings and may stand in segments. Whatever a deposit has a part in is a deposit
fact (rule B1); beside it stands the same without deposits, which is none."""


def read_word(kind: type[StrEnum], words: dict[str, str], text: str) -> str | None:
    """The code of a bank's word, or None: the code itself in any case, or one of `words`."""
    plain = text.strip()
    code = words.get(plain) or words.get(plain.lower()) or plain.lower().replace(" ", "_")
    return code if code in frozenset(kind) else None

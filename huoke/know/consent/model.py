"""What consent is: purposes, legal bases, entries that give or withdraw, and suppression (rules P1, S2)."""

from datetime import datetime
from enum import StrEnum

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Invalid, NotFound
from huoke.kernel.sets import CustomerSet


class Basis(StrEnum):
    """Legal bases of PIPL article 13, as far as a bank's marketing can meet them."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_DUTY = "legal_duty"
    EMERGENCY = "emergency"
    PUBLIC_INTEREST = "public_interest"
    PUBLIC_RECORD = "public_record"


class Verdict(StrEnum):
    """What an entry does: adds customers to a set, or takes them out of it."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


TAKEN_BACK = "taken_back"
"""What an entry does that takes back a declaration made by mistake: its customers were never asked again. Nobody says
it from outside; `take_back` writes it."""


class SuppressionReason(StrEnum):
    """Why a customer is left alone everywhere (rule S2)."""

    OVERDUE = "overdue"
    COLLECTION = "collection"
    AML = "aml"
    COURT = "court"
    DECEASED = "deceased"
    COMPLAINT = "complaint"
    STAFF = "staff"


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """What data is processed for; `text` in its `text_version` is what a customer agrees to."""

    code: str
    label: str
    label_en: str
    data_kinds: tuple[str, ...]
    text_version: str
    text: str


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One entry for the ledger: these customers gave, or withdrew, the basis for this purpose."""

    purpose: str
    verdict: Verdict
    members: CustomerSet
    basis: Basis = Basis.CONSENT
    text_version: str = ""
    channel: str = ""
    at: datetime | None = None
    """When the customer said so; the transaction's own time when None."""
    source: str = ""
    """What declared it, such as import/<id>: `take_back` finds it by that."""


class TakenBack(msgspec.Struct, frozen=True):
    """For how many customers a declaration was taken back, and for how many it stays: more was said since."""

    back: int
    kept: int


class SuppressionStatement(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a suppression list: these customers are on it from now on, or no longer."""

    reason: SuppressionReason
    verdict: Verdict
    members: CustomerSet
    source: str = ""


class ConsentState(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one customer and one purpose now; never asked is `verdict` None."""

    purpose: str
    label: str
    label_en: str
    verdict: Verdict | None
    basis: Basis | None = None
    text_version: str = ""
    channel: str = ""
    at: datetime | None = None


class SuppressionState(msgspec.Struct, frozen=True, kw_only=True):
    """A suppression list the customer stands on now."""

    reason: SuppressionReason
    source: str
    at: datetime


class PurposeUnknown(NotFound):
    """No such purpose in this bank."""

    code = "consent.purpose_unknown"


class PurposeTextMissing(Invalid):
    """A consent without the text that was agreed to."""

    code = "consent.text_missing"


class SeqsUnfit(Invalid):
    """Too many customers in one item, none, or a number no customer can have."""

    code = "consent.seqs"


class ConsentsRecorded(Event, frozen=True):
    """Entries were added to the consent ledger; the members travel with the event."""

    name = "consent.recorded"
    purpose: str
    verdict: Verdict
    basis: Basis
    count: int


class ConsentsTakenBack(Event, frozen=True):
    """Declarations of a source count as never made; the members travel with the event."""

    name = "consent.taken_back"
    purpose: str
    source: str
    count: int


class SuppressionsRecorded(Event, frozen=True):
    """Entries were added to a suppression list; the members travel with the event."""

    name = "consent.suppression_recorded"
    reason: SuppressionReason
    verdict: Verdict
    count: int


MARKETING = "marketing"
"""The purpose that every audience needs."""
PROFILING = "profiling"
"""Choosing and ranking by what is known of a customer: withdrawn, nobody chooses them for a campaign (rule P4)."""
MARKETING_SMS, MARKETING_CALL = "marketing_sms", "marketing_call"
"""Ways of being contacted: they narrow `MARKETING`, which stands for all of them until one is withdrawn."""
SERVICE = "service"

DEFAULT_PURPOSES = (
    Purpose(
        code=MARKETING,
        label="营销与权益",
        label_en="Marketing and benefits",
        data_kinds=("contact", "attributes", "grants"),
        text_version="1",
        text="我同意银行使用我的联系方式与客户信息，向我提供权益与活动。",
    ),
    Purpose(
        code=MARKETING_SMS,
        label="营销短信",
        label_en="Marketing by text message",
        data_kinds=("contact",),
        text_version="1",
        text="我同意银行用短信向我提供权益与活动；回复 R 或在“我的选择”里随时退订。",
    ),
    Purpose(
        code=MARKETING_CALL,
        label="营销电话",
        label_en="Marketing by phone or in person",
        data_kinds=("contact",),
        text_version="1",
        text="我同意客户经理用电话或当面向我介绍权益与活动；我可以随时关闭。",
    ),
    Purpose(
        code=PROFILING,
        label="个性化推荐",
        label_en="Personal recommendations",
        data_kinds=("attributes", "events"),
        text_version="1",
        text="我同意银行根据我的客户信息，为我个性化排序与推荐；我可以随时关闭。",
    ),
    Purpose(
        code=SERVICE,
        label="合同服务",
        label_en="Service under contract",
        data_kinds=("contact", "accounts"),
        text_version="1",
        text="为履行与我的合同所必需的服务通知与处理。",
    ),
)
"""What every bank starts with; it may reword them and add its own."""

"""What the service desk works with: cases, acts, goodwill benefits, later ends; their limits and refusals. Pure."""

import re
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.settle.care.refusals import PersonalText, ServiceOfferUnfit, TextUnfit

TITLE_LENGTH_MAX = 80
BODY_LENGTH_MAX = 1_000
STOCK_MAX = 100_000
VALID_DAYS_MAX = 365

PER_CASE = tenants.declare("care.compensations_per_case", int, 1, minimum=1, maximum=20)
PER_PERSON = tenants.declare("care.compensations_per_person", int, 2, minimum=1, maximum=100)
PERSON_DAYS = tenants.declare("care.compensation_days", int, 30, minimum=1, maximum=365, unit="days")
FEN_PER_DAY = tenants.declare("care.compensation_fen_per_day", int, 500_000, minimum=0, maximum=10**9, unit="fen")
BENEFIT_FEN_MAX = tenants.declare("care.benefit_fen_max", int, 20_000, minimum=1, maximum=10**8, unit="fen")
EXTENSION_DAYS_MAX = tenants.declare("care.extension_days_max", int, 30, minimum=1, maximum=365, unit="days")
CASE_HOURS = tenants.declare("care.case_hours", int, 48, minimum=1, maximum=720, unit="hours")
READINGS_PER_DAY = tenants.declare("care.code_readings_per_day", int, 2, minimum=1, maximum=20)
READING_MINUTES = tenants.declare("care.code_reading_minutes", int, 30, minimum=5, maximum=480, unit="minutes")
MESSAGES_PER_DAY = tenants.declare("care.messages_per_day", int, 3, minimum=1, maximum=50)

_PERSONAL = (
    re.compile(r"(?<![0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])"),
    re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9])(?:[0-9][ -]?){15,18}[0-9](?![0-9])"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
)
"""Mobile numbers, id documents, card numbers, mail addresses, also where blanks or hyphens part them."""


class CaseKind(StrEnum):
    """What a customer came with."""

    QUESTION = "question"
    NOT_RECEIVED = "not_received"
    NOT_REDEEMABLE = "not_redeemable"
    ORDER_FAILED = "order_failed"
    COMPLAINT = "complaint"
    OTHER = "other"


class CaseState(StrEnum):
    """A closed case is opened again when the customer comes back with it."""

    OPEN = "open"
    CLOSED = "closed"


class Way(StrEnum):
    """How a contact came in; internal is a note among colleagues."""

    PHONE = "phone"
    COUNTER = "counter"
    ONLINE = "online"
    INTERNAL = "internal"


class ActKind(StrEnum):
    """What the desk does at once: write the campaign's message or a link to the benefit again, ask a supplier now,
    cancel what was not sent, deliver again what definitely failed.
    """

    MESSAGE = "message"
    LINK = "link"
    QUERY_ORDER = "query_order"
    CANCEL_ORDER = "cancel_order"
    DELIVER_AGAIN = "deliver_again"


class OfferState(StrEnum):
    """A service offer waits for another person, is given by the desk, was refused, or is over."""

    SUBMITTED = "submitted"
    LIVE = "live"
    REFUSED = "refused"
    STOPPED = "stopped"


class CompensationState(StrEnum):
    """Asked for, given, refused, or withdrawn before that; one that is not used yet is taken back by two people."""

    SUBMITTED = "submitted"
    GRANTED = "granted"
    RETURNING = "returning"
    TAKEN_BACK = "taken_back"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ExtensionState(StrEnum):
    """Asked for, done, refused, withdrawn."""

    SUBMITTED = "submitted"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReadingState(StrEnum):
    """Asked for; open to whoever asked, for a while and once; read; or refused or withdrawn."""

    SUBMITTED = "submitted"
    OPEN = "open"
    READ = "read"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case to open with its first note; title and note without phone, id or card numbers."""

    seq: int
    kind: CaseKind
    title: str
    way: Way = Way.PHONE
    body: str = ""
    grant_id: UUID | None = None
    campaign_id: UUID | None = None
    request_no: str | None = None


class NewNote(msgspec.Struct, frozen=True, kw_only=True):
    """One contact."""

    way: Way
    body: str
    request_no: str | None = None


class NewAct(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done about a benefit, in which case, and why."""

    case_id: UUID
    grant_id: UUID
    kind: ActKind
    reason: str
    request_no: str | None = None


class NewServiceOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A goodwill benefit to put at the desk's disposal: so many units, so much money out of a budget, until when.

    `pool_id` is where the units come from; None makes new ones.
    """

    name: str
    sku_id: UUID
    budget_id: UUID
    budget_fen: int
    stock: int
    closes_on: date
    valid_days: int = 30
    pool_id: UUID | None = None
    request_no: str | None = None


class NewCompensation(msgspec.Struct, frozen=True, kw_only=True):
    """A goodwill benefit for the customer of a case; another person decides."""

    case_id: UUID
    service_offer_id: UUID
    reason: str
    request_no: str | None = None


class NewExtension(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit that is to be good for `days` more; another person decides."""

    case_id: UUID
    grant_id: UUID
    days: int
    reason: str
    request_no: str | None = None


class NewReading(msgspec.Struct, frozen=True, kw_only=True):
    """A card code that is to be read out to its customer, who lost it; another person decides."""

    case_id: UUID
    grant_id: UUID
    reason: str
    request_no: str | None = None


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases: `q` is a number, words of the title, or an exact customer number, phone or id document; `opened`
    and `assigned` are staff ids; `overdue` are open ones past their day; the days are those of opening, both included.
    """

    q: str = ""
    seq: int | None = None
    kind: CaseKind | None = None
    state: CaseState | None = None
    opened: str = ""
    assigned: str = ""
    overdue: bool = False
    since_on: date | None = None
    until_on: date | None = None


class AskFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which compensations or extensions: `q` is the number of a case, words of it or of the benefit, or a customer as
    for cases; `kind` that of the case; `by` a staff id; the days are those of asking, both included.
    """

    q: str = ""
    kind: CaseKind | None = None
    state: str | None = None
    by: str = ""
    since_on: date | None = None
    until_on: date | None = None


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a list; the customer masked."""

    id: UUID
    number: str
    seq: int
    customer_no: str
    name: str | None
    unit_id: int
    unit: str
    kind: CaseKind
    title: str
    state: CaseState
    grant_id: UUID | None
    campaign_id: UUID | None
    outcome: str
    notes: int
    opened_by: str
    opened_by_name: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    assigned_to: str
    assigned_to_name: str
    due_at: datetime
    overdue: bool


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as noted."""

    place: int
    way: Way
    body: str
    by: str
    at: datetime


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Something done."""

    id: UUID
    case_id: UUID
    grant_id: UUID
    kind: ActKind
    reason: str
    ref_id: UUID | None
    by: str
    at: datetime


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for in a case, and of whom; the customer masked. `can` is what the caller may do about it."""

    id: UUID
    case_id: UUID
    case_number: str
    case_kind: CaseKind
    grant_id: UUID | None
    seq: int
    customer_no: str
    name: str | None
    unit_id: int
    unit: str
    reason: str
    change_id: UUID | None
    by: str
    created_at: datetime
    closed_at: datetime | None
    can: list[str]


class Compensation(Ask, frozen=True, kw_only=True):
    """A goodwill benefit asked for."""

    service_offer_id: UUID
    benefit: str
    amount_fen: int
    state: CompensationState
    back_reason: str


class Extension(Ask, frozen=True, kw_only=True):
    """A later end asked for."""

    benefit: str
    before_at: datetime
    until_at: datetime
    state: ExtensionState


class Reading(Ask, frozen=True, kw_only=True):
    """A card code to be read out: whoever asked may see it once until `open_until`."""

    benefit: str
    state: ReadingState
    open_until: datetime | None


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the desk."""

    id: str
    name: str


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case whole, and what the caller may do in it."""

    row: CaseRow
    notes: list[Note]
    acts: list[Act]
    compensations: list[Compensation]
    extensions: list[Extension]
    readings: list[Reading]
    can: list[str]


class ServiceOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A service offer as read; `left` units and `left_fen` of it are available, both 0 before it is approved."""

    id: UUID
    unit_id: int
    name: str
    sku_id: UUID
    benefit: str
    kind: str
    face_value_fen: int
    cost_fen: int
    stock: int
    budget_fen: int
    left: int
    left_fen: int
    valid_days: int
    closes_on: date
    state: OfferState
    change_id: UUID | None
    by: str
    created_at: datetime
    can: list[str]


def check_text(text: str, *, least: int, most: int, pointer: str) -> str:
    """The text without blanks around it; `TextUnfit`, `PersonalText`."""
    plain = text.strip()
    if not least <= len(plain) <= most:
        raise TextUnfit(f"Write {least} to {most} characters.", pointer=pointer)
    if any(pattern.search(plain) for pattern in _PERSONAL):
        raise PersonalText(
            "Leave phone, id and card numbers and mail addresses out; the case knows its customer.", pointer=pointer
        )
    return plain


def check_offer(new: NewServiceOffer, today: date) -> None:
    """Raise `ServiceOfferUnfit`, `TextUnfit`, `PersonalText`."""
    check_text(new.name, least=2, most=40, pointer="/name")
    wrong = {
        "/stock": not 0 < new.stock <= STOCK_MAX,
        "/budget_fen": not 0 < new.budget_fen <= 10**12,
        "/valid_days": not 0 < new.valid_days <= VALID_DAYS_MAX,
        "/closes_on": not today <= new.closes_on <= date(today.year + 2, 12, 31),
    }
    for pointer, is_wrong in wrong.items():
        if is_wrong:
            raise ServiceOfferUnfit(f"The {pointer[1:]} cannot be.", pointer=pointer)

"""What the service desk is told: who was found, a benefit's story, why a campaign did not reach somebody."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel.refusals import TooMany
from huoke.know.customers import CustomerRow

WINDOW_SECONDS = 300
FINDS_MAX = tenants.declare("desk.finds_per_5_minutes", int, 60, minimum=5, maximum=1_000)


class Purpose(StrEnum):
    """Why somebody is looked up; it stands in the trail."""

    CALL = "call"
    COUNTER = "counter"
    COMPLAINT = "complaint"
    ORDER = "order"


class Kind(StrEnum):
    """What a text can be."""

    CUSTOMER = "customer"
    ORDER = "order"
    GRANT = "grant"
    CODE = "code"
    MESSAGE = "message"
    CASE = "case"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed, scanned or read out, and why."""

    text: str
    purpose: Purpose


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Who was found, masked, and by what. Nobody: `tried` says as what. `left` look-ups are left for now."""

    kind: Kind | None
    customers: list[CustomerRow]
    grant_id: UUID | None
    case_id: UUID | None
    tried: list[Kind]
    left: int


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in both languages."""

    zh: str
    en: str


class StoryStep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened: when, what about (grant, order, message, desk), how it stands to the customer."""

    at: datetime
    about: str
    tone: str
    """good, bad, wait, plain"""
    what: Said
    more: Said | None = None


class StoryOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The supplier's order of a benefit; the recipient masked."""

    id: UUID
    number: str
    supplier: str
    state: str
    reason: str
    recipient: str


class BenefitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit in a customer's list, with the one sentence that says how it stands."""

    id: UUID
    title: str
    title_en: str
    kind: str
    handover: str
    state: str
    shown: str
    """available, used or expired, as on the customer's phone"""
    source: str
    face_value_fen: int
    points: int
    granted_at: datetime
    claimed_at: datetime | None
    used_at: datetime | None
    expires_at: datetime | None
    stands: Said


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit from first to last; `script` is to be read out, `can` what the caller may do about it, `cannot` why
    what people ask for most cannot be done.
    """

    benefit: BenefitRow
    seq: int
    source_kind: str
    source_id: UUID
    steps: list[StoryStep]
    order: StoryOrder | None
    script: Said
    can: list[str]
    cannot: dict[str, Said]


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign a customer may ask about."""

    id: UUID
    name: str
    state: str
    opens_at: datetime | None
    closes_at: datetime | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One condition of a campaign, and whether it holds."""

    condition: str
    holds: bool
    what: Said


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison of the audience's rule, as it is today."""

    holds: bool | None
    """None where the bank does not know"""
    what: Said
    value: Any
    masked: bool


class Reasons(msgspec.Struct, frozen=True, kw_only=True):
    """Why a campaign reached somebody or not; `script` is to be read out."""

    campaign: str
    answers: list[Answer]
    rule: list[RuleLine]
    grant_ids: list[UUID]
    script: Said


class TooManyFinds(TooMany):
    """So many look-ups within five minutes are no service."""

    code = "desk.too_many_finds"

"""What identifies a customer, how strongly, and joining two customers who are one."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Conflict, NotFound
from huoke.know.customers import CustomerRow
from huoke.know.identities.rule_model import Certainty


class IdentityKind(StrEnum):
    """What a customer is known by."""

    CUSTOMER_NO = "customer_no"
    ID_DOCUMENT = "id_document"
    PHONE = "phone"
    APP_USER = "app_user"
    DEVICE = "device"


class Strength(StrEnum):
    """How much an identity says: strong names one person, medium often does, weak may be shared."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


STRENGTHS = {
    IdentityKind.CUSTOMER_NO: Strength.STRONG,
    IdentityKind.ID_DOCUMENT: Strength.STRONG,
    IdentityKind.PHONE: Strength.MEDIUM,
    IdentityKind.APP_USER: Strength.MEDIUM,
    IdentityKind.DEVICE: Strength.WEAK,
}


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a customer is known by: masked, with its evidence. `seq` is the number it came under."""

    kind: IdentityKind
    seq: Seq
    value: str
    strength: Strength
    since: datetime
    source: str
    """The file or channel that said so; empty where nobody noted it."""


class MergeVerb(StrEnum):
    """Two become one, or two again."""

    JOIN = "join"
    PART = "part"


class MergeState(StrEnum):
    """A request waits for another person, then is done, or was refused or withdrawn."""

    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NewMerge(msgspec.Struct, frozen=True, kw_only=True):
    """Whose number is to lead to whom, and why: 2 to 500 characters, without the customer's name."""

    seq: Seq
    kept_seq: Seq
    reason: str


class NewParting(msgspec.Struct, frozen=True, kw_only=True):
    """Who was joined by mistake, and why they are to be a customer of their own again."""

    seq: Seq
    reason: str


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """One thing two customers share, or differ in.

    `field` is id_document, phone, name, device or `attribute.<name>`; `count` is how many have a phone or use a device.
    Where `counts` is false it speaks against their being one, or says nothing: more share it than the bank allows.
    """

    field: str
    label: str
    label_en: str
    same: bool
    counts: bool
    count: int = 2


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """A request as listed."""

    id: UUID
    verb: MergeVerb
    seq: Seq
    kept_seq: Seq
    unit_id: int
    reason: str
    state: MergeState
    change_id: UUID | None
    rule: str
    """The rule that found the two; empty where a person did."""
    evidence: list[Shares]
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None


class Identities(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer is known by, whom their number leads to, and whose numbers lead to them."""

    items: list[Identity]
    leads_to: Seq | None
    joined: list[CustomerRow]
    waiting: list[Merge]
    """Requests that another person has still to decide."""
    can: list[str]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers whom a rule of the bank found, masked, with what they share and what they do not."""

    rule: str
    certainty: Certainty
    evidence: list[Shares]
    first: CustomerRow
    second: CustomerRow


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an identity means: one customer, or several between whom a person has to decide."""

    by: IdentityKind
    strength: Strength
    customer: CustomerRow


class NewApart(msgspec.Struct, frozen=True, kw_only=True):
    """A pair that a person found to be two customers."""

    seq: Seq
    other_seq: Seq


class MergeOpen(Conflict):
    """Another request about this customer waits for its decision."""

    code = "identities.merge_open"


class MergeUnknown(NotFound):
    """No such request in this bank."""

    code = "identities.merge_unknown"


class MergeDone(Event, frozen=True, kw_only=True):
    """Two customers were joined, or parted, as two people decided."""

    name: ClassVar[str] = "identities.merged"
    merge_id: UUID
    verb: str
    kept_seq: int

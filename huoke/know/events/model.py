"""Events: messages as they come (Segment HTTP spec), schemas, outcomes and refusals.

Spec: https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ ; limits as stated there.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import DataClass, Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound, Refusal, Unauthorised

MESSAGE_BYTES_MAX = 32 * 1024
BATCH_BYTES_MAX = 500 * 1024
MESSAGES_MAX = 10_000
"""In one call; a batch of the smallest messages stays below it."""
TEXT_MAX = 200
"""Characters of a message id, user id, anonymous id or name."""
KNOWN_FOR = timedelta(days=30)
"""How long a message id is remembered: a retry after that would count again."""
WAITS_FOR = timedelta(days=90)
"""How long an event of a visitor waits for somebody to identify them."""
QUARANTINED_FOR = timedelta(days=30)
FUTURE_MAX = timedelta(minutes=5)
"""A corrected clock that runs ahead by less is taken to be now."""
PAST_MAX = timedelta(days=3650)
WITHHELD = "****"


class Kind(StrEnum):
    """The calls of the spec."""

    TRACK = "track"
    PAGE = "page"
    SCREEN = "screen"
    IDENTIFY = "identify"
    GROUP = "group"
    ALIAS = "alias"


class Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One message of the spec; fields nobody here reads are passed over."""

    type: str = ""
    message_id: str | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    user_id: str | int | None = None
    anonymous_id: str | int | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Messages that came in one request, with the write key they came under and when."""

    key_hash: bytes
    messages: tuple[Message, ...]
    received_at: datetime

    def __len__(self) -> int:
        return len(self.messages)


class Arrived(msgspec.Struct, frozen=True):
    """A message with its source, its id, and when it came."""

    source_id: UUID
    id: UUID
    message: Message
    received_at: datetime


class Status(StrEnum):
    """What became of a message."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    """Kept until somebody identifies the visitor."""
    QUARANTINED = "quarantined"
    """Kept aside until a schema fits."""
    REFUSED = "refused"
    """Not kept: the sender must mend it."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one message, and why where it is not plain."""

    message_id: str
    status: Status
    id: UUID | None = None
    code: str = ""
    detail: str = ""


class PropertyType(StrEnum):
    """What a property's text must be."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """One property of an event name; of class C2 it is kept sealed and shown as ****."""

    name: str
    label: str
    label_en: str
    type: PropertyType = PropertyType.TEXT
    data_class: DataClass = DataClass.C1
    required: bool = False


class NewSchema(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank says of an event name. For a standard name its properties are added to the standard ones."""

    name: str
    title: str
    title_en: str = ""
    properties: list[Property] = []
    aliases: list[str] = []
    deposit_derived: bool = False


class SchemaOrigin(StrEnum):
    """Whether every bank has a name, or this one made it."""

    STANDARD = "standard"
    OWN = "own"


class EventSchema(msgspec.Struct, frozen=True, kw_only=True):
    """An event name with its properties; `deposit_derived` binds it to rule B1; `aliases` are what sources call it."""

    name: str
    title: str
    title_en: str
    properties: tuple[Property, ...] = ()
    aliases: tuple[str, ...] = ()
    deposit_derived: bool = False
    standard: bool = False
    version: int = 0

    @property
    def origin(self) -> SchemaOrigin:
        """Standard or the bank's own."""
        return SchemaOrigin.STANDARD if self.standard else SchemaOrigin.OWN

    def matches(self, part: str) -> bool:
        """Whether the text is a part of a name, title or alias."""
        sought = part.strip().casefold()
        return any(sought in text.casefold() for text in (self.name, self.title, self.title_en, *self.aliases))


class NewTrait(msgspec.Struct, frozen=True, kw_only=True):
    """A trait of identify that is to fill an attribute of the customer; without one it fills nothing any more."""

    property: str
    attribute: str | None = None


class Trait(msgspec.Struct, frozen=True, kw_only=True):
    """A trait of identify with the attribute it fills, whose type and class a value must have."""

    property: str
    attribute: str
    label: str
    label_en: str
    type: str
    data_class: str


class NewSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source to open, by the name that people read."""

    name: str


class MadeSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source's new write key, shown once."""

    id: UUID
    write_key: str


class SourceState(StrEnum):
    """A revoked source may send no more."""

    OPEN = "open"
    REVOKED = "revoked"


class EventSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source as listed: of its key only the last four characters."""

    id: UUID
    name: str
    key_hint: str
    made_at: datetime
    made_by: str
    rotated_at: datetime | None
    former_until: datetime | None
    revoked_at: datetime | None
    state: SourceState


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a customer's timeline; `properties` of class C2 read ****."""

    at: datetime
    id: UUID
    name: str
    kind: str
    title: str
    title_en: str
    amount_fen: int
    entry_code: str
    properties: dict[str, str]
    withheld: bool = False
    """An amount of the customer's own account, which is not told (rule F2): `amount_fen` is 0."""
    times: int = 1
    """How many of a day are folded into this line; their properties are then left out."""


class SourceOpened(Event, frozen=True, kw_only=True):
    """A source may send events from now on."""

    name: ClassVar[str] = "events.source_opened"
    source_id: UUID


class SourceRotated(Event, frozen=True, kw_only=True):
    """A source has a new write key."""

    name: ClassVar[str] = "events.source_rotated"
    source_id: UUID


class SourceRevoked(Event, frozen=True, kw_only=True):
    """A source may send no more."""

    name: ClassVar[str] = "events.source_revoked"
    source_id: UUID


class SchemasDefined(Event, frozen=True, kw_only=True):
    """Event names were registered or amended."""

    name: ClassVar[str] = "events.schemas_defined"
    names: tuple[str, ...]


class TraitsDeclared(Event, frozen=True, kw_only=True):
    """Traits fill other attributes from now on."""

    name: ClassVar[str] = "events.traits_declared"
    properties: tuple[str, ...]


class EventsTaken(Event, frozen=True, kw_only=True):
    """Events of known customers were taken, recorded at the instant this was: how many, of which names."""

    name: ClassVar[str] = "events.taken"
    count: int
    names: tuple[str, ...]


class VisitorsBound(Event, frozen=True, kw_only=True):
    """Visitors turned out to be customers; `moved` events that waited are theirs now."""

    name: ClassVar[str] = "events.visitors_bound"
    visitors: int
    moved: int


class WriteKeyUnknown(Unauthorised):
    """No source of any bank has this write key, or it was revoked."""

    code = "events.write_key"


class Malformed(Invalid):
    """The body or one message is not what the spec says."""

    code = "events.malformed"
    status = 400


class TooLarge(Refusal):
    """A message over 32 KB or a batch over 500 KB."""

    code = "events.too_large"
    status = 413


class SourceUnknown(NotFound):
    """This bank has no such source."""

    code = "events.source_unknown"


class SourceNameTaken(Conflict):
    """Another source has the name."""

    code = "events.source_name_taken"


class SchemaUnfit(Invalid):
    """An event name or property that cannot be registered, or rows that no schema fits."""

    code = "events.schema_unfit"


class TraitUnfit(Invalid):
    """A trait that cannot fill an attribute."""

    code = "events.trait_unfit"


class PropertyFixed(Conflict):
    """A property's type and class stay once events hold it."""

    code = "events.property_fixed"


def id_of(message_id: str) -> UUID:
    """The event id of a sender's message id: the same every time, so that a retry meets itself."""
    return UUID(bytes=blake2b(message_id.encode(), digest_size=16).digest(), version=5)


def visitor_of(anonymous_id: str | int) -> str:
    """How a visitor is named while nobody knows who it is."""
    return f"a:{anonymous_id}"


def stranger_of(user_id: str | int) -> str:
    """How a user id is named that no customer has yet."""
    return f"u:{user_id}"

"""What a customer is: fields, attributes and their types, the facts others need in bulk, events, refusals."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.refusals import Conflict, Invalid, NotFound


class CustomerStatus(StrEnum):
    """A closed customer stays on record and is in no segment; of an erased one nothing but the number is left.

    One that an import brought and that was undone is empty until another import brings it; a merged one is another
    customer by now, whom its number leads to.
    """

    ACTIVE = "active"
    CLOSED = "closed"
    ERASED = "erased"
    UNDONE = "undone"
    MERGED = "merged"


class AttributeType(StrEnum):
    """How an attribute is read, stored and compared."""

    TEXT = "text"
    INTEGER = "integer"
    """-(2^63-1) … 2^63-1"""
    DECIMAL = "decimal"
    """At most 14 digits before the point and 4 after it, exact."""
    DATE = "date"
    BOOLEAN = "boolean"


class PersonalField(StrEnum):
    """Fields that are encrypted, masked, and found by blind index only."""

    NAME = "name"
    PHONE = "phone"
    ID_DOCUMENT = "id_document"


REGION = "region"
"""The attribute that says where somebody lives: a code of 6 digits (GB/T 2260), of a district, a city or a province."""


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """A definition. `deposit_derived` marks a fact about a deposit (rule B1); `lineage` names what it comes from."""

    name: str
    label: str
    label_en: str
    type: AttributeType
    data_class: Literal["C1", "C2"] = "C1"
    deposit_derived: bool = False
    lineage: tuple[str, ...] = ()
    source: str = ""
    bands: tuple[str, ...] = ()
    """Of a value of class C2: the edges between which a rule may tell customers apart; without any it may not."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a grant needs to know of customers, as columns of equal length, ascending by seq."""

    seqs: NDArray[np.int32]
    unit_ids: NDArray[np.int32]
    persons: NDArray[np.int32]


class CustomerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a list; personal fields masked (rule F2), None where the bank gave none."""

    seq: Seq
    customer_no: str
    name: str | None
    phone: str | None
    id_document: str | None
    unit_id: UnitId
    unit_name: str
    status: CustomerStatus
    changed_at: datetime


class AttributeValue(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute of one customer; `value` is None when unknown, and withheld (`masked`) for class C2.

    `called` is its name, where it is the key of something that has one, such as a tier.
    """

    name: str
    label: str
    label_en: str
    type: AttributeType
    data_class: str
    deposit_derived: bool
    value: Any
    masked: bool
    called: str = ""
    called_en: str = ""


class FormerValues(msgspec.Struct, frozen=True, kw_only=True):
    """What changed fields held before one change."""

    version: int
    replaced_at: datetime
    actor: str
    import_id: UUID | None
    before: dict[str, Any]


class CustomerUnknown(NotFound):
    """No such customer in this bank, or none in the caller's scope."""

    code = "customers.unknown"


class AttributeUnknown(NotFound):
    """No such attribute in this bank."""

    code = "customers.attribute_unknown"


class AttributeNameUnfit(Invalid):
    """An attribute name that is reserved or not made of a-z, 0-9 and _."""

    code = "customers.attribute_name"


class AttributeTypeFixed(Conflict):
    """An attribute's type cannot change: values are stored by it."""

    code = "customers.attribute_type_fixed"


class DepositFactFixed(Conflict):
    """A deposit fact stays one (rule B1); only counsel reclassifies it."""

    code = "customers.deposit_fact_fixed"


class BandsUnfit(Invalid):
    """Edges of bands that are no values of the attribute's type, stand twice, are too many, or are not needed."""

    code = "customers.bands"


class DataClassFixed(Conflict):
    """What is of class C2 stays so: nobody makes it readable again by a definition."""

    code = "customers.data_class_fixed"


class CustomersImported(Event, frozen=True):
    """A chunk of an import is in: the members (added or changed) travel with the event."""

    name = "customers.imported"
    import_id: UUID
    chunk: int
    added: int
    changed: int


class AttributesDefined(Event, frozen=True):
    """Attributes were added or reworded."""

    name = "customers.attributes_defined"
    names: tuple[str, ...]


class AttributesChanged(Event, frozen=True):
    """Attribute values of some customers were found out elsewhere and set; the members travel with the event."""

    name = "customers.attributes_changed"
    names: tuple[str, ...]
    count: int


class CustomersJoined(Event, frozen=True):
    """The number of one customer (whom the event is about) leads to another from now on."""

    name = "customers.joined"
    kept_seq: int


class CustomersParted(Event, frozen=True):
    """Two customers that were joined are two again."""

    name = "customers.parted"
    kept_seq: int


class ImportQueued(Event, frozen=True):
    """An import waits to be run."""

    name = "customers.import_queued"
    import_id: UUID


class ExtractQueued(Event, frozen=True):
    """A query to a database waits to be put."""

    name = "customers.extract_queued"
    extract_id: UUID


class ImportUndoAsked(Event, frozen=True):
    """What an import brought is to go back."""

    name = "customers.import_undo_asked"
    import_id: UUID


class ImportUndone(Event, frozen=True):
    """What an import brought is gone again, but for what changed since."""

    name = "customers.import_undone"
    import_id: UUID


class ImportEnded(Event, frozen=True):
    """An import ran to its end, was refused or was cancelled."""

    name = "customers.import_ended"
    import_id: UUID
    status: str


BANDS_MAX = 20
_BANDED: dict[AttributeType, Callable[[str], int | Decimal | date]] = {
    AttributeType.INTEGER: int,
    AttributeType.DECIMAL: Decimal,
    AttributeType.DATE: date.fromisoformat,
}
RESERVED_NAMES = frozenset(
    {"seq", "customer_no", "unit", "unit_id", "person", "status", "name", "phone", "id_document"}
)
"""Names no attribute may take: they name the customer's own fields."""


def check_names(attributes: list[Attribute] | tuple[Attribute, ...]) -> None:
    """Raise `AttributeNameUnfit` for a name that is reserved, repeated, or not of the form [a-z][a-z0-9_]{0,59}."""
    seen: set[str] = set()
    for index, attribute in enumerate(attributes):
        name = attribute.name
        fits = 0 < len(name) <= 60 and name[0].isascii() and name[0].isalpha() and name == name.lower()
        if not fits or not name.replace("_", "a").isalnum() or not name.isascii() or name in RESERVED_NAMES:
            raise AttributeNameUnfit(
                f"'{name[:80]}' cannot name an attribute: use a-z, 0-9 and _, begin with a letter,"
                f" and none of {', '.join(sorted(RESERVED_NAMES))}.",
                pointer=f"/{index}/name",
            )
        if name in seen:
            raise AttributeNameUnfit(f"'{name}' stands twice.", pointer=f"/{index}/name")
        seen.add(name)


def check_bands(attribute: Attribute, pointer: str) -> None:
    """Raise `BandsUnfit`: at most 20 edges, of an integer, decimal or date of class C2, each once."""
    if not attribute.bands:
        return
    fits = attribute.data_class == "C2" and attribute.type in _BANDED
    try:
        edges = {_BANDED[attribute.type](edge) for edge in attribute.bands} if fits else set()
    except (ValueError, InvalidOperation):
        edges = set()
    if len(edges) != len(attribute.bands) or len(edges) > BANDS_MAX:
        raise BandsUnfit(
            f"Bands are at most {BANDS_MAX} different edges of an integer, decimal or date of class C2,"
            " as 1000 or 2026-03-31.",
            pointer=pointer,
        )


def deposit_lineage(attributes: dict[str, Attribute]) -> dict[str, tuple[str, ...]]:
    """For every attribute that is or comes from a deposit fact, the path to that fact, itself first (rule B1).

    Lineage is followed however deep; names that are not attributes of the bank end a path.
    """
    found: dict[str, tuple[str, ...]] = {}

    def path(name: str, above: tuple[str, ...]) -> tuple[str, ...]:
        attribute = attributes.get(name)
        if attribute is None or name in above:
            return ()
        if attribute.deposit_derived:
            return (name,)
        for parent in attribute.lineage:
            if rest := path(parent, (*above, name)):
                return (name, *rest)
        return ()

    for name in attributes:
        if whole := path(name, ()):
            found[name] = whole
    return found

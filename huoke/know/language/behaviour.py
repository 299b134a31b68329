"""Behaviour leaves with their types: an event name bound to its schema, and its measure of one customer. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.events import DataClass
from huoke.know.customers import Attribute, AttributeType
from huoke.know.events import EventSchema, Property, PropertyType
from huoke.know.language.expression import BEHAVIOUR_OPS, Behaviour, Expression, Measure, Op, Where, walk
from huoke.know.language.model import EventMissing, PropertySealed, ValueUnfit
from huoke.know.language.typed import DECIMAL_PLACES, Comparison, Value, compared, holds

AMOUNT = "amount_fen"
ENTRY = "entry_code"
PROPERTY_TYPES = {
    PropertyType.TEXT: AttributeType.TEXT,
    PropertyType.INTEGER: AttributeType.INTEGER,
    PropertyType.DECIMAL: AttributeType.DECIMAL,
    PropertyType.BOOLEAN: AttributeType.BOOLEAN,
    PropertyType.DATE: AttributeType.DATE,
    PropertyType.INSTANT: AttributeType.TEXT,
}
OF_EVERY_EVENT = (
    Property(name=AMOUNT, label="金额(分)", label_en="Amount (fen)", type=PropertyType.INTEGER),
    Property(name=ENTRY, label="入口", label_en="Entry point", type=PropertyType.TEXT),
)
"""What every event has beside the properties of its schema."""


class Happened(msgspec.Struct, frozen=True):
    """One event of a customer, as far as a rule may look at it. Properties are texts."""

    name: str
    at: datetime
    amount_fen: int = 0
    entry_code: str = ""
    properties: Mapping[str, str] = {}


class Bound(msgspec.Struct, frozen=True):
    """A behaviour bound to its event's schema, its number and its properties' values read by their types."""

    node: Behaviour
    schema: EventSchema
    measured: Comparison
    where: tuple[Comparison, ...] = ()

    @property
    def never_unknown(self) -> bool:
        """Whether nothing having happened is a number too."""
        return self.node.measure not in (Measure.MAX, Measure.LAST_DAYS_AGO)

    @property
    def holds_for_none(self) -> bool:
        """Whether it is true of customers without any such event."""
        return self.never_unknown and holds(self.measured, 0)


def bind_behaviours(
    expression: Expression, schemas: Mapping[str, EventSchema], *, pointer: str = "/expression"
) -> dict[str, Bound]:
    """Every `event` leaf by its path. `EventMissing`, `ValueUnfit`, `PropertySealed`, with the node's pointer."""
    return {
        path: bind_behaviour(node, schemas, pointer + path)
        for path, node in walk(expression)
        if isinstance(node, Behaviour)
    }


def window(bound: Bound, today: date) -> tuple[datetime | None, datetime]:
    """From which instant (None: ever) until which, exclusive, events count on a day of the bank."""
    return span(bound.node.window_days, today)


def span(days: int | None, today: date) -> tuple[datetime | None, datetime]:
    """The instants of so many of the bank's days, today the last of them; None begins never."""
    until = datetime.combine(today + timedelta(days=1), time(), CHINA).astimezone(UTC)
    return (None if days is None else until - timedelta(days=days)), until


def day_of(at: datetime) -> date:
    """The bank's day of an instant."""
    return at.astimezone(CHINA).date()


def counted_of(bound: Bound, happenings: Iterable[Happened], today: date) -> list[Happened]:
    """Those of one customer's events that count."""
    since, until = window(bound, today)
    return [
        one
        for one in happenings
        if one.name == bound.schema.name
        and one.at < until
        and (since is None or one.at >= since)
        and all(fulfils(one, comparison) for comparison in bound.where)
    ]


def measure(bound: Bound, happenings: Iterable[Happened], today: date) -> Value | None:
    """The measure of one customer's events; None when unknown."""
    counted = counted_of(bound, happenings, today)
    days = {day_of(one.at) for one in counted}
    match bound.node.measure:
        case Measure.COUNT:
            return len(counted)
        case Measure.DAYS:
            return len(days)
        case Measure.LAST_DAYS_AGO:
            return (today - max(days)).days if days else None
        case Measure.SUM:
            return sum(_numbers(counted, bound), Decimal())
        case Measure.MAX:
            return max(_numbers(counted, bound), default=None)


def _numbers(counted: Iterable[Happened], bound: Bound) -> list[Decimal]:
    attribute = bound.measured.attribute
    values = (_value(_told(one, attribute.name), attribute) for one in counted)
    return [Decimal(str(value)) for value in values if value is not None]


def fulfils(one: Happened, comparison: Comparison) -> bool:
    """Whether an event has a property as a comparison asks for it."""
    return fulfilled_by(_told(one, comparison.attribute.name), comparison)


def fulfilled_by(told: int | str | None, comparison: Comparison) -> bool:
    """Whether what an event told of a property (fen of its amount, else a text) is what a comparison asks for."""
    value = _value(told, comparison.attribute)
    match comparison.op:
        case Op.IS_KNOWN:
            return value is not None
        case Op.IS_UNKNOWN:
            return value is None
    return value is not None and holds(comparison, value)


def _told(one: Happened, name: str) -> int | str | None:
    return one.amount_fen if name == AMOUNT else one.entry_code if name == ENTRY else one.properties.get(name)


def _value(told: int | str | None, attribute: Attribute) -> Value | None:
    if told is None or isinstance(told, int):
        return told
    if attribute.name == ENTRY and not told:
        return None
    try:
        return _READ[attribute.type](told)
    except (ValueError, InvalidOperation):
        return None


def _decimal(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal(1).scaleb(-DECIMAL_PLACES), ROUND_DOWN)


_READ: dict[AttributeType, Callable[[str], Value]] = {
    AttributeType.TEXT: str,
    AttributeType.BOOLEAN: lambda text: text == "true",
    AttributeType.INTEGER: int,
    AttributeType.DATE: date.fromisoformat,
    AttributeType.DECIMAL: _decimal,
}


def bind_event(
    name: str, conditions: Iterable[Where], schemas: Mapping[str, EventSchema], pointer: str
) -> tuple[EventSchema, tuple[Comparison, ...]]:
    """The schema of an event and what is asked of its properties; `EventMissing`, `ValueUnfit`, `PropertySealed`."""
    schema = schemas.get(name)
    if schema is None:
        raise EventMissing(f"There is no event '{name[:80]}'.", pointer=f"{pointer}/name", name=name)
    where = tuple(_where(schema, one, f"{pointer}/where/{place}") for place, one in enumerate(conditions))
    return schema, where


def bind_behaviour(node: Behaviour, schemas: Mapping[str, EventSchema], pointer: str) -> Bound:
    """One `event` leaf; refusals as `bind_behaviours`."""
    schema, where = bind_event(node.name, node.where, schemas, pointer)
    kind = AttributeType.INTEGER
    named = node.name
    if node.property is not None:
        attribute = _property(schema, node.property, f"{pointer}/property")
        if attribute.type not in (AttributeType.INTEGER, AttributeType.DECIMAL):
            raise ValueUnfit(
                f"'{node.property}' is {attribute.type}: a sum or a largest value needs a number.",
                pointer=f"{pointer}/property",
            )
        kind, named = attribute.type, attribute.name
    number = Attribute(name=named, label=schema.title, label_en=schema.title_en, type=kind, source="events")
    measured = compared(number, node.op, node.value, pointer=pointer, allowed=frozenset(BEHAVIOUR_OPS))
    return Bound(node, schema, measured, where)


def _where(schema: EventSchema, one: Where, pointer: str) -> Comparison:
    return compared(_property(schema, one.property, f"{pointer}/property"), one.op, one.value, pointer=pointer)


def _property(schema: EventSchema, name: str, pointer: str) -> Attribute:
    found = next((one for one in (*schema.properties, *OF_EVERY_EVENT) if one.name == name), None)
    if found is None:
        raise EventMissing(f"'{schema.name}' has no property '{name[:80]}'.", pointer=pointer, name=name[:80])
    if found.data_class is DataClass.C2:
        raise PropertySealed(
            f"'{name}' of '{schema.name}' is sealed under the customer's own key; nobody can be chosen by it.",
            pointer=pointer,
        )
    return Attribute(
        name=found.name, label=found.label, label_en=found.label_en, type=PROPERTY_TYPES[found.type], source="events"
    )


def shown(value: Any) -> Any:
    """A measure as JSON shows it: whole numbers as such, others as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    return value

"""Fitting a message to its schema: name, corrected time, properties as text, each in its class. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from huoke.kernel.events import DataClass
from huoke.know.events.model import FUTURE_MAX, PAST_MAX, WITHHELD, EventSchema, Kind, Message, Property, PropertyType
from huoke.know.events.quarantine_model import Reason
from huoke.know.events.standard import ALIASED, GROUPED, IDENTIFIED, PAGE, SCREEN

AMOUNT = "amount_fen"
ENTRY = "entry_code"
AMOUNT_MAX = 2**53
NAMED = {
    Kind.PAGE: PAGE,
    Kind.SCREEN: SCREEN,
    Kind.IDENTIFY: IDENTIFIED,
    Kind.GROUP: GROUPED,
    Kind.ALIAS: ALIASED,
}


class Unfit(Exception):  # noqa: N818 - a verdict
    """Why no schema fits; the message goes to quarantine."""

    def __init__(self, reason: Reason, detail: str, property_: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.property = property_


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says: `properties` may be read by whoever may read events, `private` is to be sealed."""

    name: str
    kind: Kind
    at: datetime
    amount_fen: int
    entry_code: str
    properties: dict[str, str]
    private: dict[str, str]

    @property
    def shown(self) -> dict[str, str]:
        """All properties, those of class C2 withheld."""
        return {**self.properties, **dict.fromkeys(self.private, WITHHELD)} if self.private else self.properties


class Registry:
    """The schemas of one bank, by name and alias."""

    def __init__(self, schemas: Iterable[EventSchema]) -> None:
        self.schemas = {schema.name: schema for schema in schemas}
        self._called = {alias: schema for schema in self.schemas.values() for alias in schema.aliases} | self.schemas
        self._properties = {name: {one.name: one for one in schema.properties} for name, schema in self.schemas.items()}
        self._required = {
            name: [one.name for one in schema.properties if one.required] for name, schema in self.schemas.items()
        }

    def fit(self, message: Message, received_at: datetime) -> Fitted:
        """What a message says by its schema; raises `Unfit`."""
        kind = Kind(message.type)
        called = NAMED.get(kind) or (message.event or "").strip()
        schema = self._called.get(called)
        if schema is None:
            raise Unfit(Reason.UNKNOWN_NAME, f"No event is called '{called[:80]}'; register it, or an alias for it.")
        given = given_by(message, kind)
        amount_fen = _amount(given.pop(AMOUNT, None))
        entry_code = _text(given.pop(ENTRY, None))
        public, private = self._sort(schema.name, given)
        return Fitted(
            name=schema.name,
            kind=kind,
            at=happened_at(message, received_at),
            amount_fen=amount_fen,
            entry_code=entry_code,
            properties=public,
            private=private,
        )

    def properties_of(self, name: str) -> Mapping[str, Property]:
        """The properties of a registered name."""
        return self._properties[name]

    def required_of(self, name: str) -> Sequence[str]:
        """The properties that every event of a registered name has."""
        return self._required[name]

    def called(self, name: str) -> str | None:
        """The registered name that goes by this name or alias; None for none."""
        schema = self._called.get(name.strip())
        return schema.name if schema else None

    def _sort(self, name: str, given: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        known = self._properties[name]
        public: dict[str, str] = {}
        private: dict[str, str] = {}
        for key, value in given.items():
            if value is None:
                continue
            one = known.get(key)
            if one is None:
                raise Unfit(Reason.UNKNOWN_PROPERTY, f"{name} has no property '{key[:80]}'; register it.", key[:80])
            (private if one.data_class is DataClass.C2 else public)[key] = as_text(one, value)
        for key in self._required[name]:
            if key not in public and key not in private:
                raise Unfit(Reason.MISSING_PROPERTY, f"{name} needs '{key}'.", key)
        return public, private


def happened_at(message: Message, received_at: datetime) -> datetime:
    """When it happened by our clock: received − (sent − original), as the spec corrects a sender's wrong clock.

    A time a little ahead of us is now; `Unfit` when it lies further ahead, or more than ten years back.
    """
    original = message.original_timestamp or message.timestamp
    if original is None:
        return received_at
    at = _aware(original)
    try:
        if message.sent_at is not None:
            at = received_at - (_aware(message.sent_at) - at)
        ahead = at - received_at
    except OverflowError:
        raise Unfit(Reason.UNFIT_TIME, "timestamp or sentAt lies outside the calendar.") from None
    if ahead > FUTURE_MAX:
        raise Unfit(Reason.UNFIT_TIME, f"It would happen at {at.isoformat()}, which is still to come.")
    if -ahead > PAST_MAX:
        raise Unfit(Reason.UNFIT_TIME, f"It happened at {at.isoformat()}: load history as a file.")
    return min(at, received_at).astimezone(UTC)


def as_text(one: Property, value: Any) -> str:
    """A property's value as the text that is kept; raises `Unfit` when it is not of its type."""
    try:
        return _TEXTS[one.type](value)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        raise Unfit(
            Reason.UNFIT_PROPERTY, f"'{one.name}' is {one.type} here, and this value is not.", one.name
        ) from None


def given_by(message: Message, kind: Kind) -> dict[str, Any]:
    """The properties or traits a message brings, those of its kind of call included."""
    given = dict((message.traits if kind in (Kind.IDENTIFY, Kind.GROUP) else message.properties) or {})
    if kind in (Kind.PAGE, Kind.SCREEN):
        given.setdefault("name", message.name)
        given.setdefault("category", message.category)
    if kind is Kind.GROUP:
        given["group"] = message.group_id
    return given


def _amount(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > AMOUNT_MAX:
        raise Unfit(Reason.UNFIT_PROPERTY, "'amount_fen' is a whole number of fen.", AMOUNT)
    return value


def _text(value: Any) -> str:
    return "" if value is None else str(value)[:64]


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _as_integer(value: Any) -> str:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError
    return str(int(value))


def _as_decimal(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError  # noqa: TRY004 - one verdict for all
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return f"{number:f}"


def _as_boolean(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value in ("true", "false"):
        return str(value)
    raise ValueError


def _as_date(value: Any) -> str:
    return date.fromisoformat(value[:10]).isoformat()


def _as_instant(value: Any) -> str:
    return msgspec.json.encode(_aware(datetime.fromisoformat(value)).astimezone(UTC)).decode().strip('"')


_TEXTS = {
    PropertyType.TEXT: _as_text,
    PropertyType.INTEGER: _as_integer,
    PropertyType.DECIMAL: _as_decimal,
    PropertyType.BOOLEAN: _as_boolean,
    PropertyType.DATE: _as_date,
    PropertyType.INSTANT: _as_instant,
}

"""The expression language: one JSON tree that says which customers are meant.

    {"kind": "all", "of": [
        {"kind": "attr", "name": "age", "op": "between", "value": [25, 34]},
        {"kind": "not", "of": {"kind": "attr", "name": "job", "op": "in", "value": ["student"]}},
        {"kind": "event", "name": "payment.made", "measure": "count", "op": ">=", "value": 3, "window_days": 30,
         "where": [{"property": "channel", "op": "=", "value": "app"}]},
        {"kind": "sequence", "steps": [{"name": "product.viewed"}, {"name": "product.viewed"}], "within_days": 7,
         "window_days": 30, "never": {"name": "product.bought"}},
        {"kind": "rank", "by": {"kind": "attr", "name": "score"}, "direction": "top", "take": {"percent": 20},
         "within": "branch"},
        {"kind": "tag", "name": "wealth_band", "op": "in", "value": ["gold", "platinum"]},
        {"kind": "segment", "segment_id": "0198…"}, {"kind": "upload", "upload_id": "0198…"}]}

Unknown is a verdict of its own (Kleene's three-valued logic). A comparison with an unknown value is unknown; `not` of
unknown is unknown; `all` is unknown when no part is false and one is unknown; `any` when no part is true and one is
unknown. Only customers with the verdict *true* are members, so a customer whose age is unknown is in neither
`age < 30` nor `not (age < 30)`: ask `is_unknown` to reach them. `is_known`, `is_unknown`, `bucket` and `upload` are
never unknown. `all` of nothing is true, `any` of nothing is false.

An `event` looks at a customer's events of one name, those that fulfil every `where`, in a window of the bank's days:
`window_days` 1 is today, 30 today and the 29 days before, none is ever. `count`, `days` (with at least one) and `sum`
are 0 where there was no event, so never unknown; `max` and `last_days_ago` (0 is today) are then unknown. A `segment`
stands for the rule of another segment, as it reads when it is asked. A `sequence` and a `rank` are told at `Sequence_`
and `Rank`. A `tag` asks for values of a tag, as it was filled
last; a tag of one value only has the value "yes". Who was not there yet when it was filled is unknown to it.
"""

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

UNIT = "unit"
"""The built-in attribute: the organisation unit a customer belongs to; naming a unit means it and all below it."""


class Op(StrEnum):
    """How an attribute is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    IN = "in"
    NOT_IN = "not_in"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    BETWEEN = "between"
    """Both ends included."""
    BEGINS = "begins"
    """Of texts: a code and all below it, as 33 begins every region of a province."""
    NOT_BEGINS = "not_begins"
    IS_KNOWN = "is_known"
    IS_UNKNOWN = "is_unknown"


class Measure(StrEnum):
    """What is taken of a customer's events."""

    COUNT = "count"
    DAYS = "days"
    SUM = "sum"
    MAX = "max"
    LAST_DAYS_AGO = "last_days_ago"


class All(msgspec.Struct, frozen=True, tag_field="kind", tag="all", forbid_unknown_fields=True):
    """Every part is true."""

    of: tuple["Expression", ...]


class Any_(msgspec.Struct, frozen=True, tag_field="kind", tag="any", forbid_unknown_fields=True):  # noqa: N801 - `Any` is taken
    """At least one part is true."""

    of: tuple["Expression", ...]


class Not(msgspec.Struct, frozen=True, tag_field="kind", tag="not", forbid_unknown_fields=True):
    """The part is false; unknown stays unknown."""

    of: "Expression"


class Attr(msgspec.Struct, frozen=True, tag_field="kind", tag="attr", forbid_unknown_fields=True):
    """An attribute compared with one value, a list (`in`, `not_in`), two ends (`between`) or none (`is_known`)."""

    name: str
    op: Op
    value: Any = None


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A property of an event compared; an event that does not have the property does not fulfil it."""

    property: str
    op: Op
    value: Any = None


class Behaviour(msgspec.Struct, frozen=True, tag_field="kind", tag="event", forbid_unknown_fields=True):
    """A measure of a customer's events of one name compared with a number, or two ends; `property` for sum and max."""

    name: str
    op: Op
    measure: Measure = Measure.COUNT
    property: str | None = None
    value: Any = None
    window_days: int | None = None
    where: tuple[Where, ...] = ()


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event of one name that fulfils every `where`."""

    name: str
    where: tuple[Where, ...] = ()


class Sequence_(msgspec.Struct, frozen=True, tag_field="kind", tag="sequence", forbid_unknown_fields=True):  # noqa: N801 - taken
    """Events that happened one after the other, by their own time, however late they arrived; never unknown.

    Each step is strictly later than the one before: of two events of one instant neither came first. The last is at
    most `within_days` times 24 hours after the first, and no `never` lies strictly between the two. All of them are in
    the window, which counts the bank's days as a behaviour's does. One event can be two steps, at different times only.
    """

    steps: tuple[Step, ...]
    within_days: int
    window_days: int | None = None
    never: Step | None = None


class ByAttr(msgspec.Struct, frozen=True, tag_field="kind", tag="attr", forbid_unknown_fields=True):
    """Ranked by an attribute: a number or a date."""

    name: str


class ByEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="event", forbid_unknown_fields=True):
    """Ranked by a measure of events, as a behaviour takes it."""

    name: str
    measure: Measure = Measure.COUNT
    property: str | None = None
    window_days: int | None = None
    where: tuple[Where, ...] = ()

    def behaviour(self) -> "Behaviour":
        """A behaviour of the same measure: what may not be looked at is refused by it."""
        return Behaviour(self.name, Op.AT_LEAST, self.measure, self.property, 0, self.window_days, self.where)


class Direction(StrEnum):
    """From which end a rank takes."""

    TOP = "top"
    """The largest, the latest day."""
    BOTTOM = "bottom"


class Within(StrEnum):
    """Among whom a customer is ranked."""

    BANK = "bank"
    BRANCH = "branch"
    """The branch a customer's unit belongs to; the head office is its own."""
    UNIT = "unit"
    """The customer's own unit, without those below it."""


class Take(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of a group: a share in whole percent, rounded up to a customer, or a number; one of the two."""

    percent: int | None = None
    count: int | None = None


class Rank(msgspec.Struct, frozen=True, tag_field="kind", tag="rank", forbid_unknown_fields=True):
    """The first of each group by a value.

    Ranked are the active customers within the caller's units whose value is known, whether or not they may be marketed
    to; by events, those with at least one that counts. Everyone equal to the last one taken is in, so a group can give
    more than was asked for. Who has no value is unknown; who did nothing that is counted or added up is out.
    """

    by: ByAttr | ByEvent
    take: Take
    direction: Direction = Direction.TOP
    within: Within = Within.BANK


class Tag(msgspec.Struct, frozen=True, tag_field="kind", tag="tag", forbid_unknown_fields=True):
    """A tag by its name: whether its value is one of a list (`in`, `not_in`), or there is one (`is_known`)."""

    name: str
    op: Op = Op.IN
    value: Any = None


class Reference(msgspec.Struct, frozen=True, tag_field="kind", tag="segment", forbid_unknown_fields=True):
    """The rule of another segment."""

    segment_id: UUID


class Bucket(msgspec.Struct, frozen=True, tag_field="kind", tag="bucket", forbid_unknown_fields=True):
    """A stable share of all customers by salted hash: from `low_ppm` up to, not including, `high_ppm`."""

    salt: str
    low_ppm: int
    high_ppm: int


class Upload(msgspec.Struct, frozen=True, tag_field="kind", tag="upload", forbid_unknown_fields=True):
    """The members of an uploaded list."""

    upload_id: UUID


Expression = All | Any_ | Not | Attr | Behaviour | Sequence_ | Rank | Tag | Reference | Bucket | Upload
BEHAVIOUR_OPS = (Op.AT_LEAST, Op.AT_MOST, Op.MORE, Op.LESS, Op.EQUAL, Op.NOT_EQUAL, Op.BETWEEN)
"""How a measure may be compared: it is always a number."""
TAG_OPS = (Op.IN, Op.NOT_IN, Op.IS_KNOWN, Op.IS_UNKNOWN)
"""What may be asked of a tag."""


def walk(expression: Expression, path: str = "") -> Iterator[tuple[str, Expression]]:
    """Every node with its JSON pointer inside the expression, parents first; the root's is empty."""
    yield path, expression
    match expression:
        case All(of=parts) | Any_(of=parts):
            for index, part in enumerate(parts):
                yield from walk(part, f"{path}/of/{index}")
        case Not(of=part):
            yield from walk(part, f"{path}/of")


def content_hash(expression: Expression) -> bytes:
    """16 bytes, equal for expressions that differ only in the order of parts or of the values in a list."""
    match expression:
        case All(of=parts) | Any_(of=parts):
            body = b"".join(sorted({content_hash(part) for part in parts}))
        case Not(of=part):
            body = content_hash(part)
        case Attr(name=name, op=op, value=value) | Tag(name=name, op=op, value=value):
            values = sorted(value, key=repr) if op in (Op.IN, Op.NOT_IN) else value
            body = msgspec.json.encode([name, op, values], enc_hook=str)
        case Behaviour(where=where):
            whole = msgspec.json.encode(msgspec.structs.replace(expression, where=()), enc_hook=str)
            body = b"\0".join([whole, *sorted({_plain_where(one) for one in where})])
        case Sequence_() | Rank():
            body = msgspec.json.encode(_plain(expression))
        case Bucket() | Upload() | Reference():
            body = msgspec.json.encode(expression)
    kind = type(expression).__name__.encode()
    return hashlib.sha256(kind + b"\0" + body).digest()[:16]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an expression; visual builders are generated from it."""
    schema = msgspec.json.schema(Expression)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Expression", **schema}


def events_in(expression: Expression) -> frozenset[str]:
    """The events an expression names itself."""
    return frozenset[str]().union(*(events_of(node) for _, node in walk(expression)))


def events_of(node: Expression) -> frozenset[str]:
    """The events one leaf names."""
    match node:
        case Behaviour(name=name) | Rank(by=ByEvent(name=name)):
            return frozenset([name])
        case Sequence_(steps=steps, never=never):
            return frozenset(step.name for step in (*steps, *((never,) if never else ())))
        case _:
            return frozenset()


def _plain_where(one: Where) -> bytes:
    values = sorted(one.value, key=repr) if one.op in (Op.IN, Op.NOT_IN) else one.value
    return msgspec.json.encode([one.property, one.op, values], enc_hook=str)


def _plain(node: Any) -> Any:
    """A part of a leaf as JSON values, its properties in one order whatever order they came in."""
    match node:
        case Step(name=name, where=where):
            return [name, *sorted({_plain_where(one).decode() for one in where})]
        case ByEvent(where=where):
            whole = msgspec.json.encode(msgspec.structs.replace(node, where=())).decode()
            return [whole, *sorted({_plain_where(one).decode() for one in where})]
        case Sequence_() | Rank():
            return [_plain(getattr(node, name)) for name in node.__struct_fields__]
        case tuple():
            return [_plain(one) for one in node]
        case _:
            return node

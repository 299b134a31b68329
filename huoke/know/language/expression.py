"""The expression language: one JSON tree that says which customers are meant.

    {"kind": "all", "of": [
        {"kind": "attr", "name": "age", "op": "between", "value": [25, 34]},
        {"kind": "not", "of": {"kind": "attr", "name": "job", "op": "in", "value": ["student"]}},
        {"kind": "event", "name": "payment.made", "measure": "count", "op": ">=", "value": 3, "window_days": 30,
         "where": [{"property": "channel", "op": "=", "value": "app"}]},
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
stands for the rule of another segment, as it reads when it is asked. A `tag` asks for values of a tag, as it was filled
last; a tag of one value only has the value "yes". Who was not there yet when it was filled is unknown to it.
"""

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import PPM

DEPTH_MAX = 12
NODES_MAX = 200
VALUES_MAX = 1_000
WHERE_MAX = 10
WINDOW_DAYS_MAX = 3_650
UNIT = "unit"
"""The built-in attribute: the organisation unit a customer belongs to; naming a unit means it and all below it."""


class ExpressionUnfit(Invalid):
    """The expression is not well formed; `pointer` says where."""

    code = "segments.expression"


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


Expression = All | Any_ | Not | Attr | Behaviour | Tag | Reference | Bucket | Upload
BEHAVIOUR_OPS = (Op.AT_LEAST, Op.AT_MOST, Op.MORE, Op.LESS, Op.EQUAL, Op.NOT_EQUAL, Op.BETWEEN)
"""How a measure may be compared: it is always a number."""
TAG_OPS = (Op.IN, Op.NOT_IN, Op.IS_KNOWN, Op.IS_UNKNOWN)
"""What may be asked of a tag."""


def parse(value: Any, *, pointer: str = "/expression") -> Expression:
    """An expression out of JSON values; `ExpressionUnfit` names the node."""
    try:
        expression: Expression = msgspec.convert(value, Expression)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ExpressionUnfit(f"The expression is not well formed: {error}.", pointer=pointer) from None
    for number, (path, node) in enumerate(walk(expression), start=1):
        if path.count("/of") > DEPTH_MAX or number > NODES_MAX:
            raise ExpressionUnfit(
                f"The expression is too large: at most {NODES_MAX} nodes, {DEPTH_MAX} deep.", pointer=pointer
            )
        if isinstance(node, Bucket) and not 0 <= node.low_ppm < node.high_ppm <= PPM:
            raise ExpressionUnfit(
                f"A bucket reaches from low_ppm up to high_ppm within 0 … {PPM}.", pointer=pointer + path
            )
        if isinstance(node, Attr):
            _check_arity(node.name, node.op, node.value, pointer + path)
        if isinstance(node, Behaviour):
            _check_behaviour(node, pointer + path)
        if isinstance(node, Tag):
            _check_tag(node, pointer + path)
    return expression


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
        case Bucket() | Upload() | Reference():
            body = msgspec.json.encode(expression)
    kind = type(expression).__name__.encode()
    return hashlib.sha256(kind + b"\0" + body).digest()[:16]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an expression; visual builders are generated from it."""
    schema = msgspec.json.schema(Expression)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Expression", **schema}


def _plain_where(one: Where) -> bytes:
    values = sorted(one.value, key=repr) if one.op in (Op.IN, Op.NOT_IN) else one.value
    return msgspec.json.encode([one.property, one.op, values], enc_hook=str)


def _check_behaviour(node: Behaviour, pointer: str) -> None:
    if node.op not in BEHAVIOUR_OPS:
        raise ExpressionUnfit(f"A measure is compared by {', '.join(BEHAVIOUR_OPS)}.", pointer=f"{pointer}/op")
    _check_arity(node.name, node.op, node.value, pointer)
    if (node.property is None) is (node.measure in (Measure.SUM, Measure.MAX)):
        form = "a property" if node.property is None else "no property"
        raise ExpressionUnfit(f"'{node.measure}' takes {form}.", pointer=f"{pointer}/property")
    if node.window_days is not None and not 1 <= node.window_days <= WINDOW_DAYS_MAX:
        raise ExpressionUnfit(f"A window has 1 to {WINDOW_DAYS_MAX} days.", pointer=f"{pointer}/window_days")
    if len(node.where) > WHERE_MAX:
        raise ExpressionUnfit(f"At most {WHERE_MAX} properties are compared.", pointer=f"{pointer}/where")
    for place, one in enumerate(node.where):
        _check_arity(one.property, one.op, one.value, f"{pointer}/where/{place}")


def _check_tag(node: Tag, pointer: str) -> None:
    if node.op not in TAG_OPS:
        raise ExpressionUnfit(f"A tag is asked by {', '.join(TAG_OPS)}.", pointer=f"{pointer}/op")
    _check_arity(node.name, node.op, node.value, pointer)


def _check_arity(name: str, op: Op, value: Any, pointer: str) -> None:
    match op:
        case Op.IS_KNOWN | Op.IS_UNKNOWN:
            fits = value is None
            form = "no value"
        case Op.IN | Op.NOT_IN:
            fits = isinstance(value, list) and 0 < len(value) <= VALUES_MAX
            form = f"a list of 1 to {VALUES_MAX} values"
        case Op.BETWEEN:
            fits = isinstance(value, list) and len(value) == 2
            form = "a list of the two ends"
        case _:
            fits = value is not None and not isinstance(value, (list, dict))
            form = "one value"
    if not fits:
        raise ExpressionUnfit(f"'{op}' on '{name[:80]}' takes {form}.", pointer=f"{pointer}/value")

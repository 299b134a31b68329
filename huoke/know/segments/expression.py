"""The expression language: one JSON tree that says which customers are meant.

    {"kind": "all", "of": [
        {"kind": "attr", "name": "age", "op": "between", "value": [25, 34]},
        {"kind": "not", "of": {"kind": "attr", "name": "job", "op": "in", "value": ["student"]}},
        {"kind": "upload", "upload_id": "0198…"}]}

Unknown is a verdict of its own (Kleene's three-valued logic). A comparison with an unknown value is unknown; `not` of
unknown is unknown; `all` is unknown when no part is false and one is unknown; `any` when no part is true and one is
unknown. Only customers with the verdict *true* are members, so a customer whose age is unknown is in neither
`age < 30` nor `not (age < 30)`: ask `is_unknown` to reach them. `is_known`, `is_unknown`, `bucket` and `upload` are
never unknown. `all` of nothing is true, `any` of nothing is false.
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


class Bucket(msgspec.Struct, frozen=True, tag_field="kind", tag="bucket", forbid_unknown_fields=True):
    """A stable share of all customers by salted hash: from `low_ppm` up to, not including, `high_ppm`."""

    salt: str
    low_ppm: int
    high_ppm: int


class Upload(msgspec.Struct, frozen=True, tag_field="kind", tag="upload", forbid_unknown_fields=True):
    """The members of an uploaded list."""

    upload_id: UUID


Expression = All | Any_ | Not | Attr | Bucket | Upload


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
            _check_arity(node, pointer + path)
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
        case Attr(name=name, op=op, value=value):
            values = sorted(value, key=repr) if op in (Op.IN, Op.NOT_IN) else value
            body = msgspec.json.encode([name, op, values], enc_hook=str)
        case Bucket() | Upload():
            body = msgspec.json.encode(expression)
    kind = type(expression).__name__.encode()
    return hashlib.sha256(kind + b"\0" + body).digest()[:16]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an expression; visual builders are generated from it."""
    schema = msgspec.json.schema(Expression)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Expression", **schema}


def _check_arity(node: Attr, pointer: str) -> None:
    match node.op:
        case Op.IS_KNOWN | Op.IS_UNKNOWN:
            fits = node.value is None
            form = "no value"
        case Op.IN | Op.NOT_IN:
            fits = isinstance(node.value, list) and 0 < len(node.value) <= VALUES_MAX
            form = f"a list of 1 to {VALUES_MAX} values"
        case Op.BETWEEN:
            fits = isinstance(node.value, list) and len(node.value) == 2
            form = "a list of the two ends"
        case _:
            fits = node.value is not None and not isinstance(node.value, (list, dict))
            form = "one value"
    if not fits:
        raise ExpressionUnfit(f"'{node.op}' on '{node.name}' takes {form}.", pointer=f"{pointer}/value")

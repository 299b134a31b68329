"""Leaves with their types: each comparison is bound to its attribute, its values read by the attribute's type."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from huoke.know.customers import Attribute, AttributeType
from huoke.know.language.expression import UNIT, Attr, Expression, Op, walk
from huoke.know.language.model import AttributeMissing, AttributeSealed, ValueUnfit

INTEGER_MAX = 2**63 - 1
DECIMAL_PLACES = 4
DECIMAL_LIMIT = Decimal(10) ** 14
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

UNIT_OPS = _EQUALITY = frozenset({Op.EQUAL, Op.NOT_EQUAL, Op.IN, Op.NOT_IN})
_PRESENCE = frozenset({Op.IS_KNOWN, Op.IS_UNKNOWN})
_ORDER = frozenset({Op.LESS, Op.AT_MOST, Op.MORE, Op.AT_LEAST, Op.BETWEEN})
BAND_OPS = frozenset({Op.AT_LEAST, Op.LESS}) | _PRESENCE
"""What may be asked of a value of class C2: on which side of an edge it lies."""
OPS_OF_TYPE: dict[AttributeType, frozenset[Op]] = {
    AttributeType.TEXT: _EQUALITY | _PRESENCE | frozenset({Op.BEGINS, Op.NOT_BEGINS}),
    AttributeType.BOOLEAN: frozenset({Op.EQUAL, Op.NOT_EQUAL}) | _PRESENCE,
    AttributeType.INTEGER: _EQUALITY | _PRESENCE | _ORDER,
    AttributeType.DECIMAL: _EQUALITY | _PRESENCE | _ORDER,
    AttributeType.DATE: _EQUALITY | _PRESENCE | _ORDER,
}

Value = str | int | bool | Decimal | date


class Comparison(msgspec.Struct, frozen=True):
    """A leaf bound to its attribute: `values` is one value, the list, the two ends, or empty for is_(un)known."""

    attribute: Attribute
    op: Op
    values: tuple[Value, ...]


UNIT_ATTRIBUTE = Attribute(name=UNIT, label="机构", label_en="Unit", type=AttributeType.INTEGER, source="customers")


def bind(
    expression: Expression, attributes: Mapping[str, Attribute], *, pointer: str = "/expression"
) -> dict[str, Comparison]:
    """Every `attr` leaf of the tree, by its path, bound to its attribute.

    Raises `AttributeMissing` or `ValueUnfit` with the pointer of the node.
    """
    return {
        path: _bind_leaf(node, attributes, pointer + path) for path, node in walk(expression) if isinstance(node, Attr)
    }


def read_value(kind: AttributeType, value: Any) -> Value | None:
    """A JSON value as the type holds it, or None when it does not fit."""
    match kind:
        case AttributeType.TEXT:
            return value if isinstance(value, str) else None
        case AttributeType.BOOLEAN:
            return value if isinstance(value, bool) else None
        case AttributeType.INTEGER:
            fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= INTEGER_MAX
            return value if fits else None
        case AttributeType.DECIMAL:
            return _read_decimal(value)
        case AttributeType.DATE:
            return _read_date(value)


def compared(
    attribute: Attribute, op: Op, value: Any, *, pointer: str, allowed: frozenset[Op] | None = None
) -> Comparison:
    """A comparison with its values read; `ValueUnfit` with the pointer of what does not fit."""
    fitting = OPS_OF_TYPE[attribute.type] if allowed is None else allowed
    if op not in fitting:
        raise ValueUnfit(
            f"'{op}' does not fit '{attribute.name}', which is {attribute.type}: use {', '.join(sorted(fitting))}.",
            pointer=f"{pointer}/op",
        )
    given = value if isinstance(value, list) else [] if value is None else [value]
    values = []
    for one in given:
        typed = read_value(attribute.type, one)
        if typed is None:
            raise ValueUnfit(
                f"{str(one)[:80]!r} is no {attribute.type}, which '{attribute.name}' holds.", pointer=f"{pointer}/value"
            )
        values.append(typed)
    return Comparison(attribute, op, tuple(values))


def holds(comparison: Comparison, value: Value) -> bool:
    """Whether a known value fulfils a comparison."""
    return bool(_RULES[comparison.op](value, comparison.values))


def _bind_leaf(node: Attr, attributes: Mapping[str, Attribute], pointer: str) -> Comparison:
    attribute = UNIT_ATTRIBUTE if node.name == UNIT else attributes.get(node.name)
    if attribute is None:
        raise AttributeMissing(f"There is no attribute '{node.name[:80]}'.", pointer=f"{pointer}/name", name=node.name)
    if attribute.data_class == "C2":
        return _banded(attribute, node, pointer)
    return compared(attribute, node.op, node.value, pointer=pointer, allowed=_EQUALITY if node.name == UNIT else None)


def _banded(attribute: Attribute, node: Attr, pointer: str) -> Comparison:
    """A comparison with a value that lies sealed: only the edges of its bands tell customers apart (rule F1)."""
    if not attribute.bands:
        raise AttributeSealed(
            f"'{attribute.name}' is sealed under each customer's own key (class C2): no rule can look at it."
            " Ask for its bands under sealed values to make it usable.",
            pointer=f"{pointer}/name",
            name=attribute.name,
            label=attribute.label,
            label_en=attribute.label_en,
            rule="F1",
        )
    found = compared(attribute, node.op, node.value, pointer=pointer, allowed=BAND_OPS)
    edges = {read_value(attribute.type, _json_value(attribute.type, edge)) for edge in attribute.bands}
    if not edges.issuperset(found.values):
        raise ValueUnfit(
            f"'{attribute.name}' is known by its bands only: compare it with {', '.join(attribute.bands)}.",
            pointer=f"{pointer}/value",
            edges=list(attribute.bands),
        )
    return found


def _json_value(kind: AttributeType, edge: str) -> Any:
    return int(edge) if kind is AttributeType.INTEGER else edge


def _read_decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= DECIMAL_LIMIT:
        return None
    rounded = round(number, DECIMAL_PLACES)
    return rounded if rounded == number else None


def _read_date(value: Any) -> date | None:
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


_RULES: dict[Op, Callable[[Any, tuple[Any, ...]], bool]] = {
    Op.EQUAL: lambda value, given: value == given[0],
    Op.NOT_EQUAL: lambda value, given: value != given[0],
    Op.IN: lambda value, given: value in given,
    Op.NOT_IN: lambda value, given: value not in given,
    Op.BEGINS: lambda value, given: value.startswith(given[0]),
    Op.NOT_BEGINS: lambda value, given: not value.startswith(given[0]),
    Op.LESS: lambda value, given: value < given[0],
    Op.AT_MOST: lambda value, given: value <= given[0],
    Op.MORE: lambda value, given: value > given[0],
    Op.AT_LEAST: lambda value, given: value >= given[0],
    Op.BETWEEN: lambda value, given: given[0] <= value <= given[1],
}

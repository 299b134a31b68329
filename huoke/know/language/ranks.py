"""Rank leaves: what is ranked bound to its type, among whom, and one customer beside the edge of its group. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from huoke.know.customers import DECIMAL_SCALE, Attribute, AttributeType
from huoke.know.events import EventSchema
from huoke.know.language.behaviour import Bound, Happened, bind_behaviour, counted_of, measure
from huoke.know.language.expression import ByAttr, Direction, Expression, Rank, Within, walk
from huoke.know.language.model import AttributeMissing, AttributeSealed, ValueUnfit, Verdict
from huoke.know.language.typed import Value, read_value

ORDERED = frozenset({AttributeType.INTEGER, AttributeType.DECIMAL, AttributeType.DATE})
"""Types whose values come one after the other."""
WHOLE_BANK = 0


class BoundRank(msgspec.Struct, frozen=True):
    """A rank leaf: its attribute (of a measure: the number it is), its behaviour if it is of events, the groups."""

    node: Rank
    attribute: Attribute
    behaviour: Bound | None
    groups: Mapping[int, int]
    """Unit → group, where that is neither the bank nor the unit itself."""

    @property
    def nothing_is_out(self) -> bool:
        """Whether who did nothing is out, not unknown."""
        return self.behaviour is not None and self.behaviour.never_unknown

    def group_of(self, unit_id: int) -> int:
        """The group a customer of a unit is ranked in."""
        match self.node.within:
            case Within.BANK:
                return WHOLE_BANK
            case Within.BRANCH:
                return self.groups.get(unit_id, unit_id)
            case Within.UNIT:
                return unit_id

    def taken(self, ranked: int) -> int:
        """How many a group of so many gives, before those equal to the last of them."""
        percent, count = self.node.take.percent, self.node.take.count
        return min(ranked, count or 0) if percent is None else -(-ranked * percent // 100)

    def reaches(self, value: Any, edge: Any) -> bool:
        """Whether a value is at the edge of its group or beyond it."""
        return bool(value >= edge if self.node.direction is Direction.TOP else value <= edge)


def bind_ranks(
    expression: Expression,
    attributes: Mapping[str, Attribute],
    schemas: Mapping[str, EventSchema],
    below: Mapping[int, frozenset[int]],
    *,
    pointer: str = "/expression",
) -> dict[str, BoundRank]:
    """Every `rank` leaf by its path.

    `AttributeMissing`, `AttributeSealed`, `ValueUnfit` for what has no order, and the refusals of behaviours.
    """
    found = {}
    for path, node in walk(expression):
        if isinstance(node, Rank):
            at = f"{pointer}{path}/by"
            groups = branches(below) if node.within is Within.BRANCH else {}
            if isinstance(node.by, ByAttr):
                found[path] = BoundRank(node, _ordered(node.by.name, attributes, at), None, groups)
            else:
                bound = bind_behaviour(node.by.behaviour(), schemas, at)
                found[path] = BoundRank(node, bound.measured.attribute, bound, groups)
    return found


def branches(below: Mapping[int, frozenset[int]]) -> dict[int, int]:
    """For every unit the branch it belongs to, from what lies below each; the head office is its own."""
    above: dict[int, list[int]] = {}
    for unit in sorted(below, key=lambda one: (-len(below[one]), one)):
        for inside in below[unit]:
            above.setdefault(inside, []).append(unit)
    return {unit: way[1] if len(way) > 1 else unit for unit, way in above.items()}


def value_ranked(
    bound: BoundRank, attributes: Mapping[str, Any], happenings: Iterable[Happened], today: date
) -> Value | None:
    """The value one customer is ranked by; None where there is none, so that the customer is not ranked."""
    if bound.behaviour is None:
        value = attributes.get(bound.attribute.name)
        return None if value is None else read_value(bound.attribute.type, value)
    counted = counted_of(bound.behaviour, happenings, today)
    return measure(bound.behaviour, counted, today) if counted else None


def rank_verdict(bound: BoundRank, value: Value | None, edge: Value | None) -> Verdict:
    """One leaf for one customer beside the edge of its group; unknown while the edge is."""
    if value is None:
        return Verdict.FALSE if bound.nothing_is_out else Verdict.UNKNOWN
    if edge is None:
        return Verdict.UNKNOWN
    return Verdict.TRUE if bound.reaches(value, edge) else Verdict.FALSE


def rank_digest(bound: BoundRank) -> str:
    """The same for the same rank in every segment of a bank, another one when the bank's branches are others."""
    groups = sorted(bound.groups.items())
    text = repr((msgspec.json.encode(bound.node), bound.attribute.type.value, groups))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def edge_read(bound: BoundRank, text: str) -> Value:
    """An edge as ClickHouse tells it: whole ten-thousandths of a decimal, days as such."""
    match bound.attribute.type:
        case AttributeType.DATE:
            return date.fromisoformat(text)
        case AttributeType.DECIMAL:
            return Decimal(text) / DECIMAL_SCALE
        case _:
            return int(text)


def _ordered(name: str, attributes: Mapping[str, Attribute], pointer: str) -> Attribute:
    attribute = attributes.get(name)
    if attribute is None:
        raise AttributeMissing(f"There is no attribute '{name[:80]}'.", pointer=f"{pointer}/name", name=name)
    if attribute.data_class == "C2":
        raise AttributeSealed(
            f"'{name}' is sealed under each customer's own key (class C2): at most its bands are known, and nobody can"
            " be ranked by it.",
            pointer=f"{pointer}/name",
            name=name,
            label=attribute.label,
            label_en=attribute.label_en,
            rule="F1",
        )
    if attribute.type not in ORDERED:
        raise ValueUnfit(f"'{name}' is {attribute.type}: a rank needs numbers or dates.", pointer=f"{pointer}/name")
    return attribute

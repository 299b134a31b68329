"""What the customers of a rule are like beside all of the bank's in scope: attribute by attribute, from stored sets.

Which values and edges are told apart stands for a while; the counts are exact and of the data's own time. Values of
class C2 are never told, deposit facts only where the rule may select on them (rule B1).
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from huoke.govern.people import UnitKind, units
from huoke.kernel import sets
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import Plan
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import Attribute, AttributeType, deposit_lineage
from huoke.know.language import (
    UNIT_ATTRIBUTE,
    YES,
    Analytics,
    Comparison,
    Expression,
    Op,
    Question,
    Serves,
    evaluate_plan,
    leaf_key,
    units_below,
)
from huoke.know.segments.count import Scope, ask
from huoke.know.segments.model import Portrait, PortraitTrait, PortraitValue
from huoke.know.segments.sql_seen import Spread, spreads_of_attributes

PORTRAIT_MIN = 10
"""Fewer customers than that have no portrait: it would show one of them."""
STANDS_FOR = timedelta(minutes=5)
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


class _Part(msgspec.Struct, frozen=True):
    """A stored set that is counted: of one value, or of all from `low` on."""

    comparison: Comparison
    value: str = ""
    low: Decimal | None = None


class _Trait(msgspec.Struct, frozen=True):
    attribute: Attribute
    parts: tuple[_Part, ...]


async def portrait(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> Portrait:
    """How many of a rule's customers, and of all in scope, have each value; refusals as `count`.

    Traits come in the attributes' order with units last; `traits` is empty below `PORTRAIT_MIN` customers.
    """
    question = await ask(tx, analytics, expression, scope)
    inside = question.planner.yes(question.compiled.expanded)
    return await portrait_beside(tx, analytics, question, inside, question.universe, scope)


async def portrait_beside(
    tx: Tx, analytics: Analytics, question: Question, inside: Plan, beside: Plan, scope: Scope
) -> Portrait:
    """The customers of one plan (`total`) beside those of another (`universe`), both over the question's sets.

    `traits` is empty with fewer than `PORTRAIT_MIN` customers on a side.
    """
    traits = [*await _standing_traits(tx, analytics, scope), await _unit_trait(tx, scope)]
    wholes = {YES: inside, "universe": beside}
    counts = await _count(tx, analytics, question, [trait for trait in traits if trait.parts], wholes)
    total, universe = counts[YES], counts["universe"]
    shown = traits if min(total, universe) >= PORTRAIT_MIN else []
    told = [_told(trait, counts) for trait in shown if trait.parts]
    return Portrait(
        total=total, universe=universe, traits=[one for one in told if one.values], data_at=question.data_at
    )


class TraitSet(msgspec.Struct, frozen=True):
    """Customers with a value of an attribute, or with all of it from `low` on."""

    attribute: Attribute
    comparison: Comparison
    value: str | None
    low: str | None


async def trait_sets(tx: Tx, analytics: Analytics, scope: Scope) -> list[TraitSet]:
    """The sets that a portrait counts, units left out; of deposit facts only where the scope may select on them."""
    return [
        TraitSet(
            attribute=trait.attribute,
            comparison=part.comparison,
            value=part.value if part.low is None else None,
            low=None if part.low is None else f"{part.low:f}",
        )
        for trait in await _standing_traits(tx, analytics, scope)
        for part in trait.parts
    ]


def snapped(value: float) -> Decimal:
    """The nearest round number: 31 is 30, 4,870 is 5,000, 0.13 is 0.15."""
    if not value or not math.isfinite(value):
        return Decimal(0)
    power = math.floor(math.log10(abs(value)))
    nearest = min(_ROUND, key=lambda step: abs(step * 10.0**power - abs(value)))
    return (Decimal(str(nearest)).scaleb(power) * (1 if value > 0 else -1)).normalize()


async def _count(
    tx: Tx, analytics: Analytics, question: Question, traits: Sequence[_Trait], wholes: Mapping[str, Plan]
) -> dict[str, int]:
    """Every set of every trait within each of the wholes, by `<whole>/<key>`."""
    leaves = {leaf_key(one): one for trait in traits for one in _comparisons(trait)}
    question = msgspec.structs.replace(question, beside=leaves)
    parts: list[Plan] = [sets.Any_(name=name, parts=(whole,)) for name, whole in wholes.items()]
    for key in leaves:
        stored = sets.Leaf(key=question.version.prefix + key)
        parts += [sets.All(name=f"{name}/{key}", parts=(whole, stored)) for name, whole in wholes.items()]
    return (await evaluate_plan(tx, analytics, question, sets.Any_(parts=tuple(parts)))).counts


def _comparisons(trait: _Trait) -> list[Comparison]:
    return [_known(trait.attribute), *(part.comparison for part in trait.parts)]


def _known(attribute: Attribute) -> Comparison:
    return Comparison(attribute, Op.IS_KNOWN, ())


def _told(trait: _Trait, counts: Mapping[str, int]) -> PortraitTrait:
    def of(comparison: Comparison) -> tuple[int, int]:
        key = leaf_key(comparison)
        return counts[f"{YES}/{key}"], counts[f"universe/{key}"]

    attribute = trait.attribute
    known, known_universe = of(_known(attribute))
    if trait.parts[0].low is None:
        values = [
            PortraitValue(value=part.value, count=a, universe=b)
            for part in trait.parts
            for a, b in [of(part.comparison)]
        ]
    else:
        values = _bands(trait, (known, known_universe), [of(part.comparison) for part in trait.parts])
    return PortraitTrait(
        name=attribute.name,
        label=attribute.label,
        label_en=attribute.label_en,
        type=attribute.type,
        known=known,
        known_universe=known_universe,
        values=[one for one in values if one.universe],
    )


def _bands(trait: _Trait, known: tuple[int, int], above: Sequence[tuple[int, int]]) -> list[PortraitValue]:
    """From the sets "at least an edge" the bands between edges; the first has no lower end, the last no upper one."""
    edges = [None, *(f"{part.low:f}" for part in trait.parts), None]
    heights = [known, *above, (0, 0)]
    return [
        PortraitValue(low=low, high=high, count=here[0] - over[0], universe=here[1] - over[1])
        for low, high, here, over in zip(edges, edges[1:], heights, heights[1:], strict=False)
    ]


class _Standing(msgspec.Struct, frozen=True):
    attributes: list[Attribute]
    seen_at: datetime
    spreads: dict[str, Spread]


_standing: dict[TenantId, _Standing] = {}


async def _standing_traits(tx: Tx, analytics: Analytics, scope: Scope) -> list[_Trait]:
    """The attributes that may be told and have few values, or numbers, as the bank's customers were a moment ago."""
    attributes = await customers.list_attributes(tx)
    held = _standing.get(tx.tenant)
    if held is None or held.attributes != attributes or not timedelta(0) <= tx.now - held.seen_at < STANDS_FOR:
        spreads = await spreads_of_attributes(analytics.clickhouse, tx.tenant, attributes)
        held = _standing[tx.tenant] = _Standing(attributes, tx.now, spreads)
    lineage = deposit_lineage({one.name: one for one in attributes})
    may_select = scope.serves is Serves.SELECTION and bool(scope.basis and scope.basis.strip())
    open_to_all = [one for one in attributes if one.name in held.spreads and (may_select or one.name not in lineage)]
    return [_Trait(one, _parts(one, held.spreads[one.name])) for one in open_to_all]


def _parts(attribute: Attribute, spread: Spread) -> tuple[_Part, ...]:
    match attribute.type:
        case AttributeType.TEXT:
            return tuple(_Part(Comparison(attribute, Op.EQUAL, (value,)), value) for value in spread.values)
        case AttributeType.BOOLEAN:
            return (_Part(Comparison(attribute, Op.EQUAL, (True,)), "true"),)
        case _:
            whole = attribute.type is AttributeType.INTEGER
            edges = sorted({snapped(round(edge) if whole else edge) for edge in spread.edges})
            edges = [edge for edge in edges if not whole or edge == edge.to_integral_value()]
            return tuple(
                _Part(Comparison(attribute, Op.AT_LEAST, (int(edge) if whole else edge,)), low=edge) for edge in edges
            )


async def _unit_trait(tx: Tx, scope: Scope) -> _Trait:
    """The branches in scope; the sub-branches where that is a single one."""
    below = await units_below(tx)
    inside = [unit for unit in await units.tree(tx) if scope.units is None or unit.id in scope.units]
    branches = [unit for unit in inside if unit.kind is UnitKind.BRANCH]
    shown = branches if len(branches) > 1 else [unit for unit in inside if unit.kind is UnitKind.SUB_BRANCH]
    return _Trait(
        UNIT_ATTRIBUTE,
        tuple(_Part(Comparison(UNIT_ATTRIBUTE, Op.IN, tuple(sorted(below[unit.id]))), str(unit.id)) for unit in shown),
    )

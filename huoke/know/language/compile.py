"""Compiling: names are bound to the bank's vocabulary, and rule B1 is checked, before anything is asked.

Every leaf becomes a set of those for whom it is true and, where its value can be unknown, the set of those whose value
is known. A node's `yes` plan gives those for whom it is true, its `no` plan those for whom it is false; who is in
neither is unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.know.customers import Attribute, deposit_lineage
from huoke.know.events import EventSchema
from huoke.know.language.behaviour import Bound, bind_behaviours
from huoke.know.language.expression import (
    UNIT,
    All,
    Any_,
    Attr,
    ByAttr,
    Expression,
    Not,
    Op,
    Rank,
    Reference,
    Tag,
    Upload,
    events_of,
    walk,
)
from huoke.know.language.keys import leaf_key
from huoke.know.language.limits import MOST, Limit, passed
from huoke.know.language.model import AttributeUse, DepositCondition, DepositSelection, Serves
from huoke.know.language.ranks import BoundRank, bind_ranks
from huoke.know.language.sequences import BoundSequence, bind_sequences
from huoke.know.language.tagged import BoundTag, TagWord, bind_tags
from huoke.know.language.typed import Comparison, bind

YES = "yes"
NO = "no"


class Rule(msgspec.Struct, frozen=True):
    """What a reference stands for: a segment's name and its rule."""

    name: str
    expression: Expression


class Vocabulary(msgspec.Struct, frozen=True):
    """What a bank's expressions may speak of. `below` is, for every unit, the unit and all below it."""

    attributes: Mapping[str, Attribute]
    schemas: Mapping[str, EventSchema]
    below: Mapping[int, frozenset[int]]
    rules: Mapping[UUID, Rule] = {}
    tags: Mapping[str, TagWord] = {}
    """Those an expression names, itself or through a segment, that are in use."""


class Compiled(msgspec.Struct, frozen=True):
    """An expression bound to a bank's vocabulary.

    In `expanded` every reference is an `all` of the rule it stands for, so the paths of `expression` are valid in it.
    """

    expression: Expression
    expanded: Expression
    comparisons: dict[str, Comparison]
    behaviours: dict[str, Bound]
    uses: list[AttributeUse]
    tags: dict[str, BoundTag] = {}
    sequences: dict[str, BoundSequence] = {}
    ranks: dict[str, BoundRank] = {}

    @property
    def events(self) -> frozenset[str]:
        """The names of the events it looks at, itself or through a segment."""
        behaviours = [*self.behaviours.values(), *(one.behaviour for one in self.ranks.values() if one.behaviour)]
        steps = [step for one in self.sequences.values() for step in one.parts]
        return frozenset([*(one.schema.name for one in behaviours), *(step.schema.name for step in steps)])

    @property
    def leaves(self) -> dict[str, Comparison]:
        """Stored-set key (without data version) → the comparison it holds, `known/<attribute>` sets included."""
        found: dict[str, Comparison] = {}
        for comparison in self.comparisons.values():
            known = Comparison(comparison.attribute, Op.IS_KNOWN, ())
            found[leaf_key(known)] = known
            if comparison.op not in (Op.IS_KNOWN, Op.IS_UNKNOWN):
                found[leaf_key(comparison)] = comparison
        return found

    @property
    def uploads(self) -> frozenset[UUID]:
        """The uploaded lists it reads."""
        return frozenset(node.upload_id for _, node in walk(self.expanded) if isinstance(node, Upload))


def compile_expression(
    expression: Expression,
    vocabulary: Vocabulary,
    *,
    serves: Serves = Serves.SELECTION,
    basis: str | None = None,
    purpose: str | None = None,
) -> Compiled:
    """Bind and check an expression; `vocabulary.rules` holds every segment it refers to, at last.

    Raises `AttributeMissing`, `EventMissing`, `PropertySealed`, `ValueUnfit`, `TagMissing`; `TagPurpose` for a tag that
    may not be used for `purpose`; `DepositCondition` for a condition on a deposit fact, however deep its lineage;
    `DepositSelection` for a selection on one without a registered basis (rule B1).
    """
    expanded = expand(expression, vocabulary.rules)
    comparisons = bind(expanded, vocabulary.attributes)
    behaviours = bind_behaviours(expanded, vocabulary.schemas)
    sequences = bind_sequences(expanded, vocabulary.schemas)
    ranks = bind_ranks(expanded, vocabulary.attributes, vocabulary.schemas, vocabulary.below)
    tags = bind_tags(expanded, vocabulary.tags, purpose)
    uses = uses_of(expression, vocabulary)
    check_deposit_facts(uses, serves, basis)
    below = vocabulary.below
    return Compiled(
        expression,
        expanded,
        {path: _with_units_below(one, below) for path, one in comparisons.items()},
        behaviours,
        uses,
        tags,
        sequences,
        ranks,
    )


def expand(expression: Expression, rules: Mapping[UUID, Rule]) -> Expression:
    """The expression with each reference as `all` of its rule; `LimitPassed` when that grows too large."""
    left = MOST[Limit.EXPANDED_NODES]

    def grown(node: Expression) -> Expression:
        nonlocal left
        left -= 1
        if left < 0:
            raise passed(Limit.EXPANDED_NODES, "/expression")
        match node:
            case All(of=parts):
                return All(tuple(grown(part) for part in parts))
            case Any_(of=parts):
                return Any_(tuple(grown(part) for part in parts))
            case Not(of=part):
                return Not(grown(part))
            case Reference(segment_id=segment_id):
                return All((grown(rules[segment_id].expression),))
            case _:
                return node

    return grown(expression)


def uses_of(expression: Expression, vocabulary: Vocabulary) -> list[AttributeUse]:
    """The attributes, events and tags an expression names, by name, each with its path to a deposit fact if any.

    What is named only by a segment referred to has that segment's name at the head of its path.
    """
    lineage = deposit_lineage(dict(vocabulary.attributes))
    found: dict[tuple[int, str], AttributeUse] = {}

    def add(node: Expression, way: tuple[str, ...]) -> None:
        for _, part in walk(node):
            if isinstance(part, Reference) and (rule := vocabulary.rules.get(part.segment_id)):
                add(rule.expression, (*way, rule.name))
            for place, use in _named(part, vocabulary, lineage):
                path = (*way, *use.deposit_path) if use.deposit_path else ()
                found.setdefault((place, use.name), msgspec.structs.replace(use, deposit_path=path))

    add(expression, ())
    return [found[key] for key in sorted(found)]


def _named(
    node: Expression, vocabulary: Vocabulary, lineage: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[int, AttributeUse]]:
    """What one leaf names that the bank has: attributes, then events, then tags."""
    match node:
        case Attr(name=name) | Rank(by=ByAttr(name=name)) if one := vocabulary.attributes.get(name):
            yield (
                0,
                AttributeUse(
                    name=name,
                    label=one.label,
                    label_en=one.label_en,
                    data_class=one.data_class,
                    deposit_path=lineage.get(name, ()),
                ),
            )
        case Tag(name=name) if word := vocabulary.tags.get(name):
            yield (
                2,
                AttributeUse(
                    name=name,
                    label=word.label,
                    label_en=word.label_en,
                    data_class=word.data_class,
                    deposit_path=word.deposit_path,
                    tag=True,
                ),
            )
    for name in sorted(events_of(node) & vocabulary.schemas.keys()):
        schema = vocabulary.schemas[name]
        yield (
            1,
            AttributeUse(
                name=name,
                label=schema.title,
                label_en=schema.title_en,
                data_class="C1",
                deposit_path=(name,) if schema.deposit_derived else (),
                event=True,
            ),
        )


def check_deposit_facts(uses: Sequence[AttributeUse], serves: Serves, basis: str | None) -> None:
    """Rule B1: no condition on a deposit fact; no selection on one without a registered basis."""
    facts = [use for use in uses if use.deposit_path]
    if not facts:
        return
    paths = "; ".join(" ← ".join(use.deposit_path) for use in facts)
    data = {"rule": "B1", "attributes": [use.name for use in facts], "paths": [list(use.deposit_path) for use in facts]}
    if serves is Serves.CONDITION:
        raise DepositCondition(
            f"No reward may have a condition on a deposit (rule B1): {paths}. Take it out.",
            pointer="/expression",
            **data,
        )
    if not (basis and basis.strip()):
        raise DepositSelection(
            f"Selecting on a deposit fact needs a registered basis (rule B1): {paths}.", pointer="/basis", **data
        )


def _with_units_below(comparison: Comparison, below: Mapping[int, frozenset[int]]) -> Comparison:
    """A comparison of the built-in `unit` as one with all the units below those it names."""
    if comparison.attribute.name != UNIT:
        return comparison
    op = Op.NOT_IN if comparison.op in (Op.NOT_EQUAL, Op.NOT_IN) else Op.IN
    named = frozenset[int]().union(*(below.get(int(str(value)), frozenset()) for value in comparison.values))
    return Comparison(comparison.attribute, op, tuple(sorted(named)))

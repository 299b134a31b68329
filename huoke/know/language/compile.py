"""Compiling: rule B1 and scope are checked, then the tree becomes a plan over stored sets.

Every leaf is a set of those for whom it is true and, for comparisons, the set of those whose value is known. A node's
`yes` plan gives those for whom it is true, its `no` plan those for whom it is false; who is in neither is unknown.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from huoke.kernel import sets
from huoke.kernel.sets import Plan
from huoke.know.customers import Attribute, deposit_lineage
from huoke.know.events import EventSchema
from huoke.know.language.behaviour import Bound, bind_behaviours
from huoke.know.language.expression import (
    UNIT,
    All,
    Any_,
    Attr,
    Behaviour,
    Bucket,
    Expression,
    ExpressionUnfit,
    Not,
    Op,
    Reference,
    Tag,
    Upload,
    walk,
)
from huoke.know.language.model import AttributeUse, DepositCondition, DepositSelection, Serves
from huoke.know.language.tagged import KNOWN, BoundTag, TagWord, bind_tags, tag_key
from huoke.know.language.typed import Comparison, bind

YES = "yes"
NO = "no"
EXPANDED_NODES_MAX = 1_000


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
    )


def expand(expression: Expression, rules: Mapping[UUID, Rule]) -> Expression:
    """The expression with each reference as `all` of its rule; `ExpressionUnfit` when that grows too large."""
    left = EXPANDED_NODES_MAX

    def grown(node: Expression) -> Expression:
        nonlocal left
        left -= 1
        if left < 0:
            raise ExpressionUnfit(
                f"With the segments it refers to the rule has over {EXPANDED_NODES_MAX:,} nodes: make it simpler.",
                pointer="/expression",
            )
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
            match part:
                case Attr(name=name) if attribute := vocabulary.attributes.get(name):
                    path = lineage.get(name, ())
                    use = AttributeUse(
                        name=name,
                        label=attribute.label,
                        label_en=attribute.label_en,
                        data_class=attribute.data_class,
                        deposit_path=(*way, *path) if path else (),
                    )
                    found.setdefault((0, name), use)
                case Behaviour(name=name) if schema := vocabulary.schemas.get(name):
                    use = AttributeUse(
                        name=name,
                        label=schema.title,
                        label_en=schema.title_en,
                        data_class="C1",
                        deposit_path=(*way, name) if schema.deposit_derived else (),
                        event=True,
                    )
                    found.setdefault((1, name), use)
                case Tag(name=name) if word := vocabulary.tags.get(name):
                    use = AttributeUse(
                        name=name,
                        label=word.label,
                        label_en=word.label_en,
                        data_class=word.data_class,
                        deposit_path=(*way, *word.deposit_path) if word.deposit_path else (),
                        tag=True,
                    )
                    found.setdefault((2, name), use)
                case Reference(segment_id=segment_id) if rule := vocabulary.rules.get(segment_id):
                    add(rule.expression, (*way, rule.name))

    add(expression, ())
    return [found[key] for key in sorted(found)]


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


class Planner:
    """Plans of one compiled expression within a universe.

    `prefix` is the version of the customers in every stored key, `event_prefix` that of the events and their day.
    """

    def __init__(self, compiled: Compiled, universe: Plan, prefix: str, event_prefix: str = "") -> None:
        self._compiled = compiled
        self._universe = universe
        self._prefix = prefix
        self._event_prefix = event_prefix

    def yes(self, node: Expression, path: str = "") -> Plan:
        """Those for whom the node is true."""
        match node:
            case All(of=parts):
                return self._all([self.yes(part, f"{path}/of/{index}") for index, part in enumerate(parts)])
            case Any_(of=parts):
                return sets.Any_(parts=tuple(self.yes(part, f"{path}/of/{index}") for index, part in enumerate(parts)))
            case Not(of=part):
                return self.no(part, f"{path}/of")
            case _:
                return self._leaf(node, path)

    def _leaf(self, node: Expression, path: str) -> Plan:
        match node:
            case Attr():
                return self._comparison(self._compiled.comparisons[path])
            case Behaviour():
                return self._behaviour(self._compiled.behaviours[path])
            case Tag():
                return self._tag(self._compiled.tags[path])
            case Bucket(salt=salt, low_ppm=low, high_ppm=high):
                return sets.Bucket(within=self._universe, salt=salt, low=low, high=high)
            case Upload(upload_id=upload_id):
                return self._within(self._prefix + upload_key(upload_id))
            case _:
                raise AssertionError("groups are no leaves, and references were expanded")

    def no(self, node: Expression, path: str = "") -> Plan:
        """Those for whom the node is false."""
        match node:
            case All(of=parts):
                return sets.Any_(parts=tuple(self.no(part, f"{path}/of/{index}") for index, part in enumerate(parts)))
            case Any_(of=parts):
                return self._all([self.no(part, f"{path}/of/{index}") for index, part in enumerate(parts)])
            case Not(of=part):
                return self.yes(part, f"{path}/of")
            case _:
                return sets.Not(part=self.yes(node, path), within=self._decided(node, path))

    def _decided(self, node: Expression, path: str) -> Plan:
        """Those of whom a leaf is true or false."""
        match node:
            case Attr(op=op) if op not in (Op.IS_KNOWN, Op.IS_UNKNOWN):
                return self._known(path)
            case Behaviour() if not self._compiled.behaviours[path].never_unknown:
                return self._within(self._event_prefix + known_key(self._compiled.behaviours[path]))
            case Tag(op=op) if op not in (Op.IS_KNOWN, Op.IS_UNKNOWN):
                return self._tag_sets(self._compiled.tags[path].word, (KNOWN,))
            case _:
                return self._universe

    def counting(self) -> Plan:
        """A plan that visits every node's yes and no under the names `yes<path>` and `no<path>`."""
        parts = []
        expanded = dict(walk(self._compiled.expanded))
        for path, _ in walk(self._compiled.expression):
            node = expanded[path]
            parts += [_named(YES + path, self.yes(node, path)), _named(NO + path, self.no(node, path))]
        return sets.Any_(parts=tuple(parts))

    def _comparison(self, comparison: Comparison) -> Plan:
        known = self._within(self._prefix + leaf_key(Comparison(comparison.attribute, Op.IS_KNOWN, ())))
        if comparison.op is Op.IS_KNOWN:
            return known
        if comparison.op is Op.IS_UNKNOWN:
            return sets.Not(part=known, within=self._universe)
        return self._within(self._prefix + leaf_key(comparison))

    def _behaviour(self, bound: Bound) -> Plan:
        """Where it holds for those without events, those with events of whom it does not hold are stored instead."""
        stored = self._within(self._event_prefix + behaviour_key(bound))
        return sets.Not(part=stored, within=self._universe) if bound.holds_for_none else stored

    def _tag(self, bound: BoundTag) -> Plan:
        known = self._tag_sets(bound.word, (KNOWN,))
        match bound.op:
            case Op.IS_KNOWN:
                return known
            case Op.IS_UNKNOWN:
                return sets.Not(part=known, within=self._universe)
        held = self._tag_sets(bound.word, bound.codes)
        return held if bound.op is Op.IN else sets.Not(part=held, within=known)

    def _tag_sets(self, word: TagWord, codes: Sequence[int]) -> Plan:
        """The customers with one of a tag's values, less those who deleted it of themselves."""
        if not word.usable:
            return sets.Any_(parts=())
        leaves = tuple(sets.Leaf(key=tag_key(word, code)) for code in codes)
        held = sets.All(parts=(leaves[0] if len(leaves) == 1 else sets.Any_(parts=leaves), self._universe))
        return sets.Not(part=sets.Leaf(key=hidden_key(word)), within=held) if word.hidden else held

    def _known(self, path: str) -> Plan:
        attribute = self._compiled.comparisons[path].attribute
        return self._within(self._prefix + leaf_key(Comparison(attribute, Op.IS_KNOWN, ())))

    def _within(self, key: str) -> Plan:
        return sets.All(parts=(sets.Leaf(key=key), self._universe))

    def _all(self, parts: list[Plan]) -> Plan:
        return sets.All(parts=tuple(parts)) if parts else self._universe


def leaf_key(comparison: Comparison) -> str:
    """The name of a comparison's stored set, the same for the same comparison in every segment of a bank."""
    attribute = comparison.attribute
    if comparison.op is Op.IS_KNOWN:
        return f"known/{attribute.name}"
    values = sorted(comparison.values, key=repr) if comparison.op in (Op.IN, Op.NOT_IN) else comparison.values
    text = repr((attribute.name, attribute.type.value, comparison.op.value, [str(value) for value in values]))
    return f"attr/{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def hidden_key(word: TagWord) -> str:
    """The name of the set of those who deleted a tag of themselves."""
    return f"tag-hidden/{word.number}/{hashlib.sha256(word.hidden).hexdigest()[:32]}"


def behaviour_key(bound: Bound) -> str:
    """The name of a behaviour's stored set, the same for the same behaviour in every segment of a bank."""
    return f"event/{_behaviour_digest(bound, whole=True)}"


def known_key(bound: Bound) -> str:
    """The name of the set of those whose measure is known: the same whatever it is compared with."""
    return f"event-known/{_behaviour_digest(bound, whole=False)}"


def event_prefix(rows: int, today: date) -> str:
    """What stored sets of behaviours begin with: how many events there were, and the bank's day."""
    return f"e{rows}.{today.isoformat()}/"


def _behaviour_digest(bound: Bound, *, whole: bool) -> str:
    node = bound.node
    where = sorted(repr((leaf_key(one), one.op.value)) for one in bound.where)
    text = repr((node.name, node.measure.value, node.property, node.window_days, where))
    if whole:
        text += repr((node.op.value, [str(value) for value in bound.measured.values]))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def upload_key(upload_id: UUID) -> str:
    """The name of an uploaded list's stored set; lists never change, so it has no version."""
    return f"upload/{upload_id}"


def _named(name: str, plan: Plan) -> Plan:
    return sets.Any_(name=name, parts=(plan,))


def _with_units_below(comparison: Comparison, below: Mapping[int, frozenset[int]]) -> Comparison:
    """A comparison of the built-in `unit` as one with all the units below those it names."""
    if comparison.attribute.name != UNIT:
        return comparison
    op = Op.NOT_IN if comparison.op in (Op.NOT_EQUAL, Op.NOT_IN) else Op.IN
    named = frozenset[int]().union(*(below.get(int(str(value)), frozenset()) for value in comparison.values))
    return Comparison(comparison.attribute, op, tuple(sorted(named)))

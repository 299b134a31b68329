"""Compiling: rule B1 and scope are checked, then the tree becomes a plan over stored sets.

Every leaf is a set of those for whom it is true and, for comparisons, the set of those whose value is known. A node's
`yes` plan gives those for whom it is true, its `no` plan those for whom it is false; who is in neither is unknown.
"""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.kernel import sets
from huoke.kernel.sets import Plan
from huoke.know.customers import Attribute, deposit_lineage
from huoke.know.segments.expression import (
    UNIT,
    All,
    Any_,
    Attr,
    Bucket,
    Expression,
    Not,
    Op,
    Upload,
    walk,
)
from huoke.know.segments.model import AttributeUse, DepositCondition, DepositSelection, Serves
from huoke.know.segments.typed import Comparison, bind

YES = "yes"
NO = "no"


class Compiled(msgspec.Struct, frozen=True):
    """An expression bound to a bank's attributes. `leaves` names the stored set of each comparison."""

    expression: Expression
    comparisons: dict[str, Comparison]
    uses: list[AttributeUse]

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
        return frozenset(node.upload_id for _, node in walk(self.expression) if isinstance(node, Upload))


def compile_expression(
    expression: Expression,
    attributes: Sequence[Attribute],
    below: Mapping[int, frozenset[int]],
    *,
    serves: Serves = Serves.SELECTION,
    basis: str | None = None,
) -> Compiled:
    """Bind and check an expression.

    `below` is, for every unit, the unit and all below it. Raises `AttributeMissing`, `ValueUnfit`; `DepositCondition`
    for a condition on a deposit fact, however deep its lineage; `DepositSelection` for a selection on one without a
    registered basis (rule B1).
    """
    by_name = {attribute.name: attribute for attribute in attributes}
    comparisons = bind(expression, by_name)
    uses = uses_of(expression, attributes)
    check_deposit_facts(uses, serves, basis)
    return Compiled(expression, {path: _with_units_below(one, below) for path, one in comparisons.items()}, uses)


def uses_of(expression: Expression, attributes: Sequence[Attribute]) -> list[AttributeUse]:
    """The attributes an expression names, by name, each with its path to a deposit fact if it has one."""
    by_name = {attribute.name: attribute for attribute in attributes}
    named = {node.name for _, node in walk(expression) if isinstance(node, Attr)}
    lineage = deposit_lineage(by_name)
    return [
        AttributeUse(
            name=name,
            label=by_name[name].label,
            label_en=by_name[name].label_en,
            data_class=by_name[name].data_class,
            deposit_path=lineage.get(name, ()),
        )
        for name in sorted(named & set(by_name))
    ]


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
    """Plans of one compiled expression within a universe; `prefix` is the version of the data in every stored key."""

    def __init__(self, compiled: Compiled, universe: Plan, prefix: str) -> None:
        self._compiled = compiled
        self._universe = universe
        self._prefix = prefix

    def yes(self, node: Expression, path: str = "") -> Plan:
        """Those for whom the node is true."""
        match node:
            case All(of=parts):
                return self._all([self.yes(part, f"{path}/of/{index}") for index, part in enumerate(parts)])
            case Any_(of=parts):
                return sets.Any_(parts=tuple(self.yes(part, f"{path}/of/{index}") for index, part in enumerate(parts)))
            case Not(of=part):
                return self.no(part, f"{path}/of")
            case Attr():
                return self._comparison(self._compiled.comparisons[path])
            case Bucket(salt=salt, low_ppm=low, high_ppm=high):
                return sets.Bucket(within=self._universe, salt=salt, low=low, high=high)
            case Upload(upload_id=upload_id):
                return self._within(upload_key(upload_id))

    def no(self, node: Expression, path: str = "") -> Plan:
        """Those for whom the node is false."""
        match node:
            case All(of=parts):
                return sets.Any_(parts=tuple(self.no(part, f"{path}/of/{index}") for index, part in enumerate(parts)))
            case Any_(of=parts):
                return self._all([self.no(part, f"{path}/of/{index}") for index, part in enumerate(parts)])
            case Not(of=part):
                return self.yes(part, f"{path}/of")
            case Attr(op=op):
                whole = self._known(path) if op not in (Op.IS_KNOWN, Op.IS_UNKNOWN) else self._universe
                return sets.Not(part=self.yes(node, path), within=whole)
            case Bucket() | Upload():
                return sets.Not(part=self.yes(node, path), within=self._universe)

    def counting(self) -> Plan:
        """A plan that visits every node's yes and no under the names `yes<path>` and `no<path>`."""
        parts = []
        for path, node in walk(self._compiled.expression):
            parts += [_named(YES + path, self.yes(node, path)), _named(NO + path, self.no(node, path))]
        return sets.Any_(parts=tuple(parts))

    def _comparison(self, comparison: Comparison) -> Plan:
        known = self._within(self._prefix + leaf_key(Comparison(comparison.attribute, Op.IS_KNOWN, ())))
        if comparison.op is Op.IS_KNOWN:
            return known
        if comparison.op is Op.IS_UNKNOWN:
            return sets.Not(part=known, within=self._universe)
        return self._within(self._prefix + leaf_key(comparison))

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

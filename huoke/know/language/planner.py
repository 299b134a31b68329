"""Plans over stored sets: who a node of a compiled expression is true of, and who it is false of."""

from collections.abc import Iterable, Sequence

from huoke.kernel import sets
from huoke.kernel.sets import Plan
from huoke.know.language.behaviour import Bound
from huoke.know.language.compile import NO, YES, Compiled
from huoke.know.language.expression import (
    All,
    Any_,
    Attr,
    Behaviour,
    Bucket,
    Expression,
    Not,
    Op,
    Rank,
    Sequence_,
    Tag,
    Upload,
    walk,
)
from huoke.know.language.keys import behaviour_key, hidden_key, known_key, leaf_key, rank_keys, sequence_key, upload_key
from huoke.know.language.ranks import BoundRank
from huoke.know.language.tagged import KNOWN, BoundTag, TagWord, tag_key
from huoke.know.language.typed import Comparison


class Planner:
    """Plans of one compiled expression within a universe.

    `prefix` is the version of the customers in every stored key, `event_prefix` that of the events and their day;
    `units` are those among whose customers is ranked (None: the whole bank).
    """

    def __init__(
        self,
        compiled: Compiled,
        universe: Plan,
        prefix: str,
        event_prefix: str = "",
        units: Iterable[int] | None = None,
    ) -> None:
        self._compiled = compiled
        self._universe = universe
        self._prefix = prefix
        self._event_prefix = event_prefix
        self._units = units

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

    def _leaf(self, node: Expression, path: str) -> Plan:  # noqa: PLR0911 - one for each kind of leaf
        match node:
            case Attr():
                return self._comparison(self._compiled.comparisons[path])
            case Behaviour():
                return self._behaviour(self._compiled.behaviours[path])
            case Sequence_():
                return self._within(self._event_prefix + sequence_key(self._compiled.sequences[path]))
            case Rank():
                return self._within(self._ranked(self._compiled.ranks[path])[0])
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
            case Rank() if not self._compiled.ranks[path].nothing_is_out:
                return self._within(self._ranked(self._compiled.ranks[path])[1])
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

    def _ranked(self, bound: BoundRank) -> tuple[str, str]:
        return rank_keys(bound, self._prefix, self._event_prefix, self._units)

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


def _named(name: str, plan: Plan) -> Plan:
    return sets.Any_(name=name, parts=(plan,))

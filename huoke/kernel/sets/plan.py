"""A boolean plan over stored sets, and its evaluation.

A plan is a tree of small Structs that travels to the set server as msgpack. A node with a `name` is counted; a part
that occurs twice is computed once.
"""

from typing import Any

import msgspec
from pyroaring import BitMap

from huoke.kernel.sets.buckets import PPM, bucket_numbers, sample_numbers
from huoke.kernel.sets.customer_set import CustomerSet, to_array


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a plan. `name`, when given, is the key of this node's count in the evaluation."""

    name: str = ""


class Leaf(Node, frozen=True, tag="leaf"):
    """A stored set, by the key it was put under."""

    key: str


class All(Node, frozen=True, tag="all"):
    """The members of every part; at least one part."""

    parts: tuple["Plan", ...]


class Any_(Node, frozen=True, tag="any"):  # noqa: N801 - `Any` is taken
    """The members of at least one part; no parts give nobody."""

    parts: tuple["Plan", ...]


class Not(Node, frozen=True, tag="not"):
    """The members of `within` that are not in `part`."""

    part: "Plan"
    within: "Plan"


class Bucket(Node, frozen=True, tag="bucket"):
    """The members of `within` whose bucket under `salt` is at least `low` and below `high`, in parts per million."""

    within: "Plan"
    salt: str
    low: int
    high: int


class Sample(Node, frozen=True, tag="sample"):
    """A fair subset of `count` members of `within` under `salt`."""

    within: "Plan"
    salt: str
    count: int


Plan = Leaf | All | Any_ | Not | Bucket | Sample


class Want(msgspec.Struct, frozen=True, kw_only=True):
    """What to bring back beside the counts: all members, or a fair sample of so many under a salt."""

    members: bool = False
    sample: int = 0
    sample_salt: str = ""


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan came to: how many, how many at each named node, and what was wanted beside."""

    total: int
    counts: dict[str, int]
    members: CustomerSet | None = None
    sample: tuple[int, ...] | None = None


def keys(plan: Plan) -> frozenset[str]:
    """The keys of the stored sets a plan reads."""
    match plan:
        case Leaf(key=key):
            return frozenset((key,))
        case All(parts=parts) | Any_(parts=parts):
            return frozenset().union(*(keys(part) for part in parts))
        case Not(part=part, within=within):
            return keys(part) | keys(within)
        case Bucket(within=within) | Sample(within=within):
            return keys(within)


class Evaluator:
    """Evaluates one plan over bitmaps; `counts` fills up on the way."""

    def __init__(self, stored: dict[str, BitMap]) -> None:
        self.counts: dict[str, int] = {}
        self._stored = stored
        self._known: dict[Any, BitMap] = {}

    def run(self, plan: Plan) -> BitMap:
        """The members of `plan`; a bitmap nobody may change."""
        if isinstance(plan, Leaf):
            members = self._stored[plan.key]
        elif plan in self._known:
            members = self._known[plan]
        else:
            members = self._known[plan] = self._combine(plan)
        if plan.name:
            self.counts[plan.name] = len(members)
        return members

    def _combine(self, plan: "All | Any_ | Not | Bucket | Sample") -> BitMap:
        match plan:
            case All(parts=parts):
                assert parts, "a conjunction of nothing has no bound"
                return _intersect([self.run(part) for part in parts])
            case Any_(parts=parts):
                return BitMap.union(*(self.run(part) for part in parts)) if parts else BitMap()
            case Not(part=part, within=within):
                return self.run(within) - self.run(part)
            case Bucket(within=within, salt=salt, low=low, high=high):
                return _bucket(self.run(within), salt, low, high)
            case Sample(within=within, salt=salt, count=count):
                return BitMap(sample_numbers(salt, to_array(self.run(within)), count))


def _intersect(parts: list[BitMap]) -> BitMap:
    smallest, *rest = sorted(parts, key=len)
    for part in rest:
        if not smallest:
            break
        smallest = smallest & part  # `&=` would change a stored set
    return smallest


def _bucket(members: BitMap, salt: str, low: int, high: int) -> BitMap:
    assert 0 <= low <= high <= PPM, "buckets are parts per million"
    seqs = to_array(members)
    buckets = bucket_numbers(salt, seqs)
    return BitMap(seqs[(buckets >= low) & (buckets < high)])

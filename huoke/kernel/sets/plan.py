"""A boolean plan over stored sets, and what it comes to.

A plan is a tree of small Structs that travels to the set server as msgpack. A node with a `name` is counted; a part
that occurs twice is computed once.
"""

from functools import lru_cache

import msgspec

from huoke.kernel.sets.customer_set import CustomerSet


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


@lru_cache(4_096)
def keys(plan: Plan) -> frozenset[str]:
    """The keys of the stored sets a plan reads."""
    if isinstance(plan, Leaf):
        return frozenset((plan.key,))
    return frozenset().union(*(keys(part) for part in children(plan)))


def children(plan: Plan) -> tuple[Plan, ...]:
    """The parts of a node, in the order in which `combine` takes them."""
    match plan:
        case All(parts=parts) | Any_(parts=parts):
            return parts
        case Not(part=part, within=within):
            return (within, part)
        case Bucket(within=within) | Sample(within=within):
            return (within,)
        case _:
            return ()

"""Combining stored sets as a plan says, a group of 1,048,576 customers at a time.

Of twenty sets, one group is 2.5 MB: what the steps of a plan make stays in the processor's cache.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from huoke.kernel.sets.buckets import PPM, bucket_numbers, sample_numbers
from huoke.kernel.sets.codecs import GROUP_BITS
from huoke.kernel.sets.customer_set import split, to_array
from huoke.kernel.sets.plan import All, Any_, Bucket, Leaf, Not, Plan, Sample, children

Groups = dict[int, BitMap]
"""A set by group: `seq >> 20` → the whole seqs in it. Bitmaps in it are shared and never changed."""
_NOBODY = BitMap()


class _Step(NamedTuple):
    node: Plan
    parts: tuple[int, ...]
    """Which earlier steps it takes."""


def evaluate(plan: Plan, stored: Mapping[str, Groups]) -> tuple[Groups, dict[str, int]]:
    """The members of a plan by group, and how many there are at each named node."""
    steps, groups = _unfold_whole(plan), _groups_of(stored)
    if any(isinstance(step.node, Sample) for step in steps):
        return _step_by_step(steps, groups, stored)
    members, counts = {}, _no_counts(steps)
    for group in groups:
        made = _make(steps, group, stored)
        _count(steps, made, counts)
        members[group] = made[-1]
    return members, counts


def count(plan: Plan, stored: Mapping[str, Groups]) -> tuple[int, dict[str, int]]:
    """How many a plan comes to, and at each named node: without making the members of the last step."""
    steps = _unfold_whole(plan)
    if any(isinstance(step.node, Sample) for step in steps):
        members, counts = evaluate(plan, stored)
        return sum(map(len, members.values())), counts
    *earlier, last = steps
    total, counts = 0, _no_counts(steps)
    for group in _groups_of(stored):
        made = _make(earlier, group, stored)
        _count(earlier, made, counts)
        total += _size(last, made, group, stored)
    if last.node.name:
        counts[last.node.name] = total
    return total, counts


def unite(groups: Groups) -> BitMap:
    """One bitmap out of its groups."""
    return BitMap.union(*groups.values()) if groups else BitMap()


def _step_by_step(
    steps: Sequence[_Step], groups: Sequence[int], stored: Mapping[str, Groups]
) -> tuple[Groups, dict[str, int]]:
    """The same where a sample is taken, which needs all groups of its set at once."""
    made: dict[int, list[BitMap]] = {group: [] for group in groups}
    for step in steps:
        if isinstance(step.node, Sample):
            whole = to_array(unite({group: made[group][step.parts[0]] for group in groups}))
            sampled = dict(split(BitMap(sample_numbers(step.node.salt, whole, step.node.count)), GROUP_BITS))
            for group in groups:
                made[group].append(sampled.get(group, _NOBODY))
        else:
            for group in groups:
                made[group].append(_combine(step, made[group], group, stored))
    counts = _no_counts(steps)
    for group in groups:
        _count(steps, made[group], counts)
    return {group: made[group][-1] for group in groups}, counts


def _unfold_whole(plan: Plan) -> list[_Step]:
    steps: list[_Step] = []
    _unfold(plan, steps, {})
    return steps


def _groups_of(stored: Mapping[str, Groups]) -> list[int]:
    return sorted({group for held in stored.values() for group in held})


def _make(steps: Sequence[_Step], group: int, stored: Mapping[str, Groups]) -> list[BitMap]:
    made: list[BitMap] = []
    for step in steps:
        made.append(_combine(step, made, group, stored))
    return made


def _size(step: _Step, made: Sequence[BitMap], group: int, stored: Mapping[str, Groups]) -> int:
    parts = [made[part] for part in step.parts]
    match step.node:
        case All() if len(parts) > 1:
            *rest, largest = sorted(parts, key=len)
            return int(_intersect(rest).intersection_cardinality(largest))
        case Any_() if len(parts) > 1:
            return int(_union(parts[:-1]).union_cardinality(parts[-1]))
        case Not():
            return int(parts[0].difference_cardinality(parts[1]))
        case _:
            return len(_combine(step, made, group, stored))


def _unfold(plan: Plan, steps: list[_Step], known: dict[Plan, int]) -> int:
    """Lay a plan out as steps, parts first; a part that occurs twice is one step."""
    if plan not in known:
        parts = tuple(_unfold(part, steps, known) for part in children(plan))
        known[plan] = len(steps)
        steps.append(_Step(plan, parts))
    return known[plan]


def _combine(step: _Step, made: Sequence[BitMap], group: int, stored: Mapping[str, Groups]) -> BitMap:
    parts = [made[part] for part in step.parts]
    match step.node:
        case Leaf(key=key):
            return stored[key].get(group, _NOBODY)
        case All():
            assert parts, "a conjunction of nothing has no bound"
            return _intersect(parts)
        case Any_():
            return _union(parts)
        case Not():
            return parts[0] - parts[1]
        case Bucket(salt=salt, low=low, high=high):
            return _bucket(parts[0], salt, low, high)
        case Sample():
            raise AssertionError("a sample is taken of all groups at once")


def _intersect(parts: list[BitMap]) -> BitMap:
    smallest, *rest = sorted(parts, key=len)
    if not rest or not smallest:
        return smallest
    common = smallest & rest[0]  # the first step makes a bitmap of our own, which may then change
    for part in rest[1:]:
        common &= part
    return common


def _union(parts: list[BitMap]) -> BitMap:
    if len(parts) <= 1:
        return parts[0] if parts else _NOBODY
    either = parts[0] | parts[1]  # as above; a sixth quicker than BitMap.union
    for part in parts[2:]:
        either |= part
    return either


def _bucket(members: BitMap, salt: str, low: int, high: int) -> BitMap:
    assert 0 <= low <= high <= PPM, "buckets are parts per million"
    seqs = to_array(members)
    buckets = bucket_numbers(salt, seqs)
    return BitMap(seqs[(buckets >= low) & (buckets < high)])


def _no_counts(steps: Sequence[_Step]) -> dict[str, int]:
    return {step.node.name: 0 for step in steps if step.node.name}


def _count(steps: Sequence[_Step], made: Sequence[BitMap], counts: dict[str, int]) -> None:
    for step, members in zip(steps, made, strict=True):
        if step.node.name:
            counts[step.node.name] += len(members)

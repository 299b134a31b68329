"""Combining stored sets as a plan says, a chunk of 65,536 customers at a time.

What the steps of a plan make of a chunk stays in the processor's cache; chunks are shared out among the processors.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache, partial
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.sets import blocks
from huoke.kernel.sets.blocks import Blocks
from huoke.kernel.sets.buckets import PPM, sample_numbers
from huoke.kernel.sets.customer_set import to_array
from huoke.kernel.sets.plan import All, Any_, Bucket, Leaf, Not, Plan, Sample, children

HANDS_MAX = 8
BLOCKS_EACH = 256
"""Fewer blocks than these are not worth another thread."""
PLANS_KEPT = 512
"""What a plan is as a program is kept of so many: one is counted again and again while somebody looks at it."""


class _Step(NamedTuple):
    node: Plan
    parts: tuple[int, ...]
    """Which earlier steps it takes."""


class _Program(NamedTuple):
    """A plan as the loops run it."""

    steps: list[_Step]
    leaves: list[str]
    table: NDArray[np.int64]
    parts: NDArray[np.int64]
    buckets: NDArray[np.uint64]


class _Run(NamedTuple):
    counts: Sequence[int]
    made: NDArray[np.uint64]
    chunks: NDArray[np.int64]


def count(plan: Plan, stored: Mapping[str, Blocks]) -> tuple[int, dict[str, int]]:
    """How many a plan comes to, and at each named node."""
    plan, stored, counts = _sampled(plan, stored)
    program = _program(plan)
    run = _run(program, stored, members=False)
    return run.counts[-1], _named(program.steps, run.counts, counts)


def evaluate(plan: Plan, stored: Mapping[str, Blocks]) -> tuple[BitMap, dict[str, int]]:
    """The members of a plan, and how many there are at each named node."""
    plan, stored, counts = _sampled(plan, stored)
    program = _program(plan)
    run = _run(program, stored, members=True)
    return blocks.to_bitmap(run.made, run.chunks), _named(program.steps, run.counts, counts)


def make_ready() -> None:
    """Have the loops compiled, or loaded, before anybody waits for them."""
    some = blocks.of(BitMap(range(0, 200_000, 3)))
    leaf = Leaf(key="some")
    evaluate(Bucket(within=All(parts=(leaf, Any_(parts=(leaf,)))), salt="", low=0, high=PPM), {"some": some})


def _sampled(plan: Plan, stored: Mapping[str, Blocks]) -> tuple[Plan, Mapping[str, Blocks], dict[str, int]]:
    """The plan with each sample taken and laid beside the stored sets: it needs all members of its set at once."""
    if not _has_sample(plan):
        return plan, stored, {}
    if isinstance(plan, Sample):
        whole, counts = evaluate(plan.within, stored)
        key = f"sample {len(stored)}"
        sample = blocks.of(BitMap(sample_numbers(plan.salt, to_array(whole), plan.count)))
        return Leaf(key=key, name=plan.name), {**stored, key: sample}, counts
    counts, parts = {}, []
    for part in children(plan):
        taken, stored, more = _sampled(part, stored)
        parts.append(taken)
        counts |= more
    return _with(plan, parts), stored, counts


@lru_cache(PLANS_KEPT)
def _has_sample(plan: Plan) -> bool:
    return isinstance(plan, Sample) or any(map(_has_sample, children(plan)))


def _with(plan: Plan, parts: Sequence[Plan]) -> Plan:
    match plan:
        case All() | Any_():
            return msgspec.structs.replace(plan, parts=tuple(parts))
        case Not():
            return msgspec.structs.replace(plan, within=parts[0], part=parts[1])
        case Bucket():
            return msgspec.structs.replace(plan, within=parts[0])
        case _:
            return plan


def _named(steps: Sequence[_Step], counted: Sequence[int], counts: dict[str, int]) -> dict[str, int]:
    for step, size in zip(steps, counted, strict=True):
        if step.node.name:
            counts[step.node.name] = counts.get(step.node.name, 0) + size
    return counts


def _unfold(plan: Plan, steps: list[_Step], known: dict[Plan, int]) -> int:
    """Lay a plan out as steps, parts first; a part that occurs twice is one step."""
    if plan not in known:
        parts = tuple(_unfold(part, steps, known) for part in children(plan))
        known[plan] = len(steps)
        steps.append(_Step(plan, parts))
    return known[plan]


def _run(program: _Program, stored: Mapping[str, Blocks], *, members: bool) -> _Run:
    from huoke.kernel.sets import loops  # noqa: PLC0415 - loads a compiler, which only who keeps sets needs

    sets = [stored[key] for key in program.leaves]
    chunks = _chunks_of(sets)
    tables = np.array([(one.address, one.table.shape[1]) for one in sets], np.int64).reshape(-1, 2)
    made = np.empty((len(chunks) if members else 0, loops.WORDS), np.uint64)
    hands = max(min(_processors(), len(sets) * len(chunks) // BLOCKS_EACH), 1)
    counts = np.zeros((hands, len(program.steps)), np.int64)
    turn = np.zeros(1, np.int64)
    share = partial(loops.work, tables, program.table, program.parts, program.buckets, chunks, turn, hands)
    others = [_threads().submit(share, counts[hand], made) for hand in range(1, hands)]
    share(counts[0], made)
    for other in others:
        if not other.cancel():  # one that never had a processor is not waited for
            other.result()
    return _Run(counts.sum(axis=0).tolist(), made, chunks)


def _chunks_of(sets: Sequence[Blocks]) -> NDArray[np.int64]:
    """The chunks in which any set has anybody, ascending."""
    there = np.zeros(max((one.table.shape[1] for one in sets), default=0), np.bool_)
    for one in sets:
        there[one.chunks] = True
    return np.flatnonzero(there)


@lru_cache(PLANS_KEPT)
def _program(plan: Plan) -> _Program:
    from huoke.kernel.sets import loops  # noqa: PLC0415 - as above

    steps: list[_Step] = []
    _unfold(plan, steps, {})
    parts: list[int] = []
    leaves: list[str] = []
    table = np.zeros((len(steps), 4), np.int64)
    buckets = np.zeros((len(steps), 3), np.uint64)
    for number, (node, taken) in enumerate(steps):
        begin = len(parts)
        match node:
            case Leaf(key=key):
                kind, begin = loops.LEAF, len(leaves)
                leaves.append(key)
            case All():
                assert taken, "a conjunction of nothing has no bound"
                kind = loops.MEET
            case Any_():
                kind = loops.JOIN
            case Not():
                kind = loops.EXCEPT
            case Bucket(salt=salt, low=low, high=high):
                assert 0 <= low <= high <= PPM, "buckets are parts per million"
                kind, buckets[number] = loops.BUCKET, (_key(salt), low, high)
            case Sample():
                raise AssertionError("a sample is taken of all chunks at once")
        parts.extend(taken)
        table[number] = kind, begin, len(parts), bool(node.name) or number == len(steps) - 1
    return _Program(steps, leaves, table, np.array(parts, np.int64), buckets)


def _key(salt: str) -> int:
    return int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8], "little")


def _processors() -> int:
    return min(len(os.sched_getaffinity(0)), HANDS_MAX)


@cache
def _threads() -> ThreadPoolExecutor:
    """Who helps with many chunks; machine code holds no lock of the interpreter."""
    return ThreadPoolExecutor(max(_processors() - 1, 1), thread_name_prefix="sets")

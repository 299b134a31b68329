"""Combining stored sets as a plan says, a chunk of 65,536 customers at a time.

What the steps of a plan make of a chunk stays in the processor's cache; chunks are shared out among the processors.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.sets import blocks
from huoke.kernel.sets.blocks import Blocks
from huoke.kernel.sets.buckets import PPM, sample_numbers
from huoke.kernel.sets.customer_set import CHUNK_BITS, to_array
from huoke.kernel.sets.plan import All, Any_, Bucket, Leaf, Not, Plan, Sample, children

HANDS_MAX = 8
BLOCKS_EACH = 256
"""Fewer blocks than these are not worth another thread."""


class _Step(NamedTuple):
    node: Plan
    parts: tuple[int, ...]
    """Which earlier steps it takes."""


class _Run(NamedTuple):
    counts: Sequence[int]
    made: NDArray[np.uint64]
    chunks: NDArray[np.int64]


def count(plan: Plan, stored: Mapping[str, Blocks]) -> tuple[int, dict[str, int]]:
    """How many a plan comes to, and at each named node."""
    plan, stored, counts = _sampled(plan, stored)
    steps = _unfold_whole(plan)
    run = _run(steps, stored, members=False)
    return run.counts[-1], _named(steps, run.counts, counts)


def evaluate(plan: Plan, stored: Mapping[str, Blocks]) -> tuple[BitMap, dict[str, int]]:
    """The members of a plan, and how many there are at each named node."""
    plan, stored, counts = _sampled(plan, stored)
    steps = _unfold_whole(plan)
    run = _run(steps, stored, members=True)
    return blocks.to_bitmap(run.made, run.chunks), _named(steps, run.counts, counts)


def make_ready() -> None:
    """Have the loops compiled, or loaded, before anybody waits for them."""
    some = blocks.of(BitMap(range(0, 200_000, 3)))
    leaf = Leaf(key="some")
    evaluate(Bucket(within=All(parts=(leaf, Any_(parts=(leaf,)))), salt="", low=0, high=PPM), {"some": some})


def _sampled(plan: Plan, stored: Mapping[str, Blocks]) -> tuple[Plan, Mapping[str, Blocks], dict[str, int]]:
    """The plan with each sample taken and laid beside the stored sets: it needs all members of its set at once."""
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


def _unfold_whole(plan: Plan) -> list[_Step]:
    steps: list[_Step] = []
    _unfold(plan, steps, {})
    return steps


def _unfold(plan: Plan, steps: list[_Step], known: dict[Plan, int]) -> int:
    """Lay a plan out as steps, parts first; a part that occurs twice is one step."""
    if plan not in known:
        parts = tuple(_unfold(part, steps, known) for part in children(plan))
        known[plan] = len(steps)
        steps.append(_Step(plan, parts))
    return known[plan]


def _run(steps: Sequence[_Step], stored: Mapping[str, Blocks], *, members: bool) -> _Run:
    from huoke.kernel.sets import loops  # noqa: PLC0415 - loads a compiler, which only who keeps sets needs

    leaves = [step.node.key for step in steps if isinstance(step.node, Leaf)]
    chunks, codes, places = _laid_out([stored[key] for key in leaves])
    program, parts, buckets = _program(steps)
    made = np.empty((len(chunks) if members else 0, loops.WORDS), np.uint64)
    hands = max(min(_processors(), codes.size // BLOCKS_EACH), 1)
    counts = np.zeros((hands, len(steps)), np.int64)
    turn = np.zeros(1, np.int64)
    share = partial(loops.work, codes, places, program, parts, buckets, chunks, turn, hands)
    others = [_threads().submit(share, counts[hand], made) for hand in range(1, hands)]
    share(counts[0], made)
    for other in others:
        if not other.cancel():  # one that never had a processor is not waited for
            other.result()
    return _Run(counts.sum(axis=0).tolist(), made, chunks)


def _laid_out(sets: Sequence[Blocks]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The chunks in which any set has anybody, ascending, and codes and places of all sets there."""
    there = np.zeros(1 << CHUNK_BITS, np.bool_)
    for one in sets:
        there[one.chunks] = True
    chunks = np.flatnonzero(there)
    codes, places = np.zeros((len(sets), len(chunks)), np.int64), np.zeros((len(sets), len(chunks)), np.int64)
    for row, one in enumerate(sets):
        at = np.searchsorted(chunks, one.chunks) if len(one.chunks) < len(chunks) else slice(None)
        codes[row, at], places[row, at] = one.codes, one.places
    return chunks, codes, places


def _program(steps: Sequence[_Step]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    from huoke.kernel.sets import loops  # noqa: PLC0415 - as above

    parts: list[int] = []
    program = np.zeros((len(steps), 3), np.int64)
    buckets = np.zeros((len(steps), 3), np.uint64)
    leaves = 0
    for number, (node, taken) in enumerate(steps):
        match node:
            case Leaf():
                kind, leaves = loops.LEAF, leaves + 1
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
        program[number] = kind, leaves - 1 if kind == loops.LEAF else len(parts), len(parts) + len(taken)
        parts.extend(taken)
    return program, np.array(parts, np.int64), buckets


def _key(salt: str) -> int:
    return int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8], "little")


def _processors() -> int:
    return min(len(os.sched_getaffinity(0)), HANDS_MAX)


@cache
def _threads() -> ThreadPoolExecutor:
    """Who helps with many chunks; machine code holds no lock of the interpreter."""
    return ThreadPoolExecutor(max(_processors() - 1, 1), thread_name_prefix="sets")

"""Blocks against pyroaring: what is read, combined, counted and written, in every form a container can have."""

import struct
from functools import reduce

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from huoke.kernel.sets import PPM, All, Any_, Bucket, Leaf, Not, Plan, Sample, bucket_numbers, loops, sample_numbers
from huoke.kernel.sets import blocks as blocks_of
from huoke.kernel.sets.blocks import NOBODY, read
from huoke.kernel.sets.evaluate import _program, count, evaluate, make_ready

CHUNK = 65_536


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The loops are loaded before the first example is timed."""
    make_ready()


KEYS = "abcde"


def _members(form: str, chunk: int, seed: int) -> BitMap:
    """Members of one chunk: all of it, rows, strewn thinly or thickly, or at its very edges."""
    start = chunk * CHUNK
    generator = np.random.default_rng((chunk, seed))
    if form == "all":
        return BitMap(range(start, start + CHUNK))
    if form == "rows":
        begins = np.sort(generator.choice(CHUNK - 300, 9, replace=False)) + start
        return BitMap.union(*(BitMap(range(begin, begin + 1 + seed * 37)) for begin in begins.tolist()))
    if form == "edges":
        return BitMap([start, start + 63, start + 64, start + CHUNK - 1])
    size = {"few": 5, "listed": 512, "many": 513, "array": 4_096, "bitset": 4_097, "most": 60_000}[form]
    return BitMap((generator.choice(CHUNK, size, replace=False) + start).astype(np.uint32))


forms = st.sampled_from(["all", "rows", "edges", "few", "listed", "many", "array", "bitset", "most"])
sets = st.dictionaries(st.sampled_from([0, 1, 3, 16, 65_535]), st.tuples(forms, st.integers(0, 3)), max_size=4).map(
    lambda chunks: reduce(
        BitMap.union, [_members(form, chunk, seed) for chunk, (form, seed) in chunks.items()], BitMap()
    )
)
bounds = st.tuples(st.integers(0, PPM), st.integers(0, PPM)).map(sorted)
plans = st.recursive(
    st.sampled_from([Leaf(key=key) for key in KEYS]),
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=5).map(lambda parts: All(parts=tuple(parts))),
        st.lists(part, max_size=5).map(lambda parts: Any_(parts=tuple(parts))),
        st.tuples(part, part).map(lambda pair: Not(part=pair[0], within=pair[1])),
        st.tuples(part, bounds).map(lambda pair: Bucket(within=pair[0], salt="s", low=pair[1][0], high=pair[1][1])),
        st.tuples(part, st.integers(0, 900)).map(lambda pair: Sample(within=pair[0], salt="s", count=pair[1])),
    ),
    max_leaves=12,
)


def _agrees(plan: Plan, stored: dict[str, BitMap]) -> None:
    laid = {key: blocks_of.of(members) for key, members in stored.items()}
    right = _roaring(plan, stored)
    members, counts = evaluate(plan, laid)
    assert members == right
    assert (count(plan, laid), counts) == ((len(right), {}), {})


drawn = st.fixed_dictionaries(dict.fromkeys(KEYS, sets))


@given(plans, drawn)
@settings(max_examples=150)
def test_every_plan_comes_to_what_pyroaring_says(plan: Plan, stored: dict[str, BitMap]):
    _agrees(plan, stored)


@pytest.mark.parametrize(("step", "instead"), [("EXCEPT", "MEET"), ("MEET", "JOIN"), ("JOIN", "MEET")])
def test_a_step_that_does_another_one_is_seen(step: str, instead: str, monkeypatch: pytest.MonkeyPatch):
    """The control: a program with a planted bug is found out by the same examples."""
    monkeypatch.setattr(loops, step, getattr(loops, instead))
    _program.cache_clear()
    planted = settings(max_examples=500, database=None, derandomize=True, phases=[Phase.generate])(
        given(plans, drawn)(_agrees)
    )
    with pytest.raises((AssertionError, ExceptionGroup)):
        planted()
    _program.cache_clear()  # what was planted stays in no program


@given(st.lists(sets, max_size=4), sets, st.booleans())
@settings(max_examples=60)
def test_bitmaps_are_read_as_their_union_without_the_erased(parts: list[BitMap], erased: BitMap, optimized: bool):
    for part in parts:
        if optimized:
            part.run_optimize()
    laid = read([part.serialize() for part in parts], blocks_of.of(erased))
    right = reduce(BitMap.union, parts, BitMap()) - erased
    assert evaluate(Leaf(key="a"), {"a": laid})[0] == right
    assert count(Leaf(key="a"), {"a": laid}) == (len(right), {})


@given(sets, st.data())
@settings(max_examples=60)
def test_bytes_cut_or_changed_are_refused_or_read_and_never_read_past(members: BitMap, data: st.DataObject):
    members.run_optimize()
    payload = bytearray(members.serialize())
    if data.draw(st.booleans()):
        with pytest.raises(ValueError, match="these bytes"):
            read((bytes(payload[: data.draw(st.integers(0, len(payload) - 1))]),))
        return
    for _ in range(3):
        payload[data.draw(st.integers(0, min(len(payload), 40) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = read((bytes(payload),))
    except ValueError:
        return
    assert count(Leaf(key="a"), {"a": found})[0] <= 65_536 * 65_536


def test_a_container_that_holds_more_than_it_tells_is_refused():
    """Its header tells of one member, its run is 40,000 long."""
    lies = struct.pack("<IBHHHHH", 12_347, 1, 0, 0, 1, 0, 39_999)
    with pytest.raises(ValueError, match="more than they tell"):
        read((lies,))


def test_a_set_of_everybody_takes_no_room_and_nobody_is_nobody():
    everybody = blocks_of.of(BitMap(range(10 * CHUNK)))
    assert everybody.size_bytes < 10_000
    assert count(Not(part=Leaf(key="a"), within=Leaf(key="a")), {"a": everybody}) == (0, {})
    assert count(Any_(parts=()), {}) == (0, {})
    assert evaluate(Leaf(key="a"), {"a": NOBODY})[0] == BitMap()


def test_many_chunks_are_counted_by_all_processors_as_by_one():
    stored = {
        key: BitMap(np.random.default_rng(n).choice(9_000_000, 700_000).astype(np.uint32)) for n, key in enumerate(KEYS)
    }
    plan = Not(part=All(parts=(Leaf(key="a"), Leaf(key="b"))), within=Any_(parts=tuple(Leaf(key=key) for key in KEYS)))
    found = evaluate(plan, {key: blocks_of.of(members) for key, members in stored.items()})
    assert found == (_roaring(plan, stored), {})


def _roaring(plan: Plan, stored: dict[str, BitMap]) -> BitMap:
    match plan:
        case Leaf(key=key):
            return stored[key]
        case All(parts=parts):
            return reduce(BitMap.intersection, [_roaring(part, stored) for part in parts])
        case Any_(parts=parts):
            return reduce(BitMap.union, [_roaring(part, stored) for part in parts], BitMap())
        case Not(part=part, within=within):
            return _roaring(within, stored) - _roaring(part, stored)
        case Bucket(within=within, salt=salt, low=low, high=high):
            seqs = np.array(_roaring(within, stored).to_array(), np.uint32)
            chosen = bucket_numbers(salt, seqs)
            return BitMap(seqs[(chosen >= low) & (chosen < high)])
        case Sample(within=within, salt=salt, count=number):
            return BitMap(sample_numbers(salt, np.array(_roaring(within, stored).to_array(), np.uint32), number))
    raise AssertionError(plan)

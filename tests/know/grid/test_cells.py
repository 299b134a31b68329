"""Cells as numbers, bytes and sums: every customer in exactly one, nobody lost between months."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.ids import TenantId
from huoke.kernel.sets import CustomerSet
from huoke.know.grid import cells, flows
from huoke.know.grid.measure import Sums
from huoke.know.grid.model import (
    ABSENT,
    AXES,
    AxisWord,
    BandWord,
    CellUnknown,
    cell_of,
    code_of,
    places_of,
    read_code,
    translation,
)
from huoke.know.grid.place import placed, unknown
from huoke.know.grid.store import MEASURED

BANK = TenantId(1)
COUNT = 100
SEQS = np.arange(COUNT, dtype=np.uint32)
PLACES = st.lists(st.integers(0, 3), min_size=COUNT, max_size=COUNT)
STANDS = st.lists(st.sampled_from([0, cell_of((1, 1, 1)), cell_of((2, 1, 3)), cell_of((0, 2, 2)), ABSENT]),
                  min_size=COUNT, max_size=COUNT)  # fmt: skip


def words(*names):
    bands = tuple(BandWord(name=name, label=name, label_en=name) for name in names)
    return tuple(AxisWord(name=axis, label=axis, label_en=axis, deposit=False, bands=bands) for axis in AXES)


THREE = words("a", "b", "c")


@given(st.tuples(*[st.integers(0, 12)] * 3))
def test_a_cell_is_its_three_places(places):
    assert places_of(cell_of(places)) == places
    assert code_of(cell_of(places)) == "-".join(map(str, places))
    assert cell_of(places) < ABSENT


@pytest.mark.parametrize("code", ["", "1-1", "1-1-4", "1-1-1-1", "a-b-c", "-1-1-1", "1-1-9999999999"])
def test_what_names_no_cell_is_refused(code):
    with pytest.raises(CellUnknown):
        read_code(code, THREE)


@given(PLACES, PLACES, PLACES)
def test_everybody_stands_in_the_first_band_that_has_them(wealth, life, occupation):
    wanted = np.array([wealth, life, occupation])
    bands = {
        axis: {
            name: CustomerSet.of(BANK, SEQS[(wanted[number] == place) | ((wanted[number] == 1) & (place == 3))])
            for place, name in ((1, "a"), (2, "b"), (3, "c"))
        }
        for number, axis in enumerate(AXES)
    }
    found = placed(THREE, bands, SEQS, 0, COUNT)
    assert found.tolist() == [cell_of(places) for places in zip(wealth, life, occupation, strict=True)]
    assert unknown(found).tolist() == [0 in places for places in zip(wealth, life, occupation, strict=True)]


def stored(stands, units):
    stands = np.array(stands, np.uint16)
    there = stands != ABSENT
    (row,) = cells.packed(SEQS[there], stands[there], units[there]) if there.any() else [None]
    return [] if row is None else [{"chunk": row[0], "cells": row[1], "units": row[2]}]


@given(STANDS, STANDS, st.lists(st.integers(1, 2), min_size=COUNT, max_size=COUNT), st.sampled_from([None, [1], [2]]))
def test_what_comes_and_goes_is_what_changed(before, after, units, scope):
    units = np.array(units, np.uint32)
    same = np.arange(1 << 16).astype(np.uint16)
    counts = flows._moved_in([], [stored(before, units), stored(after, units)], same, scope)
    mine = np.ones(COUNT, bool) if scope is None else np.isin(units, scope)
    was, now = np.array(before)[mine], np.array(after)[mine]
    for cell in {*before, *after}:
        came = sum(n for key, n in counts.items() if key % 65_536 == cell)
        went = sum(n for key, n in counts.items() if key // 65_536 == cell)
        assert came - went == np.sum(now == cell) - np.sum(was == cell)
    assert sum(counts.values()) == np.sum(was != now)


@given(STANDS, st.lists(st.integers(1, 3), min_size=COUNT, max_size=COUNT))
def test_sums_lose_nobody(stands, units):
    stands, units = np.array(stands, np.uint16), np.array(units, np.uint32)
    there = stands != ABSENT
    sums = Sums()
    for half in (slice(0, 50), slice(50, COUNT)):
        here = there[half]
        columns = np.ones((len(MEASURED), here.sum()))
        sums.add(stands[half][here], units[half][here], columns)
    rows = sums.rows()
    assert sum(row["customers"] for row in rows) == there.sum()
    for row in rows:
        assert row["customers"] == np.sum((stands == row["cell"]) & (units == row["unit_id"])) == row["aum_fen"]


def test_customers_far_apart_come_back_as_they_were():
    seqs = np.array([0, 65_535, 65_536, 200_000], np.uint32)
    rows = list(cells.packed(seqs, np.array([1, 2, 3, 4], np.uint16), np.array([7, 7, 8, 9], np.uint32)))
    assert [row[0] for row in rows] == [0, 1, 3]
    chunk = [{"chunk": number, "cells": own, "units": units} for number, own, units in rows]
    assert list(flows.members_of(chunk, None, None)) == seqs.tolist()
    assert list(flows.members_of(chunk, [2, 3], None)) == [65_535, 65_536]
    assert list(flows.members_of(chunk, None, [7, 9])) == [0, 65_535, 200_000]


def test_bands_keep_their_names_between_months():
    into = translation(words("a", "b", "c"), words("c", "a"))
    assert into[cell_of((1, 3, 0))] == cell_of((2, 1, 0))
    assert into[cell_of((2, 1, 1))] == cell_of((0, 2, 2))

"""Sets as values: operators, banks, buckets, samples, bytes."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.ids import TenantId
from huoke.kernel.sets import (
    PPM,
    CustomerSet,
    ForeignSet,
    bucket_numbers,
    from_groups,
    from_rows,
    hash_numbers,
    to_groups,
    to_rows,
)
from tests.make import sets as make_sets

BANK, OTHER = TenantId(1), TenantId(2)
MORNING, EVENING = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 20, tzinfo=UTC)
GOLDEN_HASHES = [5024109500412120251, 2099923112185014439, 12911287624474163899, 7519066266614814161]
seqs = st.sets(st.one_of(st.integers(0, 200_000), st.integers(0, 2**31 - 1)), max_size=80)


@given(seqs, seqs)
def test_operators_agree_with_python_sets(left, right):
    one, two = CustomerSet.of(BANK, left), CustomerSet.of(BANK, right)
    assert set(one & two) == left & right
    assert set(one | two) == left | right
    assert set(one - two) == left - right
    assert set(one ^ two) == left ^ right
    assert len(one) == len(left)
    assert one.array().tolist() == sorted(left)


def test_sets_of_two_banks_refuse_to_meet():
    mine, foreign = make_sets.of(1, 1, 2), make_sets.of(2, 2, 3)
    for meet in (lambda: mine & foreign, lambda: mine | foreign, lambda: mine - foreign, lambda: mine ^ foreign):
        with pytest.raises(ForeignSet):
            meet()
    with pytest.raises(ForeignSet):
        mine.without(foreign)


def test_the_same_seqs_of_two_banks_are_not_equal():
    assert make_sets.of(1, 5) == make_sets.of(1, 5)
    assert make_sets.of(1, 5) != make_sets.of(2, 5)


def test_a_result_is_as_old_as_the_older_operand():
    early, late = CustomerSet.of(BANK, [1], MORNING), CustomerSet.of(BANK, [2], EVENING)
    assert (late | early).as_of == MORNING


def test_operands_stay_as_they_were():
    one, two = make_sets.of(1, 1, 2, 3), make_sets.of(1, 3, 4)
    _ = one & two, one | two, one - two
    assert list(one) == [1, 2, 3]
    assert list(two) == [3, 4]


@given(seqs)
def test_chunks_hold_every_member_once_under_its_own_number(members):
    chunks = dict(CustomerSet.of(BANK, members).chunks())
    assert sorted(seq for chunk in chunks.values() for seq in chunk) == sorted(members)
    assert all(seq >> 16 == number for number, chunk in chunks.items() for seq in chunk)
    assert all(chunks.values())


def test_chunks_part_at_65536():
    chunks = list(make_sets.of(1, 0, 65_535, 65_536, 131_072, 2**31 - 1).chunks())
    assert [(number, list(chunk)) for number, chunk in chunks] == [
        (0, [0, 65_535]),
        (1, [65_536]),
        (2, [131_072]),
        (32_767, [2**31 - 1]),
    ]


@given(seqs)
def test_bytes_bring_back_bank_members_and_age(members):
    stored = CustomerSet.of(BANK, members, EVENING)
    back = CustomerSet.from_bytes(stored.to_bytes())
    assert back == stored
    assert back.as_of == EVENING


@pytest.mark.parametrize("junk", [b"", b"HKS1", b"junk" * 10])
def test_foreign_bytes_are_refused(junk):
    with pytest.raises(ValueError):
        CustomerSet.from_bytes(junk)


def test_every_load_leaves_the_erased_out():
    stored, erased = make_sets.of(1, 1, 2, 3, 70_000), make_sets.of(1, 2, 70_000)
    assert list(CustomerSet.from_bytes(stored.to_bytes(), erased=erased)) == [1, 3]
    assert list(from_rows(BANK, to_rows(stored).values(), erased=erased)) == [1, 3]
    assert list(from_groups(BANK, to_groups(stored), erased=erased)) == [1, 3]


def test_another_banks_erased_set_is_refused_at_load():
    with pytest.raises(ForeignSet):
        CustomerSet.from_bytes(make_sets.of(1, 1).to_bytes(), erased=make_sets.of(2, 1))


@given(seqs)
def test_postgresql_rows_bring_the_set_back(members):
    stored = CustomerSet.of(BANK, members)
    rows = to_rows(stored)
    assert sorted(rows) == sorted({seq >> 16 for seq in members})
    assert from_rows(BANK, rows.values()) == stored


def test_hashes_are_the_published_ones_for_good():
    """Golden values: a change here would move customers between control groups."""
    numbers = np.arange(4, dtype=np.uint32)
    assert hash_numbers("autumn", numbers).tolist() == GOLDEN_HASHES
    assert bucket_numbers("autumn", numbers).tolist() == [(value >> 32) * PPM >> 32 for value in GOLDEN_HASHES]


def test_buckets_split_evenly_and_differ_by_salt():
    everyone = CustomerSet.of(BANK, np.arange(200_000))
    tenth = everyone.bucket("autumn", 0, 100_000)
    assert abs(len(tenth) - 20_000) < 5 * (200_000 * 0.1 * 0.9) ** 0.5
    other = everyone.bucket("spring", 0, 100_000)
    assert abs(len(tenth & other) - 2_000) < 5 * (200_000 * 0.01 * 0.99) ** 0.5


def test_buckets_cover_everyone_once():
    everyone = make_sets.spread(1, 5_000, among=1_000_000)
    parts = [everyone.bucket("s", low, low + 250_000) for low in range(0, PPM, 250_000)]
    assert sum(map(len, parts)) == 5_000
    assert parts[0] | parts[1] | parts[2] | parts[3] == everyone


def test_a_customer_stays_in_its_bucket_whoever_else_is_there():
    few, many = make_sets.of(1, 7, 8, 9), CustomerSet.of(BANK, range(1000))
    assert few.bucket("s", 0, 500_000) == many.bucket("s", 0, 500_000) & few


@given(seqs, st.integers(0, 100))
def test_a_sample_has_its_size_and_only_members(members, count):
    whole = CustomerSet.of(BANK, members)
    sample = whole.sample(count, "prize")
    assert len(sample) == min(count, len(members))
    assert not sample - whole


def test_a_smaller_sample_is_part_of_a_larger_one_and_stays_the_same():
    whole = make_sets.spread(1, 10_000, among=1_000_000)
    assert not whole.sample(100, "s") - whole.sample(500, "s")
    assert whole.sample(100, "s") == whole.sample(100, "s")
    assert whole.sample(100, "s") != whole.sample(100, "t")


def test_a_sample_is_fair():
    whole = CustomerSet.of(BANK, range(100))
    drawn = np.zeros(100, dtype=int)
    for salt in range(2000):
        drawn[whole.sample(10, str(salt)).array()] += 1
    assert abs(drawn - 200).max() < 6 * (2000 * 0.1 * 0.9) ** 0.5

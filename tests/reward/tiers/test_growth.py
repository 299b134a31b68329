"""Growth: credited once, counted by month, lifting whoever reaches a level; held, protected and let down by periods."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq, new_id
from huoke.reward import tiers
from huoke.reward.tiers import Outcome, Period, SchemeUnfit, Tier
from huoke.reward.tiers.model import check_scheme, earned, held_until, months_counted, review
from tests.conftest import START
from tests.make import tiers as make

NEW_YEAR = datetime(2027, 1, 1, 1, tzinfo=CHINA)


@pytest.fixture(scope="module")
async def begun(database, bank):
    """A bank with three levels."""
    await make.in_force(database, bank, make.scheme())
    return bank


async def credit(database, bank, *credits_):
    async with database.begin(bank) as tx:
        return await tiers.credit_growth(tx, credits_)


async def level(database, bank, *seqs):
    async with database.begin(bank) as tx:
        return await make.levels(tx, *seqs)


async def test_growth_lifts_whoever_reaches_a_level_at_once(database, begun, clock):
    assert await credit(database, begun, make.gain(1, 999, START), make.gain(2, 5_000, START)) == [Outcome.POSTED] * 2
    assert await level(database, begun, 1, 2) == ["basic", "gold"]
    await credit(database, begun, make.gain(1, 1, START))
    async with database.begin(begun) as tx:
        standing = await tiers.standing(tx, Seq(1))
        [move] = await tiers.moves(tx, Seq(1))
        assert await tiers.verify(tx) == []
    assert (standing.tier.key, standing.growth, standing.missing) == ("silver", 1_000, 4_000)
    assert standing.held_until == date(2026, 12, 31)
    assert (move.was, move.tier, move.cause, move.growth) == ("basic", "silver", "reached", 1_000)


async def test_a_retry_credits_nothing_also_within_one_batch(database, begun, clock):
    one = make.gain(10, 600, START)
    assert await credit(database, begun, one, one) == [Outcome.POSTED, Outcome.EXISTS]
    assert await credit(database, begun, one) == [Outcome.EXISTS]
    async with database.begin(begun) as tx:
        assert (await tiers.standing(tx, Seq(10))).growth == 600


async def test_a_batch_cut_anywhere_gives_the_same_result(database, own_bank, clock):
    await make.in_force(database, own_bank, make.scheme())
    values = [400, 700, -200, 3_000, 1_900, 50]
    for cut in range(len(values) + 1):
        whole = [make.gain(100 + cut, value, START) for value in values]
        for part in (whole[:cut], whole[cut:]):
            await credit(database, own_bank, *part)
    # A level that was reached between two halves is kept; only what was never reached together may differ.
    async with database.begin(own_bank) as tx:
        growths = {(await tiers.standing(tx, Seq(100 + cut))).growth for cut in range(len(values) + 1)}
        assert await tiers.verify(tx) == []
    assert growths == {5_850}
    assert set(await level(database, own_bank, *range(100, 107))) == {"gold"}


@pytest.mark.parametrize("source", ["deposit", "balance", "aum", "holding", "term_deposit", ""])
async def test_b1_growth_never_comes_from_what_somebody_holds(database, begun, clock, source):
    assert await credit(database, begun, make.gain(20, 9_000, START, source_kind=source)) == [Outcome.SOURCE_UNFIT]
    async with database.begin(begun) as tx:
        assert await tiers.gains(tx, Seq(20)) == []
        assert await tiers.standings(tx, [20]) == {}


async def test_nothing_or_too_much_is_no_growth(database, begun, clock):
    bad = [make.gain(21, value, START) for value in (0, 10**12 + 1)]
    assert await credit(database, begun, *bad) == [Outcome.BAD_VALUE] * 2


async def test_growth_taken_back_lowers_nobody_before_the_period_ends(database, begun, clock):
    await credit(database, begun, make.gain(30, 5_000, START))
    await credit(database, begun, make.gain(30, -4_500, START))
    assert await level(database, begun, 30) == ["gold"]


async def test_growth_of_last_year_does_not_count_for_this_one(database, begun, clock):
    await credit(database, begun, make.gain(31, 5_000, datetime(2025, 12, 31, 23, 59, tzinfo=CHINA)))
    await credit(database, begun, make.gain(32, 5_000, datetime(2026, 1, 1, tzinfo=CHINA)))
    assert await level(database, begun, 31, 32) == ["basic", "gold"]


async def test_a_level_is_protected_for_its_days_and_then_goes_one_down(database, own_bank, clock):
    await make.in_force(database, own_bank, make.scheme())
    await credit(database, own_bank, make.gain(1, 5_000, START), make.gain(2, 5_000, START))
    await credit(database, own_bank, make.gain(1, -4_900, START))
    clock.set(NEW_YEAR)
    async with database.begin(own_bank) as tx:
        assert await tiers.review_due(tx) == 2
        assert await tiers.review_due(tx) == 0
        assert (await tiers.standing(tx, Seq(1))).protected
        assert not (await tiers.standing(tx, Seq(2))).protected
    assert await level(database, own_bank, 1, 2) == ["gold", "gold"]
    clock.advance(timedelta(days=30))
    async with database.begin(own_bank) as tx:
        assert await tiers.review_due(tx) == 1
        [move, _] = await tiers.moves(tx, Seq(1))
    assert await level(database, own_bank, 1, 2) == ["silver", "gold"]
    assert (move.was, move.tier, move.up, move.cause) == ("gold", "silver", False, "period")


async def test_growth_of_the_days_of_protection_keeps_the_level(database, own_bank, clock):
    await make.in_force(database, own_bank, make.scheme())
    await credit(database, own_bank, make.gain(1, 5_000, START), make.gain(1, -4_900, START, line=1))
    await credit(database, own_bank, make.gain(1, 4_900, START))
    await credit(database, own_bank, make.gain(1, -4_900, START))
    clock.set(NEW_YEAR)
    async with database.begin(own_bank) as tx:
        await tiers.review_due(tx)
    await credit(database, own_bank, make.gain(1, 5_000, NEW_YEAR))
    clock.advance(timedelta(days=30))
    async with database.begin(own_bank) as tx:
        await tiers.review_due(tx)
        standing = await tiers.standing(tx, Seq(1))
    assert (standing.tier.key, standing.protected, standing.held_until) == ("gold", False, date(2027, 12, 31))


async def test_another_bank_sees_nothing(database, begun, other_bank, clock):
    await credit(database, begun, make.gain(40, 5_000, START))
    async with database.begin(other_bank) as tx:
        assert await tiers.standings(tx, [40]) == {}
        assert await tiers.gains(tx, Seq(40)) == []
        assert await tiers.standing(tx, Seq(40)) is None


async def test_growth_from_before_the_first_scheme_counts_when_it_begins(database, own_bank, clock):
    await credit(database, own_bank, make.gain(1, 5_000, START), make.gain(2, 10, START))
    assert await level(database, own_bank, 1, 2) == ["", ""]
    await make.in_force(database, own_bank, make.scheme())
    async with database.begin(own_bank) as tx:
        assert await tiers.carry_over(tx, -1, limit=1) == 1
        assert await tiers.carry_over(tx, 1, limit=1) == 2
        assert await tiers.carry_over(tx, 2, limit=1) is None
    assert await level(database, own_bank, 1, 2) == ["gold", "basic"]


@pytest.mark.parametrize(
    ("levels", "pointer"),
    [
        ([("a", 0)], "/scheme/tiers"),
        ([("a", 1), ("b", 2)], "/scheme/tiers/0/threshold"),
        ([("a", 0), ("b", 0)], "/scheme/tiers/1/threshold"),
        ([("a", 0), ("a", 5)], "/scheme/tiers"),
        ([("a", 0), ("B", 5)], "/scheme/tiers/1/key"),
    ],
)
def test_a_scheme_that_cannot_be_says_where(levels, pointer):
    made = tuple(Tier(key=key, name="级", name_en="L", threshold=at) for key, at in levels)
    with pytest.raises(SchemeUnfit) as refused:
        check_scheme(make.scheme(tiers=made))
    assert refused.value.pointer == pointer


async def test_a_level_somebody_stands_on_stays(database, own_bank, clock):
    await make.in_force(database, own_bank, make.scheme())
    await credit(database, own_bank, make.gain(1, 5_000, START))
    without = make.scheme(tiers=make.scheme().tiers[:2])
    with pytest.raises(SchemeUnfit, match="1 customers are on the tier"):
        await make.in_force(database, own_bank, without)


def test_periods_end_with_the_year_or_a_year_after():
    assert held_until(Period.CALENDAR_YEAR, date(2026, 3, 2)) == date(2026, 12, 31)
    assert held_until(Period.ROLLING_YEAR, date(2026, 3, 2)) == date(2027, 3, 1)
    assert held_until(Period.ROLLING_YEAR, date(2028, 2, 29)) == date(2029, 2, 28)
    assert months_counted(Period.ROLLING_YEAR, date(2026, 3, 2)) == (2025 * 12 + 3, 2026 * 12 + 2)
    assert months_counted(Period.CALENDAR_YEAR, date(2026, 3, 2)) == (2026 * 12, 2026 * 12 + 2)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(-100, 9_000)), min_size=1, max_size=50),
    st.booleans(),
    st.sampled_from([0, 30]),
)
def test_a_review_is_the_rule_read_aloud_for_each(rows, gradual, days):
    scheme = make.scheme(gradual=gradual, protection_days=days)
    got = review(
        scheme,
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
    )
    for (was, protected, growth), after, held in zip(rows, got.tiers, got.protected, strict=True):
        enough = 2 if growth >= 5_000 else 1 if growth >= 1_000 else 0
        if enough >= was:
            assert (after, held) == (enough, False)
        elif days and not protected:
            assert (after, held) == (was, True)
        else:
            assert (after, held) == (max(enough, was - 1) if gradual else enough, False)
    assert earned(scheme, [-5, 0, 999, 1_000]).tolist() == [0, 0, 0, 1]


async def test_a_source_may_credit_many_lines(database, begun, clock):
    source = new_id()
    both = [make.gain(50, 500, START, source_id=source, line=line) for line in (0, 1)]
    assert await credit(database, begun, *both) == [Outcome.POSTED] * 2
    assert await level(database, begun, 50) == ["silver"]

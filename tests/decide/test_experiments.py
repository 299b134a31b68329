"""Control groups: by person, stable, of the right size, and never of a public offer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.decide import experiments
from huoke.decide.experiments import PublicOffer
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import CustomerSet

ONE = TenantId(1)


def everybody(count: int) -> tuple[CustomerSet, np.ndarray]:
    return CustomerSet.of(ONE, np.arange(count)), np.arange(count)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=200), st.integers(0, 50), st.text(max_size=20))
def test_one_person_is_in_one_arm_with_every_account(persons, percent, salt):
    arm = experiments.control_arm(salt, percent, np.array(persons))
    of_person: dict[int, set[bool]] = {}
    for person, control in zip(persons, arm.tolist(), strict=True):
        of_person.setdefault(person, set()).add(control)
    assert all(len(arms) == 1 for arms in of_person.values())


def test_ten_percent_of_a_hundred_thousand_is_ten_thousand_give_or_take():
    members, persons = everybody(100_000)
    control = experiments.split(members, persons, salt="campaign:a", percent=10, published=False)
    assert len(control) == 10_004
    assert control == experiments.split(members, persons, salt="campaign:a", percent=10, published=False)
    other = experiments.split(members, persons, salt="campaign:b", percent=10, published=False)
    assert len(control & other) < 1_200, "another campaign leaves out other people"


def test_a_larger_group_holds_the_smaller_one():
    members, persons = everybody(10_000)
    small, large = (
        experiments.split(members, persons, salt="s", percent=percent, published=False) for percent in (5, 20)
    )
    assert small & large == small


def test_a_public_offer_has_none():
    members, persons = everybody(10)
    with pytest.raises(PublicOffer):
        experiments.split(members, persons, salt="s", percent=10, published=True)
    assert len(experiments.split(members, persons, salt="s", percent=0, published=True)) == 0


async def test_a_group_is_kept_for_good_and_for_its_own_bank(database, bank, other_bank, clock):
    from huoke.kernel.ids import new_id

    source_id = new_id()
    members = CustomerSet.of(bank, [1, 70_000, 140_000])
    async with database.begin(bank) as tx:
        await experiments.keep(tx, source_id, members, salt="s", percent=10)
    async with database.begin(bank) as tx:
        assert await experiments.control_members(tx, source_id) == members
        group = await experiments.control_group(tx, source_id)
        assert (group.size, group.percent, group.drawn_at) == (3, 10, clock.now())
    async with database.begin(other_bank) as tx:
        assert await experiments.control_group(tx, source_id) is None
        assert len(await experiments.control_members(tx, source_id)) == 0

"""The pure rules: no circle however people invite, and a verdict that only grows graver with the facts."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from huoke.reward.referral.model import Benefit, LadderStep, RiskFacts, Verdict, judge, reached, refuse_bond

PEOPLE = st.integers(min_value=1, max_value=7)
GRAVITY = list(Verdict)


def way_up(invited, person):
    """Everybody above a person, themselves first; what the store reads before a bond is decided."""
    seen = {}
    while person in invited and person not in seen:
        seen[person] = invited[person]
        person = invited[person]
    return seen


def bind_all(pairs, refuse=refuse_bond):
    """Bonds in order, each decided against what stands above inviter and invitee."""
    invited = {}
    for inviter, invitee in pairs:
        if refuse(inviter, invitee, {**way_up(invited, inviter), **way_up(invited, invitee)}) is None:
            invited[invitee] = inviter
    return invited


def has_circle(invited):
    return any(person in way_up(invited, above) for person, above in invited.items())


@given(st.lists(st.tuples(PEOPLE, PEOPLE), max_size=40))
def test_nobody_ever_stands_above_themselves(pairs):
    invited = bind_all(pairs)
    assert not has_circle(invited)
    assert all(inviter != invitee for invitee, inviter in invited.items())


def test_a_check_of_the_first_step_alone_would_let_a_circle_through():
    """The negative control: three people in a ring pass a check that looks one step up only."""

    def shallow(inviter, invitee, invited):
        return True if invitee in invited or inviter == invitee or invited.get(inviter) == invitee else None

    ring = [(1, 2), (2, 3), (3, 1)]
    assert has_circle(bind_all(ring, shallow))
    assert not has_circle(bind_all(ring))


@given(st.booleans(), st.booleans(), st.integers(0, 9), st.integers(0, 60), st.integers(1, 20))
def test_a_fact_more_is_never_a_milder_verdict(suppressed, ringed, users, brought, limit):
    facts = RiskFacts(suppressed=suppressed, ringed=ringed, device_users=users, invited_in_a_day=brought)
    worse = RiskFacts(suppressed=True, ringed=ringed, device_users=users, invited_in_a_day=brought + limit)
    verdict, reasons = judge(facts, limit)
    assert GRAVITY.index(judge(worse, limit)[0]) >= GRAVITY.index(verdict)
    assert (verdict is Verdict.ALLOW) == (not reasons)


def test_steps_are_reached_in_order():
    coffee = Benefit(sku_id=UUID(int=1), budget_id=UUID(int=2), stock=1)
    ladder = [LadderStep(invitees=count, benefit=coffee) for count in (1, 3, 5)]
    assert [reached(ladder, count) for count in (0, 1, 4, 5)] == [[], [2], [2, 3], [2, 3, 4]]

"""An invitation in any order of acts, undoings, devices, lists, empty shelves and cases, against plain words."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huoke.kernel.clock import SetClock
from huoke.reward.referral import BondState, Verb, Verdict
from huoke.reward.referral import model as rules
from huoke.reward.referral.give import Given
from huoke.reward.referral.model import BOND_NEXT, Bond, NewProgramme, Programme, ProgrammeState, RiskFacts
from tests.conftest import START

advance, case = [import_module(f"huoke.reward.referral.{name}") for name in ("advance", "case")]
ACT_DAYS, HOLD_DAYS, DAY_LIMIT = 10, 3, 5
NOBODY = UUID(int=0)
STEP = st.one_of(
    st.tuples(st.just("act")),
    st.tuples(st.just("undo")),
    st.tuples(st.just("users"), st.sampled_from([0, 2, 3, 9])),
    st.tuples(st.just("haste"), st.sampled_from([0, 4, 5, 9, 10])),
    st.tuples(st.just("listed"), st.booleans()),
    st.tuples(st.just("ringed"), st.booleans()),
    st.tuples(st.just("empty"), st.booleans()),
    st.tuples(st.just("hours"), st.sampled_from([0, 1, 24, 72, 100])),
    st.tuples(st.just("release")),
    st.tuples(st.just("claw_back")),
)
TERMS = NewProgramme(
    name="机", title="机", rules="机", act={}, act_label="机", act_days=ACT_DAYS, hold_days=HOLD_DAYS,
    day_limit=DAY_LIMIT, opens_at=START, closes_at=START + timedelta(days=90),
)  # fmt: skip
PROGRAMME = Programme(
    id=NOBODY, unit_id=1, state=ProgrammeState.LIVE, terms=TERMS, offers={}, change_id=None, created_by="",
    created_at=START,
)  # fmt: skip


class Oracle:
    """What the guide says, in plain words: state, when it is looked at next, whether two people released it."""

    def __init__(self):
        self.state, self.due, self.released, self.given = "bound", START + timedelta(seconds=60), False, 0

    def look(self, now, done, facts, empty):
        if self.due is None or self.due > now:
            return
        grave = facts.suppressed or facts.ringed or facts.device_users >= 3 or facts.invited_in_a_day >= 2 * DAY_LIMIT
        light = 1 <= facts.device_users <= 2 or DAY_LIMIT <= facts.invited_in_a_day < 2 * DAY_LIMIT
        if not done:
            if self.state == "qualified" or now > START + timedelta(days=ACT_DAYS, minutes=30):
                self.state, self.due = "lapsed", None
            else:
                self.due = now + timedelta(seconds=60)
        elif grave and not self.released:
            self.state, self.due = "blocked", None
        elif self.state == "bound":
            self.state, self.due = "qualified", now + timedelta(days=HOLD_DAYS * (2 if light else 1))
        elif empty:
            self.due = now + timedelta(hours=1)
        else:
            self.state, self.due, self.given = "rewarded", None, self.given + 1

    def release(self, now):
        if self.state == "blocked":
            self.state, self.due, self.released = "qualified", now, True

    def claw_back(self):
        if self.state == "rewarded":
            self.state, self.given = "clawed_back", self.given - 1


def fresh() -> Bond:
    return Bond(
        id=NOBODY, programme_id=NOBODY, referrer_id=NOBODY, inviter_seq=1, inviter_person=1, invitee_seq=2,
        invitee_person=2, state=BondState.BOUND, verdict=Verdict.ALLOW, reasons=[], steps=1, bound_at=START,
        act_by=START + timedelta(days=ACT_DAYS), qualified_at=None, due_at=START + timedelta(seconds=60),
        ended_at=None, value_fen=0,
    )  # fmt: skip


class Life:
    """The bond of the product beside the oracle's, and what the world does to both."""

    def __init__(self):
        self.clock, self.bond, self.oracle, self.given = SetClock(START), fresh(), Oracle(), 0
        self.acts, self.facts, self.empty = [], RiskFacts(), False

    @property
    def now(self):
        return self.clock.now()

    def take(self, name, *more):
        match name:
            case "act":
                self.acts.append(self.now)
            case "undo":
                self.acts.clear()
            case "empty":
                [self.empty] = more
            case "hours":
                self.clock.advance(timedelta(hours=more[0], minutes=2))
            case "release" | "claw_back":
                self._case(Verb(name))
            case _:
                field = {"users": "device_users", "haste": "invited_in_a_day", "listed": "suppressed"}.get(name, name)
                self.facts = msgspec.structs.replace(self.facts, **{field: more[0]})
        self._look()
        self.agree()

    def _case(self, verb):
        if case.LEADS_TO[verb] in BOND_NEXT[self.bond.state] and (
            verb is Verb.CLAW_BACK or self.bond.state is BondState.BLOCKED
        ):
            self.given -= verb is Verb.CLAW_BACK
            self._move(case.moved(self.bond, verb, self.now))
        (self.oracle.release(self.now) if verb is Verb.RELEASE else self.oracle.claw_back())

    def _look(self):
        done = any(START < at <= min(self.bond.act_by, self.now) for at in self.acts)
        self.oracle.look(self.now, done, self.facts, self.empty)
        if self.bond.due_at is None or self.bond.due_at > self.now:
            return
        verdict = rules.judge(self.facts, DAY_LIMIT) if done else None
        seen = advance.Seen(done=done, before=False, value_fen=0)
        went = advance.step(self.bond, PROGRAMME, seen, verdict, self.now)
        if went.state is BondState.REWARDED:
            went = advance.paid(went, Given(done=not self.empty, waits=self.empty), self.now)
            self.given += went.state is BondState.REWARDED
        self._move(went)

    def _move(self, went):
        assert went.state is self.bond.state or went.state in BOND_NEXT[self.bond.state]
        self.bond = went

    def agree(self):
        assert (self.bond.state.value, self.bond.due_at, self.given) == (
            self.oracle.state, self.oracle.due, self.oracle.given,
        )  # fmt: skip
        assert self.given in (0, 1)


def live(steps):
    life = Life()
    for name, *more in steps:
        life.take(name, *more)


DONE = [("hours", 1), ("act",), ("hours", 1)]
CROWDED = [("users", 3), *DONE]


@settings(max_examples=400, deadline=None)
@given(steps=st.lists(STEP, max_size=30))
@example(steps=[*DONE, ("hours", 72), ("claw_back",)])
@example(steps=[*CROWDED, ("release",), ("hours", 0)])
@example(steps=[*DONE, ("empty", True), ("hours", 72), ("empty", False), ("hours", 1)])
def test_an_invitation_in_any_order_is_what_the_guide_says(steps):
    live(steps)


def _blind(facts, day_limit):
    del facts, day_limit
    return Verdict.ALLOW, []


def _early(bond, given, now):
    del given
    return msgspec.structs.replace(bond, state=BondState.REWARDED, due_at=None, ended_at=now)


@pytest.mark.parametrize(
    ("place", "name", "planted", "steps"),
    [
        (rules, "judge", _blind, CROWDED),
        (advance, "paid", _early, [*DONE, ("empty", True), ("hours", 72)]),
        (advance, "LATE", timedelta(days=9), [("hours", 100), ("hours", 100), ("hours", 72)]),
        (advance, "_HOLDS", dict.fromkeys(Verdict, 1), [("users", 2), *DONE, ("hours", 100)]),
    ],
)
def test_planted_bugs_are_seen(monkeypatch, place, name, planted, steps):
    live(steps)
    monkeypatch.setattr(place, name, planted)
    with pytest.raises(AssertionError):
        live(steps)

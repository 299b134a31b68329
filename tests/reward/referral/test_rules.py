"""The pure rules of referral: verdicts at their edges, what a programme may not be, which line a side gets."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from huoke.reward.referral import model
from huoke.reward.referral.model import (
    Benefit,
    Channel,
    ChannelRule,
    LadderStep,
    NewProgramme,
    Programme,
    ProgrammeState,
    ProgrammeUnfit,
    RiskFacts,
    benefits_of,
    check_terms,
    judge,
    line_of,
    money_of,
    pointer_of,
    refuse_bond,
    refuse_channel,
    side_of,
)

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GIFT = Benefit(sku_id=UUID(int=1), budget_id=UUID(int=2), stock=10)
OTHER = msgspec.structs.replace(GIFT, sku_id=UUID(int=9))
TERMS = NewProgramme(
    name="荐", title="荐", rules="规则", act={"kind": "event"}, act_label="支付", opens_at=T0,
    closes_at=T0 + timedelta(days=30), inviter=GIFT, invitee=GIFT,
)  # fmt: skip
HELP = msgspec.structs.replace(TERMS, help_hours=48, inviter=None, ladder=(LadderStep(invitees=3, benefit=GIFT),))


def steps(*counts):
    return tuple(LadderStep(invitees=count, benefit=GIFT) for count in counts)


def unfit(terms=TERMS, now=T0, **changes):
    try:
        check_terms(msgspec.structs.replace(terms, **changes), now)
    except ProgrammeUnfit as refusal:
        return refusal.pointer
    return ""


def verdict(day_limit=10, **facts):
    found, reasons = judge(RiskFacts(**facts), day_limit)
    return found.value, [one.value for one in reasons]


def test_a_verdict_turns_exactly_at_its_numbers():
    assert verdict() == ("allow", [])
    assert (verdict(suppressed=True)[0], verdict(ringed=True)[0]) == ("block", "block")
    assert [verdict(device_users=n)[0] for n in (0, 1, 2, 3, 4)] == ["allow", "delay", "delay", "block", "block"]
    assert [verdict(invited_in_a_day=n)[0] for n in (9, 10, 19, 20, 21)] == [
        "allow",
        "delay",
        "delay",
        "block",
        "block",
    ]
    both = verdict(suppressed=True, device_users=1)
    assert (both[0], len(both[1])) == ("block", 2)
    assert both[1][0] == verdict(suppressed=True)[1][0], "the gravest first"
    assert (verdict(invited_in_a_day=20)[1], verdict(invited_in_a_day=10)[1]) == (["burst"], ["velocity"])
    assert (verdict(device_users=3)[1], verdict(device_users=2)[1]) == (["crowded_device"], ["shared_device"])


def refused(inviter, invitee, invited):
    found = refuse_bond(inviter, invitee, invited)
    return type(found).__name__ if found is not None else ""


def test_who_is_invited_by_whom():
    assert refused(1, 1, {}) == "SelfInvited"
    assert refused(1, 2, {2: 5}) == "InvitedBefore"
    assert refused(1, 2, {1: 3, 3: None}) == ""
    assert refused(1, 2, {1: 3, 3: 2}) == "Circle"
    assert refused(1, 2, {1: 2}) == "Circle"
    assert refused(None, 2, {}) == "", "staff invites"


def test_every_benefit_has_its_line_and_every_line_its_place():
    rules = {
        Channel.LINK: ChannelRule(inviter=OTHER),
        Channel.POSTER: ChannelRule(invitee=OTHER),
        Channel.CODE: ChannelRule(),
    }
    terms = msgspec.structs.replace(TERMS, ladder=steps(1, 3), channels=rules)
    place = {one: 100 + 10 * list(Channel).index(one) for one in Channel}
    own = {place[Channel.LINK]: OTHER, place[Channel.POSTER] + 1: OTHER}
    assert benefits_of(terms) == {0: GIFT, 1: GIFT, 2: GIFT, 3: GIFT, **own}
    assert benefits_of(msgspec.structs.replace(TERMS, inviter=None)) == {1: GIFT}
    assert [line_of(terms, Channel.LINK, side) for side in (0, 1)] == [place[Channel.LINK], 1]
    assert [line_of(terms, Channel.POSTER, side) for side in (0, 1)] == [0, place[Channel.POSTER] + 1]
    assert [line_of(terms, Channel.CODE, side) for side in (0, 1)] == [0, 1]
    assert [side_of(line) for line in (0, 1, 2, 99)] == [(None, 0), (None, 1), None, None]
    assert [side_of(place[one] + 1) for one in Channel] == [(one, 1) for one in Channel]
    assert side_of(100) == (next(iter(Channel)), 0)
    assert [pointer_of(line) for line in (0, 1, 2, 4)] == [
        "/inviter",
        "/invitee",
        "/ladder/0/benefit",
        "/ladder/2/benefit",
    ]
    assert pointer_of(place[Channel.LINK] + 1) == "/channels/link/invitee"
    assert pointer_of(place[Channel.LINK]) == "/channels/link/inviter"


def test_a_channel_may_be_closed_and_its_invitations_grow_old():
    rules = {Channel.LINK: ChannelRule(open=False), Channel.POSTER: ChannelRule(days=2, day_limit=5)}
    terms = msgspec.structs.replace(TERMS, channels=rules)
    old = T0 + timedelta(days=2)
    assert refuse_channel(terms, Channel.LINK, T0, T0) is not None
    assert refuse_channel(terms, Channel.CODE, T0, T0 + timedelta(days=900)) is None
    assert [refuse_channel(terms, Channel.POSTER, T0, at) is None for at in (old - SECOND, old)] == [True, False]
    assert (terms.haste(Channel.POSTER), terms.haste(Channel.CODE)) == (5, 20)
    assert terms.accepted_until(Channel.POSTER, T0) == old
    assert terms.accepted_until(Channel.CODE, T0) is None


def test_help_is_asked_for_so_many_hours_and_no_longer_than_the_programme():
    assert (HELP.goal, TERMS.goal, TERMS.asked_until(T0)) == (3, 0, None)
    assert HELP.asked_until(T0) == T0 + timedelta(hours=48)
    assert HELP.asked_until(HELP.closes_at - SECOND) == HELP.closes_at


def programme(state):
    return Programme(
        id=UUID(int=1), unit_id=1, state=state, terms=TERMS, offers={}, change_id=None, created_by="s", created_at=T0
    )


def test_a_programme_is_open_while_it_is_live_and_its_time_runs():
    def said(state, at):
        found = programme(state).closed(at)
        return type(found).__name__ if found is not None else ""

    live = ProgrammeState.LIVE
    times = {T0 - SECOND: "NotStarted", T0: "", TERMS.closes_at - SECOND: "", TERMS.closes_at: "Ended"}
    assert {at: said(live, at) for at in times} == times
    assert {state: said(state, T0) for state in ProgrammeState} == {
        state: "" if state is live else "Paused" if state is ProgrammeState.PAUSED else "Ended"
        for state in ProgrammeState
    }
    over = {state: programme(state).takes_no_more(TERMS.closes_at) for state in ProgrammeState}
    assert {state for state, done in over.items() if done} == {live, ProgrammeState.PAUSED, ProgrammeState.STOPPED}
    assert {state for state in ProgrammeState if programme(state).takes_no_more(T0)} == {ProgrammeState.STOPPED}


BOUNDS = {
    "act_days": (1, 365), "hold_days": (0, 90), "fresh_days": (0, 3_650), "day_limit": (1, 1_000),
    "person_limit": (1, 10_000),
}  # fmt: skip


@pytest.mark.parametrize("field", BOUNDS)
def test_numbers_stand_at_their_bounds_and_not_beyond(field):
    low, high = BOUNDS[field]
    assert [unfit(**{field: value}) for value in (low, high)] == ["", ""]
    assert [unfit(**{field: value}) for value in (low - 1, high + 1)] == [f"/{field}"] * 2


@pytest.mark.parametrize(
    ("field", "most"),
    [("name", model.NAME_MAX), ("title", model.NAME_MAX), ("title_en", 80), ("act_label", model.NAME_MAX),
     ("act_label_en", 80), ("rules", model.RULES_MAX), ("rules_en", model.RULES_MAX)],
)  # fmt: skip
def test_texts_are_as_long_as_they_may_be(field, most):
    assert (unfit(**{field: "x" * most}), unfit(**{field: "x" * (most + 1)})) == ("", f"/{field}")


@pytest.mark.parametrize("field", ["name", "title", "rules", "act_label"])
def test_what_has_to_be_said_is_said(field):
    assert unfit(**{field: " "}) == f"/{field}"


def test_it_closes_after_it_opens_and_after_now():
    assert (unfit(closes_at=T0), unfit(closes_at=T0 + SECOND)) == ("/closes_at", "")
    late = T0 + timedelta(days=2)
    assert (unfit(opens_at=late, closes_at=late), unfit(now=late, closes_at=late)) == ("/closes_at",) * 2


def test_the_ladder_rises_from_one_and_has_few_steps():
    most = model.LADDER_MAX
    said = {(1, 3): "", (3, 1): "/ladder", (2, 2): "/ladder", (0, 1): "/ladder", tuple(range(1, most + 1)): "",
            tuple(range(1, most + 2)): "/ladder"}  # fmt: skip
    assert {counts: unfit(ladder=steps(*counts)) for counts in said} == said


def test_benefits_have_stock_and_days_and_somebody_gets_one():
    for field, most in (("stock", model.STOCK_MAX), ("valid_days", 365)):
        said = {0: f"/inviter/{field}", 1: "", most: "", most + 1: f"/inviter/{field}"}
        assert {n: unfit(inviter=msgspec.structs.replace(GIFT, **{field: n})) for n in said} == said
    assert unfit(inviter=None) == unfit(invitee=None) == ""
    assert unfit(inviter=None, invitee=None) == "/inviter"
    assert unfit(HELP, invitee=None) == ""


def test_help_has_a_goal_and_pays_the_asker_by_the_ladder_alone():
    hours = {-1: "/help_hours", 1: "", model.HELP_HOURS_MAX: "", model.HELP_HOURS_MAX + 1: "/help_hours"}
    assert {n: unfit(HELP, help_hours=n) for n in hours} == hours
    assert unfit(HELP, ladder=()) == "/ladder"
    assert unfit(HELP, ladder=steps(3, 2)) == "/ladder"
    goals = {model.GOAL_MAX: "", model.GOAL_MAX + 1: "/ladder"}
    assert {n: unfit(HELP, ladder=steps(n)) for n in goals} == goals
    assert unfit(HELP, inviter=GIFT) == "/inviter"


@pytest.mark.parametrize(("field", "most"), [("days", 365), ("person_limit", 10_000), ("day_limit", 1_000)])
def test_rules_of_channels_stand_at_their_bounds(field, most):
    pointer = f"/channels/link/{field}"
    said = {-1: pointer, 0: "", most: "", most + 1: pointer}
    assert {n: unfit(channels={Channel.LINK: ChannelRule(**{field: n})}) for n in said} == said


def test_some_channel_is_open_and_staff_and_askers_are_not_paid_by_one():
    shut = {channel: ChannelRule(open=False) for channel in Channel}
    assert unfit(channels=shut) == "/channels"
    assert unfit(channels=shut | {Channel.CODE: ChannelRule()}) == ""
    assert unfit(channels={Channel.STAFF: ChannelRule(inviter=GIFT)}) == "/channels/staff/inviter"
    assert unfit(channels={Channel.STAFF: ChannelRule(invitee=GIFT)}) == ""
    assert unfit(channels={Channel.LINK: ChannelRule(inviter=GIFT)}) == ""
    assert unfit(HELP, channels={Channel.LINK: ChannelRule(inviter=GIFT)}) == "/channels/link/inviter"


def test_money_is_what_all_cost_together_and_no_more_than_a_budget_holds():
    assert (money_of(1_980, 3), money_of(model.FEN_MAX, 1)) == (5_940, model.FEN_MAX)
    with pytest.raises(ProgrammeUnfit):
        money_of(model.FEN_MAX, 2)

"""Ways into a play: what somebody does to progress, and what is certain to follow. Pure.

A wheel is drawn on. A check-in, missions and their like are *done*: what is done is a deed, which happens once, and a
deed may give a line of the play's own prize table, chances to draw in it, or cards that mend a streak.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import msgspec

from huoke.know.language import Where

CHANCES_MAX = 20
TITLE = Annotated[str, msgspec.Meta(max_length=40)]
LINE = Annotated[int, msgspec.Meta(ge=0, lt=24)]
SMALL = Annotated[int, msgspec.Meta(ge=0, le=CHANCES_MAX)]
AMOUNT = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
EVENT = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=60)]


class Reward(msgspec.Struct, frozen=True, kw_only=True):
    """What a deed gives: the prize of a line that nobody draws, chances to draw, cards that mend a streak."""

    line: LINE | None = None
    chances: SMALL = 0
    cards: SMALL = 0

    @property
    def empty(self) -> bool:
        """Whether it gives nothing."""
        return self.line is None and not self.chances and not self.cards


class Milestone(msgspec.Struct, frozen=True, kw_only=True):
    """What a streak of so many days gives, once a streak."""

    days: Annotated[int, msgspec.Meta(ge=2, le=366)]
    gives: Reward


class CheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """One check-in a day of the bank; the n-th day of a streak gives `days[n - 1]`, and after the last from the first.

    A missed day of the last `back_days` is mended by a card: `cards_a_month` are given each month, others are earned.
    """

    days: Annotated[list[Reward], msgspec.Meta(min_length=1, max_length=31)]
    milestones: Annotated[list[Milestone], msgspec.Meta(max_length=10)] = []
    cards_a_month: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0
    back_days: Annotated[int, msgspec.Meta(ge=1, le=31)] = 7


class Span(StrEnum):
    """How long what was done counts together: a day of the bank, or the whole play."""

    DAY = "day"
    WHOLE = "whole"


class Measure(StrEnum):
    """What is counted of the events: how many, on how many days, their amount in fen, the highest of a property."""

    TIMES = "times"
    DAYS = "days"
    AMOUNT = "amount"
    MOST = "most"


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """How much must be done, and what it gives."""

    target: AMOUNT
    gives: Reward


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """The event that takes an event back, and the property by which it names it."""

    event: EVENT
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class Mission(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do, told by events: once with one goal, growing with several (1, 3, 5), daily with span `day`.

    `property` is the whole number measured by `most`, such as the steps of a day that a phone tells again and again.
    """

    title: TITLE
    title_en: TITLE = ""
    text: Annotated[str, msgspec.Meta(max_length=200)] = ""
    text_en: Annotated[str, msgspec.Meta(max_length=200)] = ""
    event: EVENT
    where: tuple[Where, ...] = ()
    measure: Measure = Measure.TIMES
    property: Annotated[str, msgspec.Meta(max_length=60)] = ""
    span: Span = Span.WHOLE
    goals: Annotated[list[Goal], msgspec.Meta(min_length=1, max_length=8)]
    undone_by: Undone | None = None


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that may be chosen."""

    zh: Annotated[str, msgspec.Meta(max_length=60)]
    en: Annotated[str, msgspec.Meta(max_length=60)] = ""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question of the pool; `answer` is the place of its right option, `why` is told once it was answered."""

    zh: Annotated[str, msgspec.Meta(max_length=200)]
    en: Annotated[str, msgspec.Meta(max_length=200)] = ""
    options: Annotated[list[Option], msgspec.Meta(max_length=4)]
    answer: Annotated[int, msgspec.Meta(ge=0, le=3)]
    why: Annotated[str, msgspec.Meta(max_length=300)] = ""
    why_en: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Quiz(msgspec.Struct, frozen=True, kw_only=True):
    """`ask` questions out of a pool, once a day, all of them within `seconds` by the server's clock.

    `needed` right answers give the reward.
    """

    questions: Annotated[list[Question], msgspec.Meta(max_length=200)]
    ask: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    seconds: Annotated[int, msgspec.Meta(ge=10, le=1_800)] = 120
    needed: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    gives: Reward


class Rain(msgspec.Struct, frozen=True, kw_only=True):
    """Rounds at set times of each day, "HH:MM" of the bank, open for `seconds`: a draw a round and natural person."""

    times: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]],
        msgspec.Meta(min_length=1, max_length=12),
    ]
    seconds: Annotated[int, msgspec.Meta(ge=10, le=3_600)] = 60


class CodeOf(StrEnum):
    """Whose code opens a play: the branch's own, or a relationship manager's who received the visitor."""

    BRANCH = "branch"
    RM = "rm"


class Lobby(msgspec.Struct, frozen=True, kw_only=True):
    """A play for visitors of a branch: each visit opens it once, with so many chances, good until midnight.

    `by` is whose code opens it; a relationship manager's opens what the branch's would open, too.
    """

    chances: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    by: CodeOf = CodeOf.RM


class Giving(msgspec.Struct, frozen=True, kw_only=True):
    """Cards go from customer to customer: how many a natural person may give and receive a day, and receive in all.

    A gift waits `hours` for its receiver. What came as a gift is not given on; nothing is rewarded (rule M3).
    """

    gives_a_day: Annotated[int, msgspec.Meta(ge=1, le=20)] = 3
    takes_a_day: Annotated[int, msgspec.Meta(ge=1, le=20)] = 3
    takes: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    hours: Annotated[int, msgspec.Meta(ge=1, le=72)] = 24


class Cards(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the prize table that are cards: drawn by their odds; one of each is a set, `wild` stands for any.

    Each set gives the reward, `sets` at most to a natural person. Without `giving`, cards stay with who drew them.
    """

    lines: Annotated[list[LINE], msgspec.Meta(max_length=12)]
    wild: LINE | None = None
    gives: Reward
    sets: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    giving: Giving | None = None


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How a play is played beside drawing; each kind of play has its own, and no other."""

    checkin: CheckIn | None = None
    missions: Annotated[list[Mission], msgspec.Meta(max_length=20)] = []
    quiz: Quiz | None = None
    rain: Rain | None = None
    cards: Cards | None = None


def rewards(ways: Ways) -> Iterator[tuple[str, Reward]]:
    """Every reward with its place in the draft."""
    if ways.checkin is not None:
        for at, reward in enumerate(ways.checkin.days):
            yield f"/ways/checkin/days/{at}", reward
        for at, milestone in enumerate(ways.checkin.milestones):
            yield f"/ways/checkin/milestones/{at}/gives", milestone.gives
    for at, mission in enumerate(ways.missions):
        for step, goal in enumerate(mission.goals):
            yield f"/ways/missions/{at}/goals/{step}/gives", goal.gives
    if ways.quiz is not None:
        yield "/ways/quiz/gives", ways.quiz.gives
    if ways.cards is not None:
        yield "/ways/cards/gives", ways.cards.gives


class Act(StrEnum):
    """What a customer asks to do."""

    CHECK_IN = "check_in"
    MAKE_UP = "make_up"
    TAKE = "take"
    BEGIN = "begin"
    ANSWER = "answer"
    SET = "set"


class DeedKind(StrEnum):
    """What was done."""

    CHECKED = "checked"
    MADE_UP = "made_up"
    MILESTONE = "milestone"
    GOAL = "goal"
    BEGUN = "begun"
    ANSWERED = "answered"
    SET = "set"


GOALS_MAX = 10
"""The item of a goal is its mission's place times this, plus its own."""


def item_of(mission: int, goal: int) -> int:
    """The number under which a goal of a mission is done."""
    return mission * GOALS_MAX + goal


def place_of(item: int) -> tuple[int, int]:
    """Mission and goal of an item."""
    return divmod(item, GOALS_MAX)

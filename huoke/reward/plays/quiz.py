"""Quiz, pure but for the choice of questions: asked once a day, answered once, in time by the server's clock."""

import secrets
from datetime import datetime, timedelta

from huoke.kernel.refusals import Refusal
from huoke.reward.plays.deed import Deed, Doing, NotBegun, Own, Planned, TooLate
from huoke.reward.plays.ways import DeedKind, Quiz, Reward

GRACE = timedelta(seconds=3)
"""What the way there and back may take on top of the time that was shown."""


def begin(own: Own, doing: Doing) -> list[Planned] | Refusal:
    """Today's questions, drawn from the pool; the same ones when asked again."""
    del doing
    quiz = _quiz(own)
    if own.did(DeedKind.BEGUN, 0, own.today):
        return []
    asked = secrets.SystemRandom().sample(range(len(quiz.questions)), quiz.ask)
    return [Planned(kind=DeedKind.BEGUN, day=own.today, note={"asked": asked})]


def answer(own: Own, doing: Doing) -> list[Planned] | Refusal:
    """Answers to today's questions in their order; what is missing is wrong. Enough right ones give the reward."""
    quiz, begun = _quiz(own), own.did(DeedKind.BEGUN, 0, own.today)
    if own.did(DeedKind.ANSWERED, 0, own.today):
        return []
    if begun is None:
        return NotBegun("Answers come after the questions.")
    if own.now > ends_at(quiz, begun) + GRACE:
        return TooLate("The time for answers is over.", seconds=quiz.seconds)
    asked = asked_of(begun)
    given = [*doing.answers, *[-1] * len(asked)][: len(asked)]
    right = sum(quiz.questions[place].answer == one for place, one in zip(asked, given, strict=True))
    reward = quiz.gives if right >= quiz.needed else Reward()
    note = {"answers": given, "right": right}
    return [Planned(kind=DeedKind.ANSWERED, day=own.today, reward=reward, note=note)]


def asked_of(begun: Deed) -> list[int]:
    """The places of the questions that were asked, in their order."""
    return list((begun.note or {}).get("asked", []))


def ends_at(quiz: Quiz, begun: Deed) -> datetime:
    """Until when answers count."""
    return begun.at + timedelta(seconds=quiz.seconds)


def _quiz(own: Own) -> Quiz:
    assert own.draft.ways.quiz is not None, "a quiz has its way"
    return own.draft.ways.quiz

"""The quiz page: begin, answer by radio buttons within the time, then see what was right and why.

A right answer is told only once its question was answered.
"""

from typing import Any

import msgspec

from huoke.app.h5.rewards import Titles
from huoke.app.h5.visit import Visit
from huoke.reward.plays import Deed, DeedKind, Own, Quiz, quiz_asked, quiz_ends


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it is asked."""

    text: str
    options: list[str]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A question once it was answered."""

    text: str
    yours: str
    answer: str
    fine: bool
    why: str


def page(own: Own, titles: Titles, visit: Visit) -> dict[str, Any]:
    """Where somebody stands with today's questions: new, begun, late or told."""
    quiz, words = own.draft.ways.quiz, visit.words
    assert quiz is not None, "a quiz has its way"
    begun, answered = own.did(DeedKind.BEGUN, 0, own.today), own.did(DeedKind.ANSWERED, 0, own.today)
    late = begun is not None and answered is None and own.now > quiz_ends(quiz, begun)
    asked = [_asked(quiz, place, visit) for place in quiz_asked(begun)] if begun and not answered and not late else []
    note = (answered.note or {}) if answered else {}
    return {
        "way": "quiz",
        "how": words("way.quiz.how", ask=quiz.ask, seconds=quiz.seconds, needed=quiz.needed),
        "gets": words("way.quiz.gets", needed=quiz.needed, gave=titles.reward(quiz.gives)),
        "begun": begun is not None,
        "late": late,
        "until": words("way.quiz.until", time=words.second(quiz_ends(quiz, begun))) if begun else "",
        "asked": asked,
        "told": _told(quiz, begun, answered, visit) if begun and answered else [],
        "right": words("way.quiz.right", right=note.get("right", 0), ask=quiz.ask),
        "won": words("way.quiz.won", where=titles.where(quiz.gives)),
        "passed": note.get("right", 0) >= quiz.needed,
        "dock": begun is None,
    }


def _asked(quiz: Quiz, place: int, visit: Visit) -> Asked:
    question, either = quiz.questions[place], visit.words.either
    return Asked(text=either(question.zh, question.en), options=[either(one.zh, one.en) for one in question.options])


def _told(quiz: Quiz, begun: Deed, answered: Deed, visit: Visit) -> list[Told]:
    either, given = visit.words.either, (answered.note or {}).get("answers", [])
    rows = []
    for place, chosen in zip(quiz_asked(begun), given, strict=False):
        question = quiz.questions[place]
        options = [either(one.zh, one.en) for one in question.options]
        yours = options[chosen] if 0 <= chosen < len(options) else visit.words("way.quiz.none")
        rows.append(
            Told(
                text=either(question.zh, question.en),
                yours=yours,
                answer=options[question.answer],
                fine=chosen == question.answer,
                why=either(question.why, question.why_en),
            )
        )
    return rows

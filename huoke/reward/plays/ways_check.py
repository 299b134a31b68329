"""What keeps a play that is *done* from being submitted: its way whole, its rewards prizes that nobody draws."""

from collections.abc import Iterator

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import events, segments
from huoke.know.language import Behaviour, Op, Serves, compile_expression
from huoke.reward.plays.model import BOARDS, Draft, PlayKind
from huoke.reward.plays.ways import Measure, Mission, rewards
from huoke.reward.points import check_products

DONE_BY_DRAWS = BOARDS | {PlayKind.RAIN}
Flaw = tuple[str, str, str]
"""Pointer, code, detail."""


def rewarded(draft: Draft) -> set[int]:
    """The lines of the prize table that are given for what is done, and drawn by nobody."""
    return {reward.line for _, reward in rewards(draft.ways) if reward.line is not None}


def flaws(draft: Draft) -> Iterator[Flaw]:
    """Flaws of a play's way, field by field."""
    ways = draft.ways
    wanted = (
        ("checkin", ways.checkin is not None, {PlayKind.CHECKIN}),
        ("missions", bool(ways.missions), {PlayKind.MISSION, PlayKind.STEPS}),
        ("quiz", ways.quiz is not None, {PlayKind.QUIZ}),
        ("rain", ways.rain is not None, {PlayKind.RAIN}),
        ("cards", ways.cards is not None, {PlayKind.CARDS}),
    )
    for name, there, kinds in wanted:
        if there != (draft.kind in kinds):
            yield f"/ways/{name}", "way", "A play has the way of its kind, and no other."
    if draft.kind not in DONE_BY_DRAWS and not any(not reward.empty for _, reward in rewards(ways)):
        yield "/ways", "way_empty", "What is done gives something."
    yield from _lines(draft)
    yield from _order(draft)


def _lines(draft: Draft) -> Iterator[Flaw]:
    drawn = {prize.fallback for prize in draft.prizes} | {draft.guarantee_line}
    for pointer, reward in rewards(draft.ways):
        line = reward.line
        if line is None:
            continue
        prize = draft.prizes[line] if line < len(draft.prizes) else None
        if prize is None or prize.sku_id is None:
            yield f"{pointer}/line", "reward_line", "A reward is a prize of the table."
        elif prize.odds_ppm or line in drawn:
            yield f"{pointer}/line", "reward_drawn", "What is certain is not drawn: no odds, no fallback leads to it."
        if reward.cards and draft.ways.checkin is None:
            yield f"{pointer}/cards", "reward_cards", "Only a check-in has cards."


def _order(draft: Draft) -> Iterator[Flaw]:
    for at, mission in enumerate(draft.ways.missions):
        targets = [goal.target for goal in mission.goals]
        if targets != sorted(set(targets)):
            yield f"/ways/missions/{at}/goals", "goals", "Goals grow."
        if not mission.title.strip():
            yield f"/ways/missions/{at}/title", "mission_title", "A mission has a title."
        if (mission.measure is Measure.MOST) != bool(mission.property) or (
            draft.kind is PlayKind.STEPS and mission.measure is not Measure.MOST
        ):
            yield (
                f"/ways/missions/{at}/property",
                "property",
                "The highest of a property is measured, and of one alone.",
            )
    yield from _quiz(draft)
    yield from _cards(draft)
    if draft.ways.checkin is not None:
        days = [one.days for one in draft.ways.checkin.milestones]
        if len(days) != len(set(days)):
            yield "/ways/checkin/milestones", "milestones", "A streak has one milestone a length."


def _quiz(draft: Draft) -> Iterator[Flaw]:
    quiz = draft.ways.quiz
    if quiz is None:
        return
    if len(quiz.questions) < quiz.ask:
        yield "/ways/quiz/questions", "questions", "The pool has at least as many questions as are asked."
    if quiz.needed > quiz.ask:
        yield "/ways/quiz/needed", "needed", "No more right answers are needed than questions are asked."
    for at, question in enumerate(quiz.questions):
        if not question.zh.strip() or len(question.options) < 2 or not all(one.zh.strip() for one in question.options):
            yield f"/ways/quiz/questions/{at}", "question", "A question has a text, and two to four options."
        elif question.answer >= len(question.options):
            yield f"/ways/quiz/questions/{at}/answer", "right", "The right answer is one of the options."


def _cards(draft: Draft) -> Iterator[Flaw]:
    cards = draft.ways.cards
    if cards is None:
        return
    lines = [*cards.lines, *([] if cards.wild is None else [cards.wild])]
    if len(cards.lines) < 2:
        yield "/ways/cards/lines", "cards_few", "A set has at least two cards."
    if len(set(lines)) != len(lines):
        yield "/ways/cards/lines", "cards_twice", "A card is a line of its own."
    for line in lines:
        prize = draft.prizes[line] if line < len(draft.prizes) else None
        if prize is None or prize.sku_id is not None or not prize.odds_ppm:
            yield "/ways/cards/lines", "cards_line", "A card is a line without a benefit that has odds."


async def require_compiled(tx: Tx, draft: Draft) -> None:
    """Compile every mission as a *condition*.

    `language.DepositCondition` for a deposit fact, however deep (rule B1); `points.RuleForbidden` for bought wealth
    products, funds and insurance (rule B4); `events.SharingRewarded` for sharing (rule M3); refusals of the language
    for events the bank does not have.
    """
    for at, mission in enumerate(draft.ways.missions):
        check_products(mission.event, mission.where, f"/ways/missions/{at}/where")
        for field, part in _behaviours(mission):
            try:
                words = await segments.vocabulary(tx, part)
                compiled = compile_expression(part, words, serves=Serves.CONDITION)
                events.require_no_sharing(compiled.events, words.schemas, "")
            except Refusal as refusal:
                refusal.pointer = f"/ways/missions/{at}/{field}"
                raise


def _behaviours(mission: Mission) -> list[tuple[str, Behaviour]]:
    found = [("event", Behaviour(name=mission.event, op=Op.AT_LEAST, value=1, where=mission.where))]
    if mission.undone_by is not None:
        found.append(("undone_by", Behaviour(name=mission.undone_by.event, op=Op.AT_LEAST, value=1)))
    return found

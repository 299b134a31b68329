"""The service desk: who stands behind a number, what became of a benefit, why a campaign did not reach somebody.

found = await desk.find(tx, principal, Asked(text="13800138000", purpose=Purpose.CALL))
story = await desk.story(tx, principal, grant_id)       every step, and what to say
"""

from huoke.measure.desk.find import find
from huoke.measure.desk.model import (
    Answer,
    Asked,
    Asking,
    BenefitRow,
    Found,
    Kind,
    Purpose,
    Reasons,
    Said,
    Story,
    StoryStep,
    TooManyFinds,
)
from huoke.measure.desk.story import benefits, story
from huoke.measure.desk.why import askable, reasons

__all__ = [
    "Answer",
    "Asked",
    "Asking",
    "BenefitRow",
    "Found",
    "Kind",
    "Purpose",
    "Reasons",
    "Said",
    "Story",
    "StoryStep",
    "TooManyFinds",
    "askable",
    "benefits",
    "find",
    "reasons",
    "story",
]

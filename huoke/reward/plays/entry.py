"""What one entry can win at most, in fen (rule L1): repeated wins of one entry add up. Pure.

An entry is what gives chances at one stroke: a day of the play (with the welcome, which comes with the first), a visit
to the branch, a round of the rain, a thing done. Whoever gets several chances at once may win with each of them. Stock
and limits of a day for everybody say nothing of one person, and both may grow; only `per_person` holds.
"""

from collections.abc import Iterator, Mapping, Sequence

from huoke.reward.plays.model import Draft
from huoke.reward.plays.ways import Reward, Ways
from huoke.reward.plays.ways_check import rewarded


def most_of_an_entry(draft: Draft, values: Mapping[int, int]) -> int:
    """The most one entry can win, in fen; `values` are the market prices of lines that win something."""
    certain = rewarded(draft)
    drawn = [(value, draft.prizes[line].per_person) for line, value in values.items() if line not in certain]
    return max(
        sum(values.get(line, 0) for line in lines) + most_of_draws(draws, drawn) for draws, lines in _entries(draft)
    )


def most_of_draws(draws: int, prizes: Sequence[tuple[int, int]]) -> int:
    """The most that draws can win together: the dearest first, each (value, times a person may win it; 0 any)."""
    total = 0
    for value, limit in sorted(prizes, reverse=True):
        won = min(draws, limit or draws)
        total, draws = total + won * value, draws - won
    return total


def _entries(draft: Draft) -> Iterator[tuple[int, list[int]]]:
    """Every entry: how many draws it gives, and the lines that are certain with it."""
    daily = max(draft.daily_chances, draft.lobby.chances if draft.lobby else 0, 1 if draft.ways.rain else 0)
    yield min(daily, draft.draws_a_day or daily) + draft.welcome_chances, []
    for together in _strokes(draft.ways):
        yield sum(one.chances for one in together), [one.line for one in together if one.line is not None]


def _strokes(ways: Ways) -> Iterator[list[Reward]]:
    """Rewards that one act can bring: a check-in or a mended day may reach every milestone at once."""
    if ways.checkin is not None:
        milestones = [one.gives for one in ways.checkin.milestones]
        yield from ([day, *milestones] for day in ways.checkin.days)
    yield from ([goal.gives] for mission in ways.missions for goal in mission.goals)
    yield from ([one.gives] for one in (ways.quiz, ways.cards) if one is not None)

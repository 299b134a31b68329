"""The page of collected cards: which there are and how many, the set to claim, the way to the next draw."""

from typing import Any

import msgspec

from huoke.app.h5 import card_gifts
from huoke.app.h5.rewards import Titles
from huoke.app.h5.visit import Visit
from huoke.reward import plays
from huoke.reward.plays import Own, Reward, sets_claimed, sets_of


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A card of the set, and how many of it somebody has."""

    line: int
    title: str
    count: int
    wild: bool


def page(own: Own, titles: Titles, visit: Visit) -> dict[str, Any]:
    """What the template says."""
    cards, words = own.draft.ways.cards, visit.words
    assert cards is not None, "a play of cards has its way"
    done = sets_claimed(own)
    mine = plays.held_of(own)
    lines = [*cards.lines, *([] if cards.wild is None else [cards.wild])]
    held = [
        Held(line=line, title=titles.reward(Reward(line=line)), count=mine[line], wild=line == cards.wild)
        for line in lines
    ]
    return {
        "way": "cards",
        "held": held,
        "sets": words("way.cards.sets", gave=titles.reward(cards.gives), count=cards.sets, done=done),
        "next_set": done + 1 if done < min(sets_of(cards, mine), cards.sets) else 0,
        "dock": False,
        **card_gifts.page(own, visit, {one.line: one.title for one in held}),
    }

"""Collected cards, pure: how many sets were claimed, claiming the next set."""

from huoke.kernel.refusals import Refusal
from huoke.reward.plays.deed import Doing, NoSet, Own, Planned
from huoke.reward.plays.gift import held_of, sets_of
from huoke.reward.plays.ways import DeedKind


def claimed(own: Own) -> int:
    """How many sets were claimed."""
    return sum(deed.kind is DeedKind.SET for deed in own.deeds)


def claim(own: Own, doing: Doing) -> list[Planned] | Refusal:
    """The reward of set number `item`, counted from 1; cards of earlier sets are used up."""
    cards = own.draft.ways.cards
    assert cards is not None, "a play of cards has its way"
    done = claimed(own)
    if 1 <= doing.item <= done:
        return []
    if doing.item != done + 1 or doing.item > min(sets_of(cards, held_of(own)), cards.sets):
        return NoSet("A card is missing, or all sets were claimed.", sets=done)
    return [Planned(kind=DeedKind.SET, day=own.opens_on, item=doing.item, reward=cards.gives, owed=True)]

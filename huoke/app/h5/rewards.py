"""What a reward is called on the phone."""

from collections.abc import Mapping, Sequence

import msgspec

from huoke.app.h5.words import Words
from huoke.reward.plays import Deed, PrizeTable, Reward

WORD_MAX, NAME_MAX = 6, 10
"""In a narrow place: letters of the longest word, and of the whole name; a Chinese character counts as two."""


class Titles:
    """Names of what deeds give, in one language; `stock` is what is left of prizes that have one, by line."""

    def __init__(self, table: PrizeTable, words: Words, stock: Mapping[int, int] | None = None) -> None:
        self._table, self._words, self._stock = table, words, stock or {}

    @property
    def gone(self) -> bool:
        """Whether nothing is left of any prize."""
        return bool(self._stock) and not any(self._stock.values())

    def to_have(self, reward: Reward) -> str:
        """The same as `reward`, without a prize that is gone."""
        gone = reward.line is not None and self._stock.get(reward.line) == 0
        return self.reward(msgspec.structs.replace(reward, line=None) if gone else reward)

    def reward(self, reward: Reward) -> str:
        """Everything a reward gives, as a list; empty where it gives nothing."""
        return self.joined(self._parts(reward.line, reward.chances, reward.cards))

    def short(self, reward: Reward) -> str:
        """The first thing a reward gives, for a narrow place: a long name does not stand there."""
        if reward.line is not None:
            name = self._line(reward.line)
            return name if fits(name) else self._words("way.short.gift")
        if reward.chances:
            return self._words("way.short.chances", count=reward.chances)
        return self._words("way.short.cards", count=reward.cards) if reward.cards else ""

    def deed(self, deed: Deed) -> str:
        """What a deed gave."""
        return self.joined(self._parts(deed.line, deed.chances, deed.cards))

    def where(self, *given: Deed | Reward) -> str:
        """Where somebody finds what was given: benefits among their own, draws and cards on this very page."""
        kept = any(one.line is not None for one in given)
        here = any(one.chances or one.cards for one in given)
        return self._words(f"way.where.{'both' if kept and here else 'here' if here else 'benefits'}")

    def joined(self, parts: Sequence[str]) -> str:
        """Several things named together."""
        return self._words("way.and").join(parts)

    def _line(self, line: int) -> str:
        prize = self._table.prizes[line] if line < len(self._table.prizes) else None
        return self._words.either(prize.title, prize.title_en) if prize else ""

    def _parts(self, line: int | None, chances: int, cards: int) -> list[str]:
        parts = [] if line is None else [self._line(line)]
        parts += [self._words(f"way.chances{'.one' if chances == 1 else ''}", count=chances)] if chances else []
        parts += [self._words(f"way.cards{'.one' if cards == 1 else ''}", count=cards)] if cards else []
        return [part for part in parts if part]


def fits(name: str) -> bool:
    """Whether a name has room in a seventh of a small screen, on two lines."""
    words = [sum(1 if character.isascii() else 2 for character in word) for word in name.split()]
    chinese = not name.isascii()
    return sum(words) <= NAME_MAX and (chinese or max(words, default=0) <= WORD_MAX)

"""What a reward is called on the phone."""

from collections.abc import Sequence

from huoke.app.h5.words import Words
from huoke.reward.plays import Deed, PrizeTable, Reward


class Titles:
    """Names of what deeds give, in one language."""

    def __init__(self, table: PrizeTable, words: Words) -> None:
        self._table, self._words = table, words

    def reward(self, reward: Reward) -> str:
        """Everything a reward gives, as a list; empty where it gives nothing."""
        return self.joined(self._parts(reward.line, reward.chances, reward.cards))

    def short(self, reward: Reward) -> str:
        """The first thing a reward gives, for a narrow place."""
        if reward.line is not None:
            return self._line(reward.line)
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

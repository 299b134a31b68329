"""Doing every draw of a play again from what is public: seed, prize tables and the archive (rule L6)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from huoke.reward.plays.chance import Past, bounds_of, outcome_of, settle
from huoke.reward.plays.model import Draw, PrizeTable, day_of


class Mismatch(msgspec.Struct, frozen=True, kw_only=True):
    """A draw that is not what it should be: which field, what stands there, what the replay gives.

    With the field `table` it is a prize table by its version: what it hashes to now, what was published.
    """

    number: int
    field: str
    stored: str
    replayed: str


class Replay:
    """Takes draws one after the other from the first and says what is wrong with each.

    Day limits, person limits and guarantees are counted anew. That a pool had nothing left, a budget no money or an
    offer was closed is taken from the draw, and must not contradict the units it says were left.
    """

    def __init__(self, play_id: UUID, seed: bytes, tables: Mapping[int, PrizeTable]) -> None:
        self._play_id, self._seed, self._tables = play_id, seed, tables
        self._bounds = {version: bounds_of(table) for version, table in tables.items()}
        self._past: defaultdict[bytes, Past] = defaultdict(Past)
        self._day: date | None = None
        self._today: Counter[int] = Counter()
        self._drawn_today: Counter[bytes] = Counter()
        self._version = 0
        self.draws = 0

    def check(self, draw: Draw) -> list[Mismatch]:
        """What is wrong with the next draw; nothing, where all is as it should be."""
        self.draws += 1
        if draw.version not in self._tables or draw.version < self._version:
            return [_wrong(draw, "version", draw.version, self._version)]
        self._version = draw.version
        self._turn(draw)
        table, past = self._tables[draw.version], self._past[draw.mark]
        outcome = outcome_of(self._seed, self._play_id, draw.number)
        told = {step.line: step for step in draw.steps}

        def take(line: int) -> tuple[str, int]:
            step = told.get(line)
            if step is None or step.why in ("day_limit", "person_limit"):
                return ("", draw.left) if draw.left > 0 else ("sold_out", 0)
            return (step.why, step.left) if step.why != "sold_out" or step.left == 0 else ("", step.left)

        self._drawn_today[draw.mark] += 1
        found = settle(table, self._bounds[draw.version], outcome, past, self._today, take)
        pairs = {
            "number": (draw.number, self.draws),
            "outcome": (draw.outcome, outcome),
            "picked": (draw.picked, found.picked),
            "steps": ([(s.line, s.why) for s in draw.steps], [(s.line, s.why) for s in found.steps]),
            "given": (draw.given, found.given),
        }
        if table.draws_a_day:
            over = self._drawn_today[draw.mark] > table.draws_a_day
            pairs["draws_a_day"] = (self._drawn_today[draw.mark] if over else 0, 0)
        return [
            _wrong(draw, field, stored, replayed) for field, (stored, replayed) in pairs.items() if stored != replayed
        ]

    def _turn(self, draw: Draw) -> None:
        day = day_of(draw.at)
        if day != self._day:
            self._day, self._today, self._drawn_today = day, Counter(), Counter()


def _wrong(draw: Draw, field: str, stored: object, replayed: object) -> Mismatch:
    return Mismatch(number=draw.number, field=field, stored=str(stored), replayed=str(replayed))

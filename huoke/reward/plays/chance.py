"""Chance, pure: from seed and number to a line, and from the line to what can be given. Nothing here can be steered.

    outcome = floor(HMAC-SHA256(seed, "<play id>:<number>") as 64 bits × 1,000,000 / 2^64)

Numbers have no gap and are given out one after the other, so nobody chooses them; the seed was fixed by a public
commitment before the first. The bias of 64 bits over a million is below 10^-13.
"""

import hashlib
import hmac
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from uuid import UUID

import msgspec

from huoke.reward.plays.model import PPM, PrizeTable, Step


def commitment_of(seed: bytes) -> bytes:
    """What is published instead of the seed: its SHA-256."""
    return hashlib.sha256(seed).digest()


def outcome_of(seed: bytes, play_id: UUID, number: int) -> int:
    """0 … 999,999: the outcome of one draw (rule L6)."""
    mac = hmac.digest(seed, f"{play_id}:{number}".encode(), "sha256")
    return int.from_bytes(mac[:8], "big") * PPM >> 64


def bounds_of(table: PrizeTable) -> list[int]:
    """Cumulative weights: line n wins where bounds[n - 1] ≤ outcome < bounds[n]."""
    return list(accumulate(prize.odds_ppm for prize in table.prizes))


def line_at(bounds: Sequence[int], outcome: int) -> int:
    """The line an outcome points at."""
    return bisect_right(bounds, outcome)


class Past(msgspec.Struct):
    """What a natural person did in a play before: draws today, draws on end that won nothing, prizes by line."""

    today: int = 0
    dry: int = 0
    won: Counter[int] = msgspec.field(default_factory=Counter)


Take = Callable[[int], tuple[str, int]]
"""Line → ("", units left before) once a unit is taken; or why not, with the units left, and nothing is taken."""


class Given(msgspec.Struct, frozen=True):
    """What a draw came to."""

    picked: int
    given: int
    steps: list[Step]
    left: int


def settle(
    table: PrizeTable, bounds: Sequence[int], outcome: int, past: Past, today: Counter[int], take: Take
) -> Given:
    """Give what an outcome points at, or the first of its fallbacks that can be given; counts it in `past` and `today`.

    `today` counts the prizes of each line given on this day. A line that wins nothing can always be given.
    """
    picked = line_at(bounds, outcome)
    if not _wins(table, picked) and table.guarantee_line is not None and past.dry + 1 >= table.guarantee_after > 0:
        picked = table.guarantee_line
    line, steps, left = picked, list[Step](), 0
    while _wins(table, line):
        why, left = _barred(table, line, past, today) or take(line)
        if not why:
            break
        steps.append(Step(line=line, why=why, left=left))
        onward = table.prizes[line].fallback
        assert onward is not None, "a prize has a fallback"
        line, left = onward, 0
    past.today += 1
    past.dry = 0 if _wins(table, line) else past.dry + 1
    if _wins(table, line):
        past.won[line] += 1
        today[line] += 1
    return Given(picked, line, steps, left)


def _wins(table: PrizeTable, line: int) -> bool:
    return table.prizes[line].offer_id is not None


def _barred(table: PrizeTable, line: int, past: Past, today: Counter[int]) -> tuple[str, int] | None:
    prize = table.prizes[line]
    if prize.per_day and today[line] >= prize.per_day:
        return "day_limit", 0
    if prize.per_person and past.won[line] >= prize.per_person:
        return "person_limit", 0
    return None

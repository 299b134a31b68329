"""Small numbers: statistics tell staff of some units of no group below ten customers; it could point at one."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

TOLD_MIN = 10
Part = TypeVar("Part")


def few(count: int) -> bool:
    """Whether a group is too small to be told of; an empty one is told."""
    return 0 < count < TOLD_MIN


def told(count: int, *, whole: bool) -> int | None:
    """A number as staff are told it; who sees the `whole` bank is told each."""
    return count if whole or not few(count) else None


def told_parts(counts: Mapping[Part, int], sums: Iterable[Collection[Part]]) -> dict[Part, int | None]:
    """Parts as staff of some units are told them: none from 1 to 9, and none that the others would give away.

    `sums` are the groups of parts whose total is told or known: where a single part of a sum is kept back it could be
    had by subtraction, so that the next smallest of that sum is kept back with it.
    """
    found: dict[Part, int | None] = {part: told(count, whole=False) for part, count in counts.items()}
    groups = [list(group) for group in sums]
    moved = True
    while moved:
        moved = False
        for group in groups:
            shown = [part for part in group if found[part]]
            if sum(found[part] is None for part in group) == 1 and shown:
                found[min(shown, key=lambda part: counts[part])] = None
                moved = True
    return found

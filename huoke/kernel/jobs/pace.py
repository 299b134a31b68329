"""How much goes into the next transaction of a long run: as much as, by the last one, takes a set time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TARGET_SECONDS = 0.3
"""Far enough below the two seconds a write transaction may last: a machine may suddenly have more to do."""
_STEEPEST = 4


class Pace:
    """Sizes the chunks of one run, `least` to `most` things; the first is the smallest, for nothing is known yet.

    A chunk is at most twice the last one, and at least a quarter of it: one that fell into a pause of the machine does
    not make all others small.
    """

    def __init__(
        self, least: int, most: int, *, seconds: float = TARGET_SECONDS, watch: Callable[[], float] = time.monotonic
    ) -> None:
        self._least, self._most, self._seconds, self._watch = least, most, seconds, watch
        self._size = least

    @contextmanager
    def chunk(self) -> Iterator[int]:
        """How many things go into this transaction, which begins and ends inside."""
        began = self._watch()
        yield self._size
        took = max(self._watch() - began, 1e-6)
        fit = int(self._size * self._seconds / took)
        bounded = max(min(fit, self._size * 2), self._size // _STEEPEST)
        self._size = max(self._least, min(bounded, self._most))

"""The refused rows of a load as CSV, each with its row, cause and mend, and how many there are for each cause."""

import csv
import io
from collections.abc import Sequence

import pyarrow as pa

from huoke.know.events import Flaw
from huoke.know.loads.model import RefusedCause

REJECTS_MAX = 100_000
"""Rows written down; the causes count all of them."""
CAUSES_MAX = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CALLED = {"user_id": "customer_no", "name": "event", "at": "timestamp"}


class Rejects:
    """Gathers flaws batch by batch."""

    def __init__(self) -> None:
        self._out = io.StringIO()
        self._csv = csv.writer(self._out)
        self._written = 0
        self._causes: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, flaws: Sequence[Flaw], rows: pa.Table, start: int) -> None:
        """Note the flaws of a batch that begins at row `start`."""
        for flaw in flaws:
            cause = (flaw.code, flaw.detail)
            seen, first = self._causes.get(cause, (0, flaw.row))
            self._causes[cause] = (seen + 1, min(first, flaw.row))
        room = sorted(flaws, key=lambda one: one.row)[: REJECTS_MAX - self._written]
        if not room:
            return
        if not self._written:
            names = [_CALLED.get(name, name.removeprefix("p_")) for name in rows.column_names]
            self._csv.writerow(["row", "cause", "mend", *map(neutral, names)])
        cells = rows.take(pa.array([flaw.row - start - 1 for flaw in room])).to_pydict()
        for flaw, *said in zip(room, *cells.values(), strict=True):
            self._csv.writerow([flaw.row, flaw.code, flaw.detail, *(neutral(one) for one in said)])
        self._written += len(room)

    def causes(self) -> list[RefusedCause]:
        """The most rows first, at most 100."""
        found = [
            RefusedCause(code=code, detail=detail, rows=rows, row=first)
            for (code, detail), (rows, first) in self._causes.items()
        ]
        return sorted(found, key=lambda one: (-one.rows, one.row))[:CAUSES_MAX]

    def body(self) -> bytes | None:
        """The file, with a mark by which spreadsheets know UTF-8; None when nothing was refused."""
        return b"\xef\xbb\xbf" + self._out.getvalue().encode() if self._written else None


def neutral(value: object) -> str:
    """A cell that no spreadsheet runs as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text

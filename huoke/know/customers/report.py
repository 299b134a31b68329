"""What an import found: per column how full, how varied, from where to where; per refused cell why and the mend."""

from collections import Counter
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huoke.kernel.sets import hash_numbers
from huoke.know.customers.mapping import Target
from huoke.know.customers.reading import Warned

ERRORS_SHOWN = 200
SKETCH_SIZE = 1_024
_HASHES = float(1 << 64)


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """A refused cell (or row, where `column` is empty): the line it stands on, a stable cause, and the mend."""

    line: int
    column: str
    cause: str
    mend: str


class ColumnReport(msgspec.Struct, frozen=True, kw_only=True):
    """One column over all rows read; of class C2 the smallest and largest value are withheld (rule F1).

    `distinct` is exact up to 1,024, then an estimate within about 6 %.
    """

    column: str
    to: Target
    name: str
    filled: int
    empty: int
    refused: int
    distinct: int
    minimum: str | None = None
    maximum: str | None = None


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole import: `errors` are the first 200 in file order, `causes` counts all of them."""

    rows: int
    refused: int
    encoding: str
    separator: str
    columns: list[ColumnReport]
    causes: dict[str, int]
    errors: list[RowError]
    warnings: list[Warned] = []
    """What is no fault and still deserves a look."""


class ColumnTally:
    """Adds up one column over the chunks."""

    def __init__(self, column: str, to: Target, name: str, *, withheld: bool = False) -> None:
        self.column = column
        self.to = to
        self.name = name
        self._ranged = to is Target.ATTRIBUTE and not withheld
        self.filled = self.empty = self.refused = 0
        self.low: Any = None
        self.high: Any = None
        self._sketch = np.empty(0, dtype=np.uint64)

    def add(self, values: pa.Array, refused: int) -> None:
        """Count one chunk's values (null is empty) and its refused cells."""
        self.refused += refused
        self.empty += values.null_count - refused
        self.filled += len(values) - values.null_count
        known = pc.unique(values.drop_null())
        if not len(known):
            return
        hashes = _hashes(known)
        if len(self._sketch) == SKETCH_SIZE:
            hashes = hashes[hashes < self._sketch[-1]]
        merged = np.sort(np.concatenate([self._sketch, hashes]))
        self._sketch = merged[np.insert(merged[1:] != merged[:-1], 0, values=True)][:SKETCH_SIZE]
        if self._ranged and not pa.types.is_string(values.type) and not pa.types.is_boolean(values.type):
            ends = pc.min_max(known).as_py()
            self.low = ends["min"] if self.low is None else min(self.low, ends["min"])
            self.high = ends["max"] if self.high is None else max(self.high, ends["max"])

    def report(self) -> ColumnReport:
        """The tally so far. The distinct values are estimated from the k smallest hashes (Bar-Yossef et al. 2002)."""
        distinct = len(self._sketch)
        if distinct == SKETCH_SIZE:
            distinct = round((SKETCH_SIZE - 1) * _HASHES / float(self._sketch[-1]))
        return ColumnReport(
            column=self.column,
            to=self.to,
            name=self.name,
            filled=self.filled,
            empty=self.empty,
            refused=self.refused,
            distinct=min(distinct, self.filled),
            minimum=None if self.low is None else str(self.low),
            maximum=None if self.high is None else str(self.high),
        )


def _hashes(known: pa.Array) -> NDArray[np.uint64]:
    """64-bit hashes of an array's values, each at least once; nulls are not among them."""
    if pa.types.is_integer(known.type):
        return hash_numbers("", known.cast(pa.int64()).to_numpy())
    if pa.types.is_date(known.type):
        return hash_numbers("", known.cast(pa.int32()).to_numpy())
    distinct = known.unique().to_pylist()
    return np.fromiter(map(hash, distinct), np.int64, len(distinct)).view(np.uint64)


class Tally:
    """Adds up an import."""

    def __init__(self, columns: list[ColumnTally]) -> None:
        self.columns = columns
        self.rows = self.refused = 0
        self.causes: Counter[str] = Counter()
        self.errors: list[RowError] = []

    def note(self, errors: list[RowError]) -> None:
        """Count refused cells, and keep the first of them."""
        self.causes.update(error.cause for error in errors)
        self.errors += errors[: ERRORS_SHOWN - len(self.errors)]

    def report(self, encoding: str, separator: str, warnings: list[Warned]) -> ImportReport:
        """The report so far."""
        return ImportReport(
            rows=self.rows,
            refused=self.refused,
            encoding=encoding or "ascii",
            separator=separator,
            columns=[column.report() for column in self.columns],
            causes=dict(self.causes),
            errors=self.errors,
            warnings=warnings,
        )

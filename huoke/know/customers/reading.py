"""What a reader of any source gives: consecutive records, by rows or by columns."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from huoke.kernel.refusals import Invalid

CHUNK_ROWS = 10_000


class FileUnfit(Invalid):
    """The file as a whole cannot be read; nothing of it was taken."""

    code = "customers.file"


class Flaw(msgspec.Struct, frozen=True):
    """A cell that its reader could not give: its place in the chunk, its column, a stable cause and the mend."""

    place: int
    column: str
    cause: str
    mend: str


class Chunk(msgspec.Struct, frozen=True):
    """Records by rows: `number` from 0; of each record the line it starts on (a header's is 1) and its cells."""

    number: int
    lines: Sequence[int]
    rows: list[list[str]]
    flaws: tuple[Flaw, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def widths(self) -> list[int]:
        """How many cells each record has."""
        return [len(row) for row in self.rows]

    def columns(self, places: Sequence[int], width: int) -> list[Any]:
        """The cells of the records at `places`, by column."""
        return list(zip(*[self.rows[place] for place in places], strict=True)) or [()] * width

    def row(self, place: int) -> list[str]:
        """One record as it was read."""
        return self.rows[place]


class ColumnChunk(msgspec.Struct, frozen=True):
    """Records by columns, each an array of texts without nulls; all records are as wide as the header."""

    number: int
    lines: Sequence[int]
    arrays: list[pa.Array]
    flaws: tuple[Flaw, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def widths(self) -> list[int]:
        """How many cells each record has."""
        return [len(self.arrays)] * len(self.lines)

    def columns(self, places: Sequence[int], _width: int) -> list[Any]:
        """The cells of the records at `places`, by column."""
        if len(places) == len(self.lines):
            return list(self.arrays)
        return [array.take(pa.array(places, pa.int64())) for array in self.arrays]

    def row(self, place: int) -> list[str]:
        """One record as it was read."""
        return [array[place].as_py() for array in self.arrays]


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person should look at before they trust a column: how many cells, and what to do."""

    column: str
    cause: str
    cells: int
    mend: str


class Reader(Protocol):
    """Reads one source. The same source always gives the same chunks: an import finds its place by number alone."""

    header: list[str]
    encoding: str
    separator: str

    def chunks(self) -> Iterator[Chunk | ColumnChunk]:
        """All records, at most `CHUNK_ROWS` at a time; `FileUnfit` where nothing beyond is sure."""

    def count(self) -> int:
        """Read to the end and say how many records there are; `FileUnfit` when it cannot be read so far."""

    def warnings(self) -> list[Warned]:
        """What was seen so far that is no fault and still deserves a look."""


def plain(value: Any) -> str:
    """A value as people write it: 2026-03-31, 12.5 (15 digits), true; nothing where it is unknown."""
    text = str(value)
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, float):
        text = format(Decimal(f"{value:.15g}"), "f")
    elif isinstance(value, datetime):
        text = value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    return text

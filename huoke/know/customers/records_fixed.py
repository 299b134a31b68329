"""Fixed-width files: lines of columns whose widths are counted in bytes of the file's encoding, as hosts write them."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.know.customers import reading
from huoke.know.customers.mapping import Mapping
from huoke.know.customers.reading import Chunk, ColumnChunk, FileUnfit, Warned
from huoke.know.customers.records import ENCODINGS, LINE_CHARACTERS_MAX, LOOKED_AT_BYTES, encoding_of, unpacked

_BLANK = " \u3000\x00"
_READ_BY_BYTES = ("utf-8", "gb18030", "latin-1")


class FixedRecords:
    """The chunks of a fixed-width file; its header is its layout's. A line break is never part of a character here."""

    def __init__(self, source: Iterable[bytes], mapping: Mapping) -> None:
        self._widths = [column.bytes for column in mapping.layout]
        self._ends = np.cumsum(self._widths)
        self.header = [column.column.strip() for column in mapping.layout]
        self.separator = ""
        self._line = 0
        self._skip = mapping.skip_lines
        pieces = unpacked(source)
        head = b""
        while len(head) < LOOKED_AT_BYTES and (piece := next(pieces, b"")):
            head += piece
        self.encoding = ENCODINGS.get(mapping.encoding.lower(), "") if mapping.encoding else encoding_of(head)
        if self.encoding not in _READ_BY_BYTES:
            raise FileUnfit("A fixed-width file is in utf-8, gb18030 (gbk) or latin-1; say which.", pointer="/encoding")
        self._lines = self._split(_chained(head.removeprefix(b"\xef\xbb\xbf"), pieces))

    def chunks(self) -> Iterator[Chunk | ColumnChunk]:
        """All records without blank lines; a line of another length has its cells refused by `width`."""
        number = 0
        lines: list[int] = []
        bodies: list[bytes] = []
        for line, body in self._lines:
            lines.append(line)
            bodies.append(body)
            if len(bodies) == reading.CHUNK_ROWS:
                yield self._chunk(number, lines, bodies)
                number, lines, bodies = number + 1, [], []
        if bodies:
            yield self._chunk(number, lines, bodies)

    def count(self) -> int:
        """How many records there are."""
        return sum(1 for _ in self._lines)

    def warnings(self) -> list[Warned]:
        """None: a wrong layout shows in refused cells."""
        return []

    def _split(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        waiting = b""
        for piece in pieces:
            *whole, waiting = (waiting + piece).split(b"\n")
            for body in whole:
                yield from self._counted(body)
            if len(waiting) > LINE_CHARACTERS_MAX:
                raise FileUnfit(
                    f"Line {self._line + 1} is longer than {LINE_CHARACTERS_MAX:,} bytes.", pointer="/file_id"
                )
        yield from self._counted(waiting)

    def _counted(self, body: bytes) -> Iterator[tuple[int, bytes]]:
        self._line += 1
        body = body.removesuffix(b"\r")
        if self._line > self._skip and body.strip(b"\x1a"):
            yield self._line, body

    def _chunk(self, number: int, lines: list[int], bodies: list[bytes]) -> Chunk | ColumnChunk:
        width = int(self._ends[-1])
        if all(len(body) == width for body in bodies):
            table = np.frombuffer(b"".join(bodies), dtype=np.uint8).reshape(len(bodies), width)
            columns = [
                self._column(table[:, end - size : end]) for end, size in zip(self._ends, self._widths, strict=True)
            ]
            if all(column is not None for column in columns):
                return ColumnChunk(number, lines, columns)
        return Chunk(number, lines, [self._cells(body, width) for body in bodies])

    def _column(self, cells: NDArray[np.uint8]) -> pa.Array | None:
        """One column's bytes as text, trimmed of blanks; None when some of it is no text."""
        ended = np.full((len(cells), cells.shape[1] + 1), ord("\n"), dtype=np.uint8)
        ended[:, :-1] = cells
        try:
            texts = ended.tobytes().decode(self.encoding).split("\n")[:-1]
        except UnicodeDecodeError:
            return None
        if len(texts) != len(cells):
            return None
        return pa.array([text.strip(_BLANK) for text in texts], pa.string())

    def _cells(self, body: bytes, width: int) -> list[str]:
        """One line's cells; bytes that are no text are kept as lone surrogates, which refuse the row later on."""
        if len(body) != width:
            return [body.decode(self.encoding, "replace")]
        parts = [body[end - size : end] for end, size in zip(self._ends, self._widths, strict=True)]
        return [part.decode(self.encoding, "surrogateescape").strip(_BLANK) for part in parts]


def _chained(head: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest

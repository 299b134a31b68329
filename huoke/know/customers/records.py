"""From the bytes of a file to its records, in bounded memory: gzip, encoding, separator, quotes, line numbers.

The same bytes always give the same chunks, so that an import that was cut short finds its place again by number alone.
"""

import codecs
import csv
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Literal

from huoke.know.customers import reading
from huoke.know.customers.mapping import Mapping
from huoke.know.customers.reading import Chunk, FileUnfit, Warned

LINE_CHARACTERS_MAX = 1_000_000
FIELD_CHARACTERS_MAX = 100_000
PIECE_BYTES = 256 * 1024
LOOKED_AT_BYTES = 64 * 1024
"""So much from the first byte beyond ASCII on decides the encoding."""
BYTES_MAX = 8 * 1024**3
RATIO_MAX = 200
RATIO_BYTES_MIN = 64 * 1024**2
"""A gzip file may unpack to more than `RATIO_MAX` times its size only while it stays below this."""
SEPARATORS = (",", "\t", ";", "|")
ENCODINGS = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "utf-16": "utf-16",
             "latin-1": "latin-1"}  # fmt: skip
_BLANK = ("\n", "\r\n", "")
_ARCHIVES = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)",
}


class Records:
    """The header and the chunks of a CSV file."""

    def __init__(self, source: Iterable[bytes], mapping: Mapping) -> None:
        self.encoding = mapping.encoding
        self._line = 0
        text = _decode(unpacked(source), mapping.encoding, self._note_encoding)
        lines = self._lines(text)
        first = next(lines, "").removeprefix("\ufeff")
        if not first.strip():
            raise FileUnfit("The file is empty, or its first line is.", pointer="/file_id")
        self.separator = mapping.separator or sniff(first)
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if mapping.quoted else csv.QUOTE_NONE
        csv.field_size_limit(FIELD_CHARACTERS_MAX)
        self._read = partial(csv.reader, delimiter=self.separator, quoting=quoting)
        self._rest = lines
        self._reader = self._read(_chain(first, lines))
        self.header = [name.strip() for name in self._next()]
        if any(_is_broken(name) or not name for name in self.header):
            raise FileUnfit("Every column needs a readable name in the first line.", pointer="/file_id")

    def chunks(self) -> Iterator[Chunk]:
        """All records, `CHUNK_ROWS` at a time, without blank lines; `FileUnfit` where nothing beyond is sure."""
        number = 0
        before = self._reader.line_num
        try:
            while rows := list(islice(self._reader, reading.CHUNK_ROWS)):
                yield _chunk(number, rows, before, self._reader.line_num)
                number += 1
                before = self._reader.line_num
        except csv.Error as error:
            raise _cannot_read(error, before + 1) from None

    def count(self) -> int:
        """Read to the end and say how many records there are; `FileUnfit` names the line of an unreadable one.

        A plain line is a record, which need not be taken apart to be counted; from the first other one on all are.
        """
        count, plain = 0, self._reader.line_num
        for line in self._rest:
            if not _is_plain(line):
                return count + self._count_from(line, plain)
            count += line not in _BLANK
            plain += 1
        return count

    def _count_from(self, line: str, before: int) -> int:
        count, done, reader = 0, 0, self._read(_chain(line, self._rest))
        try:
            for row in reader:
                count += bool(row)
                done = reader.line_num
        except csv.Error as error:
            raise _cannot_read(error, before + done + 1) from None
        return count

    def warnings(self) -> list[Warned]:
        """A CSV file says all there is to say in its cells."""
        return []

    def _next(self) -> list[str]:
        try:
            return next(self._reader)
        except csv.Error as error:
            raise _cannot_read(error, 1) from None

    def _lines(self, text: Iterable[str]) -> Iterator[str]:
        waiting = ""
        for piece in text:
            *whole, waiting = (waiting + piece).split("\n")
            for line in whole:
                self._line += 1
                if len(line) > LINE_CHARACTERS_MAX:
                    raise self._too_long()
                yield line + "\n"
            if len(waiting) > LINE_CHARACTERS_MAX:
                self._line += 1
                raise self._too_long()
        if waiting:
            self._line += 1
            yield waiting

    def _too_long(self) -> FileUnfit:
        return FileUnfit(
            f"Line {self._line} is longer than {LINE_CHARACTERS_MAX:,} characters; is this a CSV file?",
            pointer="/file_id",
            line=self._line,
        )

    def _note_encoding(self, encoding: str) -> None:
        self.encoding = encoding


def _is_plain(line: str) -> bool:
    """Whether a line is one record and nothing in it could be refused: no quote, no stray end of line, not long."""
    return (
        '"' not in line
        and "\0" not in line
        and len(line) <= FIELD_CHARACTERS_MAX
        and "\r" not in line.removesuffix("\r\n")
    )


def _chunk(number: int, rows: list[list[str]], before: int, after: int) -> Chunk:
    """Rows with the lines they begin on; a row has one line more for every line break inside its cells."""
    if after - before == len(rows) and all(rows):
        return Chunk(number, list(range(before + 1, after + 1)), rows)
    lines = []
    for row in rows:
        lines.append(before + 1)
        before += 1 + sum(cell.count("\n") for cell in row)
    kept = [place for place, row in enumerate(rows) if row]
    return Chunk(number, [lines[place] for place in kept], [rows[place] for place in kept])


def _cannot_read(error: csv.Error, line: int) -> FileUnfit:
    return FileUnfit(
        f"The record that begins on line {line} cannot be read ({error}): look for a quote that is never closed, or say"
        " quoted = false.",
        pointer="/file_id",
        line=line,
    )


def sniff(header: str) -> str:
    """The separator that occurs most often in the first line; a comma when none does."""
    return max(SEPARATORS, key=header.count)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def unpacked(source: Iterable[bytes]) -> Iterator[bytes]:
    """Plain bytes in pieces of bounded size, unpacked when they are gzip."""
    blocks = iter(source)
    head = b""
    while len(head) < max(map(len, _ARCHIVES)) and (block := next(blocks, b"")):
        head += block
    for magic, kind in _ARCHIVES.items():
        if head.startswith(magic):
            raise FileUnfit(f"This is {kind}; say so in the mapping, or save it as CSV.", pointer="/file_id")
    blocks = _chain_bytes(head, blocks)
    yield from _gunzip(blocks) if head.startswith(b"\x1f\x8b") else _split(blocks)


def _chain_bytes(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _split(blocks: Iterable[bytes]) -> Iterator[bytes]:
    total = 0
    for block in blocks:
        total += len(block)
        if total > BYTES_MAX:
            raise FileUnfit(f"The file is larger than {BYTES_MAX >> 30} GB; split it.", pointer="/file_id")
        for start in range(0, len(block), PIECE_BYTES):
            yield block[start : start + PIECE_BYTES]


def _gunzip(blocks: Iterable[bytes]) -> Iterator[bytes]:
    packed = unpacked = 0
    inflate = zlib.decompressobj(31)
    ended = False
    for block in blocks:
        packed += len(block)
        waiting = block
        while waiting:
            if inflate.eof:
                inflate = zlib.decompressobj(31)
            try:
                piece = inflate.decompress(waiting, PIECE_BYTES)
            except zlib.error as error:
                raise FileUnfit(f"The gzip file is damaged: {error}.", pointer="/file_id") from None
            waiting = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            unpacked += len(piece)
            if unpacked > BYTES_MAX or (unpacked > RATIO_BYTES_MIN and unpacked > packed * RATIO_MAX):
                raise FileUnfit(
                    f"The gzip file unpacks to more than {RATIO_MAX} times its size; send it unpacked.",
                    pointer="/file_id",
                )
            if piece:
                yield piece
        ended = inflate.eof
    if not ended:
        raise FileUnfit("The gzip file ends in the middle; send it again.", pointer="/file_id")


def _decode(pieces: Iterator[bytes], encoding: str, note: Callable[[str], None]) -> Iterator[str]:
    """Text; a byte that does not fit its encoding becomes a lone surrogate, which refuses its row later on."""
    if encoding and encoding.lower() not in ENCODINGS:
        raise FileUnfit(f"'{encoding[:40]}' is no encoding we read: {', '.join(ENCODINGS)}.", pointer="/encoding")
    decided = ENCODINGS.get(encoding.lower(), "") if encoding else ""
    if not decided:
        undecided = b""
        for piece in pieces:
            if not undecided and piece.isascii():
                yield piece.decode("ascii")
                continue
            undecided += piece
            if len(undecided) >= LOOKED_AT_BYTES:
                break
        if not undecided:
            return
        decided = encoding_of(undecided)
        pieces = _chain_bytes(undecided, pieces)
    note(decided)
    decoder = codecs.getincrementaldecoder(decided)("surrogateescape")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def encoding_of(piece: bytes) -> str:
    """UTF-16 by its mark; UTF-8 when most of what is beyond ASCII reads so, else GB18030."""
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    beyond = sum(1 for byte in piece if byte > 0x7F)
    read = len("".join(c for c in piece.decode("utf-8", "ignore") if c > "\x7f").encode())
    return "utf-8" if read * 2 >= beyond else "gb18030"


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)

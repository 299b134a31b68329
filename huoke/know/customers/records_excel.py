"""Excel workbooks (.xlsx): one sheet read row by row, each cell as it is held, not as it is shown.

A number is given with the 15 digits Excel keeps; a date without a time of day as 2026-03-31. Where a number stands in a
column of numbers-as-names (customer number, phone, id document, unit code), zeros before it are lost: that is warned
of. A number of 16 digits and more, whose last digits Excel has replaced, is refused wherever it stands.
"""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from huoke.know.customers import reading
from huoke.know.customers.entities import entity
from huoke.know.customers.mapping import ColumnMapping, Mapping, Target
from huoke.know.customers.model import AttributeType
from huoke.know.customers.reading import Chunk, FileUnfit, Flaw, Warned, plain
from huoke.know.customers.records import BYTES_MAX, RATIO_BYTES_MIN, RATIO_MAX

SHARED_BYTES_MAX = 256 * 1024**2
"""The texts of a workbook are held in memory at once."""
DIGITS_MAX = 15
_NAMES = frozenset({Target.CUSTOMER_NO, Target.PHONE, Target.ID_DOCUMENT, Target.UNIT_CODE})
_TROUBLE = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, EOFError, OSError)


class ExcelRecords:
    """The header and the chunks of one sheet; lines are the sheet's own row numbers."""

    encoding = "utf-8"
    separator = ""

    def __init__(self, file: IO[bytes], mapping: Mapping) -> None:
        import openpyxl  # noqa: PLC0415 - every process would load it to start

        _check_size(file)
        try:
            self._book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _TROUBLE as error:
            raise _cannot_read(error) from None
        self.sheets = list(self._book.sheetnames)
        if mapping.sheet and mapping.sheet not in self.sheets:
            raise FileUnfit(
                f"The workbook has no sheet '{mapping.sheet[:80]}'; its sheets are {', '.join(self.sheets)[:400]}.",
                pointer="/sheet",
                sheets=self.sheets,
            )
        self.sheet = mapping.sheet or self.sheets[0]
        self._begin = mapping.header_line
        self._rows = enumerate(self._cells(), 1)
        self.header = self._header()
        asked = {column.column: column for column in mapping.columns}
        self._named = {
            place for place, name in enumerate(self.header) if name in asked and _is_name(asked[name], mapping)
        }
        self._zeros: Counter[str] = Counter()

    def chunks(self) -> Iterator[Chunk]:
        """All rows below the header that hold anything."""
        number = 0
        lines: list[int] = []
        rows: list[list[str]] = []
        flaws: list[Flaw] = []
        for line, cells in self._rows:
            row = self._row(cells, len(rows), flaws)
            if row is None:
                continue
            lines.append(line)
            rows.append(row)
            if len(rows) == reading.CHUNK_ROWS:
                yield Chunk(number, lines, rows, tuple(flaws))
                number, lines, rows, flaws = number + 1, [], [], []
        if rows:
            yield Chunk(number, lines, rows, tuple(flaws))

    def count(self) -> int:
        """How many rows there are."""
        return sum(1 for _, cells in self._rows if any(cell.value is not None for cell in cells))

    def warnings(self) -> list[Warned]:
        """Columns of numbers-as-names in which cells hold numbers."""
        return [
            Warned(
                column=column,
                cause="zeros_lost",
                cells=count,
                mend="These cells hold numbers: zeros before them are lost. Format the column as text, fill it anew.",
            )
            for column, count in sorted(self._zeros.items())
        ]

    def _header(self) -> list[str]:
        for line, cells in self._rows:
            if line == self._begin:
                names = ["" if cell.value is None else str(cell.value).strip() for cell in cells]
                while names and not names[-1]:
                    names.pop()
                if names and all(names):
                    return names
                break
        raise FileUnfit(
            f"Row {self._begin} of sheet '{self.sheet}' needs a name over every column; say header_line where the names"
            " stand lower.",
            pointer="/header_line",
        )

    def _cells(self) -> Iterator[Any]:
        sheet = self._book[self.sheet]
        if not hasattr(sheet, "reset_dimensions"):
            raise FileUnfit(f"'{self.sheet}' is a chart, not a sheet of cells.", pointer="/sheet")
        sheet.reset_dimensions()  # what other programs write there is often wrong
        try:
            yield from sheet.iter_rows()
        except _TROUBLE as error:
            raise _cannot_read(error) from None

    def _row(self, cells: Iterable[Any], place: int, flaws: list[Flaw]) -> list[str] | None:
        """One row as texts, as wide as the header unless more is filled; None where nothing is."""
        row = [plain(cell.value) for cell in cells]
        width = len(self.header)
        if not any(row):
            return None
        while len(row) > width and not row[-1]:
            row.pop()
        row += [""] * (width - len(row))
        for at, cell in enumerate(cells):
            if at < width and cell.value is not None:
                if cell.data_type == "e":
                    flaws.append(_flaw(place, self.header[at], "formula_error"))
                elif isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    self._look(place, at, row[at], flaws)
        return row

    def _look(self, place: int, at: int, text: str, flaws: list[Flaw]) -> None:
        """A number too long to be true, or standing where a name of digits is meant."""
        if len(text.lstrip("-").partition(".")[0]) > DIGITS_MAX:
            flaws.append(_flaw(place, self.header[at], "digits_lost"))
        elif at in self._named:
            self._zeros[self.header[at]] += 1


_MENDS = {
    "formula_error": "The formula ends in an error; put the value there.",
    "digits_lost": "Excel keeps 15 digits of a number; format the column as text and fill it anew.",
}


def _flaw(place: int, column: str, cause: str) -> Flaw:
    return Flaw(place, column, cause, _MENDS[cause])


def _is_name(column: ColumnMapping, mapping: Mapping) -> bool:
    if column.to is not Target.FIELD:
        return column.to in _NAMES
    fields = {field.name: field for field in entity(mapping.entity).fields}
    return fields[column.name].key and fields[column.name].type is AttributeType.TEXT


def _check_size(file: IO[bytes]) -> None:
    """Refuse a workbook that unpacks to more than memory and patience allow."""
    try:
        members = zipfile.ZipFile(file).infolist()
    except _TROUBLE as error:
        raise _cannot_read(error) from None
    file.seek(0)
    for member in members:
        unpacked, packed = member.file_size, max(member.compress_size, 1)
        if unpacked > BYTES_MAX or (unpacked > RATIO_BYTES_MIN and unpacked > packed * RATIO_MAX):
            raise FileUnfit(f"The workbook unpacks to more than {RATIO_MAX} times its size.", pointer="/file_id")
        if member.filename.endswith("sharedStrings.xml") and unpacked > SHARED_BYTES_MAX:
            raise FileUnfit("The workbook holds too many different texts; save the sheet as CSV.", pointer="/file_id")


def _cannot_read(error: Exception) -> FileUnfit:
    return FileUnfit(f"The workbook cannot be read: {str(error)[:200] or type(error).__name__}.", pointer="/file_id")

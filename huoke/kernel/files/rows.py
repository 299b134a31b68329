"""Small tables that people upload: CSV as UTF-8 or GB18030, or an Excel file, row by row."""

import csv
import io
from collections.abc import Iterator

from huoke.kernel.refusals import Invalid


class TableUnread(Invalid):
    """The file is no table that could be read."""

    code = "files.table_unread"


def rows(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with their numbers, from 1; Excel by the ending of its name. Raises `TableUnread`."""
    return _excel(content) if name.lower().endswith(".xlsx") else _csv(content)


def text_of(content: bytes) -> str:
    """The text of a file that people saved; `TableUnread`."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnread("The file is neither UTF-8 nor GB18030 text; save it as CSV or Excel.", pointer="/")


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    yield from enumerate(csv.reader(io.StringIO(text_of(content), newline="")), start=1)


def _excel(content: bytes) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # noqa: PLC0415 - every process would load it to start

    try:
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    except Exception as error:
        raise TableUnread("The Excel file does not open; save it again as .xlsx.", pointer="/") from error
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield number, ["" if cell is None else str(cell) for cell in row]

"""Rows into a file: CSV or Excel, each beginning with the mark of who made it and when (rule F3)."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from huoke.govern.audit import safe_cell
from huoke.govern.views.model import CellFormat, ExportColumn, ExportFormat
from huoke.kernel.clock import CHINA

Cell = str | int | float | None


class Out(Protocol):
    """Where rows go."""

    def add(self, cells: Sequence[Cell]) -> None:
        """Write one row."""


def cells_of(item: Mapping[str, Any], columns: Sequence[ExportColumn]) -> list[Cell]:
    """One row of a list as cells; what is not there is empty."""
    return [_cell(_value(item, column.field), column) for column in columns]


@contextmanager
def open_file(path: Path | BytesIO, kind: ExportFormat, columns: Sequence[ExportColumn], mark: str) -> Iterator[Out]:
    """A file with its mark and headings; rows follow. What must not lie on a disk is written to memory, as Excel."""
    if kind is ExportFormat.CSV:
        assert isinstance(path, Path), "a CSV is written to a disk"
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            out = _Csv(target)
            out.add([mark])
            out.add([safe_cell(column.title) for column in columns])
            yield out
        return
    where = {"constant_memory": True} if isinstance(path, Path) else {"in_memory": True}
    with xlsxwriter.Workbook(path, {**where, "strings_to_formulas": False}) as book:
        book.set_properties({"comments": mark})
        yield _Sheet(book, columns, mark)


class _Csv:
    def __init__(self, target: Any) -> None:
        self._writer = csv.writer(target, lineterminator="\r\n")

    def add(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])


class _Sheet:
    """`constant_memory` writes a row as soon as the next one begins: rows only go downwards."""

    def __init__(self, book: Any, columns: Sequence[ExportColumn], mark: str) -> None:
        bold = book.add_format({"bold": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        self._sheet = book.add_worksheet()
        self._sheet.set_footer("&L" + mark.replace("&", "&&"))
        self._sheet.freeze_panes(2, 0)
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, 20, money if column.format is CellFormat.YUAN else None)
        self._sheet.write_string(0, 0, mark)
        for place, column in enumerate(columns):
            self._sheet.write_string(1, place, column.title, bold)
        self._row = 2

    def add(self, cells: Sequence[Cell]) -> None:
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                self._sheet.write_string(self._row, place, cell)
            elif cell is not None:
                self._sheet.write_number(self._row, place, cell)
        self._row += 1


def _value(item: Any, field: str) -> Any:
    """Follow a dotted path; `terms|draft.name` takes the first part that is there."""
    for part in field.split("."):
        if not isinstance(item, Mapping):
            return None
        item = next((item[name] for name in part.split("|") if item.get(name) is not None), None)
    return item


def _cell(value: Any, column: ExportColumn) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, list):
        return "、".join(str(_cell(one, column)) for one in value if one is not None)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text in column.words or isinstance(value, bool):
        return column.words.get(text, text)
    if isinstance(value, int | float):
        return round(value / 100, 2) if column.format is CellFormat.YUAN else value
    if column.format in (CellFormat.INSTANT, CellFormat.DAY):
        return _moment(text, day=column.format is CellFormat.DAY)
    return text


def _moment(text: str, *, day: bool) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is not None:
        at = at.astimezone(CHINA)
    return at.strftime("%Y-%m-%d" if day else "%Y-%m-%d %H:%M:%S")

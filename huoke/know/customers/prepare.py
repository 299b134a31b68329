"""One chunk of a file made ready: cells checked, repeats and unknown units refused, rejects written down."""

import csv
import io
from collections.abc import Mapping as Map
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huoke.know.customers import check
from huoke.know.customers.mapping import ColumnMapping, Mapping, MappingUnfit, Target
from huoke.know.customers.records import Chunk, Records
from huoke.know.customers.report import ColumnTally, ImportReport, RowError, Tally

REJECTS_MAX = 100_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Ready(msgspec.Struct, frozen=True):
    """The rows of a chunk that passed, as columns; personal fields in clear and only in memory."""

    number: int
    read: int
    refused: int
    customer_nos: list[str]
    unit_ids: list[int]
    personal: dict[str, list[str | None]]
    attributes: list[str]
    """One JSON object a row."""


class Preparer:
    """Reads one file's chunks in order; what it remembers (repeats, tally, rejects) depends on the file alone."""

    def __init__(self, mapping: Mapping, records: Records, units: Map[str, int]) -> None:
        self._mapping = mapping
        self._records = records
        self._units = pa.array(list(units), pa.string())
        self._unit_ids = pa.array(list(units.values()), pa.int32())
        self._columns = {column.column: column for column in mapping.columns}
        self.tally = Tally([_tally_of(self._columns[name]) for name in records.header])
        self._seen = np.empty(0, dtype=np.int64)
        self._rejects = io.StringIO()
        self._rejects_csv = csv.writer(self._rejects)
        self._rejects_csv.writerow(["line", "column", "cause", "mend", *map(neutral, records.header)])
        self._rejected = 0
        self._row_number = 0
        self._default_unit = units.get(mapping.unit_code)
        if mapping.unit_code and self._default_unit is None:
            raise MappingUnfit(f"The bank has no unit with the code '{mapping.unit_code[:64]}'.", pointer="/unit_code")

    def prepare(self, chunk: Chunk) -> Ready:
        """Check one chunk."""
        numbers = np.arange(self._row_number + 1, self._row_number + 1 + len(chunk.rows))
        self._row_number += len(chunk.rows)
        width = len(self._records.header)
        fits = np.array([len(row) == width for row in chunk.rows], dtype=bool)
        errors = [
            RowError(
                line=line, column="", cause="width", mend=f"The row has {len(row)} cells; the header names {width}."
            )
            for line, row in zip(chunk.lines, chunk.rows, strict=True)
            if len(row) != width
        ]
        kept = np.flatnonzero(fits)
        cells = list(zip(*[chunk.rows[place] for place in kept], strict=True)) or [()] * width
        columns, bad, found = self._check(cells, [chunk.lines[place] for place in kept])
        errors += found
        key, repeated = self._repeats(columns, numbers[kept], bad)
        bad |= repeated
        errors += [
            RowError(
                line=chunk.lines[kept[place]],
                column=self._mapping.column_of(Target.CUSTOMER_NO) or "",
                cause="repeated",
                mend="The customer number stands on an earlier line of this file; keep one of the two.",
            )
            for place in np.flatnonzero(repeated)
        ]
        errors.sort(key=lambda error: error.line)
        self._note(chunk, errors, refused=int(len(fits) - len(kept) + bad.sum()))
        return self._ready(chunk, columns, key, np.flatnonzero(~bad))

    def report(self) -> ImportReport:
        """What was found so far."""
        return self.tally.report(self._records.encoding, self._records.separator)

    def rejects(self) -> bytes | None:
        """The reject file as CSV with a byte-order mark, or None when no row was refused."""
        return self._rejects.getvalue().encode("utf-8-sig", "replace") if self._rejected else None

    def _check(
        self, cells: list[tuple[str, ...]], lines: list[int]
    ) -> tuple[dict[str, pa.Array], NDArray[np.bool_], list[RowError]]:
        """Values by column name, the rows with a refused cell, and why."""
        bad = np.zeros(len(lines), dtype=bool)
        columns: dict[str, pa.Array] = {}
        errors: list[RowError] = []
        for name, tally, column_cells in zip(self._records.header, self.tally.columns, cells, strict=True):
            mapping = self._columns[name]
            text, broken = check.to_array(column_cells)
            if mapping.to is Target.IGNORE:
                continue
            checked = self._with_units(mapping, check.read_column(mapping, text))
            required = self._required(mapping, checked.values, broken | checked.bad)
            tally.add(checked.values, int((broken | checked.bad | required).sum()))
            bad |= broken | checked.bad | required
            columns[name] = checked.values
            encoding = f"The bytes are not {self._records.encoding or 'ascii'}: save the whole file in one encoding."
            for mask, cause, mend in (
                (broken, "encoding", encoding),
                (checked.bad, checked.cause, checked.mend),
                (required, "empty", "Every customer needs one; fill it in."),
            ):
                errors += [
                    RowError(line=lines[place], column=name, cause=cause, mend=mend) for place in np.flatnonzero(mask)
                ]
        return columns, bad, errors

    def _required(self, mapping: ColumnMapping, values: pa.Array, refused: NDArray[np.bool_]) -> NDArray[np.bool_]:
        needed = mapping.to is Target.CUSTOMER_NO or (mapping.to is Target.UNIT_CODE and not self._mapping.unit_code)
        if not needed:
            return np.zeros(len(values), dtype=bool)
        missing: NDArray[np.bool_] = pc.is_null(values).to_numpy(zero_copy_only=False)
        return missing & ~refused

    def _with_units(self, mapping: ColumnMapping, checked: check.Checked) -> check.Checked:
        if mapping.to is not Target.UNIT_CODE:
            return checked
        places = pc.index_in(checked.values, value_set=self._units)
        unknown = pc.and_(pc.is_valid(checked.values), pc.is_null(places)).to_numpy(zero_copy_only=False)
        ids = pc.take(self._unit_ids, places)
        return check.Checked(ids, checked.bad | unknown, "unit_code", checked.mend)

    def _repeats(
        self, columns: dict[str, pa.Array], numbers: NDArray[np.int64], bad: NDArray[np.bool_]
    ) -> tuple[list[str | None], NDArray[np.bool_]]:
        """Customer numbers, and which repeat an earlier one of the file (found by 64-bit hash)."""
        column = self._mapping.column_of(Target.CUSTOMER_NO)
        if column is None:
            return [str(number) for number in numbers], np.zeros(len(numbers), dtype=bool)
        key: list[str | None] = columns[column].to_pylist()
        hashes = np.fromiter(map(hash, key), np.int64, len(key))
        first = np.zeros(len(key), dtype=bool)
        valid = np.flatnonzero(~bad)
        first[valid[np.unique(hashes[valid], return_index=True)[1]]] = True
        place = np.searchsorted(self._seen, hashes)
        known = self._seen.take(place, mode="clip") == hashes if len(self._seen) else np.zeros(len(key), dtype=bool)
        fresh = hashes[first & ~known & ~bad]
        self._seen = np.insert(self._seen, np.searchsorted(self._seen, np.sort(fresh)), np.sort(fresh))
        return key, ~bad & (known | ~first)

    def _note(self, chunk: Chunk, errors: list[RowError], *, refused: int) -> None:
        self.tally.rows += len(chunk.rows)
        self.tally.refused += refused
        self.tally.note(errors)
        if not errors:
            return
        rows = dict(zip(chunk.lines, chunk.rows, strict=True))
        for error in errors[: max(REJECTS_MAX - self._rejected, 0)]:
            self._rejects_csv.writerow(
                [error.line, neutral(error.column), error.cause, error.mend, *map(neutral, rows[error.line])]
            )
        self._rejected += len(errors)

    def _ready(
        self, chunk: Chunk, columns: dict[str, pa.Array], key: list[str | None], kept: NDArray[np.int64]
    ) -> Ready:
        taken = {name: values.take(pa.array(kept)) for name, values in columns.items()}
        unit_column = self._mapping.column_of(Target.UNIT_CODE)
        units = taken[unit_column] if unit_column else pa.nulls(len(kept), pa.int32())
        if self._default_unit is not None:
            units = pc.fill_null(units, self._default_unit)
        personal = {}
        for target in (Target.NAME, Target.PHONE, Target.ID_DOCUMENT):
            column = self._mapping.column_of(target)
            personal[target.value] = taken[column].to_pylist() if column else [None] * len(kept)
        attributes = [
            (column.name or column.column, taken[column.column])
            for column in self._mapping.columns
            if column.to is Target.ATTRIBUTE
        ]
        return Ready(
            number=chunk.number,
            read=len(chunk.rows),
            refused=len(chunk.rows) - len(kept),
            customer_nos=[str(key[place]) for place in kept],
            unit_ids=units.to_pylist(),
            personal=personal,
            attributes=check.json_objects(attributes, len(kept)),
        )


def neutral(cell: Any) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe before a leading = + - @."""
    text = str(cell)
    return "'" + text if text.startswith(_FORMULA) else text


def _tally_of(column: ColumnMapping) -> ColumnTally:
    return ColumnTally(column.column, column.to, column.name or column.column)

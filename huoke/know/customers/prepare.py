"""One chunk of a file made ready: cells checked, repeats and unknown units refused, rejects written down.

`Preparer` is what customers and every other entity have in common; `prepare_rows` adds the entities.
"""

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
from huoke.know.customers.forgotten import SAYS as ERASED_SAYS
from huoke.know.customers.forgotten import Forgotten
from huoke.know.customers.mapping import ColumnMapping, Mapping, MappingUnfit, Target
from huoke.know.customers.reading import Chunk, ColumnChunk, Flaw, Reader
from huoke.know.customers.report import ColumnTally, ImportReport, RowError, Tally
from huoke.know.customers.sealing import C2

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

    key_says = "The key stands on an earlier line of this file; keep one of the two."

    def __init__(self, mapping: Mapping, records: Reader) -> None:
        self._mapping = mapping
        self._records = records
        self._columns = {column.column: column for column in mapping.columns}
        self.tally = Tally([_tally_of(self._columns[name]) for name in records.header])
        self._seen = np.empty(0, dtype=np.int64)
        self._rejects = io.StringIO()
        self._rejects_csv = csv.writer(self._rejects)
        self._rejects_csv.writerow(["line", "column", "cause", "mend", *map(neutral, records.header)])
        self._rejected = 0

    def checked(
        self, chunk: Chunk | ColumnChunk
    ) -> tuple[dict[str, pa.Array], list[Any], NDArray[np.int64], NDArray[np.int64]]:
        """Values by column, the key of each row, which of those rows are fit, and each row's place in the chunk."""
        width = len(self._records.header)
        widths = np.array(chunk.widths(), dtype=np.int64)
        kept = np.flatnonzero(widths == width)
        errors = [
            RowError(
                line=chunk.lines[place],
                column="",
                cause="width",
                mend=f"The row has {widths[place]} cells; the header names {width}.",
            )
            for place in np.flatnonzero(widths != width).tolist()
        ]
        places = kept.tolist()
        columns, bad, found = self._check(chunk, chunk.columns(places, width), places)
        errors += found
        key, repeated = self._repeats(columns, bad, chunk)
        bad |= repeated
        errors += [
            RowError(line=chunk.lines[places[place]], column=self.key_column, cause="repeated", mend=self.key_says)
            for place in np.flatnonzero(repeated)
        ]
        barred = self.barred(key, len(bad)) & ~bad
        bad |= barred
        errors += [
            RowError(line=chunk.lines[places[place]], column=self.key_column, cause="erased", mend=ERASED_SAYS)
            for place in np.flatnonzero(barred)
        ]
        errors.sort(key=lambda error: error.line)
        self.tally.rows += len(chunk)
        self.note(chunk, errors, refused=int(len(widths) - len(kept) + bad.sum()))
        return columns, key, np.flatnonzero(~bad), kept

    @property
    def key_column(self) -> str:
        """The column refused where a key stands twice."""
        return ""

    def report(self) -> ImportReport:
        """What was found so far."""
        return self.tally.report(self._records.encoding, self._records.separator, self._records.warnings())

    def rejects(self) -> bytes | None:
        """The reject file as CSV with a byte-order mark, or None when no row was refused."""
        return self._rejects.getvalue().encode("utf-8-sig", "replace") if self._rejected else None

    def note(self, chunk: Chunk | ColumnChunk, errors: list[RowError], *, refused: int) -> None:
        """Count refused rows, and write them down with line, cause and mend."""
        self.tally.refused += refused
        self.tally.note(errors)
        if not errors:
            return
        places = {line: place for place, line in enumerate(chunk.lines)}
        for error in errors[: max(REJECTS_MAX - self._rejected, 0)]:
            row = chunk.row(places[error.line])
            self._rejects_csv.writerow([error.line, neutral(error.column), error.cause, error.mend, *map(neutral, row)])
        self._rejected += len(errors)

    def read(self, mapping: ColumnMapping, text: pa.Array) -> check.Checked:
        """One column's cells as values."""
        return check.read_column(mapping, text)

    def needs(self, _mapping: ColumnMapping) -> str:
        """Why no cell of a column may be empty; nothing where one may."""
        return ""

    def keys(self, _columns: dict[str, pa.Array], _chunk: Chunk | ColumnChunk) -> list[Any] | None:
        """What must be there only once in the file; None when nothing must."""
        return None

    def barred(self, _keys: list[Any], rows: int) -> NDArray[np.bool_]:
        """Which rows must not come in, whatever they hold; none as a rule."""
        return np.zeros(rows, dtype=bool)

    def _check(
        self, chunk: Chunk | ColumnChunk, cells: list[Any], places: list[int]
    ) -> tuple[dict[str, pa.Array], NDArray[np.bool_], list[RowError]]:
        """Values by column name, the rows with a refused cell, and why."""
        bad = np.zeros(len(places), dtype=bool)
        columns: dict[str, pa.Array] = {}
        errors: list[RowError] = []
        flawed = _by_column(chunk, places)
        for name, tally, column_cells in zip(self._records.header, self.tally.columns, cells, strict=True):
            mapping = self._columns[name]
            if mapping.to is Target.IGNORE:
                continue
            text, broken = check.to_array(column_cells)
            flaws = flawed.get(name, {})
            if flaws:
                broken = broken.copy()
                broken[list(flaws)] = True
                text = pc.if_else(pa.array(broken), pa.scalar(None, pa.string()), text)
            checked = self.read(mapping, text)
            required, why = self._required(mapping, checked.values, broken | checked.bad)
            refused = broken | checked.bad | required
            tally.add(checked.values, int(refused.sum()))
            bad |= refused
            columns[name] = checked.values
            encoding = f"The bytes are not {self._records.encoding or 'ascii'}: save the whole file in one encoding."
            for mask, cause, mend in (
                (broken, "encoding", encoding),
                (checked.bad, checked.cause, checked.mend),
                (required, "empty", why),
            ):
                errors += [
                    RowError(
                        line=chunk.lines[places[place]],
                        column=name,
                        cause=flaws[place].cause if place in flaws else cause,
                        mend=flaws[place].mend if place in flaws else mend,
                    )
                    for place in np.flatnonzero(mask).tolist()
                ]
        return columns, bad, errors

    def _required(
        self, mapping: ColumnMapping, values: pa.Array, refused: NDArray[np.bool_]
    ) -> tuple[NDArray[np.bool_], str]:
        why = self.needs(mapping)
        if not why:
            return np.zeros(len(values), dtype=bool), ""
        missing: NDArray[np.bool_] = pc.is_null(values).to_numpy(zero_copy_only=False)
        return missing & ~refused, why

    def _repeats(
        self, columns: dict[str, pa.Array], bad: NDArray[np.bool_], chunk: Chunk | ColumnChunk
    ) -> tuple[list[Any], NDArray[np.bool_]]:
        """Keys, and which repeat an earlier one of the file (found by 64-bit hash)."""
        key = self.keys(columns, chunk)
        if key is None:
            return [], np.zeros(len(bad), dtype=bool)
        hashes = np.fromiter(map(hash, key), np.int64, len(key))
        first = np.zeros(len(key), dtype=bool)
        valid = np.flatnonzero(~bad)
        first[valid[np.unique(hashes[valid], return_index=True)[1]]] = True
        place = np.searchsorted(self._seen, hashes)
        known = self._seen.take(place, mode="clip") == hashes if len(self._seen) else np.zeros(len(key), dtype=bool)
        fresh = hashes[first & ~known & ~bad]
        self._seen = np.insert(self._seen, np.searchsorted(self._seen, np.sort(fresh)), np.sort(fresh))
        return key, ~bad & (known | ~first)


class CustomerPreparer(Preparer):
    """Makes rows of customers ready: units known by their code, one row a customer number."""

    key_says = "The customer number stands on an earlier line of this file; keep one of the two."

    def __init__(
        self, mapping: Mapping, records: Reader, units: Map[str, int], forgotten: Forgotten | None = None
    ) -> None:
        super().__init__(mapping, records)
        self._forgotten = forgotten
        self._units = pa.array(list(units), pa.string())
        self._unit_ids = pa.array(list(units.values()), pa.int32())
        self._row_number = 0
        self._default_unit = units.get(mapping.unit_code)
        if mapping.unit_code and self._default_unit is None:
            raise MappingUnfit(f"The bank has no unit with the code '{mapping.unit_code[:64]}'.", pointer="/unit_code")

    @property
    def key_column(self) -> str:
        """The column of customer numbers."""
        return self._mapping.column_of(Target.CUSTOMER_NO) or ""

    def prepare(self, chunk: Chunk | ColumnChunk) -> Ready:
        """Check one chunk."""
        columns, key, fit, kept = self.checked(chunk)
        if not self.key_column:
            key = [str(self._row_number + 1 + place) for place in kept]
        self._row_number += len(chunk)
        return self._ready(chunk, columns, key, fit)

    def needs(self, mapping: ColumnMapping) -> str:
        """A customer needs a number, and a unit unless the mapping gives one."""
        needed = mapping.to is Target.CUSTOMER_NO or (mapping.to is Target.UNIT_CODE and not self._mapping.unit_code)
        return "Every customer needs one; fill it in." if needed else ""

    def keys(self, columns: dict[str, pa.Array], _chunk: Chunk | ColumnChunk) -> list[Any] | None:
        """Customer numbers, unless rows are numbered."""
        column = self.key_column
        return columns[column].to_pylist() if column else None

    def barred(self, keys: list[Any], rows: int) -> NDArray[np.bool_]:
        """Numbers of customers who were erased (rule P7)."""
        if self._forgotten is None or not keys:
            return np.zeros(rows, dtype=bool)
        return self._forgotten.among(keys)

    def read(self, mapping: ColumnMapping, text: pa.Array) -> check.Checked:
        """One column's cells; codes of units as their ids."""
        checked = check.read_column(mapping, text)
        if mapping.to is not Target.UNIT_CODE:
            return checked
        places = pc.index_in(checked.values, value_set=self._units)
        unknown = pc.and_(pc.is_valid(checked.values), pc.is_null(places)).to_numpy(zero_copy_only=False)
        ids = pc.take(self._unit_ids, places)
        return check.Checked(ids, checked.bad | unknown, "unit_code", checked.mend)

    def _ready(
        self, chunk: Chunk | ColumnChunk, columns: dict[str, pa.Array], key: list[Any], kept: NDArray[np.int64]
    ) -> Ready:
        places = kept.tolist()
        taken = {name: _taken(values, kept) for name, values in columns.items()}
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
            read=len(chunk),
            refused=len(chunk) - len(kept),
            customer_nos=[str(key[place]) for place in places],
            unit_ids=units.to_pylist(),
            personal=personal,
            attributes=check.json_objects(attributes, len(kept)),
        )


def _taken(values: pa.Array, kept: NDArray[np.int64]) -> pa.Array:
    return values if len(kept) == len(values) else values.take(pa.array(kept))


def neutral(cell: Any) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe before a leading = + - @."""
    text = str(cell)
    return "'" + text if text.startswith(_FORMULA) else text


def _tally_of(column: ColumnMapping) -> ColumnTally:
    return ColumnTally(column.column, column.to, column.name or column.column, withheld=column.data_class == C2)


def _by_column(chunk: Chunk | ColumnChunk, places: list[int]) -> dict[str, dict[int, Flaw]]:
    """What the reader could not give: by column, and by place among the rows at `places`."""
    if not chunk.flaws:
        return {}
    at = {place: number for number, place in enumerate(places)}
    found: dict[str, dict[int, Flaw]] = {}
    for flaw in chunk.flaws:
        if flaw.place in at:
            found.setdefault(flaw.column, {})[at[flaw.place]] = flaw
    return found

"""One chunk of an entity's file made ready: cells as values of the entity's fields."""

from typing import Any

import msgspec
import pyarrow as pa

from huoke.know.customers import check
from huoke.know.customers.entities import Entity, EntityLoaded, RowFlaw, Rows
from huoke.know.customers.mapping import ColumnMapping, Mapping, Target
from huoke.know.customers.prepare import Preparer
from huoke.know.customers.reading import Chunk, ColumnChunk, Reader
from huoke.know.customers.report import RowError


class ReadyRows(msgspec.Struct, frozen=True):
    """The rows of a chunk that passed, and the chunk itself for those the entity cannot take."""

    chunk: Chunk | ColumnChunk
    rows: Rows

    @property
    def refused(self) -> int:
        """How many rows did not pass."""
        return len(self.chunk) - len(self.rows.lines)


class RowPreparer(Preparer):
    """Makes rows of one entity ready."""

    def __init__(self, mapping: Mapping, records: Reader, entity: Entity) -> None:
        super().__init__(mapping, records)
        self._fields = {field.name: field for field in entity.fields}
        self._column_of = {column.name: column.column for column in mapping.columns if column.to is Target.FIELD}
        self._key = [field.name for field in entity.fields if field.key and field.name in self._column_of]

    @property
    def key_column(self) -> str:
        """The first column of the key."""
        return self._column_of[self._key[0]] if self._key else ""

    def prepare(self, chunk: Chunk | ColumnChunk) -> ReadyRows:
        """Check one chunk."""
        columns, _, fit, kept = self.checked(chunk)
        taken = {name: columns[column].take(pa.array(fit)).to_pylist() for name, column in self._column_of.items()}
        return ReadyRows(chunk, Rows([chunk.lines[kept[place]] for place in fit], taken))

    def refuse(self, chunk: Chunk | ColumnChunk, flaws: list[RowError]) -> None:
        """Write down rows the entity could not take."""
        self.note(chunk, flaws, refused=len({flaw.line for flaw in flaws}))

    def errors_of(self, rows: Rows, loaded: EntityLoaded) -> list[RowError]:
        """An entity's flaws by line and column of the file."""
        return [self._error(rows, flaw) for flaw in loaded.refused]

    def read(self, mapping: ColumnMapping, text: pa.Array) -> check.Checked:
        """One column's cells as values of its field."""
        return check.read_as(self._fields[mapping.name].type, mapping.null_words, text)

    def needs(self, mapping: ColumnMapping) -> str:
        """A required field is never empty."""
        return "Every row needs one; fill it in." if self._fields[mapping.name].required else ""

    def keys(self, columns: dict[str, pa.Array], _chunk: Chunk | ColumnChunk) -> list[Any] | None:
        """The key's values, together."""
        if not self._key:
            return None
        return list(zip(*[columns[self._column_of[name]].to_pylist() for name in self._key], strict=True))

    def _error(self, rows: Rows, flaw: RowFlaw) -> RowError:
        column = self._column_of.get(flaw.column, flaw.column)
        return RowError(line=rows.lines[flaw.place], column=column, cause=flaw.cause, mend=flaw.mend)

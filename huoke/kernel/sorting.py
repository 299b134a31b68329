"""Lists sorted by any of their columns, page after page: no row twice, none left out, however many share a value."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import GenericAlias
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Invalid

T = TypeVar("T")

_TYPES: Mapping[str, Any] = {
    "timestamptz": datetime,
    "date": date,
    "int": Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)],
    "bigint": Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
    "float": float,
    "uuid": UUID,
    "text": Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")],
}


class Column(msgspec.Struct, frozen=True):
    """What a list can be sorted by: an SQL expression that is never null, and its type."""

    sql: str
    type: str = "text"


class Sort(msgspec.Struct, frozen=True):
    """A list's order: a column, then the id, both the same way; `id` is how the statement names it, and its type."""

    name: str
    column: Column
    id: str
    id_type: str
    descending: bool

    @property
    def key(self) -> str:
        """What the statement selects so that the next page knows its place."""
        return f"{self.column.sql} AS sort_key"

    @property
    def by(self) -> str:
        """The ORDER BY."""
        way = "DESC" if self.descending else "ASC"
        return f"{self.column.sql} {way}, {self.id} {way}"

    def beyond(self, value: int, row_id: int) -> str:
        """What lies beyond the row whose key and id are these parameters; everything where they are null."""
        sign = "<" if self.descending else ">"
        place = f"({self.column.sql}, {self.id}) {sign} (${value}::{self.column.type}, ${row_id}::{self.id_type})"
        return f"(${row_id}::{self.id_type} IS NULL OR {place})"

    @property
    def place(self) -> Any:
        """The type of a place in this order: how it was sorted, the last row's key, its id."""
        return GenericAlias(tuple, (str, _TYPES[self.column.type], _TYPES[self.id_type]))


Place = tuple[str, Any, Any]


class Rows(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Rows of a sorted list with their keys, and how many there are by state, whatever the page."""

    rows: Sequence[T]
    keys: Sequence[Any]
    counts: dict[str, int]


def sort_of(columns: Mapping[str, Column], asked: str, *, row_id: str = "id", id_type: str = "uuid") -> Sort:
    """The order somebody asked for: the name of a column, a hyphen before it for the other way round; `Invalid`."""
    name = asked.removeprefix("-")
    if name not in columns:
        raise Invalid(f"The list is sorted by one of {', '.join(sorted(columns))}.", pointer="/sort")
    return Sort(asked, columns[name], row_id, id_type, asked.startswith("-"))

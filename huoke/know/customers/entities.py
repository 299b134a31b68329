"""What else an import can bring beside customers: each entity says its fields and loads its rows."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know.customers.model import AttributeType


class EntityUnknown(Invalid):
    """Nothing of this name can be imported."""

    code = "customers.entity_unknown"


class EntityField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of an entity. `key` fields together are unique in a file; `words` are headers that propose the field.

    `personal` fields are withheld in samples. `words` are in lower case, without blanks and - _ .
    """

    name: str
    label: str
    label_en: str
    type: AttributeType = AttributeType.TEXT
    required: bool = False
    key: bool = False
    personal: bool = False
    data_class: Literal["C1", "C2"] = "C1"
    words: tuple[str, ...] = ()


class Rows(msgspec.Struct, frozen=True):
    """Rows of a chunk that passed: the line each stands on, and values by field, None where unknown; ≤ 10,000."""

    lines: list[int]
    columns: dict[str, list[Any]]


class RowFlaw(msgspec.Struct, frozen=True):
    """A row the entity cannot take: its place in `Rows`, the field, a stable cause, and the mend."""

    place: int
    column: str
    cause: str
    mend: str


class EntityLoaded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows; with those refused they add up to all. `older` were overtaken by a later day."""

    added: int
    changed: int
    same: int
    older: int = 0
    refused: tuple[RowFlaw, ...] = ()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where rows go to, and whence they come. `as_of` and `series` are the business date and feed of a day's file."""

    database: Database
    clickhouse: ClickHouse | None
    tenant: TenantId
    actor: Actor
    import_id: UUID
    source: str = ""
    as_of: date | None = None
    series: UUID | None = None


CountUndone = Callable[[Tx, int], Awaitable[None]]
"""Notes, in the transaction that took them back, how many more rows are as they were before."""


class Entity(Protocol):
    """A kind of thing an import brings.

    `load` and `take_back` open their own transactions; both may be called twice for the same import. `take_back` leaves
    alone what something else wrote since.
    """

    name: str
    label: str
    label_en: str
    fields: tuple[EntityField, ...]

    async def load(self, place: Place, rows: Rows, *, dry_run: bool) -> EntityLoaded: ...

    async def take_back(self, place: Place, count: CountUndone) -> None: ...


_entities: dict[str, Entity] = {}


def register_entity(*added: Entity) -> None:
    """Let these be imported; called once a process."""
    _entities.update({one.name: one for one in added})


def entities() -> Sequence[Entity]:
    """Everything that can be imported beside customers."""
    return list(_entities.values())


def entity(name: str) -> Entity:
    """One of them; `EntityUnknown`."""
    if name not in _entities:
        raise EntityUnknown(f"'{name[:60]}' cannot be imported; choose customers, {', '.join(_entities)}.",
                            pointer="/entity")  # fmt: skip
    return _entities[name]

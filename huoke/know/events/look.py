"""Looking into a file of events before it is loaded: how it is made, what its columns are, what would become of it."""

import asyncio

import msgspec
import pyarrow as pa

from huoke.kernel import archives
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know.events import columns, fill
from huoke.know.events.bulk_read import OURS, Shape, Source, check_mapping, propose, read_batches, shape_of
from huoke.know.events.columns import PREFIX
from huoke.know.events.examine import Work, examine
from huoke.know.events.file_model import ColumnTarget, FileColumn, FileFormat, FileLoaded, FileLook, FileMapping
from huoke.know.events.fit import Registry
from huoke.know.events.load import FED
from huoke.know.events.model import WITHHELD, Malformed, Property
from huoke.know.events.registry import registry

CHECKED_ROWS = 2_000
SHOWN_ROWS = 8
FLAWS_MAX = 20
_CELL_MAX = 80


async def look_file(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, source: Source, mapping: FileMapping | None = None
) -> FileLook:
    """How a file of events would be read: its first rows, a mapping, and what would become of the first 2,000.

    Nothing is loaded. `mapping` is checked where one is given, else proposed. `Malformed`.
    """
    shape = await asyncio.to_thread(shape_of, source)
    async with database.begin(tenant) as tx:
        known, mapped = await registry(tx), await fill.declared(tx)
    unregistered: list[str] = []
    if mapping is None:
        mapping, unregistered = _proposed(shape, known)
    header, cells = await asyncio.to_thread(_first_cells, source, shape, known)
    checked, flaws = FileLoaded(), []
    try:
        check_mapping(mapping, shape)
    except Malformed:
        if not unregistered and mapping.columns and shape.format is FileFormat.NDJSON:
            raise
    else:
        await archives.prepare(clickhouse, tenant, FED)
        work = Work(database, clickhouse, tenant, zone=mapping.zone, wait=True)
        batch = await asyncio.to_thread(_first_batch, source, shape, mapping)
        found = await examine(work, batch, known, mapped, 0)
        flaws, going_in = work.flaws, sum(part.table.num_rows for part in found.parts)
        waiting = sum(part.table.column("seq").null_count for part in found.parts)
        checked = FileLoaded(
            read=batch.num_rows,
            loaded=going_in - waiting,
            waiting=waiting,
            refused=found.refused,
            duplicate=batch.num_rows - going_in - found.refused,
            traits_refused=found.traits_refused,
        )
    return FileLook(
        format=shape.format,
        encoding=shape.encoding,
        separator=shape.separator if shape.format is FileFormat.CSV else "",
        header=header,
        sample=cells,
        mapping=mapping,
        unregistered=unregistered,
        checked=checked,
        flaws=sorted(flaws, key=lambda flaw: flaw.row)[:FLAWS_MAX],
    )


def _proposed(shape: Shape, known: Registry) -> tuple[FileMapping, list[str]]:
    """A mapping in which columns are registered properties by name or label, and the others are left out."""
    properties = [one for schema in known.schemas.values() for one in schema.properties]
    called = {label.casefold(): one.name for one in properties for label in (one.label, one.label_en, one.name)}
    found, left = [], []
    taken: set[str] = set()
    for one in propose(shape.header).columns:
        if one.to is not ColumnTarget.PROPERTY:
            found.append(one)
            continue
        name = called.get(one.property.strip().casefold())
        if name is None or name in taken:
            left.append(one.column)
            found.append(FileColumn(column=one.column, to=ColumnTarget.IGNORE))
        else:
            taken.add(name)
            found.append(msgspec.structs.replace(one, property=name))
    return FileMapping(columns=found), left


def _first_batch(source: Source, shape: Shape, mapping: FileMapping) -> pa.Table:
    for batch, _ in read_batches(source, shape, mapping, rows=CHECKED_ROWS):
        return batch
    raise Malformed(f"{source.name} has no rows.", pointer="/file")


def _first_cells(source: Source, shape: Shape, known: Registry) -> tuple[list[str], list[list[str]]]:
    """The header, and the cells of the first rows; what may be of class C2 is withheld."""
    plain = FileMapping(
        columns=[
            FileColumn(column=name, to=ColumnTarget.PROPERTY, property=name) for name in dict.fromkeys(shape.header)
        ],
        event="-",
    )
    rows = _first_batch(source, shape, plain).slice(0, SHOWN_ROWS)
    if shape.format is FileFormat.NDJSON:
        rows = rows.drop_columns([name for name in ("kind",) if name in rows.column_names])
    elif "name" in rows.column_names:
        rows = rows.drop_columns(["name"])
    private = {one.casefold() for each in known.schemas.values() for prop in each.properties for one in _names(prop)}
    back = {ours: target.value for target, ours in OURS.items()}
    header = [back.get(name, name.removeprefix(PREFIX)) for name in rows.column_names]
    cells = [columns.as_texts(rows.column(name)).to_pylist() for name in rows.column_names]
    hidden = [name.casefold() in private for name in header]
    return header, [
        [WITHHELD if value and hide else (value or "")[:_CELL_MAX] for value, hide in zip(row, hidden, strict=True)]
        for row in zip(*cells, strict=True)
    ]


def _names(one: Property) -> tuple[str, ...]:
    """What a property of class C2 may be called."""
    return (one.name, one.label, one.label_en) if columns.is_private(one) else ()

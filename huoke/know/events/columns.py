"""Events as columns: checked against their schemas and brought into the form of archives and ClickHouse, vectorised."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huoke.kernel.archives import place_of
from huoke.kernel.events import DataClass
from huoke.kernel.log import PLACE
from huoke.know.events.fit import Registry
from huoke.know.events.model import WITHHELD, Kind, Property, PropertyType, SchemaUnfit
from huoke.know.events.streams import EVENT

PREFIX = "p_"
"""Columns of properties are named p_<property>."""
NOBODY = UUID(int=0)
"""The source of rows that were loaded without one."""
INSTANT = pa.timestamp("us", tz="UTC")
TEXTS = pa.map_(pa.string(), pa.string())
FORM = tuple(column.name for column in (*EVENT.columns, *PLACE))
"""The columns of an archive of events, in order: those of its ClickHouse table."""
_PATTERNS = {
    PropertyType.INTEGER: r"^-?[0-9]{1,19}$",
    PropertyType.DECIMAL: r"^-?[0-9]+(\.[0-9]+)?$",
    PropertyType.BOOLEAN: r"^(true|false)$",
    PropertyType.DATE: r"^[0-9]{4}-[01][0-9]-[0-3][0-9]$",
    PropertyType.INSTANT: r"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:.]{8,15}(Z|[+-][0-9]{2}:[0-9]{2})$",
}
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint8).reshape(256, 2)
_DASHED = [place for place in range(36) if place not in (8, 13, 18, 23)]


def check_columns(table: pa.Table, known: Registry) -> None:
    """Raise `SchemaUnfit` unless every name is registered and every property column fits wherever it has a value."""
    for name in ("seq", "name", "at"):
        if name not in table.column_names:
            raise SchemaUnfit(f"The rows lack the column '{name}'.", pointer=f"/{name}")
    names = table.column("name").combine_chunks()
    unknown = sorted({str(name) for name in pc.unique(names).to_pylist()} - set(known.schemas))
    if unknown:
        raise SchemaUnfit(f"No event is called '{unknown[0][:60]}'; register it first.", pointer="/name")
    for column in property_columns(table):
        filled = pc.filter(names, pc.is_valid(table.column(PREFIX + column)))
        for name in pc.unique(filled).to_pylist():
            if column not in known.properties_of(str(name)):
                raise SchemaUnfit(f"{name} has no property '{column}'; register it.", pointer=f"/{PREFIX}{column}")


def property_columns(table: pa.Table) -> list[str]:
    """The properties that a table has columns of."""
    return [name.removeprefix(PREFIX) for name in table.column_names if name.startswith(PREFIX)]


def property_of(column: str, names: Sequence[str], known: Registry) -> Property | None:
    """The property a column holds for the first of some names that has it; types must agree among them."""
    found = [one for name in names if (one := known.properties_of(name).get(column))]
    if len({(one.type, one.data_class) for one in found}) > 1:
        raise SchemaUnfit(f"'{column}' is not the same in all of these events; load them apart.", pointer=f"/{column}")
    return found[0] if found else None


def as_texts(column: pa.ChunkedArray) -> pa.Array:
    """A column as the texts that are kept."""
    if pa.types.is_timestamp(column.type):
        text = pc.strftime(pc.cast(column, pa.timestamp("s", tz="UTC")), "%Y-%m-%dT%H:%M:%SZ")
    else:
        text = pc.cast(column, pa.string())
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text


def unfit(texts: pa.Array, kind: PropertyType) -> NDArray[np.bool_]:
    """Where a text is not of its type; what is absent fits."""
    pattern = _PATTERNS.get(kind)
    if pattern is None:
        return np.zeros(len(texts), bool)
    fits = pc.fill_null(pc.match_substring_regex(texts, pattern), fill_value=True)
    flaws: NDArray[np.bool_] = ~fits.to_numpy(zero_copy_only=False)
    return flaws


def make_ids(seqs: NDArray[np.uint32], at_us: NDArray[np.int64], salt: int) -> pa.Array:
    """An id for each row, from its customer, time, place and `salt`: the same rows get the same ids."""
    place = np.arange(len(seqs), dtype=np.uint64)
    first = _mixed(seqs.astype(np.uint64) << np.uint64(32) ^ place ^ np.uint64(salt & 0xFFFFFFFFFFFFFFFF))
    second = _mixed(first ^ at_us.astype(np.uint64))
    raw = np.empty((len(seqs), 2), ">u8")
    raw[:, 0], raw[:, 1] = first, second
    return id_texts(raw.view(np.uint8).reshape(len(seqs), 16))


def id_texts(raw: NDArray[np.uint8]) -> pa.Array:
    """Rows of 16 bytes as UUIDs in text (version 5, RFC 9562)."""
    raw = raw.copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x50
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = np.full((len(raw), 36), ord("-"), np.uint8)
    text[:, _DASHED] = _HEX[raw].reshape(len(raw), 32)
    offsets = np.arange(0, 36 * (len(raw) + 1), 36, dtype=np.int32)
    return pa.StringArray.from_buffers(len(raw), pa.py_buffer(offsets), pa.py_buffer(text))


def to_map(texts: Mapping[str, pa.Array], rows: int) -> pa.Array:
    """Columns of texts as one column of maps; absent values are absent keys."""
    if not texts:
        return pa.MapArray.from_arrays(
            pa.array(np.zeros(rows + 1, np.int32)), pa.array([], pa.string()), pa.array([], pa.string())
        )
    columns = list(texts.values())
    valid = np.stack([column.is_valid().to_numpy(zero_copy_only=False) for column in columns], axis=1)
    offsets = np.zeros(rows + 1, np.int32)
    np.cumsum(valid.sum(axis=1), out=offsets[1:])
    row, which = np.nonzero(valid)
    keys = pa.array(list(texts), pa.string()).take(pa.array(which))
    items = pa.concat_arrays(columns).take(pa.array(which * rows + row))
    return pa.MapArray.from_arrays(pa.array(offsets), keys, items)


def to_form(
    table: pa.Table,
    shown: Mapping[str, pa.Array],
    sealed: pa.Array,
    *,
    source_id: UUID,
    ids: pa.Array,
    load_id: UUID | None = None,
) -> pa.Table:
    """The archive's columns out of checked ones; the time of recording is the time it happened."""
    rows = table.num_rows
    at = pc.cast(table.column("at"), INSTANT)
    made = {
        "seq": pc.cast(table.column("seq"), pa.uint32()),
        "name": pc.cast(table.column("name"), pa.string()),
        "at": at,
        "id": ids,
        "kind": _or(table, "kind", pa.string(), Kind.TRACK.value),
        "amount_fen": _or(table, "amount_fen", pa.int64(), 0),
        "entry_code": _or(table, "entry_code", pa.string(), ""),
        "properties": to_map(shown, rows),
        "source_id": pa.repeat(str(source_id), rows),
        "recorded_at": at,
        "sealed": sealed,
        "xid": pa.array(np.full(rows, place_of(load_id) if load_id else 0, np.uint64)),
        "ordinal": pa.array(np.arange(rows, dtype=np.uint32)),
    }
    return pa.table({name: made[name] for name in FORM}).combine_chunks()


def withheld(texts: pa.Array) -> pa.Array:
    """What anybody may read of a private column."""
    return pc.if_else(pc.is_valid(texts), pa.scalar(WITHHELD), pa.scalar(None, pa.string()))


def is_private(one: Property) -> bool:
    """Whether a property is kept sealed."""
    return one.data_class is DataClass.C2


def _or(table: pa.Table, name: str, kind: pa.DataType, missing: object) -> pa.Array | pa.ChunkedArray:
    if name not in table.column_names:
        return pa.repeat(pa.scalar(missing, kind), table.num_rows)
    return pc.fill_null(pc.cast(table.column(name), kind), pa.scalar(missing, kind))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output."""
    with np.errstate(over="ignore"):
        mixed = values + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        return mixed ^ mixed >> np.uint64(31)

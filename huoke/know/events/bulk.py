"""Bulk event files: every row checked by itself, known again, and loaded past the log; unfit rows are told by line."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huoke.kernel import archives
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know import customers
from huoke.know.events import columns, store, store_timeline
from huoke.know.events.bulk_read import read_batches
from huoke.know.events.columns import PREFIX
from huoke.know.events.fit import Registry
from huoke.know.events.load import FED, keep, seal_columns
from huoke.know.events.model import KNOWN_FOR
from huoke.know.events.registry import registry

NUMBERS_AT_ONCE = 10_000
IDS_AT_ONCE = 10_000
_ZONE = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"

Progress = Callable[[int], Awaitable[None]]


class Flaw(msgspec.Struct, frozen=True):
    """Why a row was refused; the first row of a file is 1."""

    row: int
    code: str
    detail: str


class FileLoaded(msgspec.Struct, kw_only=True):
    """What became of a file's rows."""

    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    refused: int = 0


class _Load:
    """One file on its way in."""

    def __init__(
        self,
        database: Database,
        clickhouse: ClickHouse,
        tenant: TenantId,
        zone: ZoneInfo,
        salt: str,
        load_id: UUID | None,
    ) -> None:
        self.database = database
        self.clickhouse = clickhouse
        self.tenant = tenant
        self.zone = zone
        self.salt = salt
        self.load_id = load_id
        self.seqs: dict[str, int] = {}
        self.flaws: list[Flaw] = []

    def refuse(self, rows: NDArray[np.bool_], code: str, detail: str, start: int) -> None:
        """Note why these rows are refused."""
        self.flaws += [Flaw(start + 1 + int(row), code, detail) for row in np.flatnonzero(rows)]


async def load_file(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    path: Path,
    *,
    zone: ZoneInfo = CHINA,
    progress: Progress | None = None,
    reject: Callable[[list[Flaw]], None] | None = None,
) -> FileLoaded:
    """Load a file of events; the same file, or the same message ids, again are duplicates.

    Times without a zone are of `zone`. `reject` is told of refused rows as they come, `progress` how many were read.
    Raises `Malformed` for a file that cannot be read at all.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    load = _Load(database, clickhouse, tenant, zone, digest, None)
    await archives.prepare(clickhouse, tenant, FED)
    await archives.ship(database, clickhouse, tenant, FED)
    total = FileLoaded()
    for batch in read_batches(path):
        loaded, duplicate = await _load_batch(load, batch, total.read)
        total.refused += len(load.flaws)
        if reject is not None and load.flaws:
            reject(load.flaws)
        load.flaws = []
        total.read += batch.num_rows
        total.loaded += loaded
        total.duplicate += duplicate
        if progress is not None:
            await progress(total.read)
    return total


async def load_rows(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, rows: pa.Table, *, load_id: UUID | None = None
) -> tuple[FileLoaded, list[Flaw]]:
    """Load rows whose customers are known: what became of them, and why some were refused (the first row is 1).

    Columns: `seq`, `name`, `at` (timestamp with tz), `message_id`, and where wanted `amount_fen` and `p_<property>`.
    The same message ids again are duplicates. At most 10,000 rows are one archive; few rows cost as much as many.
    What is loaded under a `load_id` can be withdrawn as a whole.
    """
    load = _Load(database, clickhouse, tenant, CHINA, "", load_id)
    await archives.prepare(clickhouse, tenant, FED)
    await archives.ship(database, clickhouse, tenant, FED)
    loaded, duplicate = await _load_batch(load, rows, 0)
    refused = len({flaw.row for flaw in load.flaws})
    return FileLoaded(read=rows.num_rows, loaded=loaded, duplicate=duplicate, refused=refused), load.flaws


async def _load_batch(load: _Load, batch: pa.Table, start: int) -> tuple[int, int]:
    """Load one batch that begins at row `start`; how many rows went in and how many were there."""
    async with load.database.begin(load.tenant) as tx:
        known = await registry(tx)
    table, fits = await _attributed(load, batch, known, start)
    raw_ids = _raw_ids(load, table, start)
    fits &= _first_of_each(raw_ids)
    fresh = await _unknown(load, table, raw_ids, fits)
    flawed = len({flaw.row for flaw in load.flaws})
    parts = [part for part in [*_formed_names(load, table, raw_ids, known, fits & fresh, start)] if part is not None]
    formed = [await _sealed(load, part) for part in parts]
    refused_later = len({flaw.row for flaw in load.flaws}) - flawed
    if not formed:
        return 0, batch.num_rows - flawed - refused_later
    whole = pa.concat_tables(formed).combine_chunks()
    place = columns.FORM.index("ordinal")
    whole = whole.set_column(place, "ordinal", pa.array(np.arange(whole.num_rows, dtype=np.uint32)))
    await keep(load.database, load.clickhouse, load.tenant, whole, "file", load.load_id)
    await _remember(load, whole)
    return whole.num_rows, batch.num_rows - whole.num_rows - flawed - refused_later


async def _attributed(load: _Load, batch: pa.Table, known: Registry, start: int) -> tuple[pa.Table, NDArray[np.bool_]]:
    """The batch with names, seqs, instants and amounts as ours, and which rows have all of them."""
    names = pc.cast(batch.column("name"), pa.string()).combine_chunks().dictionary_encode()
    ours = pa.array([known.called(str(name)) for name in names.dictionary.to_pylist()], pa.string())
    name = ours.take(names.indices)
    load.refuse(_null(name), "unknown_name", "No event is called so; register it, or an alias for it.", start)
    if "seq" in batch.column_names:
        seqs = pc.cast(batch.column("seq"), pa.uint32()).combine_chunks()
    else:
        seqs = await _seqs(load, pc.cast(batch.column("user_id"), pa.string()).combine_chunks())
    load.refuse(_null(seqs) & ~_null(name), "unknown_customer", "No customer has this number.", start)
    at = instants(batch.column("at"), load.zone)
    future = pc.fill_null(pc.greater(at, pa.scalar(load.database.clock.now(), columns.INSTANT)), fill_value=True)
    badly = np.asarray(future) & ~_null(name) & ~_null(seqs)
    load.refuse(badly, "unfit_time", "The time is missing, no ISO 8601, or still to come.", start)
    fits = ~(_null(name) | _null(seqs) | np.asarray(future))
    amounts = pa.repeat(pa.scalar(0, pa.int64()), batch.num_rows)
    if "amount_fen" in batch.column_names:
        text = pc.cast(batch.column("amount_fen"), pa.string()).combine_chunks()
        whole = np.asarray(pc.fill_null(pc.match_substring_regex(text, r"^-?[0-9]{1,16}$"), fill_value=True))
        load.refuse(~whole & fits, "unfit_property", "'amount_fen' is a whole number of fen.", start)
        fits &= whole
        amounts = pc.fill_null(pc.cast(pc.if_else(pa.array(whole), text, None), pa.int64()), 0)
    replaced = {"name": name, "seq": seqs, "at": at, "amount_fen": amounts}
    kept = {one: batch.column(one) for one in batch.column_names if one not in (*replaced, "user_id")}
    return pa.table({**replaced, **kept}), fits


async def _seqs(load: _Load, numbers: pa.Array) -> pa.Array:
    """The seq of each customer number, null where nobody has it."""
    coded = numbers.dictionary_encode()
    distinct = [str(number) for number in coded.dictionary.to_pylist()]
    missing = [number for number in distinct if number not in load.seqs]
    for start in range(0, len(missing), NUMBERS_AT_ONCE):
        async with load.database.begin(load.tenant) as tx:
            load.seqs |= await customers.find_by_no(tx, missing[start : start + NUMBERS_AT_ONCE])
    return pa.array([load.seqs.get(number) for number in distinct], pa.uint32()).take(coded.indices)


def instants(column: pa.ChunkedArray, zone: ZoneInfo) -> pa.Array:
    """Times as instants; texts in ISO 8601, null where one is none. A time without a zone is of `zone`."""
    values = column.combine_chunks()
    if pa.types.is_timestamp(values.type):
        aware = values if values.type.tz else pc.assume_timezone(values, str(zone), ambiguous="earliest")
        return pc.cast(aware, columns.INSTANT)
    text = pc.cast(values, pa.string())
    zoned = pc.match_substring_regex(text, _ZONE)
    try:
        apart = pc.cast(pc.if_else(zoned, text, None), columns.INSTANT)
        local = pc.cast(pc.if_else(zoned, None, text), pa.timestamp("us"))
    except pa.ArrowInvalid:
        return pa.array([_instant(one, zone) for one in text.to_pylist()], columns.INSTANT)
    here = pc.cast(pc.assume_timezone(local, str(zone), ambiguous="earliest"), columns.INSTANT)
    return pc.coalesce(apart, here)


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)


def _raw_ids(load: _Load, table: pa.Table, start: int) -> NDArray[np.uint8]:
    """16 bytes a row: of the sender's message id as for live ones, else of the file and the row's place in it."""
    rows = table.num_rows
    given = table.column("message_id").to_pylist() if "message_id" in table.column_names else [None] * rows
    head = f"{load.salt}/".encode()
    texts = (
        str(one).encode() if one is not None else head + b"%d" % (start + place) for place, one in enumerate(given)
    )
    joined = b"".join(blake2b(text, digest_size=16).digest() for text in texts)
    raw = np.frombuffer(joined, np.uint8).reshape(rows, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x50
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    return raw


def _first_of_each(raw: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows are the first with their id."""
    first = np.zeros(len(raw), bool)
    if len(raw):
        first[np.unique(_keys(raw), return_index=True)[1]] = True
    return first


def _keys(raw: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """Each id as one value that sorts."""
    return np.ascontiguousarray(raw).view("S16").reshape(len(raw))


async def _unknown(load: _Load, table: pa.Table, raw: NDArray[np.uint8], fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows neither ClickHouse nor the messages of late know."""
    fresh = np.ones(len(raw), bool)
    if not fits.any():
        return fresh
    ends = pc.min_max(table.column("at").filter(pa.array(fits))).as_py()
    held = await store_timeline.ids_between(load.clickhouse, load.tenant, ends["min"], ends["max"])
    if len(held):
        fresh &= ~np.isin(_keys(raw), _keys(held))
    late = np.flatnonzero(fits & fresh & _late(load, table))
    texts = columns.id_texts(raw[late]).to_pylist()
    for start in range(0, len(texts), IDS_AT_ONCE):
        async with load.database.begin(load.tenant) as tx:
            known = {str(one) for one in await store.known_messages(tx, texts[start : start + IDS_AT_ONCE])}
        for place, one in zip(late[start : start + IDS_AT_ONCE], texts[start : start + IDS_AT_ONCE], strict=True):
            fresh[place] = one not in known
    return fresh


async def _remember(load: _Load, formed: pa.Table) -> None:
    """Note the ids of what happened lately, so that the same messages sent live are duplicates."""
    late = formed.column("id").filter(pa.array(_late(load, formed))).to_pylist()
    for start in range(0, len(late), IDS_AT_ONCE):
        async with load.database.begin(load.tenant) as tx:
            await store.remember(tx, late[start : start + IDS_AT_ONCE])


def _late(load: _Load, table: pa.Table) -> NDArray[np.bool_]:
    since = pa.scalar(load.database.clock.now() - KNOWN_FOR, columns.INSTANT)
    late: NDArray[np.bool_] = np.asarray(pc.fill_null(pc.greater(table.column("at"), since), fill_value=False))
    return late


class _Part(msgspec.Struct, frozen=True):
    """Fitting rows of one name, with what anybody may read and what is to be sealed."""

    table: pa.Table
    ids: pa.Array
    shown: dict[str, pa.Array]
    private: dict[str, pa.Array]


def _formed_names(
    load: _Load, table: pa.Table, raw: NDArray[np.uint8], known: Registry, fits: NDArray[np.bool_], start: int
) -> Iterator[_Part]:
    coded = table.column("name").combine_chunks().dictionary_encode()
    codes = np.asarray(pc.fill_null(coded.indices, -1))
    for code, name in enumerate(coded.dictionary.to_pylist()):
        rows = np.flatnonzero((codes == code) & fits)
        part = table.take(pa.array(rows))
        good = np.ones(len(rows), bool)
        texts: dict[str, pa.Array] = {}
        for column in columns.property_columns(table):
            one = known.properties_of(str(name)).get(column)
            text = columns.as_texts(part.column(PREFIX + column))
            bad = ~_null(text) if one is None else columns.unfit(text, one.type)
            code_ = "unknown_property" if one is None else "unfit_property"
            _refuse_some(load, rows[good & bad], code_, f"'{column}' does not fit {name}.", start)
            good &= ~bad
            if one is not None:
                texts[column] = text
        for column in known.required_of(str(name)):
            bad = _null(texts[column]) if column in texts else np.ones(len(rows), bool)
            _refuse_some(load, rows[good & bad], "missing_property", f"{name} needs '{column}'.", start)
            good &= ~bad
        if good.any():
            yield _part(part, raw[rows], texts, known, str(name), good)


def _part(
    part: pa.Table,
    raw: NDArray[np.uint8],
    texts: dict[str, pa.Array],
    known: Registry,
    name: str,
    good: NDArray[np.bool_],
) -> _Part:
    kept = pa.array(good)
    texts = {column: text.filter(kept) for column, text in texts.items()}
    hidden = {column for column in texts if columns.is_private(known.properties_of(name)[column])}
    return _Part(
        part.filter(kept),
        columns.id_texts(raw[good]),
        {column: columns.withheld(text) if column in hidden else text for column, text in texts.items()},
        {column: texts[column] for column in sorted(hidden)},
    )


def _refuse_some(load: _Load, rows: NDArray[np.int64], code: str, detail: str, start: int) -> None:
    load.flaws += [Flaw(start + 1 + int(row), code, detail) for row in rows]


async def _sealed(load: _Load, part: _Part) -> pa.Table:
    sealed = await seal_columns(load.database, load.tenant, part.table.column("seq"), part.private)
    return columns.to_form(part.table, part.shown, sealed, source_id=columns.NOBODY, ids=part.ids, load_id=load.load_id)


def _null(column: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
    nulls: NDArray[np.bool_] = np.asarray(column.is_null())
    return nulls

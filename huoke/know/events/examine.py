"""Rows of a file, a batch at a time: whose they are, when, whether they fit, and which are known. All as columns."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know import customers
from huoke.know.events import columns, store, store_timeline
from huoke.know.events.columns import PREFIX
from huoke.know.events.file_model import Flaw
from huoke.know.events.fill import Traits
from huoke.know.events.fit import Registry
from huoke.know.events.model import KNOWN_FOR
from huoke.know.events.standard import IDENTIFIED

NUMBERS_AT_ONCE = 10_000
IDS_AT_ONCE = 10_000
_ZONE = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
_AMOUNTS = {"amount_fen": r"^-?[0-9]{1,16}$", "amount_yuan": r"^-?[0-9]{1,14}(\.[0-9]{1,2})?$"}
_AMOUNT_SAYS = {"amount_fen": "a whole number of fen", "amount_yuan": "yuan with at most two decimals"}
Mask = NDArray[np.bool_]
Ids = NDArray[np.uint8]


class Work:
    """One file, or some rows, on the way in. Rows of `wait` come in although nobody has their number yet."""

    def __init__(
        self,
        database: Database,
        clickhouse: ClickHouse,
        tenant: TenantId,
        *,
        zone: ZoneInfo,
        salt: str = "",
        source_id: UUID = columns.NOBODY,
        load_id: UUID | None = None,
        wait: bool = False,
    ) -> None:
        self.database = database
        self.clickhouse = clickhouse
        self.tenant = tenant
        self.zone = zone
        self.salt = salt
        self.source_id = source_id
        self.load_id = load_id
        self.wait = wait
        self.seqs: dict[str, int] = {}
        self.on_the_way: Ids = np.empty((0, 16), np.uint8)
        """Ids of the last batch's rows: they may not stand in ClickHouse yet."""
        self.flaws: list[Flaw] = []

    def refuse(self, rows: Mask, code: str, detail: str, start: int) -> None:
        """Note why these rows are refused."""
        self.flaws += [Flaw(start + 1 + int(row), code, detail) for row in np.flatnonzero(rows)]


class Part(msgspec.Struct, frozen=True):
    """Fitting rows of one name, with what anybody may read, what is to be sealed, and the JSON of their traits."""

    name: str
    table: pa.Table
    ids: pa.Array
    shown: dict[str, pa.Array]
    private: dict[str, pa.Array]
    traits: dict[str, pa.Array]

    def places(self, start: int) -> NDArray[np.int64]:
        """Where its rows are in a batch that begins at row `start`."""
        rows: NDArray[np.int64] = self.table.column("row").to_numpy() - (start + 1)
        return rows

    def where(self, kept: Mask) -> "Part":
        """Only some of the rows."""
        mask = pa.array(kept)
        return Part(
            self.name,
            self.table.filter(mask),
            self.ids.filter(mask),
            {name: column.filter(mask) for name, column in self.shown.items()},
            {name: column.filter(mask) for name, column in self.private.items()},
            {name: column.filter(mask) for name, column in self.traits.items()},
        )


class Examined(msgspec.Struct, frozen=True):
    """What a batch holds: the parts that go in, and how many rows are refused, or loaded but for a trait."""

    parts: list[Part]
    refused: int
    traits_refused: int


async def examine(work: Work, batch: pa.Table, known: Registry, mapped: Traits, start: int) -> Examined:
    """Look at one batch that begins at row `start`; flaws are noted in `work`."""
    table, fits = await _attributed(work, batch, known, start)
    raw = _raw_ids(work, table, start)
    fits &= _first_of_each(raw)
    fresh = await _unknown(work, table, raw, fits)
    parts = list(_formed_names(work, table, raw, known, fits & fresh, start))
    refused = len({flaw.row for flaw in work.flaws})
    work.on_the_way = raw[np.concatenate([part.places(start) for part in parts])] if parts else raw[:0]
    parts = [_with_traits(work, part, mapped) for part in parts]
    return Examined(parts, refused, len({flaw.row for flaw in work.flaws}) - refused)


def is_null(column: pa.Array | pa.ChunkedArray) -> Mask:
    """Where a column has no value."""
    nulls: Mask = np.asarray(column.is_null())
    return nulls


def late(work: Work, table: pa.Table) -> Mask:
    """Which rows happened so lately that their message ids are remembered."""
    since = pa.scalar(work.database.clock.now() - KNOWN_FOR, columns.INSTANT)
    found: Mask = np.asarray(pc.fill_null(pc.greater(table.column("at"), since), fill_value=False))
    return found


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


async def _attributed(work: Work, batch: pa.Table, known: Registry, start: int) -> tuple[pa.Table, Mask]:
    """The batch with names, seqs, instants and amounts as ours, and which rows have all of them."""
    names = pc.cast(batch.column("name"), pa.string()).combine_chunks().dictionary_encode()
    ours = pa.array([known.called(str(name)) for name in names.dictionary.to_pylist()], pa.string())
    name = ours.take(names.indices)
    named = ~is_null(name)
    work.refuse(~named, "unknown_name", "No event is called so; register it, or an alias for it.", start)
    if "seq" in batch.column_names:
        seqs = pc.cast(batch.column("seq"), pa.uint32()).combine_chunks()
        owned = ~is_null(seqs)
    else:
        numbers = pc.utf8_trim_whitespace(pc.cast(batch.column("user_id"), pa.string()).combine_chunks())
        seqs = await _seqs(work, numbers)
        given = np.asarray(pc.fill_null(pc.greater(pc.utf8_length(numbers), 0), fill_value=False))
        owned = given if work.wait else ~is_null(seqs)
    work.refuse(~owned & named, "unknown_customer", "No customer has this number.", start)
    at = instants(batch.column("at"), work.zone)
    future = pc.fill_null(pc.greater(at, pa.scalar(work.database.clock.now(), columns.INSTANT)), fill_value=True)
    fits = named & owned
    work.refuse(np.asarray(future) & fits, "unfit_time", "The time is missing, no ISO 8601, or still to come.", start)
    fits &= ~np.asarray(future)
    amounts = pa.repeat(pa.scalar(0, pa.int64()), batch.num_rows)
    for column in _AMOUNTS.keys() & set(batch.column_names):
        amounts, whole = _amounts(batch.column(column), column)
        work.refuse(~whole & fits, "unfit_property", f"'{column}' is {_AMOUNT_SAYS[column]}.", start)
        fits &= whole
    replaced = {"name": name, "seq": seqs, "at": at, "amount_fen": amounts}
    kept = {one: batch.column(one) for one in batch.column_names if one not in (*replaced, "amount_yuan")}
    return pa.table({**replaced, **kept}), fits


def _amounts(column: pa.ChunkedArray, kind: str) -> tuple[pa.Array, Mask]:
    """Fen, and which rows have an amount that is one, or none at all."""
    text = pc.cast(column, pa.string()).combine_chunks()
    whole = np.asarray(pc.fill_null(pc.match_substring_regex(text, _AMOUNTS[kind]), fill_value=True))
    sound = pc.if_else(pa.array(whole), text, None)
    if kind == "amount_yuan":
        yuan = pc.cast(sound, pa.decimal128(18, 2))
        sound = pc.multiply(yuan, pa.scalar(100, pa.decimal128(3, 0)))
    return pc.fill_null(pc.cast(sound, pa.int64()), 0), whole


async def _seqs(work: Work, numbers: pa.Array) -> pa.Array:
    """The seq of each customer number, null where nobody has it."""
    coded = numbers.dictionary_encode()
    distinct = [str(number) for number in coded.dictionary.to_pylist()]
    missing = [number for number in distinct if number not in work.seqs]
    for start in range(0, len(missing), NUMBERS_AT_ONCE):
        async with work.database.begin(work.tenant) as tx:
            work.seqs |= await customers.find_by_no(tx, missing[start : start + NUMBERS_AT_ONCE])
    return pa.array([work.seqs.get(number) for number in distinct], pa.uint32()).take(coded.indices)


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _raw_ids(work: Work, table: pa.Table, start: int) -> Ids:
    """16 bytes a row: of the sender's message id as for live ones, else of the file and the row's place in it."""
    rows = table.num_rows
    given = table.column("message_id").to_pylist() if "message_id" in table.column_names else [None] * rows
    head = f"{work.salt}/".encode()
    texts = (
        str(one).encode() if one is not None else head + b"%d" % (start + place) for place, one in enumerate(given)
    )
    joined = b"".join([blake2b(text, digest_size=16).digest() for text in texts])
    raw = np.frombuffer(joined, np.uint8).reshape(rows, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x50
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    return raw


def _first_of_each(raw: Ids) -> Mask:
    """Which rows are the first with their id."""
    halves = np.sort(_halves(raw))
    if (halves[1:] != halves[:-1]).all():
        return np.ones(len(raw), bool)
    first = np.zeros(len(raw), bool)
    first[np.unique(_keys(raw), return_index=True)[1]] = True
    return first


def among(raw: Ids, held: Ids) -> Mask:
    """Which ids are among those held. Numbers sort far quicker than bytes: only where half an id is met, all of it is
    compared.
    """
    ours, theirs = _halves(raw), np.sort(_halves(held))
    places = np.minimum(np.searchsorted(theirs, ours), max(len(theirs) - 1, 0))
    met: Mask = theirs[places] == ours if len(theirs) else np.zeros(len(ours), bool)
    if met.any():
        alike = held[np.isin(_halves(held), _halves(raw[met]))]
        met[met] = np.isin(_keys(raw[met]), _keys(alike))
    return met


def _halves(raw: Ids) -> NDArray[np.uint64]:
    halves: NDArray[np.uint64] = np.ascontiguousarray(raw).view(np.uint64).reshape(len(raw), 2)[:, 1]
    return halves


def _keys(raw: Ids) -> NDArray[np.bytes_]:
    """Each id as one value that sorts."""
    return np.ascontiguousarray(raw).view("S16").reshape(len(raw))


async def _unknown(work: Work, table: pa.Table, raw: Ids, fits: Mask) -> Mask:
    """Which rows neither ClickHouse nor the messages of late know."""
    fresh = ~among(raw, work.on_the_way)
    if not fits.any():
        return fresh
    ends = pc.min_max(table.column("at").filter(pa.array(fits))).as_py()
    held = await store_timeline.ids_between(work.clickhouse, work.tenant, ends["min"], ends["max"])
    if len(held):
        fresh &= ~among(raw, held)
    lately = np.flatnonzero(fits & fresh & late(work, table))
    texts = columns.id_texts(raw[lately]).to_pylist()
    for start in range(0, len(texts), IDS_AT_ONCE):
        async with work.database.begin(work.tenant) as tx:
            known = {str(one) for one in await store.known_messages(tx, texts[start : start + IDS_AT_ONCE])}
        for place, one in zip(lately[start : start + IDS_AT_ONCE], texts[start : start + IDS_AT_ONCE], strict=True):
            fresh[place] = one not in known
    return fresh


def _formed_names(work: Work, table: pa.Table, raw: Ids, known: Registry, fits: Mask, start: int) -> Iterator[Part]:
    coded = table.column("name").combine_chunks().dictionary_encode()
    codes = np.asarray(pc.fill_null(coded.indices, -1))
    table = table.append_column("row", pa.array(np.arange(start + 1, start + 1 + table.num_rows)))
    for code, name in enumerate(coded.dictionary.to_pylist()):
        rows = np.flatnonzero((codes == code) & fits)
        if not len(rows):
            continue
        part = table.take(pa.array(rows))
        good = np.ones(len(rows), bool)
        texts: dict[str, pa.Array] = {}
        for column in columns.property_columns(table):
            one = known.properties_of(str(name)).get(column)
            text = columns.as_texts(part.column(PREFIX + column))
            bad = ~is_null(text) if one is None else columns.unfit(text, one.type)
            code_ = "unknown_property" if one is None else "unfit_property"
            _refuse_some(work, rows[good & bad], code_, f"'{column}' does not fit {name}.", start)
            good &= ~bad
            if one is not None:
                texts[column] = text
        for column in known.required_of(str(name)):
            bad = is_null(texts[column]) if column in texts else np.ones(len(rows), bool)
            _refuse_some(work, rows[good & bad], "missing_property", f"{name} needs '{column}'.", start)
            good &= ~bad
        if good.any():
            yield _part(part, raw[rows], texts, known, str(name), good)


def _part(part: pa.Table, raw: Ids, texts: dict[str, pa.Array], known: Registry, name: str, good: Mask) -> Part:
    kept = pa.array(good)
    texts = {column: text.filter(kept) for column, text in texts.items()}
    hidden = {column for column in texts if columns.is_private(known.properties_of(name)[column])}
    return Part(
        name,
        part.filter(kept),
        columns.id_texts(raw[good]),
        {column: columns.withheld(text) if column in hidden else text for column, text in texts.items()},
        {column: texts[column] for column in sorted(hidden)},
        {},
    )


def _with_traits(work: Work, part: Part, mapped: Traits) -> Part:
    """The part with what its traits say of customers; a value that is none of its attribute is told, the row stays."""
    if part.name != IDENTIFIED:
        return part
    said: dict[str, pa.Array] = {}
    for name, attribute in mapped.mapped.items():
        texts = part.private.get(name, part.shown.get(name))
        if texts is None:
            continue
        texts = pc.if_else(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 0), texts, None)
        said[name] = mapped.literals(name, texts)
        lost = ~is_null(texts) & is_null(said[name])
        why = f"'{name}' fills the attribute '{attribute.name}', a {attribute.type}; this value is none."
        rows = part.table.column("row").filter(pa.array(lost)).to_pylist()
        work.flaws += [Flaw(row, "unfit_trait", why) for row in rows]
    return msgspec.structs.replace(part, traits=said)


def _refuse_some(work: Work, rows: NDArray[np.int64], code: str, detail: str, start: int) -> None:
    work.flaws += [Flaw(start + 1 + int(row), code, detail) for row in rows]

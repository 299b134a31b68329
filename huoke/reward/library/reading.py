"""Reading a catalogue: every line compared with what is known, only differences noted, nothing changed yet."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from asyncpg import Record
from pyroaring import BitMap

from huoke.govern import audit
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know import customers
from huoke.reward import supply
from huoke.reward.library import store_import
from huoke.reward.library.import_model import (
    Bounds,
    CatalogueEnded,
    CatalogueQueued,
    Cause,
    Counts,
    ImportState,
    ImportUnknown,
    NewCatalogue,
    PriceState,
    check_bounds,
    moved_percent,
)
from huoke.reward.library.lines import LineFlaw, Offer, digest_of, places_of, read_line

REFUSED_KEPT = 100_000
"""So many refused lines are written into their file; all are counted."""
REJECTS_KEPT = timedelta(days=30)
ROWS_AT_ONCE = 5_000
CHUNKS_AT_ONCE = 2
PERMILLE = 1_000
MEDIAN_OF = 20
"""The median of fewer price changes says nothing."""
Progress = Callable[[int, int], Awaitable[bool]]
"""(how much is done, of how much) → whether to go on."""


class _Line(NamedTuple):
    """A line of the file on its way to be compared."""

    line: int
    code: str
    cells: list[str]
    digest: bytes


class _Tally:
    """What is counted while a file is read."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(("read", "new", "changed", "same", "refused", "duplicate"), 0)
        self.counts |= dict.fromkeys(("price_up", "price_down", "held"), 0)
        self.refused: list[tuple[int, str, LineFlaw]] = []
        self.causes: dict[str, Cause] = {}
        self.codes: set[int] = set()
        self.seen = BitMap()

    def refuse(self, line: int, code: str, flaw: LineFlaw) -> None:
        self.counts["refused"] += 1
        self.counts["duplicate"] += flaw.code == "duplicate"
        if len(self.refused) < REFUSED_KEPT:
            self.refused.append((line, code, flaw))
        known = self.causes.get(flaw.code)
        first = min(known.line, line) if known else line
        lines = known.lines + 1 if known else 1
        self.causes[flaw.code] = Cause(code=flaw.code, detail=flaw.detail, lines=lines, line=first)

    def is_new(self, code: str) -> bool:
        key = hash(code)
        if key in self.codes:
            return False
        self.codes.add(key)
        return True


async def start(tx: Tx, new: NewCatalogue) -> UUID:
    """Queue a supplier's catalogue; returns the import's id. `SupplierUnknown`, `FileMissing`, `ImportAtWork`."""
    check_bounds(new.bounds)
    await supply.get(tx, new.supplier_id)
    file = await files.get(tx, new.file_id)
    import_id = new_id()
    await store_import.insert(tx, import_id, new, file.name)
    tx.emit(CatalogueQueued(import_id=import_id, step="read"))
    entry = audit.AuditEntry(
        action="library.import", subject_kind="catalogue_import", subject_id=str(import_id), after={"file": file.name}
    )
    await audit.record(tx, entry)
    return import_id


async def read(database: Database, tenant: TenantId, import_id: UUID, *, actor: Actor, progress: Progress) -> None:
    """Compare a queued catalogue with the library and note what differs; begun anew where it was cut short."""
    async with database.begin(tenant, actor) as tx:
        row = await store_import.get(tx, import_id, lock="UPDATE")
        if row is None or row["state"] not in (ImportState.QUEUED, ImportState.READING):
            return
        await store_import.change(tx, import_id, {"state": ImportState.READING.value, "run": new_id()})
        row = await locked(tx, import_id)
        file = await files.get(tx, row["file_id"])
    await forget(database, tenant, import_id)
    tally = _Tally()
    source = customers.StoredSource(database, tenant, file, asyncio.get_running_loop())
    try:
        goes_on = await _read_all(database, tenant, actor, row, source, tally, progress)
    except Refusal as refusal:
        await forget(database, tenant, import_id)
        await _end(database, tenant, actor, import_id, ImportState.REFUSED, refusal.detail)
        return
    if not goes_on:
        await _cancelled(database, tenant, actor, row)
        return
    gone, listed = await _note_gone(database, tenant, actor, row, tally) if row["whole"] else (0, 0)
    async with database.begin(tenant, actor) as tx:
        await _finish(tx, row, tally, gone, listed)
    await progress(PERMILLE, PERMILLE)


async def _cancelled(database: Database, tenant: TenantId, actor: Actor, row: Record) -> None:
    """End what somebody stopped; what another has begun anew is left alone."""
    async with database.begin(tenant, actor) as tx:
        ours = (await locked(tx, row["id"]))["run"] == row["run"]
    if ours:
        await forget(database, tenant, row["id"])
        await _end(database, tenant, actor, row["id"], ImportState.CANCELLED)


async def locked(tx: Tx, import_id: UUID) -> Record:
    """One import, locked; `ImportUnknown`."""
    row = await store_import.get(tx, import_id, lock="UPDATE")
    if row is None:
        raise ImportUnknown("There is no such import in this bank.")
    return row


async def forget(database: Database, tenant: TenantId, import_id: UUID) -> None:
    """Remove what was noted of an import."""
    more = True
    while more:
        async with database.begin(tenant) as tx:
            more = await store_import.forget(tx, import_id, ROWS_AT_ONCE) == ROWS_AT_ONCE


async def _read_all(
    database: Database,
    tenant: TenantId,
    actor: Actor,
    row: Record,
    source: customers.StoredSource,
    tally: _Tally,
    progress: Progress,
) -> bool:
    """Chunk after chunk, the next being read while PostgreSQL notes the one before; whether it came to the end."""
    reader = await asyncio.to_thread(customers.open_reader, source, customers.Mapping(columns=()))
    places = places_of(reader.header)
    chunks = _rows_of(reader)
    today = database.clock.now().astimezone(CHINA).date()

    async def note(asked: Sequence[_Line]) -> bool:
        async with database.begin(tenant, actor) as tx:
            current = await store_import.get(tx, row["id"], lock="SHARE")
            if current is None or current["state"] != ImportState.READING or current["run"] != row["run"]:
                return False
            await _compare(tx, row, asked, places, today, tally)
        return True

    at_work: list[asyncio.Task[bool]] = []
    try:
        while (rows := await asyncio.to_thread(next, chunks, None)) is not None:
            at_work.append(asyncio.create_task(note(_asked(rows, places, len(reader.header), tally))))
            if len(at_work) == CHUNKS_AT_ONCE and not await at_work.pop(0):
                return False
            share = min(source.bytes_read * PERMILLE // max(source.size_bytes, 1), PERMILLE - 1)
            if not await progress(share, PERMILLE):
                return False
        return all([await one for one in at_work])
    finally:
        await asyncio.gather(*at_work, return_exceptions=True)


def _rows_of(reader: Any) -> Iterator[list[tuple[int, list[str]]]]:
    for chunk in reader.chunks():
        rows = [(line, chunk.row(place)) for place, line in enumerate(chunk.lines)]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            yield rows[start : start + ROWS_AT_ONCE]


def _asked(rows: Sequence[tuple[int, list[str]]], places: dict[str, int], width: int, tally: _Tally) -> list[_Line]:
    """The lines to compare: those of the right width whose code none before them has."""
    tally.counts["read"] += len(rows)
    asked = []
    for line, cells in rows:
        if len(cells) != width:
            tally.refuse(line, "", LineFlaw("width", f"The line has {len(cells)} cells, the first line {width}."))
        elif not tally.is_new(code := cells[places["code"]].strip()):
            tally.refuse(line, code, LineFlaw("duplicate", "An earlier line of this file has the same code."))
        else:
            asked.append(_Line(line, code, cells, digest_of(cells)))
    return asked


async def _compare(
    tx: Tx, row: Record, asked: Sequence[_Line], places: dict[str, int], today: date, tally: _Tally
) -> None:
    known = await store_import.known(tx, row["supplier_id"], [one.code for one in asked], [one.digest for one in asked])
    noted: list[tuple[int, int | None, int | None, bool, Offer]] = []
    for (line, code, cells, digest), was in zip(asked, known, strict=True):
        if was["number"] is not None:
            tally.seen.add(was["number"])
        if was["same"]:
            tally.counts["same"] += 1
        elif isinstance(offer := read_line(cells, places, digest, today), LineFlaw):
            tally.refuse(line, code, offer)
        else:
            noted.append((line, was["number"], *_price(was, offer, row, tally), offer))
            tally.counts["new" if was["number"] is None else "changed"] += 1
    if noted:
        lines, numbers, before, held, offers = zip(*noted, strict=True)
        await store_import.add_differences(tx, row["id"], lines, numbers, before, held, offers)


def _price(was: Record, offer: Offer, row: Record, tally: _Tally) -> tuple[int | None, bool]:
    if was["number"] is None or was["cost_fen"] == offer.cost_fen:
        return None, False
    moved = moved_percent(was["cost_fen"], offer.cost_fen)
    held = abs(moved) > row["bounds"]["price_percent"]
    tally.counts["price_up" if moved > 0 else "price_down"] += 1
    tally.counts["held"] += held
    return was["cost_fen"], held


async def _note_gone(database: Database, tenant: TenantId, actor: Actor, row: Record, tally: _Tally) -> tuple[int, int]:
    """Note what the catalogue does not name any more; how many, of how many that were listed."""
    gone = listed = 0
    after = -1
    while True:
        async with database.begin(tenant, actor) as tx:
            numbers = await store_import.listed(tx, row["supplier_id"], after, ROWS_AT_ONCE)
            missing = [number for number in numbers if number not in tally.seen]
            if missing:
                await store_import.add_gone(tx, row["id"], missing)
        listed, gone = listed + len(numbers), gone + len(missing)
        if len(numbers) < ROWS_AT_ONCE:
            return gone, listed
        after = numbers[-1]


async def _finish(tx: Tx, row: Record, tally: _Tally, gone: int, listed: int) -> None:
    bounds = msgspec.convert(row["bounds"], Bounds)
    prices = tally.counts["price_up"] + tally.counts["price_down"]
    median = await store_import.median_percent(tx, row["id"])
    counts = Counts(
        **tally.counts,
        gone=gone,
        median_percent=round(median, 2),
        prices_held=prices >= MEDIAN_OF and abs(median) > bounds.median_percent,
        gone_held=gone * 100 > bounds.gone_percent * listed,
    )
    rejects_id = None
    if tally.refused:
        body, kind = _rejects(sorted(tally.refused, key=itemgetter(0))), "text/csv; charset=utf-8"
        until = tx.now + REJECTS_KEPT
        name = f"{row['id']}-rejects.csv"
        rejects_id = await files.put(tx, name, kind, body, until, download_permission="benefit.read")
    changed = {
        "rejects_file_id": rejects_id,
        "state": ImportState.READY.value,
        "counts": counts,
        "causes": list(tally.causes.values()),
        "price_state": (PriceState.OPEN if prices else PriceState.NONE).value,
    }
    await store_import.change(tx, row["id"], changed)


def _rejects(refused: Sequence[tuple[int, str, LineFlaw]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["line", "code", "cause", "mend"])
    for line, code, flaw in refused:
        writer.writerow([line, audit.safe_cell(code), flaw.code, flaw.detail])
    return text.getvalue().encode("utf-8-sig")


async def _end(
    database: Database, tenant: TenantId, actor: Actor, import_id: UUID, state: ImportState, refusal: str = ""
) -> None:
    async with database.begin(tenant, actor) as tx:
        row = {"state": state.value, "refusal": refusal, "ended_at": tx.now}
        await store_import.change(tx, import_id, row)
        tx.emit(CatalogueEnded(import_id=import_id, state=state.value))

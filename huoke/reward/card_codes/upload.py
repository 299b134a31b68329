"""Taking in a file of codes: queued at once, read by a job in slices, each line with its own verdict."""

import csv
import io
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import audit, privacy
from huoke.govern.privacy import Field
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.kernel.files import FileId
from huoke.kernel.ids import TenantId, new_id, new_ids
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward import catalogue
from huoke.reward.card_codes import store
from huoke.reward.card_codes.draw import FIELD, Sealed
from huoke.reward.card_codes.model import (
    FILE_BYTES_MAX,
    LISTS,
    LISTS_KEPT_DAYS,
    BatchQueued,
    BatchState,
    BatchUnfit,
    CodesStocked,
    NewBatch,
    Verdict,
    check_code,
)
from huoke.reward.catalogue import Handover, SkuRow, handover_of

SLICE = 1_000
CODE_HEADERS = frozenset({"code", "card", "card_no", "card no", "卡号", "卡密", "券码", "兑换码"})
PIN_HEADERS = frozenset({"pin", "password", "密码", "卡密", "卡密码"})
Progress = Callable[[int, int], Awaitable[bool]]


class Line(msgspec.Struct, frozen=True):
    """A line of the file."""

    number: int
    code: str
    pin: str


class Told(msgspec.Struct, frozen=True):
    """A line, what became of it and why."""

    line: Line
    verdict: Verdict
    cause: str = ""


async def take_batch(tx: Tx, new: NewBatch) -> UUID:
    """Queue a file of codes for a SKU of card codes; returns the batch's id. `BatchUnfit`, `Unknown`, `FileMissing`."""
    sku = await catalogue.get_sku(tx, new.sku_id)
    terms = sku.terms or sku.draft
    if terms is None or handover_of(sku.kind, terms.details) is not Handover.CARD_CODE:
        raise BatchUnfit("This SKU has codes of our own; choose one with a supplier's codes.", pointer="/sku_id")
    if new.expires_on < tx.now.astimezone(CHINA).date():
        raise BatchUnfit("These codes have expired already.", pointer="/expires_on")
    file = await files.get(tx, new.file_id)
    if file.size_bytes > FILE_BYTES_MAX:
        raise BatchUnfit(f"A file of codes has at most {FILE_BYTES_MAX >> 20} MB; split it.", pointer="/file_id")
    batch_id = new_id()
    row = {
        "id": batch_id,
        **{name: getattr(new, name) for name in NewBatch.__struct_fields__},
        "state": BatchState.QUEUED.value,
        "lists": {},
        "uploaded_by": tx.actor.id,
        "uploaded_at": tx.now,
    }
    await store.insert_batch(tx, row)
    tx.emit(BatchQueued(batch_id=batch_id))
    entry = audit.AuditEntry(
        action="card_codes.upload",
        subject_kind="card_code_batch",
        subject_id=str(batch_id),
        unit_id=new.unit_id,
        after={"sku_id": str(new.sku_id), "file_name": new.file_name, "expires_on": new.expires_on.isoformat()},
    )
    await audit.record(tx, entry)
    return batch_id


async def read_batch(database: Database, tenant: TenantId, batch_id: UUID, *, actor: Actor, progress: Progress) -> None:
    """Read a queued batch, a transaction a slice; safe to begin again: a code of this very batch is no duplicate."""
    async with database.begin(tenant, actor) as tx:
        batch = await store.lock_batch(tx, batch_id)
        if batch is None or batch["state"] not in {BatchState.QUEUED.value, BatchState.READING.value}:
            return
        await store.change_batch(tx, batch_id, {"state": BatchState.READING.value})
        sku = await catalogue.get_sku(tx, batch["sku_id"])
    content = bytearray()
    async for piece in files.stream(database, tenant, FileId(batch["file_id"])):
        content += piece
    try:
        lines = list(read_lines(bytes(content), batch["file_name"]))
    except Refusal as refusal:
        async with database.begin(tenant, actor) as tx:
            await store.change_batch(tx, batch_id, {"state": BatchState.FAILED.value, "error": refusal.detail})
        return
    told: list[Told] = []
    seen: set[bytes] = set()
    for start in range(0, len(lines), SLICE):
        async with database.begin(tenant, actor) as tx:
            told += await _take_in(tx, batch, sku, lines[start : start + SLICE], seen)
        if not await progress(min(start + SLICE, len(lines)), len(lines)):
            break
    async with database.begin(tenant, actor) as tx:
        await _finish(tx, batch_id, told)


async def _take_in(tx: Tx, batch: Record, sku: SkuRow, lines: Sequence[Line], seen: set[bytes]) -> list[Told]:
    keys = await privacy.keys(tx)
    blinds = keys.blind_index(Field.CARD_CODE, [line.code for line in lines])
    elsewhere = await _elsewhere(tx, sku, [blind for blind in blinds if blind is not None])
    verdicts: list[Told | None] = []
    fresh: list[tuple[Line, bytes]] = []
    for line, blind in zip(lines, blinds, strict=True):
        cause = check_code(line.code, line.pin)
        if cause or blind is None:
            verdicts.append(Told(line, Verdict.FAILED, cause or "The line has no code."))
        elif blind in seen:
            verdicts.append(Told(line, Verdict.DUPLICATE, "An earlier line of this file has the same code."))
        elif blind in elsewhere:
            verdicts.append(Told(line, Verdict.EXISTS, "Another brand of this supplier has the same code."))
        else:
            seen.add(blind)
            fresh.append((line, blind))
            verdicts.append(None)
    ids = new_ids(len(fresh))
    texts = [msgspec.json.encode(Sealed(line.code, line.pin)).decode() for line, _ in fresh]
    sealed = keys.encrypt(FIELD, [code_id.int for code_id in ids], texts)
    codes = [
        store.NewCode(code_id, one, blind)
        for code_id, one, (_, blind) in zip(ids, sealed, fresh, strict=True)
        if one is not None
    ]
    inserted, taken = await store.insert_codes(tx, batch, sku.brand_id, codes)
    if inserted:
        tx.emit(CodesStocked(sku_id=batch["sku_id"], unit_id=batch["unit_id"], quantity=inserted))
    rest = iter(
        Told(line, Verdict.SUCCESS)
        if blind in taken
        else Told(line, Verdict.EXISTS, "An earlier batch of this brand has the same code.")
        for line, blind in fresh
    )
    return [verdict or next(rest) for verdict in verdicts]


async def _elsewhere(tx: Tx, sku: SkuRow, blinds: Sequence[bytes]) -> set[bytes]:
    """Codes the same supplier gave for another brand: a file uploaded for the wrong one would go out twice.

    Numbers of different suppliers may be equal and are different codes.
    """
    supplier_id = _supplier_of(sku)
    if supplier_id is None:
        return set()
    await store.lock_supplier(tx, supplier_id)
    rows = await store.standing_at_others(tx, sku.brand_id, blinds)
    theirs = {sku_id: _supplier_of(await catalogue.get_sku(tx, sku_id)) for sku_id in {row["sku_id"] for row in rows}}
    return {row["blind"] for row in rows if theirs[row["sku_id"]] == supplier_id}


def _supplier_of(sku: SkuRow) -> UUID | None:
    terms = sku.terms or sku.draft
    return terms.supplier_id if terms else None


async def _finish(tx: Tx, batch_id: UUID, told: Sequence[Told]) -> None:
    row: dict[str, object] = {"state": BatchState.DONE.value}
    lists: dict[str, str] = {}
    for verdict in LISTS:
        listed = [one for one in told if one.verdict is verdict]
        row[verdict.value] = len(listed)
        if listed:
            file_id = await files.put(
                tx,
                f"card-codes-{verdict.value}.csv",
                "text/csv; charset=utf-8",
                _list(listed),
                tx.now + timedelta(days=LISTS_KEPT_DAYS),
                download_permission="benefit.write",
            )
            lists[verdict.value] = str(file_id)
    await store.change_batch(tx, batch_id, row | {"lists": lists})


def _list(told: Sequence[Told]) -> bytes:
    """A list as CSV with a byte-order mark: line, masked code, cause. Whoever has the file has the codes already."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["line", "code", "cause"])
    for one in told:
        shown = audit.safe_cell(privacy.mask(Field.CARD_CODE, one.line.code))
        writer.writerow([one.line.number, shown, one.cause])
    return text.getvalue().encode("utf-8-sig")


def read_lines(content: bytes, name: str) -> Iterator[Line]:
    """The lines of a CSV (UTF-8 or GB18030) or Excel file: code and, where there is one, password.

    A header names the columns; without one they are the first and the second. Raises `files.TableUnread`.
    """
    places = (0, 1)
    first = True
    for number, row in files.rows(content, name):
        cells = [cell.strip() for cell in row]
        if first:
            first = False
            if (header := _header(cells)) is not None:
                places = header
                continue
        if any(cells):
            code, pin = (cells[place] if place < len(cells) else "" for place in places)
            yield Line(number, code, pin)


def _header(cells: Sequence[str]) -> tuple[int, int] | None:
    """The places of code and password, None where the first line is no header."""
    names = [cell.lower() for cell in cells]
    code = next((place for place, name in enumerate(names) if name in CODE_HEADERS), None)
    if code is None:
        return None
    pin = next((place for place, name in enumerate(names) if name in PIN_HEADERS and place != code), len(names))
    return code, pin

"""Running an import: the file is read through once to see that it can be, then written chunk by chunk.

A chunk and the note that it is in are one transaction. Whoever takes an import up again reads the file from the top,
which brings the same chunks, and writes from the first one that is not in: nothing is done twice.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from huoke.govern import privacy
from huoke.govern.people import units
from huoke.kernel import files
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know import consent
from huoke.know.customers import store, store_import
from huoke.know.customers.attributes import define_attributes
from huoke.know.customers.import_model import Import, ImportStatus, Refused
from huoke.know.customers.importing import get_import
from huoke.know.customers.mapping import DeclaredBasis, Mapping, MappingUnfit, check_columns
from huoke.know.customers.model import (
    AttributeNameUnfit,
    AttributeTypeFixed,
    CustomersImported,
    DepositFactFixed,
    ImportEnded,
)
from huoke.know.customers.prepare import Preparer, Ready
from huoke.know.customers.records import FileUnfit, Records

T = TypeVar("T")
Progress = Callable[[int, int], Awaitable[bool]]
"""(rows done, rows in all) → whether to go on."""
REJECTS_KEPT = timedelta(days=30)
TRIES_MAX = 5
_WHOLE_FILE = (
    FileUnfit,
    MappingUnfit,
    AttributeNameUnfit,
    AttributeTypeFixed,
    DepositFactFixed,
    consent.PurposeUnknown,
    consent.PurposeTextMissing,
    files.FileMissing,
    files.FileDamaged,
)
"""Refusals of the file or mapping as a whole: they come before the first row is written."""


class _Overtaken(Exception):  # noqa: N818 - named for what happened
    """Another import wrote one of the chunk's customers meanwhile: the chunk is made ready again."""


async def run_import(
    database: Database, tenant: TenantId, import_id: UUID, *, actor: Actor, progress: Progress | None = None
) -> Import:
    """Run an import to its end, from wherever an earlier run left it; an ended one is returned as it is.

    A whole file that cannot be read ends as `refused`, with nothing of it written.
    """
    run = _Run(database, tenant, import_id, actor, progress or _onward)
    async with run.begin() as tx:
        done = await store_import.begin(tx, import_id)
    if done is not None:
        try:
            await run.carry_out(done)
        except _WHOLE_FILE as refusal:
            await run.refuse(refusal)
    async with run.begin() as tx:
        return await get_import(tx, import_id)


class _Undone(Exception):  # noqa: N818 - named for what happened
    """A dry run's set-up was fit, and is taken back."""


class _Sealed(msgspec.Struct, frozen=True):
    """A chunk's rows as `store_import.INCOMING`, and the seqs of its new and its known customers."""

    rows: list[tuple[Any, ...]]
    fresh: list[int]
    known: list[int]


async def _onward(_done: int, _total: int) -> bool:
    return True


class _Run:
    def __init__(self, database: Database, tenant: TenantId, import_id: UUID, actor: Actor, progress: Progress) -> None:
        self._database = database
        self._tenant = tenant
        self._import_id = import_id
        self._actor = actor
        self._progress = progress

    def begin(self) -> Any:
        return self._database.begin(self._tenant, self._actor)

    async def carry_out(self, done: int) -> None:
        async with self.begin() as tx:
            found = await get_import(tx, self._import_id)
            mapping = msgspec.convert(found.mapping, Mapping)
            codes = {unit.code: int(unit.id) for unit in await units.tree(tx)}
        rows_total = await self._count(found, mapping, codes)
        await self._set_up(mapping, keep=not found.dry_run)
        rows_done = 0
        preparer: Preparer | None = None
        seal_from = None if found.dry_run else done
        async with (
            aclosing(self._chunks(found, mapping, codes)) as chunks,
            aclosing(_ahead(chunks)) as prepared,
            aclosing(self._sealed(prepared, seal_from)) as sealing,
            aclosing(_ahead(sealing)) as sealed,
        ):
            async for preparer, ready, rows in sealed:
                if ready.number >= done and not await self._write(ready, rows, mapping):
                    return
                rows_done += ready.read
                if not await self._progress(rows_done, rows_total):
                    await self._end(ImportStatus.CANCELLED, preparer)
                    return
        await self._end(ImportStatus.DONE, preparer)

    async def refuse(self, refusal: Any) -> None:
        async with self.begin() as tx:
            refused = Refused(code=refusal.code, detail=refusal.detail, data=refusal.data)
            if await store_import.end(
                tx, self._import_id, ImportStatus.REFUSED.value, refusal=msgspec.to_builtins(refused)
            ):
                tx.emit(ImportEnded(import_id=self._import_id, status=ImportStatus.REFUSED.value))

    async def _count(self, found: Import, mapping: Mapping, codes: dict[str, int]) -> int:
        """Read the file through: how many rows it has; raises what refuses it whole."""
        async with aclosing(self._bytes(found)) as stream:
            return await asyncio.to_thread(_count, _pulled(stream, asyncio.get_running_loop()), mapping, codes)

    async def _chunks(
        self, found: Import, mapping: Mapping, codes: dict[str, int]
    ) -> AsyncGenerator[tuple[Preparer, Ready], None]:
        """Chunks made ready, in a thread."""
        async with aclosing(self._bytes(found)) as stream:
            steps = _readies(_pulled(stream, asyncio.get_running_loop()), mapping, codes)
            while (step := await asyncio.to_thread(next, steps, None)) is not None:
                yield step

    async def _sealed(
        self, prepared: AsyncIterator[tuple[Preparer, Ready]], seal_from: int | None
    ) -> AsyncGenerator[tuple[Preparer, Ready, "_Sealed | None"], None]:
        """Chunks from number `seal_from` on with their rows sealed; none of them when it is None."""
        async for preparer, ready in prepared:
            wanted = seal_from is not None and ready.number >= seal_from
            yield preparer, ready, await self._seal(ready) if wanted else None

    async def _bytes(self, found: Import) -> AsyncGenerator[bytes, None]:
        async for piece in files.stream(self._database, self._tenant, files.FileId(found.file_id)):
            yield piece

    async def _set_up(self, mapping: Mapping, *, keep: bool) -> None:
        """Define the file's attributes and look at its declared bases; a dry run keeps nothing of it."""
        with suppress(_Undone):
            async with self.begin() as tx:
                await define_attributes(tx, mapping.attributes())
                await consent.check_statements(tx, [_declare(declared, tx.tenant) for declared in mapping.consents])
                if not keep:
                    raise _Undone

    async def _seal(self, ready: Ready) -> "_Sealed":
        """Find or lease the seqs of a chunk's customers, and encrypt their personal fields in a thread."""
        async with self.begin() as tx:
            keys = await privacy.keys(tx)
            known = await store.seqs_by_no(tx, ready.customer_nos)
            new = [number for number in ready.customer_nos if number not in known]
            first = await store.lease_seqs(tx, len(new)) if new else 0
        fresh = dict(zip(new, range(first, first + len(new)), strict=True))
        rows = await asyncio.to_thread(_seal_rows, keys, ready, {**known, **fresh}, frozenset(fresh))
        return _Sealed(rows, list(fresh.values()), list(known.values()))

    async def _write(self, ready: Ready, sealed: "_Sealed | None", mapping: Mapping) -> bool:
        """Write one chunk (only count it when nothing is sealed); False when somebody else ended it or is ahead."""
        for _ in range(TRIES_MAX):
            try:
                async with self.begin() as tx:
                    if not await store_import.lock_chunk(tx, self._import_id, ready.number):
                        return False
                    if sealed is None:
                        await self._try(tx, ready)
                    else:
                        await self._upsert(tx, ready, mapping, sealed.rows, sealed.fresh, sealed.known)
            except _Overtaken:
                sealed = await self._seal(ready)
                continue
            return True
        raise Outage("Another import writes the same customers; try again when it has ended.")

    async def _try(self, tx: Tx, ready: Ready) -> None:
        """Count what a dry run's chunk would do: new customers as added, known ones as changed."""
        known = len(await store.seqs_by_no(tx, ready.customer_nos))
        await store_import.count_chunk(
            tx,
            self._import_id,
            read=ready.read,
            added=len(ready.customer_nos) - known,
            changed=known,
            same=0,
            refused=ready.refused,
        )

    async def _upsert(
        self, tx: Tx, ready: Ready, mapping: Mapping, rows: list[Any], fresh: list[int], known: list[int]
    ) -> None:
        names = [attribute.name for attribute in mapping.attributes()]
        inserted, changed = await store_import.upsert(tx, self._import_id, rows, names)
        if inserted != len(fresh):
            raise _Overtaken
        for declared in mapping.consents:
            asked_first = await consent.never_asked(tx, declared.purpose, known)
            members = CustomerSet.of(self._tenant, fresh) | asked_first
            await consent.record(tx, [msgspec.structs.replace(_declare(declared, tx.tenant), members=members)])
        await store_import.count_chunk(
            tx,
            self._import_id,
            read=ready.read,
            added=inserted,
            changed=len(changed),
            same=len(known) - len(changed),
            refused=ready.refused,
        )
        if fresh or changed:
            event = CustomersImported(
                import_id=self._import_id, chunk=ready.number, added=inserted, changed=len(changed)
            )
            tx.emit(event, members=CustomerSet.of(self._tenant, [*fresh, *changed]).bitmap.serialize())

    async def _end(self, status: ImportStatus, preparer: Preparer | None) -> None:
        rejects = preparer.rejects() if preparer else None
        async with self.begin() as tx:
            rejects_id = None
            if rejects is not None:
                rejects_id = await files.put(
                    tx, f"{self._import_id}-rejects.csv", "text/csv; charset=utf-8", rejects, tx.now + REJECTS_KEPT
                )
            report = preparer.report() if preparer else None
            if await store_import.end(tx, self._import_id, status.value, report=report, rejects_file_id=rejects_id):
                tx.emit(ImportEnded(import_id=self._import_id, status=status.value))


async def _ahead(source: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """The same items, each next one being made while the caller works on the last."""

    async def following() -> T | None:
        return await anext(source, None)

    coming = asyncio.create_task(following())
    try:
        while (item := await coming) is not None:
            coming = asyncio.create_task(following())
            yield item
    finally:
        await asyncio.wait([coming])


def _declare(declared: DeclaredBasis, tenant: TenantId) -> consent.Statement:
    return consent.Statement(
        purpose=declared.purpose,
        verdict=consent.Verdict.GIVEN,
        members=CustomerSet.empty(tenant),
        basis=declared.basis,
        text_version=declared.text_version,
        channel=declared.channel,
    )


def _pulled(stream: AsyncIterator[bytes], loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
    """An asynchronous stream of `loop`, read from another thread."""

    async def following() -> bytes | None:
        return await anext(stream, None)

    while (piece := asyncio.run_coroutine_threadsafe(following(), loop).result()) is not None:
        yield piece


def _count(source: Iterator[bytes], mapping: Mapping, codes: dict[str, int]) -> int:
    records = Records(source, mapping)
    check_columns(mapping, records.header)
    Preparer(mapping, records, codes)
    return records.count()


def _readies(source: Iterator[bytes], mapping: Mapping, codes: dict[str, int]) -> Iterator[tuple[Preparer, Ready]]:
    records = Records(source, mapping)
    preparer = Preparer(mapping, records, codes)
    for chunk in records.chunks():
        yield preparer, preparer.prepare(chunk)


def _seal_rows(
    keys: privacy.TenantKeys, ready: Ready, seqs: dict[str, int], fresh: frozenset[str]
) -> list[tuple[Any, ...]]:
    """Rows as `store_import.INCOMING`: personal fields encrypted, masked and indexed."""
    numbers = [seqs[number] for number in ready.customer_nos]
    sealed: list[list[Any]] = []
    for field in store_import.PERSONAL:
        texts = ready.personal[field]
        kind = privacy.Field(field)
        sealed += [
            keys.encrypt(field, numbers, texts),
            [None if text is None else privacy.mask(kind, text) for text in texts],
            keys.blind_index(field, texts),
        ]
    is_new = [number in fresh for number in ready.customer_nos]
    return list(
        zip(
            range(len(numbers)), numbers, is_new, ready.customer_nos, ready.unit_ids, *sealed, ready.attributes,
            strict=True,
        )
    )  # fmt: skip

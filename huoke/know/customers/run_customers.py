"""Writing customers: sealed in a thread, upserted by chunks, with what each held before and whom the chunk touched."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import aclosing, suppress
from typing import Any

import msgspec
from pyroaring import BitMap

from huoke.govern import privacy
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent
from huoke.know.customers import forgotten, sealing, store, store_aliases, store_import
from huoke.know.customers.aliases import settle_persons
from huoke.know.customers.attributes import define_attributes
from huoke.know.customers.import_model import ImportStatus, declared_by
from huoke.know.customers.mapping import DeclaredBasis
from huoke.know.customers.model import CustomersImported
from huoke.know.customers.prepare import CustomerPreparer, Ready
from huoke.know.customers.readers import open_reader
from huoke.know.customers.running import Work, ahead

TRIES_MAX = 5


class _Overtaken(Exception):  # noqa: N818 - named for what happened
    """Another import wrote one of the chunk's customers meanwhile: the chunk is made ready again."""


class _Undone(Exception):  # noqa: N818 - named for what happened
    """A dry run's set-up was fit, and is taken back."""


class _Sealed(msgspec.Struct, frozen=True):
    """A chunk's rows as `store_import.INCOMING`, seqs of new and of known customers, and how many a later day had.

    A row that still carries a joined number is the kept customer's, all but its id document, and gives way to one with
    their own number.
    """

    rows: list[tuple[Any, ...]]
    fresh: list[int]
    known: list[int]
    older: int
    joined: frozenset[int]
    """Customers who come in this chunk under a number that was joined to theirs, and not under their own."""


async def carry_out(work: Work) -> None:
    """Write every chunk that is not in yet, and end the import."""
    await _set_up(work, keep=not work.found.dry_run)
    async with work.begin() as tx:
        newer = await store_import.seen_later(tx, work.found.series, work.found.as_of)
    preparer: CustomerPreparer | None = None
    async with (
        aclosing(_chunks(work)) as chunks,
        aclosing(ahead(chunks)) as prepared,
        aclosing(_sealing(work, prepared, newer)) as sealing,
        aclosing(ahead(sealing)) as sealed,
    ):
        async for preparer, ready, rows in sealed:
            written = ready.number < work.done or await _write(work, ready, rows, newer)
            if not written or not await work.go_on(ready.read):
                await work.end(ImportStatus.CANCELLED if written else None, preparer)
                return
    await work.end(ImportStatus.DONE, preparer)


async def _set_up(work: Work, *, keep: bool) -> None:
    """Define the file's attributes and look at its declared bases; a dry run keeps nothing of it."""
    with suppress(_Undone):
        async with work.begin() as tx:
            await define_attributes(tx, work.mapping.attributes())
            await consent.check_statements(tx, [_declare(work, declared) for declared in work.mapping.consents])
            if not keep:
                raise _Undone


async def _chunks(work: Work) -> AsyncGenerator[tuple[CustomerPreparer, Ready], None]:
    """Chunks made ready, in a thread."""
    records = await asyncio.to_thread(open_reader, work.source, work.mapping)
    async with work.begin() as tx:
        erased = await forgotten.forgotten(tx)
    preparer = CustomerPreparer(work.mapping, records, work.codes, erased)
    steps = map(preparer.prepare, records.chunks())
    while (ready := await asyncio.to_thread(next, steps, None)) is not None:
        yield preparer, ready


async def _sealing(
    work: Work, prepared: AsyncIterator[tuple[CustomerPreparer, Ready]], newer: BitMap
) -> AsyncGenerator[tuple[CustomerPreparer, Ready, _Sealed | None], None]:
    """Chunks that are not in yet with their rows sealed; a dry run seals none."""
    async for preparer, ready in prepared:
        wanted = not work.found.dry_run and ready.number >= work.done
        yield preparer, ready, await _seal(work, ready, newer) if wanted else None


async def _seal(work: Work, ready: Ready, newer: BitMap) -> _Sealed:
    """Find or lease the seqs of a chunk's customers, and encrypt their personal fields in a thread."""
    async with work.begin() as tx:
        keys = await privacy.keys(tx)
        own = await store.seqs_by_no(tx, ready.customer_nos)
        ends = await store_aliases.ends(tx, list(own.values()))
        known = {number: ends.get(seq, seq) for number, seq in own.items()}
        new = [number for number in ready.customer_nos if number not in known]
        first = await store.lease_seqs(tx, len(new)) if new else 0
        fresh = dict(zip(new, range(first, first + len(new)), strict=True))
        seqs = {**known, **fresh}
        defined, owners = await store.attributes(tx), [seqs[number] for number in ready.customer_nos]
        ready = msgspec.structs.replace(ready, attributes=await sealing.seal(tx, defined, owners, ready.attributes))
    under = {number for number, seq in own.items() if seq in ends}
    if under:
        ready = _without_documents(ready, under)
    rows = await asyncio.to_thread(_seal_rows, keys, ready, seqs, frozenset(fresh))
    if newer:
        rows = [row for row in rows if row[1] not in newer]
    joined = frozenset[int]()
    if ends:
        at_first = {seq for seq in own.values() if seq not in ends}
        rows = _one_each(rows, under, at_first)
        joined = frozenset(ends.values()) - at_first
    touched = [seq for seq in known.values() if seq not in newer]
    return _Sealed(rows, list(fresh.values()), touched, len(known) - len(touched), joined)


def _without_documents(ready: Ready, under: Collection[str]) -> Ready:
    """Rows under joined numbers without the id document: it tells the natural person, to whom they may part again."""
    texts = zip(ready.customer_nos, ready.personal["id_document"], strict=True)
    kept = [None if number in under else text for number, text in texts]
    return msgspec.structs.replace(ready, personal={**ready.personal, "id_document": kept})


def _one_each(rows: Sequence[tuple[Any, ...]], joined: Collection[str], own: Collection[int]) -> list[tuple[Any, ...]]:
    """One row a customer: that of their own number, else the first of a number joined to theirs."""
    seen = set(own)
    kept = []
    for row in rows:
        _, seq, _, customer_no, *_ = row
        if customer_no not in joined or seq not in seen:
            kept.append(row)
            seen.add(seq)
    return kept


async def _write(work: Work, ready: Ready, sealed: _Sealed | None, newer: BitMap) -> bool:
    """Write one chunk (only count it when nothing is sealed); False when somebody else ended it or is ahead."""
    for _ in range(TRIES_MAX):
        try:
            async with work.begin() as tx:
                if not await store_import.lock_chunk(tx, work.import_id, ready.number):
                    return False
                if sealed is None:
                    await _try(work, tx, ready, newer)
                else:
                    await _upsert(work, tx, ready, sealed)
        except _Overtaken:
            sealed = await _seal(work, ready, newer)
            continue
        return True
    raise Outage("Another import writes the same customers; try again when it has ended.")


async def _try(work: Work, tx: Tx, ready: Ready, newer: BitMap) -> None:
    """Count what a dry run's chunk would do: new customers as added, known ones as changed."""
    known = await store.seqs_by_no(tx, ready.customer_nos)
    older = sum(seq in newer for seq in known.values())
    counts = store_import.Counts(
        read=ready.read,
        added=len(ready.customer_nos) - len(known),
        changed=len(known) - older,
        older=older,
        refused=ready.refused,
    )
    await store_import.count_chunk(tx, work.import_id, counts)


async def _upsert(work: Work, tx: Tx, ready: Ready, sealed: _Sealed) -> None:
    names = [attribute.name for attribute in work.mapping.attributes()]
    rows = sealed.rows
    if sealed.joined:
        passed = sealed.joined & await store_import.seen(tx, work.import_id)
        rows = [row for row in rows if row[1] not in passed]
    inserted, changed = await store_import.upsert(tx, work.import_id, rows, names)
    if await store_aliases.any_open(tx):
        await settle_persons(tx, [row[1] for row in rows])
    if inserted != len(sealed.fresh):
        raise _Overtaken
    for declared in work.mapping.consents:
        asked_first = await consent.never_asked(tx, declared.purpose, sealed.known)
        members = CustomerSet.of(work.tenant, sealed.fresh) | asked_first
        await consent.record(tx, [msgspec.structs.replace(_declare(work, declared), members=members)])
    counts = store_import.Counts(
        read=ready.read,
        added=inserted,
        changed=len(changed),
        same=len(sealed.known) - len(changed),
        older=sealed.older,
        refused=ready.refused,
    )
    await store_import.count_chunk(tx, work.import_id, counts)
    await store_import.keep_chunk(tx, work.import_id, ready.number, sealed.fresh, changed, sealed.known)
    if sealed.fresh or changed:
        event = CustomersImported(import_id=work.import_id, chunk=ready.number, added=inserted, changed=len(changed))
        tx.emit(event, members=CustomerSet.of(work.tenant, [*sealed.fresh, *changed]).bitmap.serialize())


def _declare(work: Work, declared: DeclaredBasis) -> consent.Statement:
    return consent.Statement(
        purpose=declared.purpose,
        verdict=consent.Verdict.GIVEN,
        members=CustomerSet.empty(work.tenant),
        basis=declared.basis,
        text_version=declared.text_version,
        channel=declared.channel,
        source=declared_by(work.import_id),
    )


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

"""What every run of an import has in its hands, whatever it brings."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Actor, Database
from huoke.know.customers import store_import
from huoke.know.customers.import_model import Import, ImportStatus
from huoke.know.customers.importing import remove_upload
from huoke.know.customers.mapping import Mapping
from huoke.know.customers.model import ImportEnded
from huoke.know.customers.prepare import Preparer
from huoke.know.customers.source import StoredSource

T = TypeVar("T")
Progress = Callable[[int, int], Awaitable[bool]]
"""(rows done, rows in all) → whether to go on."""


class Work(msgspec.Struct, kw_only=True):
    """One import being run: the bank it is for, its mapping, where its bytes lie and how far it is."""

    database: Database
    clickhouse: ClickHouse | None
    tenant: TenantId
    actor: Actor
    progress: Progress
    found: Import
    mapping: Mapping
    source: StoredSource
    codes: dict[str, int]
    """Units by code."""
    done: int
    """Chunks that are in already."""
    rows_total: int = 0
    rows_done: int = 0

    @property
    def import_id(self) -> UUID:
        """The import."""
        return self.found.id

    def begin(self) -> Any:
        """A transaction of the import's bank and actor."""
        return self.database.begin(self.tenant, self.actor)

    async def go_on(self, read: int) -> bool:
        """Show that `read` more rows are done, and say whether to go on."""
        self.rows_done += read
        return await self.progress(self.rows_done, self.rows_total)

    async def end(self, status: ImportStatus | None, preparer: Preparer | None) -> None:
        """Write report and reject file; the uploaded file goes with the end of what is not only a try.

        With None somebody else has ended the import, or is ahead with it: where it was cancelled, what was found up to
        there is kept.
        """
        rejects = preparer.rejects() if preparer else None
        async with self.begin() as tx:
            rejects_id = None
            if rejects is not None:
                name, kind = f"{self.import_id}-rejects.csv", "text/csv; charset=utf-8"
                rejects_id = await files.put(tx, name, kind, rejects, tx.now + store_import.REJECTS_KEPT)
            report = preparer.report() if preparer else None
            if status is None:
                await store_import.keep_report(tx, self.import_id, report, rejects_id)
            elif await store_import.end(tx, self.import_id, status.value, report=report, rejects_file_id=rejects_id):
                tx.emit(ImportEnded(import_id=self.import_id, status=status.value))
        if not self.found.dry_run:
            async with self.begin() as tx:
                await remove_upload(tx, self.found)


async def ahead(source: AsyncIterator[T]) -> AsyncGenerator[T, None]:
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

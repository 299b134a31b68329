"""Making entry points and finding where a code leads."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx
from huoke.know.entry_points import store
from huoke.know.entry_points.model import EntryPoint, EntryPointUnknown, NewEntryPoint, make_code, tenant_of


async def add(tx: Tx, news: Sequence[NewEntryPoint]) -> list[EntryPoint]:
    """Make entry points, each with a fresh code."""
    return [_entry_point(await store.add(tx, new, make_code(tx.tenant))) for new in news]


async def resolve(tx: Tx, code: str) -> EntryPoint:
    """Where a code of this bank leads; `EntryPointUnknown` when it is none, or closed."""
    row = await store.by_code(tx, code) if tenant_of(code) == tx.tenant else None
    if row is None or row["closed_at"] is not None:
        raise EntryPointUnknown("This link leads nowhere any more.")
    return _entry_point(row)


async def resolve_anywhere(database: Database, code: str) -> tuple[TenantId, EntryPoint]:
    """The bank a code names, and where it leads; `EntryPointUnknown`. For pages that begin with nothing but a code."""
    tenant = tenant_of(code)
    if tenant is None:
        raise EntryPointUnknown("This link leads nowhere any more.")
    async with database.begin(tenant) as tx:
        return tenant, await resolve(tx, code)


async def of_target(tx: Tx, target_kind: str, target_id: UUID) -> list[EntryPoint]:
    """Every entry point to a target, oldest first."""
    return [_entry_point(row) for row in await store.of_target(tx, target_kind, target_id)]


async def find(tx: Tx, *, after: UUID | None = None, limit: int = 50) -> list[EntryPoint]:
    """Entry points, latest first."""
    return [_entry_point(row) for row in await store.latest(tx, after, limit)]


async def close(tx: Tx, target_kind: str, target_id: UUID) -> int:
    """Close every entry point to a target; returns how many were open."""
    return await store.close(tx, target_kind, target_id)


async def close_one(tx: Tx, entry_point_id: UUID) -> None:
    """Close one entry point; closed already, nothing happens."""
    await store.close_one(tx, entry_point_id)


def _entry_point(row: Record) -> EntryPoint:
    return msgspec.convert(dict(row), EntryPoint)

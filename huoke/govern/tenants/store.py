"""The registry's and the settings' SQL."""

from typing import Any

import msgspec
from asyncpg import Record

from huoke.govern.tenants.brand import Brand
from huoke.govern.tenants.model import NewTenant, Tenant, TenantStatus
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx

_TENANT = "SELECT id, code, name, name_en, status, brand, created_at FROM tenants.tenant"


async def find_code(tx: Tx, code: str) -> Tenant | None:
    return _tenant(await tx.fetch_row(f"{_TENANT} WHERE code = $1", code))


async def find_id(tx: Tx, tenant: TenantId) -> Tenant | None:
    return _tenant(await tx.fetch_row(f"{_TENANT} WHERE id = $1", tenant))


async def every(tx: Tx) -> list[Tenant]:
    return [msgspec.convert(dict(row), Tenant) for row in await tx.fetch(f"{_TENANT} ORDER BY id")]


async def add(tx: Tx, new: NewTenant) -> TenantId:
    """Insert a bank under the next number; the lock keeps two openings from taking the same."""
    await tx.execute("LOCK TABLE tenants.tenant IN SHARE ROW EXCLUSIVE MODE")
    number: int = await tx.fetch_value("SELECT COALESCE(max(id), 0) + 1 FROM tenants.tenant")
    await tx.execute(
        "INSERT INTO tenants.tenant (id, code, name, name_en, status, brand, created_at)"
        " VALUES ($1, $2, $3, $4, 'opening', $5, $6)",
        number,
        new.code,
        new.name.strip(),
        new.name_en.strip() or new.code,
        new.brand,
        tx.now,
    )
    return TenantId(number)


async def set_status(tx: Tx, tenant: TenantId, status: TenantStatus) -> None:
    await tx.execute("UPDATE tenants.tenant SET status = $2 WHERE id = $1", tenant, status.value)


async def set_brand(tx: Tx, tenant: TenantId, brand: Brand) -> None:
    await tx.execute("UPDATE tenants.tenant SET brand = $2 WHERE id = $1", tenant, brand)


async def stored(tx: Tx, keys: list[str]) -> dict[str, Any]:
    rows = await tx.fetch("SELECT key, value FROM tenants.setting WHERE key = ANY($1::text[])", keys)
    return {row["key"]: row["value"] for row in rows}


async def put(tx: Tx, key: str, value: Any) -> None:
    await tx.execute(
        "INSERT INTO tenants.setting (key, value, changed_by, changed_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id, key) DO UPDATE SET value = $2, changed_by = $3, changed_at = $4",
        key,
        value,
        tx.actor.id,
        tx.now,
    )


async def forget(tx: Tx, key: str) -> None:
    await tx.execute("DELETE FROM tenants.setting WHERE key = $1", key)


def _tenant(row: Record | None) -> Tenant | None:
    return msgspec.convert(dict(row), Tenant) if row else None

"""Finding banks, and what a bank has set."""

from typing import Any, TypeVar

import msgspec

from huoke.govern import audit
from huoke.govern.tenants import store
from huoke.govern.tenants.defaults import Setting, all_declared, declared
from huoke.govern.tenants.model import Tenant, TenantStatus, TenantUnknown
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx

T = TypeVar("T")


class SettingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A setting as the console shows it."""

    key: str
    value: Any
    default: Any
    minimum: float | None
    maximum: float | None
    unit: str
    rule: str
    type: str
    """integer, number, text, flag, choice or object."""
    shape: dict[str, Any]
    """The value as JSON Schema: an object is edited by it."""


async def find(database: Database, code: str) -> Tenant:
    """The open bank of that code; `TenantUnknown`."""
    async with database.begin_shared() as tx:
        tenant = await store.find_code(tx, code)
    if tenant is None or tenant.status is not TenantStatus.OPEN:
        raise TenantUnknown(f"No bank has the code '{code[:40]}'.", pointer="/tenant")
    return tenant


async def find_by_code(database: Database, code: str) -> TenantId:
    """The number of the open bank of that code; `TenantUnknown`."""
    return (await find(database, code)).id


async def every(database: Database) -> list[Tenant]:
    """Every bank of this cell, by number."""
    async with database.begin_shared() as tx:
        return await store.every(tx)


async def get(tx: Tx, tenant: TenantId | None = None) -> Tenant:
    """The bank of the transaction (or another); `TenantUnknown`."""
    found = await store.find_id(tx, tenant or tx.tenant)
    if found is None:
        raise TenantUnknown("There is no such bank.")
    return found


async def setting(tx: Tx, wanted: Setting[T]) -> T:
    """What this bank has set, else the default."""
    value: T = (await settings(tx, wanted))[0]
    return value


async def settings(tx: Tx, *wanted: Setting[Any]) -> list[Any]:
    """Several settings in one question, in order."""
    stored = await store.stored(tx, [one.key for one in wanted])
    return [one.read(stored[one.key]) if one.key in stored else one.default for one in wanted]


async def list_settings(tx: Tx) -> list[SettingRow]:
    """Every declared setting with the bank's value, by key."""
    wanted = all_declared()
    values = await settings(tx, *wanted)
    return [_row(one, value) for one, value in zip(wanted, values, strict=True)]


async def set_setting(tx: Tx, key: str, value: Any, reason: str) -> str:
    """Set one value, or go back to the default with None; `SettingUnknown`, `SettingUnfit`, `ReasonMissing`."""
    why = audit.require_reason(reason)
    wanted = declared(key)
    before = await setting(tx, wanted)
    after = wanted.default if value is None else wanted.read(value)
    if value is None:
        await store.forget(tx, key)
    else:
        await store.put(tx, key, msgspec.to_builtins(after))
    await audit.record(
        tx,
        audit.AuditEntry(
            action="tenants.set_setting",
            subject_kind="setting",
            subject_id=key,
            reason=why,
            before={"value": msgspec.to_builtins(before)},
            after={"value": msgspec.to_builtins(after)},
        ),
    )
    return key


def _row(one: Setting[Any], value: Any) -> SettingRow:
    shape = msgspec.json.schema(one.type)
    return SettingRow(
        key=one.key,
        value=msgspec.to_builtins(value),
        default=msgspec.to_builtins(one.default),
        minimum=one.minimum,
        maximum=one.maximum,
        unit=one.unit,
        rule=one.rule,
        type=_kind(shape),
        shape=shape,
    )


def _kind(shape: dict[str, Any]) -> str:
    return "choice" if "enum" in shape else _KINDS.get(shape.get("type", ""), "object")


_KINDS = {"integer": "integer", "number": "number", "string": "text", "boolean": "flag"}

"""How a supplier is reached: address, key, pace. The key is sealed under the bank's own and never shown again."""

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.govern import audit, privacy
from huoke.kernel.events import Event
from huoke.kernel.outward import ADDRESS_RULE, is_address
from huoke.kernel.refusals import Invalid, NotFound
from huoke.kernel.tx import Tx
from huoke.reward.supply import store, store_connection
from huoke.reward.supply.model import SupplierUnknown
from huoke.reward.supply.port import Endpoint, SupplierOrder, adapter, adapters, has_address, key_check

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class NewConnection(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach a supplier. `address` begins with https:// (http:// on this machine only); none where nobody calls.

    `key` is the shared key in base64, at least 32 bytes; None keeps the one there is, or makes one. Amounts in fen.
    """

    supplier_id: UUID
    address: str
    key_id: str
    callback_address: str = ""
    key: str | None = None
    adapter: str = "rest_hmac"
    timeout_seconds: int = 10
    per_second_max: int = 50
    at_once_max: int = 8
    prepaid: bool = True
    prepayment_alarm_fen: int = 0
    stock_alarm: int = 0
    enabled: bool = True


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection as read: everything but the key."""

    supplier_id: UUID
    adapter: str
    address: str
    key_id: str
    callback_address: str
    timeout_seconds: int
    per_second_max: int
    at_once_max: int
    prepaid: bool
    prepayment_alarm_fen: int
    stock_alarm: int
    enabled: bool
    changed_at: datetime


class SupplierConnected(Event, frozen=True, kw_only=True):
    """A supplier's connection was made or changed."""

    name: ClassVar[str] = "supply.supplier_connected"
    supplier_id: UUID


class ConnectionUnfit(Invalid):
    """An address, key or pace that cannot be."""

    code = "supply.connection_unfit"


class NotConnected(NotFound):
    """The supplier has no connection."""

    code = "supply.not_connected"


async def connect(tx: Tx, new: NewConnection) -> UUID:
    """Make or change how a supplier is reached; returns the supplier. `SupplierUnknown`, `ConnectionUnfit`."""
    _check(new)
    if await store.get(tx, new.supplier_id, lock=True) is None:
        raise SupplierUnknown("There is no such supplier in this bank.", pointer="/supplier_id")
    known = await store_connection.get(tx, new.supplier_id)
    if new.key is None and _is_foreign(known["adapter"] if known is not None else "", new.adapter):
        raise ConnectionUnfit("The keys of this adapter are issued outside; give them.", pointer="/key")
    sealed: bytes | None = known["key"] if known is not None and new.key is None else None
    if sealed is None:
        key = new.key or base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        [sealed] = (await privacy.keys(tx)).encrypt("supplier.key", [new.supplier_id.int], [key])
    assert sealed is not None, "a key is never empty"
    await store_connection.put(tx, new, sealed)
    tx.emit(SupplierConnected(supplier_id=new.supplier_id))
    told = {"address": new.address, "key_id": new.key_id, "enabled": new.enabled, "new_key": new.key is not None}
    entry = audit.AuditEntry(
        action="supply.connect", subject_kind="supplier", subject_id=str(new.supplier_id), after=told
    )
    await audit.record(tx, entry)
    return new.supplier_id


async def connections(tx: Tx, *, supplier_id: UUID | None = None) -> list[Connection]:
    """Every connection of the bank, or one supplier's."""
    return [Connection(**dict(row)) for row in await store_connection.find(tx, supplier_id)]


async def endpoint(tx: Tx, supplier_id: UUID) -> Endpoint:
    """Where a supplier is reached, its key opened; `NotConnected`. For the order port and callbacks only."""
    row = await store_connection.get(tx, supplier_id)
    supplier = await store.get(tx, supplier_id)
    if row is None or supplier is None:
        raise NotConnected("This supplier has no connection; make one on its page.")
    [key] = (await privacy.keys(tx)).decrypt("supplier.key", [supplier_id.int], [row["key"]])
    assert key is not None, "a key is never empty"
    return Endpoint(
        supplier_id=supplier_id,
        supplier_code=supplier["code"],
        adapter=row["adapter"],
        address=row["address"],
        key_id=row["key_id"],
        key=base64.b64decode(key),
        timeout_seconds=row["timeout_seconds"],
        callback_address=row["callback_address"],
    )


async def find_endpoint(tx: Tx, supplier_code: str) -> Endpoint | None:
    """The endpoint of the supplier of that code, or None."""
    supplier_id = await store_connection.find_by_code(tx, supplier_code)
    return None if supplier_id is None else await endpoint(tx, supplier_id)


async def open_port(tx: Tx, supplier_id: UUID, now: Callable[[], datetime]) -> SupplierOrder:
    """The order port of a supplier: close it after use, and make no call while a transaction is open.

    Raises `NotConnected`.
    """
    row = await store_connection.get(tx, supplier_id)
    if row is None:
        raise NotConnected("This supplier has no connection; make one on its page.")
    return adapter(row["adapter"])(await endpoint(tx, supplier_id), now)


def _check(new: NewConnection) -> None:
    if new.address or has_address(new.adapter):
        _check_address(new.address, "/address")
    if new.callback_address:
        _check_address(new.callback_address, "/callback_address")
    if not _KEY_ID.fullmatch(new.key_id):
        raise ConnectionUnfit("A key id has 1 to 64 of A-Z, a-z, 0-9, dot, dash, underscore.", pointer="/key_id")
    if new.adapter not in adapters():
        raise ConnectionUnfit(f"An adapter is one of: {', '.join(adapters())}.", pointer="/adapter")
    if new.key is not None and not _is_key(new.key):
        raise ConnectionUnfit(f"A key is at least {KEY_BYTES} bytes in base64.", pointer="/key")
    check = key_check(new.adapter)
    if check and new.key is not None and (why := check(base64.b64decode(new.key))):
        raise ConnectionUnfit(why, pointer="/key")
    _check_pace(new)


def _check_pace(new: NewConnection) -> None:
    for field, most in (("timeout_seconds", 30), ("per_second_max", 1_000), ("at_once_max", 64)):
        if not 1 <= getattr(new, field) <= most:
            raise ConnectionUnfit(f"{field} is 1 to {most}.", pointer=f"/{field}")
    for field in ("prepayment_alarm_fen", "stock_alarm"):
        if not 0 <= getattr(new, field) <= 10**12:
            raise ConnectionUnfit(f"{field} is 0 (no alarm) to {10**12}.", pointer=f"/{field}")


def _is_foreign(known: str, wanted: str) -> bool:
    """Whether the key there is (or one made here) is none of the wanted adapter."""
    return known != wanted and (key_check(known) is not None or key_check(wanted) is not None)


def _check_address(address: str, pointer: str) -> None:
    if not is_address(address):
        raise ConnectionUnfit(ADDRESS_RULE, pointer=pointer)


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) >= KEY_BYTES
    except (binascii.Error, ValueError):
        return False

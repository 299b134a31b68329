"""The SQL of suppliers' connections."""

from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx

_SHOWN = (
    "supplier_id, adapter, address, key_id, callback_address, timeout_seconds, per_second_max, at_once_max, prepaid,"
    " prepayment_alarm_fen, stock_alarm, enabled, changed_at"
)


async def get(tx: Tx, supplier_id: UUID) -> Record | None:
    """A supplier's connection with its sealed key."""
    return await tx.fetch_row(f"SELECT {_SHOWN}, key FROM supply.connection WHERE supplier_id = $1", supplier_id)


async def find(tx: Tx, supplier_id: UUID | None) -> list[Record]:
    """Every connection, or one supplier's."""
    return await tx.fetch(
        f"SELECT {_SHOWN} FROM supply.connection WHERE $1::uuid IS NULL OR supplier_id = $1 ORDER BY supplier_id",
        supplier_id,
    )


async def find_by_code(tx: Tx, code: str) -> UUID | None:
    """The connected supplier of a code."""
    found: UUID | None = await tx.fetch_value(
        "SELECT s.id FROM supply.supplier s JOIN supply.connection c ON c.supplier_id = s.id WHERE s.code = $1", code
    )
    return found


async def put(tx: Tx, new: msgspec.Struct, sealed: bytes) -> None:
    """Insert or replace a connection."""
    row = {**msgspec.structs.asdict(new), "key": sealed, "changed_at": tx.now}
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    sets = ", ".join(f"{name} = excluded.{name}" for name in row if name != "supplier_id")
    await tx.execute(
        f"INSERT INTO supply.connection ({columns}) VALUES ({places})"
        f" ON CONFLICT (tenant_id, supplier_id) DO UPDATE SET {sets}",
        *row.values(),
    )

"""The SQL of databases that imports may read, and of the queries put to them."""

from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.know.customers.import_model import NewDatabase

_OPEN = "status IN ('queued', 'running')"


async def put_database(tx: Tx, database_id: UUID, new: NewDatabase, password: bytes, changed_by: str) -> None:
    """Write a database by its name."""
    await tx.execute(
        "INSERT INTO customers.database (id, name, address, login, password, encrypted, changed_at, changed_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, name) DO UPDATE SET address = $3,"
        " login = $4, password = $5, encrypted = $6, changed_at = $7, changed_by = $8",
        database_id,
        new.name.strip(),
        new.address.strip(),
        new.login.strip(),
        password,
        new.encrypted,
        tx.now,
        changed_by,
    )


async def database(tx: Tx, *, database_id: UUID | None = None, name: str | None = None) -> Record | None:
    """A database's whole row, by id or by name."""
    return await tx.fetch_row("SELECT * FROM customers.database WHERE id = $1 OR name = $2", database_id, name)


async def databases(tx: Tx) -> list[Record]:
    """Databases by name with the request each waits for, and those only asked for, without their passwords."""
    return await tx.fetch(
        "SELECT d.id, d.name, d.address, d.login, d.encrypted, d.changed_at, d.changed_by, true AS in_force,"
        " r.change_id FROM customers.database AS d LEFT JOIN customers.database_change AS r"
        " ON r.database_id = d.id AND r.state = 'requested'"
        " UNION ALL SELECT database_id, name, address, login, encrypted, asked_at, asked_by, false, change_id"
        " FROM customers.database_change AS r WHERE state = 'requested'"
        " AND NOT EXISTS (SELECT FROM customers.database AS d WHERE d.id = r.database_id) ORDER BY name"
    )


async def add_request(tx: Tx, request_id: UUID, database_id: UUID, new: NewDatabase, password: bytes | None) -> bool:
    """Write that a database was asked for; False where it, or one of its name, was asked for already."""
    return bool(
        await tx.execute(
            "INSERT INTO customers.database_change (id, database_id, name, address, login, password, encrypted,"
            " asked_at, asked_by) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE NOT EXISTS (SELECT FROM"
            " customers.database_change WHERE name = $3 AND state = 'requested') ON CONFLICT DO NOTHING",
            request_id,
            database_id,
            new.name.strip(),
            new.address.strip(),
            new.login.strip(),
            password,
            new.encrypted,
            tx.now,
            tx.actor.id,
        )
    )


async def set_change(tx: Tx, request_id: UUID, change_id: UUID) -> None:
    """Note which approval a request waits for."""
    await tx.execute("UPDATE customers.database_change SET change_id = $2 WHERE id = $1", request_id, change_id)


async def request(tx: Tx, request_id: UUID, *, lock: bool = False) -> Record | None:
    """A request's whole row."""
    suffix = " FOR UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT * FROM customers.database_change WHERE id = $1{suffix}", request_id)


async def end_request(tx: Tx, request_id: UUID, state: str) -> None:
    """End a request; the sealed password it brought is nowhere but where it was taken over."""
    await tx.execute(
        "UPDATE customers.database_change SET state = $2, password = NULL WHERE id = $1 AND state = 'requested'",
        request_id,
        state,
    )


async def remove_database(tx: Tx, database_id: UUID) -> bool:
    """Forget a database."""
    return bool(await tx.execute("DELETE FROM customers.database WHERE id = $1", database_id))


async def insert(tx: Tx, extract_id: UUID, database_id: UUID, name: str, query: str) -> None:
    """Write a query, queued."""
    await tx.execute(
        "INSERT INTO customers.extract (id, database_id, name, query, created_at, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        extract_id,
        database_id,
        name,
        query,
        tx.now,
        tx.actor.id,
    )


async def get(tx: Tx, extract_id: UUID) -> Record | None:
    """A query with what became of it."""
    return await tx.fetch_row("SELECT * FROM customers.extract WHERE id = $1", extract_id)


async def begin(tx: Tx, extract_id: UUID) -> bool:
    """Take a query up; False when it has ended."""
    return bool(
        await tx.execute(f"UPDATE customers.extract SET status = 'running' WHERE id = $1 AND {_OPEN}", extract_id)
    )


async def count(tx: Tx, extract_id: UUID, rows: int) -> bool:
    """Note how many rows have come; False when the query was cancelled."""
    return bool(await tx.execute(f"UPDATE customers.extract SET rows = $2 WHERE id = $1 AND {_OPEN}", extract_id, rows))


async def end(
    tx: Tx, extract_id: UUID, status: str, *, rows: int | None = None, file_id: UUID | None = None, refusal: Any = None
) -> bool:
    """End a query; False when it had ended already."""
    return bool(
        await tx.execute(
            "UPDATE customers.extract SET status = $2, rows = coalesce($3, rows), file_id = $4, refusal = $5,"
            f" ended_at = $6 WHERE id = $1 AND {_OPEN}",
            extract_id,
            status,
            rows,
            file_id,
            refusal,
            tx.now,
        )
    )

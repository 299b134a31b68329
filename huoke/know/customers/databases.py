"""Databases of the bank that imports may read: allowed by the instance, their passwords sealed and never shown."""

import ssl
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from asyncpg import Record

from huoke.govern import audit, privacy
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Forbidden, Invalid, NotFound
from huoke.kernel.tx import Tx
from huoke.know.customers import store_extract
from huoke.know.customers.import_model import NewDatabase

LOOPBACK = frozenset({"127.0.0.1", "localhost"})
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 300


class ImportDatabase(msgspec.Struct, frozen=True, kw_only=True):
    """A database as read: everything but the password."""

    id: UUID
    name: str
    address: str
    login: str
    encrypted: bool
    changed_at: datetime
    changed_by: str
    in_force: bool = True
    """False: it was asked for and waits for its decision."""
    change_id: UUID | None = None
    """The approval that a request for it waits for."""


class Sealed(msgspec.Struct, frozen=True):
    """A database's id and its password sealed for that; None keeps the one there is."""

    database_id: UUID
    password: bytes | None


class DatabaseUnknown(NotFound):
    """No such database in this bank."""

    code = "customers.database_unknown"


class DatabaseUnfit(Invalid):
    """An address, user or password that cannot be."""

    code = "customers.database_unfit"


class AddressNotAllowed(Forbidden):
    """Whoever runs this instance has not allowed the address."""

    code = "customers.address_not_allowed"


class Unreachable(Invalid):
    """The database does not answer, or does not let the user in."""

    code = "customers.database_unreachable"


def allowed_of(text: str) -> frozenset[str]:
    """Addresses, host:port, out of the instance's setting."""
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())


async def put_database(tx: Tx, new: NewDatabase, allowed: frozenset[str]) -> UUID:
    """Add a database at once, or change the one of that name; returns its id. For whoever runs the instance.

    `DatabaseUnfit`, `AddressNotAllowed`.
    """
    known, sealed_ = await sealed(tx, new, allowed)
    await keep(tx, sealed_.database_id, new, sealed_.password, known, changed_by=tx.actor.id)
    return sealed_.database_id


async def sealed(tx: Tx, new: NewDatabase, allowed: frozenset[str]) -> tuple[Record | None, Sealed]:
    """The database of that name, if there is one, and the new one's password sealed; `DatabaseUnfit` and the like."""
    check(new, allowed)
    known = await store_extract.database(tx, name=new.name.strip())
    database_id: UUID = known["id"] if known is not None else new_id()
    if new.password is None:
        if known is None or known["address"] != new.address.strip():
            raise DatabaseUnfit("Give the password; it is kept for its own address only.", pointer="/password")
        return known, Sealed(database_id, None)
    [password] = (await privacy.keys(tx)).encrypt("customers.database", [database_id.int], [new.password])
    return known, Sealed(database_id, password)


async def keep(
    tx: Tx, database_id: UUID, new: NewDatabase, password: bytes | None, known: Record | None, *, changed_by: str
) -> None:
    """Write a database with its sealed password; None keeps the one of `known`, what stands there now."""
    if password is None and known is not None:
        password = known["password"]
    if password is None:
        raise DatabaseUnfit("Its password is gone; ask for it anew.", pointer="/password")
    await store_extract.put_database(tx, database_id, new, password, changed_by)
    told = {"address": new.address.strip(), "login": new.login.strip(), "encrypted": new.encrypted}
    entry = audit.AuditEntry(
        action="customers.database", subject_kind="database", subject_id=str(database_id), after=told
    )
    await audit.record(tx, entry)


async def list_databases(tx: Tx) -> list[ImportDatabase]:
    """By name: those in force, and those that were asked for."""
    rows = await store_extract.databases(tx)
    return [msgspec.convert(dict(row), ImportDatabase, builtin_types=(UUID, datetime)) for row in rows]


async def remove_database(tx: Tx, database_id: UUID) -> None:
    """Forget a database with its password; `DatabaseUnknown`."""
    if not await store_extract.remove_database(tx, database_id):
        raise DatabaseUnknown("There is no such database.")
    entry = audit.AuditEntry(action="customers.database_removed", subject_kind="database", subject_id=str(database_id))
    await audit.record(tx, entry)


async def connect(tx: Tx, database_id: UUID, allowed: frozenset[str]) -> "asyncpg.Connection[Any]":
    """A connection that can only read; `DatabaseUnknown`, `AddressNotAllowed`, `Unreachable`."""
    row = await store_extract.database(tx, database_id=database_id)
    if row is None:
        raise DatabaseUnknown("There is no such database.")
    host, port, name = _parts(row["address"])
    _check_address(host, port, allowed)
    [password] = (await privacy.keys(tx)).decrypt("customers.database", [database_id.int], [row["password"]])
    try:
        return await asyncpg.connect(
            host=host,
            port=port,
            database=name,
            user=row["login"],
            password=password,
            ssl=ssl.create_default_context() if row["encrypted"] else False,
            timeout=CONNECT_SECONDS,
            server_settings={
                "application_name": "huoke import",
                "default_transaction_read_only": "on",
                "statement_timeout": f"{STATEMENT_SECONDS}s",
                "lock_timeout": "5s",
            },
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Unreachable(f"{row['address']} does not let us in: {str(error)[:200] or type(error).__name__}.") from None


def check(new: NewDatabase, allowed: frozenset[str]) -> None:
    """Raise `DatabaseUnfit` or `AddressNotAllowed`."""
    if not new.name.strip() or len(new.name) > 80 or not new.login.strip():
        raise DatabaseUnfit("A database needs a name of at most 80 characters, and a user.", pointer="/name")
    if new.password is not None and not new.password:
        raise DatabaseUnfit("The password is empty; leave it out to keep the one there is.", pointer="/password")
    host, port, _ = _parts(new.address)
    if not new.encrypted and host not in LOOPBACK:
        raise DatabaseUnfit("Only a database on this machine may be read without TLS.", pointer="/encrypted")
    _check_address(host, port, allowed)


def _check_address(host: str, port: int, allowed: frozenset[str]) -> None:
    if f"{host}:{port}" not in allowed:
        raise AddressNotAllowed(
            f"{host}:{port} is not allowed here; whoever runs this instance adds it to HUOKE_IMPORT_ADDRESSES.",
            pointer="/address",
        )


def _parts(address: str) -> tuple[str, int, str]:
    """Host, port and database out of host:port/database."""
    place, _, name = address.strip().lower().partition("/")
    host, _, port = place.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536 or not name or "/" in name or "@" in host:
        raise DatabaseUnfit("An address reads host:port/database, as in core-ro.bank:5432/core.", pointer="/address")
    return host, int(port), address.strip().partition("/")[2]

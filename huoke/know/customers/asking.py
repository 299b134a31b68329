"""Asking a database of the bank small things: the first row of each answer, read only, within seconds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from huoke.kernel.ids import TenantId
from huoke.kernel.tx import SYSTEM, Database
from huoke.know.customers import databases
from huoke.know.customers.extract import QueryUnfit, as_one_query

ANSWER_SECONDS = 30


async def first_rows(
    database: Database, tenant: TenantId, database_id: UUID, queries: Sequence[str], allowed: frozenset[str]
) -> list[list[Any] | None]:
    """The first row of each answer, None where it has none; each query is one SELECT.

    `DatabaseUnknown`, `AddressNotAllowed`, `Unreachable`, `QueryUnfit`.
    """
    async with database.begin(tenant, SYSTEM) as tx:
        connection = await databases.connect(tx, database_id, allowed)
    try:
        rows: list[list[Any] | None] = []
        for query in queries:
            async with connection.transaction(readonly=True):
                # A cursor, so that the database itself takes a query only; prepared, so that it takes one.
                declared = await connection.prepare(f"DECLARE answer NO SCROLL CURSOR FOR {as_one_query(query)}")
                await declared.fetch(timeout=ANSWER_SECONDS)
                row = await connection.fetchrow("FETCH 1 FROM answer", timeout=ANSWER_SECONDS)
                rows.append(None if row is None else list(row.values()))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        told = str(error)[:300] or f"no answer within {ANSWER_SECONDS} seconds"
        raise QueryUnfit(f"The database says: {told}.", pointer="/control_query") from None
    finally:
        connection.terminate()
    return rows

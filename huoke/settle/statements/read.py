"""Questions about statements."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import staff
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import ledger, supply
from huoke.settle.statements import store
from huoke.settle.statements.model import (
    SettledStatement,
    Statement,
    StatementLine,
    StatementRow,
    StatementState,
    StatementUnknown,
)


async def find(
    tx: Tx,
    principal: Principal,
    *,
    q: str = "",
    state: StatementState | None = None,
    supplier_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[StatementRow]:
    """Statements, latest first; `q` is a part of the number, `before` the last row of the page before."""
    rows = await store.find(tx, q=q.strip(), state=state, supplier_id=supplier_id, before=before, limit=limit)
    return await _rows(tx, rows, principal)


async def count(tx: Tx, *, q: str = "", supplier_id: UUID | None = None) -> dict[str, int]:
    """How many statements stand in each state."""
    return await store.count(tx, q=q.strip(), supplier_id=supplier_id)


async def get(tx: Tx, principal: Principal, statement_id: UUID) -> Statement:
    """One statement with its lines, and what the ledger says for the same period; `StatementUnknown`."""
    row = await store.get(tx, statement_id)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    [shown] = await _rows(tx, [row], principal)
    return Statement(
        **{name: getattr(shown, name) for name in StatementRow.__struct_fields__},
        lines=[StatementLine(**dict(line)) for line in await store.lines(tx, statement_id)],
        ledger_fen=await ledger.payable(tx, shown.supplier_id, shown.since_at, shown.until_at),
    )


async def settled(tx: Tx, statement_id: UUID) -> SettledStatement:
    """One statement with its lines, for those who settle by it; `StatementUnknown`."""
    row = await store.get(tx, statement_id)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    return SettledStatement(
        number=row["number"],
        supplier_id=row["supplier_id"],
        until_on=row["until_on"],
        state=StatementState(row["state"]),
        created_by=row["created_by"],
        lines=[StatementLine(**dict(line)) for line in await store.lines(tx, statement_id)],
    )


async def standing(tx: Tx, statement_id: UUID) -> StatementState:
    """The state of a statement, which stays so until the transaction ends; `StatementUnknown`."""
    state = await store.standing(tx, statement_id)
    if state is None:
        raise StatementUnknown("There is no such statement.")
    return StatementState(state)


async def _rows(tx: Tx, rows: Iterable[Record], principal: Principal) -> list[StatementRow]:
    listed = [dict(row) for row in rows]
    suppliers = await supply.names(tx, {row["supplier_id"] for row in listed})
    people = await staff.names(
        tx, {row[name] for row in listed for name in ("created_by", "confirmed_by") if row[name]}
    )
    return [
        StatementRow(
            **{name: row[name] for name in StatementRow.__struct_fields__ if name in row}
            | {
                "state": StatementState(row["state"]),
                "created_by": people.get(row["created_by"], row["created_by"]),
                "confirmed_by": people.get(row["confirmed_by"] or "", row["confirmed_by"] or ""),
            },
            supplier=suppliers.get(row["supplier_id"], ("", ""))[0],
            supplier_en=suppliers.get(row["supplier_id"], ("", ""))[1],
            can=_can(row, principal),
        )
        for row in listed
    ]


def _can(row: dict[str, object], principal: Principal) -> list[str]:
    ways = ["export"] if principal.may("statement.read") else []
    if principal.may("statement.write"):
        if row["state"] == StatementState.DRAFT and row["created_by"] != principal.actor.id:
            ways.append("confirm")
        if row["state"] != StatementState.REVERSED:
            ways.append("reverse")
    return ways

"""Questions about statements."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import staff
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import ledger, supply, tills
from huoke.reward import merchants as merchants_
from huoke.settle.statements import store
from huoke.settle.statements.model import (
    SettledStatement,
    Statement,
    StatementLine,
    StatementRow,
    StatementState,
    StatementUnknown,
    StoreLine,
    StoreLineKind,
)


async def find(
    tx: Tx,
    principal: Principal,
    *,
    q: str = "",
    state: StatementState | None = None,
    supplier_id: UUID | None = None,
    merchants: Collection[UUID] | None = None,
    owed: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[StatementRow]:
    """Statements, latest first; `q` is a part of the number, `before` the last row of the page before.

    `owed` is supplier or merchant; `merchants` are those the caller stands for.
    """
    rows = await store.find(
        tx, q=q.strip(), state=state, supplier_id=supplier_id, merchants=merchants, owed=owed, before=before,
        limit=limit,
    )  # fmt: skip
    return await _rows(tx, rows, principal)


async def count(
    tx: Tx,
    *,
    q: str = "",
    supplier_id: UUID | None = None,
    merchants: Collection[UUID] | None = None,
    owed: str | None = None,
) -> dict[str, int]:
    """How many statements stand in each state."""
    return await store.count(tx, q=q.strip(), supplier_id=supplier_id, merchants=merchants, owed=owed)


async def get(tx: Tx, principal: Principal, statement_id: UUID) -> Statement:
    """One statement with its lines, and what the ledger says for the same period; `StatementUnknown`."""
    row = await store.get(tx, statement_id)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    [shown] = await _rows(tx, [row], principal)
    return Statement(
        **{name: getattr(shown, name) for name in StatementRow.__struct_fields__},
        lines=[StatementLine(**dict(line)) for line in await store.lines(tx, statement_id)],
        store_lines=[
            StoreLine(**dict(line) | {"kind": StoreLineKind(line["kind"])})
            for line in await store.store_lines(tx, statement_id)
        ],
        ledger_fen=await _owed_fen(tx, shown),
    )


async def _owed_fen(tx: Tx, shown: StatementRow) -> int:
    if shown.supplier_id is not None:
        return await ledger.payable(tx, shown.supplier_id, shown.since_at, shown.until_at)
    assert shown.merchant_id is not None, "one of them is owed"
    return await tills.payable(tx, shown.merchant_id, shown.since_at, shown.until_at)


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


async def skus_of(tx: Tx, statement_ids: Iterable[UUID]) -> dict[tuple[UUID, int], UUID]:
    """The SKU of each line of some statements, by statement and place."""
    rows = await store.skus(tx, sorted(set(statement_ids)))
    return {(row["statement_id"], row["place"]): row["sku_id"] for row in rows}


async def _rows(tx: Tx, rows: Iterable[Record], principal: Principal) -> list[StatementRow]:
    listed = [dict(row) for row in rows]
    names = await supply.names(tx, {row["supplier_id"] for row in listed if row["supplier_id"]})
    wanted = {row["merchant_id"] for row in listed if row["merchant_id"]}
    shops = await merchants_.find_merchants(tx, ids=sorted(wanted), limit=len(wanted)) if wanted else []
    names |= {one.id: (one.name, one.name_en) for one in shops}
    people = await staff.names(tx, {row[name] for row in listed for name in _PEOPLE if row[name]})
    return [
        StatementRow(
            **{name: row[name] for name in StatementRow.__struct_fields__ if name in row}
            | {name: people.get(row[name] or "", row[name] or "") for name in _PEOPLE}
            | {"state": StatementState(row["state"])},
            supplier=names.get(row["supplier_id"] or row["merchant_id"], ("", ""))[0],
            supplier_en=names.get(row["supplier_id"] or row["merchant_id"], ("", ""))[1],
            can=_can(row, principal),
        )
        for row in listed
    ]


def _can(row: dict[str, object], principal: Principal) -> list[str]:
    ways = ["export"] if principal.may("statement.read") or principal.may("statement.own") else []
    is_draft, is_own = row["state"] == StatementState.DRAFT, row["created_by"] == principal.actor.id
    if principal.may("statement.own") and is_draft and row["agreed_at"] is None:
        ways += ["agree", "dispute"]
    if principal.may("statement.write"):
        if is_draft and not is_own and (row["merchant_id"] is None or row["agreed_at"] is not None):
            ways.append("confirm")
        if is_draft and row["dispute"] and row["agreed_at"] is None:
            ways.append("answer")
        if row["state"] == StatementState.CONFIRMED and row["paid_at"] is None and not is_own:
            ways.append("pay")
        if row["state"] != StatementState.REVERSED and row["paid_at"] is None:
            ways.append("reverse")
    return ways


_PEOPLE = ("created_by", "confirmed_by", "agreed_by", "paid_by")

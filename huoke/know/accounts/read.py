"""Questions about what customers have with the bank; balances and amounts withheld."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.govern import privacy
from huoke.govern.people import units
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.accounts import store
from huoke.know.accounts.model import DEPOSITS, Account, AccountUnknown, Held, Holding


async def held_by(tx: Tx, seq: Seq, *, scope: Iterable[UnitId] | None = None) -> Held:
    """Accounts and holdings of one customer, with those that came under a number joined to theirs.

    `CustomerUnknown` outside the scope as well as outside the bank.
    """
    await customers.get(tx, seq, scope=scope)
    seqs = await customers.numbers_of(tx, seq)
    names = {unit.id: unit.name for unit in await units.tree(tx)}
    return Held(
        accounts=[_account(row, names) for row in await store.accounts_of(tx, seqs)],
        holdings=[_holding(row) for row in await store.holdings_of(tx, seqs)],
        can=[],
    )


async def reveal(tx: Tx, principal: Principal, row_id: UUID, wanted: privacy.NewReveal) -> privacy.Revealed:
    """Show the number (field `card`) or the balance (field `amount`) of an account or holding for a minute.

    `AccountUnknown`, and what `privacy.reveal` refuses.
    """
    row = await store.sealed(tx, row_id)
    if row is None:
        raise AccountUnknown("There is no such account.")

    async def opened(tx: Tx, seq: int, field: privacy.Field) -> privacy.Found | None:
        sealed = {privacy.Field.CARD: row["number_enc"], privacy.Field.AMOUNT: row["amount_enc"]}.get(field)
        [text] = (await privacy.customer_keys(tx, [seq])).open([seq], [sealed])
        if text is None:
            return None
        _, unit_id, *_ = await customers.state(tx, Seq(seq))
        shown = f"{int(text) / 100:,.2f}" if field is privacy.Field.AMOUNT else text
        return privacy.Found(shown, unit_id)

    return await privacy.reveal(tx, principal, "account", row["seq"], wanted, opener=opened)


async def copy_of(tx: Tx, seq: int) -> dict[str, Any]:
    """What is held of one customer, in clear."""
    accounts, holdings = await store.accounts_of(tx, [seq]), await store.holdings_of(tx, [seq])
    keys = await privacy.customer_keys(tx, [seq])

    def opened(rows: Sequence[Record], column: str) -> list[str | None]:
        return keys.open([seq] * len(rows), [row[column] for row in rows])

    numbers, balances = opened(accounts, "number_enc"), opened(accounts, "balance_enc")
    amounts = opened(holdings, "amount_enc")
    return {
        "accounts": [
            {"number": number, "kind": row["kind"], "opened_on": row["opened_on"], "balance_fen": balance}
            for row, number, balance in zip(accounts, numbers, balances, strict=True)
        ],
        "holdings": [
            {"product": row["product"], "started_on": row["started_on"], "matures_on": row["matures_on"],
             "amount_fen": amount}
            for row, amount in zip(holdings, amounts, strict=True)
        ],
    }  # fmt: skip


def _account(row: Record, names: dict[UnitId, str]) -> Account:
    fields = {name: row[name] for name in Account.__struct_fields__ if name in row.keys()}  # noqa: SIM118 - a Record
    return Account(
        **fields,
        number=row["number_masked"] or "",
        unit_name=names.get(row["unit_id"], ""),
        has_balance=row["balance_enc"] is not None,
        deposit=row["kind"] in DEPOSITS,
    )


def _holding(row: Record) -> Holding:
    fields = {name: row[name] for name in Holding.__struct_fields__ if name in row.keys()}  # noqa: SIM118 - a Record
    return Holding(**fields, has_amount=row["amount_enc"] is not None, deposit=row["kind"] in DEPOSITS)

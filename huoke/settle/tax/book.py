"""Withholdings in the ledger (rule T2): from who bears a tax to what is payable for its month, taken back with it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.ledger import AccountKey, AccountKind, Transfer, TransferKind
from huoke.settle.tax import store
from huoke.settle.tax.model import Bearer

SOURCE, REMITTANCE = "tax", "tax_remittance"
CASH = AccountKey(AccountKind.CASH, "bank", "")
BORNE_BY = {
    Bearer.BANK: AccountKey(AccountKind.TAX_COST, "bank", ""),
    Bearer.CUSTOMER: AccountKey(AccountKind.TAX_RECEIVABLE, "bank", ""),
}
"""What the bank bears is its cost; what customers bear is owed by them."""
CHUNK = 10_000


def payable(month: date) -> AccountKey:
    """The account of what is payable for a month."""
    return AccountKey(AccountKind.TAX_PAYABLE, "tax_month", f"{month:%Y-%m}")


async def book(tx: Tx, records: Sequence[Record]) -> None:
    """Enter withholdings, each once; those of no tax move nothing. A retry moves nothing either."""
    taxed = [row for row in records if row["tax_fen"]]
    keys = {*BORNE_BY.values(), *(payable(row["month"]) for row in taxed)}
    accounts = await ledger.open_accounts(tx, sorted(keys, key=lambda key: (key.kind, key.owner_key)))
    transfers = []
    for row in taxed:
        ways = accounts[BORNE_BY[Bearer(row["bearer"])]], accounts[payable(row["month"])]
        debit, credit = ways if row["tax_fen"] > 0 else reversed(ways)
        transfers.append(
            Transfer(
                source_kind=SOURCE, source_id=row["id"], line=0, debit_account=debit, credit_account=credit,
                amount=abs(row["tax_fen"]), kind=TransferKind.WITHHOLD,
            )
        )  # fmt: skip
    await ledger.book(tx, transfers)


async def book_month(tx: Tx, month: date) -> None:
    """Enter what of a month is not in the ledger yet: records older than its accounts."""
    last = None
    while rows := await store.find(tx, month, None, None, last, CHUNK):
        known = await ledger.known_sources(tx, [row["id"] for row in rows])
        await book(tx, [row for row in rows if row["id"] not in known])
        last = rows[-1]["id"]


async def open_fen(tx: Tx, month: date) -> int:
    """What the ledger says is payable for a month, in fen."""
    return await ledger.balance(tx, payable(month))


async def remit(tx: Tx, source_id: UUID, month: date, amount_fen: int) -> None:
    """Pay what is payable for a month out of cash; a negative amount comes back."""
    accounts = await ledger.open_accounts(tx, [payable(month), CASH])
    ways = accounts[payable(month)], accounts[CASH]
    debit, credit = ways if amount_fen > 0 else reversed(ways)
    transfer = Transfer(
        source_kind=REMITTANCE, source_id=source_id, line=0, debit_account=debit, credit_account=credit,
        amount=abs(amount_fen), kind=TransferKind.REMIT,
    )  # fmt: skip
    await ledger.book(tx, [transfer])

"""One movement of gifts in the ledger."""

from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.ledger import AccountKey, Outcome, Transfer, TransferKind
from huoke.reward.outlets.model import OutletEmpty, StockMoved

SOURCE_KIND = "outlet"


async def post(tx: Tx, source_id: UUID, line: int, giver: AccountKey, taker: AccountKey, quantity: int) -> None:
    """Move units from one account to another and tell the log; raises `OutletEmpty` where the giver has too few."""
    accounts = await ledger.open_accounts(tx, [giver, taker])
    transfer = Transfer(
        source_kind=SOURCE_KIND,
        source_id=source_id,
        line=line,
        debit_account=accounts[giver],
        credit_account=accounts[taker],
        amount=quantity,
        kind=TransferKind.STOCK,
    )
    [outcome] = await ledger.post(tx, [transfer])
    if outcome is Outcome.OVERDRAWN:
        raise OutletEmpty("There are fewer units than that.", pointer="/quantity")
    assert outcome in {Outcome.POSTED, Outcome.EXISTS}, outcome
    unit = giver if giver.owner_kind == "unit" else taker
    sku_id = UUID(giver.currency.removeprefix("sku:"))
    tx.emit(StockMoved(unit_id=int(unit.owner_key), sku_id=sku_id, move=taker.kind.value, quantity=quantity))

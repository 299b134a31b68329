"""Questions about sales in stores."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import ledger, merchants
from huoke.reward.ledger import AccountKey, AccountKind, TransferKind
from huoke.reward.tills import store
from huoke.reward.tills.model import Sale, SaleState, SaleUnknown, StoreDay


async def find_sales(
    tx: Tx,
    *,
    ids: Collection[UUID] | None = None,
    seq: int | None = None,
    stores: Collection[UUID] | None = None,
    units: Collection[int] | None = None,
    state: SaleState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
    may_write: bool = False,
) -> list[Sale]:
    """Sales, latest first; of some stores, of the stores some units look after (None: all)."""
    seqs = None if seq is None else await customers.numbers_of(tx, Seq(seq))
    rows = await store.find(
        tx, ids=ids, seqs=seqs, stores=stores, units=units, state=state.value if state else None, before=before,
        limit=limit,
    )  # fmt: skip
    wanted = list({row["store_id"] for row in rows})
    shops = {one.id: one.name for one in await merchants.find_stores(tx, ids=wanted, limit=max(len(wanted), 1))}
    people = {int(one.seq): one for one in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    made = {"customer", "store", "state", "can"}
    found = []
    for row in rows:
        person = people.get(row["seq"])
        undoable = may_write and row["state"] == SaleState.PAID and row["back_fen"] < row["price_fen"]
        found.append(
            Sale(
                **{name: row[name] for name in Sale.__struct_fields__ if name not in made},
                customer=(person.name or person.customer_no) if person else "",
                store=shops.get(row["store_id"], ""),
                state=SaleState(row["state"]),
                can=["give_back"] if undoable else [],
            )
        )
    return found


async def own_sale(tx: Tx, seq: int, sale_id: UUID) -> Sale:
    """One sale of a customer; `SaleUnknown`."""
    found = await find_sales(tx, ids=[sale_id], seq=seq, limit=1)
    if not found:
        raise SaleUnknown("There is no such sale.")
    return found[0]


async def count_sales(
    tx: Tx, *, stores: Collection[UUID] | None = None, units: Collection[int] | None = None
) -> dict[str, int]:
    """How many sales are in each state."""
    return await store.counts(tx, stores, units)


async def settled_lines(tx: Tx, merchant_id: UUID, begin: datetime, end: datetime) -> list[StoreDay]:
    """What a merchant is owed for in [begin, end), by store and day: equal to its payable transfers of that period."""
    return [StoreDay(**dict(row)) for row in await store.settled(tx, merchant_id, begin, end)]


async def payable(tx: Tx, merchant_id: UUID, begin: datetime, end: datetime) -> int:
    """What a merchant came to be owed in [begin, end) by the ledger, in fen."""
    key = AccountKey(AccountKind.MERCHANT_PAYABLE, "merchant", str(merchant_id))
    return await ledger.moved(tx, key, TransferKind.PAYABLE, begin, end)


async def verify(tx: Tx) -> list[ledger.Difference]:
    """Compare movements with the ledger, merchant by merchant; empty when all is well."""
    found = []
    for merchant_id, fen in (await store.owed(tx)).items():
        key = AccountKey(AccountKind.MERCHANT_PAYABLE, "merchant", str(merchant_id))
        stored = await ledger.balance(tx, key)
        if stored != fen:
            found.append(ledger.Difference("merchant_payable", str(merchant_id), stored, fen))
    return found

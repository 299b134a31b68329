"""After-sales: a customer asks for a paid unit to be undone, somebody of the bank decides, points and money go back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, grants
from huoke.reward.mall import store, store_after_sale
from huoke.reward.mall.model import NotReturnable, OrderState, OrderUnknown
from huoke.reward.mall.purchase_model import (
    REASON_MAX,
    AfterSaleAsked,
    AfterSaleDecided,
    AfterSaleOpen,
    AfterSaleState,
    AfterSaleUnfit,
    AfterSaleUnknown,
)
from huoke.reward.mall.sell import refund


class AfterSale(msgspec.Struct, frozen=True, kw_only=True):
    """A request as the console lists it; `customer` is masked; `points` and `cash_fen` are what would go back."""

    id: UUID
    order_id: UUID
    benefit: str
    benefit_en: str
    seq: int
    customer: str
    reason: str
    state: AfterSaleState
    points: int
    cash_fen: int
    grant_state: grants.State
    returns_stock: bool
    answer: str
    asked_at: datetime
    decided_at: datetime | None
    can: list[str]


class OwnAfterSale(msgspec.Struct, frozen=True, kw_only=True):
    """A request as its customer reads it: how it stands, what they wrote, and what was answered."""

    state: AfterSaleState
    reason: str
    answer: str
    asked_at: datetime


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """How a request ends: `agree` or not, whether the goods came back into stock, and what the customer is told."""

    after_sale_id: UUID
    agree: bool
    returns_stock: bool = False
    answer: str


async def ask(tx: Tx, seq: int, order_id: UUID, reason: str) -> UUID:
    """A customer wants a paid order undone; somebody decides. `OrderUnknown`, `AfterSaleUnfit`, `AfterSaleOpen`,
    `NotReturnable` once it was refunded.
    """
    why = _reason(reason)
    rows = await store.own_order(tx, order_id, await customers.numbers_of(tx, Seq(seq)))
    if not rows:
        raise OrderUnknown("There is no such order.")
    locked = await store.lock_orders(tx, ids=[order_id])
    if not locked:
        raise NotReturnable("It was given back before.", state=rows[0]["state"])
    if await store_after_sale.open_of(tx, order_id):
        raise AfterSaleOpen("It was asked for already.")
    after_sale_id = new_id()
    await store_after_sale.add(tx, after_sale_id, locked[0], why)
    tx.emit(AfterSaleAsked(after_sale_id=after_sale_id, order_id=order_id), seq=locked[0]["seq"])
    return after_sale_id


async def decide(tx: Tx, decision: Decision) -> None:
    """Agree, and points and money go back, with the unit of stock or without it; or refuse, with what is told.

    `AfterSaleUnknown`, `AfterSaleOpen` once somebody decided, `AfterSaleUnfit` without an answer, `NotReturnable` where
    the stock cannot come back (a card code that was seen) or the order was refunded meanwhile.
    """
    told = _reason(decision.answer)
    row = await store_after_sale.lock(tx, decision.after_sale_id)
    if row is None:
        raise AfterSaleUnknown("There is no such request.")
    if row["state"] != AfterSaleState.ASKED:
        raise AfterSaleOpen("Somebody has decided about it.", state=row["state"])
    if decision.agree:
        await _undo(tx, row["order_id"], told, returns_stock=decision.returns_stock)
    state = AfterSaleState.AGREED if decision.agree else AfterSaleState.REFUSED
    await store_after_sale.decide(tx, row["id"], state.value, told, decision.agree and decision.returns_stock)
    tx.emit(
        AfterSaleDecided(after_sale_id=row["id"], order_id=row["order_id"], state=state.value), seq=row["seq"]
    )  # fmt: skip
    entry = audit.AuditEntry(
        action="mall.decide_after_sale",
        subject_kind="after_sale",
        subject_id=str(row["id"]),
        reason=told,
        after={"state": state.value, "points": row["points"], "cash_fen": row["cash_fen"]},
    )
    await audit.record(tx, entry)


async def find(
    tx: Tx,
    *,
    state: AfterSaleState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
    may_decide: bool = False,
) -> list[AfterSale]:
    """Requests, latest first."""
    rows = await store_after_sale.find(tx, state.value if state else None, before, limit)
    items = {row["id"]: row for row in await store.items(tx, ids={row["shelf_item_id"] for row in rows})}
    skus = await catalogue.skus(tx, {item["sku_id"] for item in items.values()})
    people = {int(one.seq): one for one in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    states = await _grant_states(tx, [row["grant_id"] for row in rows])
    found = []
    for row in rows:
        sku, person = skus[items[row["shelf_item_id"]]["sku_id"]], people.get(row["seq"])
        waits = row["state"] == AfterSaleState.ASKED
        names = ("id", "order_id", "seq", "reason", "points", "cash_fen", "returns_stock", "answer", "asked_at")
        found.append(
            AfterSale(
                **{name: row[name] for name in names},
                decided_at=row["decided_at"],
                benefit=sku.name,
                benefit_en=sku.name_en,
                customer=(person.name or person.customer_no) if person else "",
                state=AfterSaleState(row["state"]),
                grant_state=states[row["grant_id"]],
                can=["decide"] if may_decide and waits else [],
            )
        )
    return found


async def of_orders(tx: Tx, order_ids: Sequence[UUID]) -> dict[UUID, OwnAfterSale]:
    """The latest request of each order."""
    rows = await store_after_sale.of_orders(tx, order_ids)
    return {
        row["order_id"]: OwnAfterSale(
            state=AfterSaleState(row["state"]), reason=row["reason"], answer=row["answer"], asked_at=row["asked_at"]
        )
        for row in rows
    }


async def count(tx: Tx) -> dict[str, int]:
    """How many requests are in each state."""
    return await store_after_sale.counts(tx)


async def _undo(tx: Tx, order_id: UUID, reason: str, *, returns_stock: bool) -> None:
    rows = await store.by_id(tx, order_id)
    if returns_stock:
        [answer] = await grants.return_(tx, [rows[0]["grant_id"]], reason)
        if isinstance(answer, Refusal):
            raise NotReturnable("The unit cannot come back into stock.", code_of_grant=answer.code)
    locked = await store.lock_orders(tx, ids=[order_id])
    if not locked:
        raise NotReturnable("It was given back before.", state=OrderState.REFUNDED.value)
    await refund(tx, locked, reason)


async def _grant_states(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, grants.State]:
    found = await grants.find_grants(tx, grant_ids=grant_ids, limit=max(len(grant_ids), 1))
    return {one.id: one.state for one in found}


def _reason(text: str) -> str:
    why = text.strip()
    if not 1 <= len(why) <= REASON_MAX:
        raise AfterSaleUnfit(f"Say why, in 1 to {REASON_MAX} characters.", pointer="/reason")
    return why

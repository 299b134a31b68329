"""Orders out of grants that wait for one."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.supply import OrderKind
from huoke.settle.fulfilment import store
from huoke.settle.fulfilment.model import Order, OrdersMoved, OrderState, number_of


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """Grants of one SKU that wait for a supplier's order: what `grants.issued` tells, as columns."""

    sku_id: UUID
    kind: str
    supplier_id: UUID | None
    cost_fen: int
    grant_ids: Sequence[UUID]
    seqs: Sequence[int]


async def create(tx: Tx, issued: Issued) -> int:
    """One order per grant; grants that have theirs are passed over. Returns how many orders were made."""
    if issued.supplier_id is None or issued.kind not in set(OrderKind):
        return 0
    sku = (await catalogue.skus(tx, [issued.sku_id])).get(issued.sku_id)
    orders = [
        Order(
            id=order_id,
            grant_id=grant_id,
            number=number_of(order_id),
            supplier_id=issued.supplier_id,
            sku_id=issued.sku_id,
            sku_code=sku.code if sku else str(issued.sku_id),
            title=sku.name if sku else "",
            kind=OrderKind(issued.kind),
            seq=seq,
            amount_fen=issued.cost_fen,
            state=OrderState.CREATED,
            steps=1,
            ordered_on=None,
            supplier_no="",
            code="",
            reason="",
            proof={},
            drawn_fen=0,
            draws=0,
            attempts=0,
            due_at=tx.now,
            cancel_asked_at=None,
            created_at=tx.now,
            changed_at=tx.now,
        )
        for order_id, grant_id, seq in zip(new_ids(len(issued.grant_ids)), issued.grant_ids, issued.seqs, strict=True)
    ]
    made = await store.insert(tx, orders)
    if made:
        await store.first_steps(tx, made)
        tx.emit(
            OrdersMoved(
                supplier_id=issued.supplier_id,
                state=OrderState.CREATED.value,
                count=len(made),
                amount_fen=issued.cost_fen * len(made),
            )
        )
    return len(made)

"""Orders out of grants that wait for one."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.ids import new_ids
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants
from huoke.reward.grants import Reassignment
from huoke.reward.supply import OrderKind
from huoke.settle.fulfilment import route, store
from huoke.settle.fulfilment.model import Cause, Order, OrdersMoved, OrderState, begun, number_of
from huoke.settle.fulfilment.route import Asked, Route


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """Grants of one SKU that wait for a supplier's order: what `grants.issued` tells, as columns."""

    sku_id: UUID
    kind: str
    supplier_id: UUID | None
    cost_fen: int
    grant_ids: Sequence[UUID]
    seqs: Sequence[int]


async def create(tx: Tx, issued: Issued) -> int:
    """One order per grant, at the SKU's first healthy offer; grants that had one are passed over. Returns how many."""
    if issued.supplier_id is None or issued.kind not in set(OrderKind):
        return 0
    fresh = set(await store.without_order(tx, issued.grant_ids))
    pairs = [pair for pair in zip(issued.grant_ids, issued.seqs, strict=True) if pair[0] in fresh]
    if not pairs:
        return 0
    asked = Asked(sku_id=issued.sku_id, supplier_id=issued.supplier_id, cost_fen=issued.cost_fen)
    published, chosen = await route.first(tx, asked, len(pairs))
    ids = new_ids(len(pairs))
    moved = await _reassigned(tx, published, chosen, [grant_id for grant_id, _ in pairs])
    sku = (await catalogue.skus(tx, [issued.sku_id])).get(issued.sku_id)
    orders = [
        _order(tx, order_id, grant_id, seq, issued, chosen if grant_id in moved else published, sku)
        for order_id, (grant_id, seq) in zip(ids, pairs, strict=True)
    ]
    return len(await place(tx, orders, Cause.GRANT))


async def place(tx: Tx, orders: Sequence[Order], cause: Cause) -> list[Order]:
    """Write new orders with their first step and tell of them; returns those whose grant had none that stands."""
    if not orders:
        return []
    made = await store.insert(tx, orders)
    if made:
        await store.first_steps(tx, made, cause)
    groups: defaultdict[UUID, list[Order]] = defaultdict(list)
    for order in made:
        groups[order.supplier_id].append(order)
    for supplier_id, members in groups.items():
        tx.emit(
            OrdersMoved(
                supplier_id=supplier_id,
                state=OrderState.CREATED.value,
                count=len(members),
                amount_fen=sum(order.amount_fen for order in members),
            )
        )
    return made


async def _reassigned(tx: Tx, published: Route, chosen: Route, grant_ids: Sequence[UUID]) -> set[UUID]:
    """The grants that the chosen supplier delivers instead of the published one."""
    if chosen == published:
        return set()
    wanted = [
        Reassignment(grant_id=grant_id, supplier_id=chosen.supplier_id, amount_fen=chosen.amount_fen, turn=1)
        for grant_id in grant_ids
    ]
    return {answer for answer in await grants.reassign(tx, wanted) if not isinstance(answer, Refusal)}


def _order(
    tx: Tx, order_id: UUID, grant_id: UUID, seq: int, issued: Issued, way: Route, sku: catalogue.Sku | None
) -> Order:
    return Order(
        id=order_id,
        grant_id=grant_id,
        number=number_of(order_id),
        supplier_id=way.supplier_id,
        sku_id=issued.sku_id,
        sku_code=way.sku_code,
        title=sku.name if sku else "",
        kind=OrderKind(issued.kind),
        seq=seq,
        amount_fen=way.amount_fen,
        **begun(tx.now),
    )

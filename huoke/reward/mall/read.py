"""Questions about the mall: its shelf as the console and as one customer sees it, and orders."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.reward import catalogue, grants, ledger, tiers
from huoke.reward.catalogue import Sku
from huoke.reward.mall import store, store_purchase
from huoke.reward.mall.model import ItemState, ItemUnknown, OrderState, OrderUnknown
from huoke.reward.mall.purchase_model import PurchaseState, PurchaseUnknown


class ShelfItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something on the shelf as the console shows it; `left` of `stock`, `ordered` so far."""

    id: UUID
    sku_id: UUID
    benefit: str
    benefit_en: str
    points: int
    cash_fen: int
    currency: str
    person_limit: int
    stock: int
    left: int
    tier: str
    opens_at: datetime
    closes_at: datetime
    state: ItemState
    change_id: UUID | None
    can: list[str]


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the console lists it; `customer` is masked."""

    id: UUID
    shelf_item_id: UUID
    benefit: str
    benefit_en: str
    seq: int
    customer: str
    points: int
    cash_fen: int
    purchase_id: UUID | None
    currency: str
    state: OrderState
    grant_id: UUID
    ordered_at: datetime
    ended_at: datetime | None


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """Something a customer may see on the shelf; `tier` is set where theirs is too low for it, `barred` by rule S2."""

    id: UUID
    sku: Sku
    points: int
    cash_fen: int
    currency: str
    left: int
    person_limit: int
    mine: int
    tier: tiers.Tier | None
    closes_at: datetime
    barred: bool = False

    @property
    def state(self) -> str:
        """`on`, or why it cannot be ordered: `barred`, `gone`, `enough`, `tier`."""
        if self.barred:
            return "barred"
        if self.tier is not None:
            return "tier"
        if self.mine >= self.person_limit:
            return "enough"
        return "on" if self.left else "gone"


class OwnOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's order with how its benefit stands."""

    id: UUID
    sku: Sku
    points: int
    cash_fen: int
    purchase_id: UUID | None
    state: OrderState
    grant: grants.GrantItem
    ordered_at: datetime
    ended_at: datetime | None

    @property
    def returnable(self) -> bool:
        """Whether the customer may give it back: paid, and not used, seen or on its way."""
        return self.state is OrderState.PAID and self.grant.state is grants.State.FULFILLED


class PurchasedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order; prices of one unit as they stood when it was made."""

    shelf_item_id: UUID
    sku: Sku
    quantity: int
    points: int
    cash_fen: int


class OwnPurchase(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's order from the cart; `units` stand once it is paid. `reduction_fen` is taken off its money."""

    id: UUID
    points: int
    cash_fen: int
    reduction_fen: int
    currency: str
    state: PurchaseState
    code: str
    payment_id: UUID | None
    lines: list[PurchasedLine]
    units: list[OwnOrder]
    ordered_at: datetime
    expires_at: datetime
    ended_at: datetime | None


async def find_items(tx: Tx, *, may_write: bool = False) -> list[ShelfItem]:
    """What stands, stood or waits to stand on the shelf, latest first."""
    rows = await store.items(tx)
    skus = await catalogue.skus(tx, {row["sku_id"] for row in rows})
    left = await _left(tx, rows)
    return [
        ShelfItem(
            **{name: row[name] for name in _SHARED},
            benefit=_called(skus[row["sku_id"]].brand_name, skus[row["sku_id"]].name),
            benefit_en=_called(skus[row["sku_id"]].brand_name_en, skus[row["sku_id"]].name_en),
            left=left.get(row["id"], 0),
            state=ItemState(row["state"]),
            can=["take_off"] if may_write and row["state"] == ItemState.ON_SHELF else [],
        )
        for row in rows
    ]


async def find_orders(
    tx: Tx,
    *,
    item_id: UUID | None = None,
    state: OrderState | None = None,
    seq: int | None = None,
    q: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """Orders, latest first, before a place; `q` is a number of an order, or its last twelve digits."""
    rows = await store.orders(
        tx,
        seqs=None if seq is None else await customers.numbers_of(tx, Seq(seq)),
        item_id=item_id,
        state=state.value if state else None,
        number=q.strip().lower().replace("-", ""),
        before=before,
        limit=limit,
    )
    items = {row["id"]: row for row in await store.items(tx, ids={row["shelf_item_id"] for row in rows})}
    skus = await catalogue.skus(tx, {row["sku_id"] for row in items.values()})
    people = {int(one.seq): one for one in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    found = []
    for row in rows:
        sku = skus[items[row["shelf_item_id"]]["sku_id"]]
        person = people.get(row["seq"])
        found.append(
            OrderRow(
                id=row["id"],
                shelf_item_id=row["shelf_item_id"],
                benefit=_called(sku.brand_name, sku.name),
                benefit_en=_called(sku.brand_name_en, sku.name_en),
                seq=row["seq"],
                customer=(person.name or person.customer_no) if person else "",
                points=row["points"],
                cash_fen=row["cash_fen"],
                purchase_id=row["purchase_id"],
                currency=row["currency"],
                state=OrderState(row["state"]),
                grant_id=row["grant_id"],
                ordered_at=row["ordered_at"],
                ended_at=row["ended_at"],
            )
        )
    return found


async def count_orders(tx: Tx) -> dict[str, int]:
    """How many orders are in each state."""
    return await store.counts(tx)


async def shelf_for(tx: Tx, seq: int, *, ids: Sequence[UUID] | None = None) -> list[Offered]:
    """What a customer finds on the shelf now, cheapest first; what they cannot order says why."""
    rows = [
        row
        for row in await store.items(tx, ids=ids, state=ItemState.ON_SHELF.value)
        if row["opens_at"] <= tx.now < row["closes_at"]
    ]
    skus = await catalogue.skus(tx, {row["sku_id"] for row in rows})
    left = await _left(tx, rows)
    numbers = await customers.numbers_of(tx, Seq(seq))
    mine = await store.ordered_by(tx, numbers, [row["id"] for row in rows])
    scheme, held = await tiers.scheme(tx), (await tiers.standings(tx, [seq])).get(seq, "")
    keys = scheme.keys if scheme else []
    place = keys.index(held) if held in keys else 0
    barred = bool(await consent.barred(tx, [seq]))
    found = []
    for row in rows:
        short = row["tier"] in keys and keys.index(row["tier"]) > place
        found.append(
            Offered(
                id=row["id"],
                sku=skus[row["sku_id"]],
                points=row["points"],
                cash_fen=row["cash_fen"],
                currency=row["currency"],
                left=left.get(row["id"], 0),
                person_limit=row["person_limit"],
                mine=mine.get(row["id"], 0),
                tier=scheme.tiers[keys.index(row["tier"])] if scheme and short else None,
                closes_at=row["closes_at"],
                barred=barred,
            )
        )
    return sorted(found, key=lambda one: (one.state != "on", one.cash_fen > 0, one.points))


async def skus_of(tx: Tx, item_ids: Sequence[UUID]) -> dict[UUID, Sku]:
    """The SKU of each shelf item; unknown ones are left out."""
    rows = await store.items(tx, ids=item_ids)
    skus = await catalogue.skus(tx, {row["sku_id"] for row in rows})
    return {row["id"]: skus[row["sku_id"]] for row in rows}


async def opened(tx: Tx) -> bool:
    """Whether anything is on the shelf now, be it sold out."""
    rows = await store.items(tx, state=ItemState.ON_SHELF.value)
    return any(row["opens_at"] <= tx.now < row["closes_at"] for row in rows)


async def offered(tx: Tx, seq: int, item_id: UUID) -> Offered:
    """One thing on the shelf as a customer finds it; `ItemUnknown`, also once it is off."""
    for one in await shelf_for(tx, seq, ids=[item_id]):
        return one
    raise ItemUnknown("There is no such item on the shelf.")


async def own_orders(tx: Tx, seq: int, *, limit: int = 50) -> list[OwnOrder]:
    """A customer's orders under all of their numbers, latest first."""
    return await _own(tx, await store.orders(tx, seqs=await customers.numbers_of(tx, Seq(seq)), limit=limit))


async def own_order(tx: Tx, seq: int, order_id: UUID) -> OwnOrder:
    """One order of a customer; `OrderUnknown`."""
    found = await _own(tx, await store.own_order(tx, order_id, await customers.numbers_of(tx, Seq(seq))))
    if not found:
        raise OrderUnknown("There is no such order.")
    return found[0]


async def own_purchases(
    tx: Tx, seq: int, *, ids: Sequence[UUID] | None = None, state: PurchaseState | None = None, limit: int = 20
) -> list[OwnPurchase]:
    """A customer's orders from the cart, latest first, each with its lines and, once paid, its units."""
    rows = await store_purchase.purchases(
        tx, ids=ids, seqs=await customers.numbers_of(tx, Seq(seq)), state=state.value if state else None, limit=limit
    )
    lines = await store_purchase.lines_of(tx, [row["id"] for row in rows])
    units = await store_purchase.units_of(tx, [row["id"] for row in rows])
    own = {one.id: one for one in await _own(tx, [unit for found in units.values() for unit in found])}
    wanted = {line["shelf_item_id"] for found in lines.values() for line in found}
    items = {row["id"]: row for row in await store.items(tx, ids=wanted)}
    skus = await catalogue.skus(tx, {row["sku_id"] for row in items.values()})
    return [
        OwnPurchase(
            **{name: row[name] for name in _PURCHASE},
            state=PurchaseState(row["state"]),
            lines=[
                PurchasedLine(
                    shelf_item_id=line["shelf_item_id"],
                    sku=skus[items[line["shelf_item_id"]]["sku_id"]],
                    quantity=line["quantity"],
                    points=line["points"],
                    cash_fen=line["cash_fen"],
                )
                for line in lines.get(row["id"], [])
            ],
            units=[own[unit["id"]] for unit in units.get(row["id"], [])],
        )
        for row in rows
    ]


async def own_purchase(tx: Tx, seq: int, purchase_id: UUID) -> OwnPurchase:
    """One order from the cart; `PurchaseUnknown`."""
    found = await own_purchases(tx, seq, ids=[purchase_id])
    if not found:
        raise PurchaseUnknown("There is no such order.")
    return found[0]


async def _own(tx: Tx, rows: Sequence[Record]) -> list[OwnOrder]:
    items = {row["id"]: row for row in await store.items(tx, ids={row["shelf_item_id"] for row in rows})}
    skus = await catalogue.skus(tx, {row["sku_id"] for row in items.values()})
    ids = [row["grant_id"] for row in rows]
    held = {one.id: one for one in await grants.find_grants(tx, grant_ids=ids, limit=max(len(ids), 1))}
    return [
        OwnOrder(
            id=row["id"],
            sku=skus[items[row["shelf_item_id"]]["sku_id"]],
            points=row["points"],
            cash_fen=row["cash_fen"],
            purchase_id=row["purchase_id"],
            state=OrderState(row["state"]),
            grant=held[row["grant_id"]],
            ordered_at=row["ordered_at"],
            ended_at=row["ended_at"],
        )
        for row in rows
    ]


async def points_of(tx: Tx, seq: int, currency: str) -> int:
    """What a customer may spend under the number they order with."""
    return await ledger.free(tx, ledger.points_account(seq, currency))


def _called(brand: str, name: str) -> str:
    """A benefit's name, with its brand where the name does not say it."""
    return name if brand in name else f"{brand} {name}".strip()


async def _left(tx: Tx, rows: Sequence[Record]) -> dict[UUID, int]:
    """What the stock set aside has left, by shelf item."""
    pools = {row["own_pool_id"]: row["id"] for row in rows if row["own_pool_id"]}
    return {pools[pool.id]: pool.available for pool in await grants.get_pools(tx, list(pools))} if pools else {}


_PURCHASE = (
    "id",
    "points",
    "cash_fen",
    "reduction_fen",
    "currency",
    "code",
    "payment_id",
    "ordered_at",
    "expires_at",
    "ended_at",
)
_SHARED = (
    "id",
    "sku_id",
    "points",
    "cash_fen",
    "currency",
    "person_limit",
    "stock",
    "tier",
    "opens_at",
    "closes_at",
    "change_id",
)

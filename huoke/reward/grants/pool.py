"""Pools of stock as a tree: open, add stock, allocate to a child, give back to the parent."""

from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_id
from huoke.kernel.money import FEN_MAX
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.grants import store, store_pool
from huoke.reward.grants.events import StockChanged
from huoke.reward.grants.refusals import BadQuantity, PoolShort, UnfitOffer, UnknownPool


class NewPool(msgspec.Struct, frozen=True, kw_only=True):
    """A pool to open. A root comes with `quantity` units of stock; a child takes them from `parent_id`'s available."""

    sku_id: UUID
    unit_id: int
    name: str
    quantity: int
    parent_id: UUID | None = None


async def open_pool(tx: Tx, new: NewPool) -> UUID:
    """Open a pool; raises `BadQuantity`, `UnknownPool` (parent), `PoolShort` (parent), `UnfitOffer` (another SKU).

    A SKU of card codes has one root, which holds its free codes: a pool without a parent becomes a child of it.
    """
    if new.parent_id is None and await _has_codes(tx, new.sku_id):
        root = await store_pool.root_of(tx, new.sku_id)
        if root is None:
            raise PoolShort("There are no codes yet: upload a batch.", pointer="/sku_id", available=0)
        new = msgspec.structs.replace(new, parent_id=root)
    if not 0 <= new.quantity <= FEN_MAX:
        raise BadQuantity(f"quantity must be between 0 and {FEN_MAX}.", pointer="/quantity")
    parent = None
    if new.parent_id is not None:
        parent = (await _lock(tx, new.parent_id))[new.parent_id]
        if parent["sku_id"] != new.sku_id:
            raise UnfitOffer("A pool holds the SKU of its parent.", pointer="/sku_id")
    pool_id = new_id()
    await store_pool.insert_pool(tx, pool_id, new.parent_id, new.sku_id, new.unit_id, new.name)
    if parent is not None and new.quantity:
        await allocate(tx, parent["id"], pool_id, new.quantity)
    elif new.quantity:
        await add_stock(tx, pool_id, new.quantity)
    else:
        tx.emit(StockChanged(pool_ids=(pool_id,), quantity=0))
    return pool_id


async def add_stock(tx: Tx, pool_id: UUID, quantity: int) -> None:
    """Put more units into a root pool; raises `BadQuantity`, `UnknownPool`, `UnfitOffer` for a child."""
    _check(quantity)
    pool = (await _lock(tx, pool_id))[pool_id]
    if await _has_codes(tx, pool["sku_id"]):
        raise UnfitOffer("The stock of card codes is its free codes: upload a batch.")
    await _add(tx, pool, quantity)


async def stock_root(tx: Tx, sku_id: UUID, unit_id: int, quantity: int) -> None:
    """Put free codes into their SKU's root pool, which is opened with the first."""
    _check(quantity)
    root = await store_pool.root_of(tx, sku_id)
    if root is None:
        root = new_id()
        name = (await catalogue.get_sku(tx, sku_id)).code
        await store_pool.insert_pool(tx, root, None, sku_id, unit_id, name)
    await _add(tx, (await _lock(tx, root))[root], quantity)


async def root_of_codes(tx: Tx, sku_id: UUID) -> UUID | None:
    """The pool that holds a SKU's free codes; None before the first."""
    return await store_pool.root_of(tx, sku_id)


async def take_out(tx: Tx, root: UUID, quantity: int) -> int:
    """Take units that are gone out of a root and its tree, the root's own first; returns how many there were."""
    left = quantity
    for pool_id, available, path in await store_pool.lock_tree(tx, root):
        gone = min(left, available)
        if gone:
            await store_pool.change_stock(tx, pool_id, total=-gone, available=-gone, allocated=0)
            for above in path:
                await store_pool.change_stock(tx, above, total=-gone, available=0, allocated=-gone)
            tx.emit(StockChanged(pool_ids=(pool_id,), quantity=-gone))
            left -= gone
    return quantity - left


async def _has_codes(tx: Tx, sku_id: UUID) -> bool:
    sku = (await catalogue.skus(tx, [sku_id])).get(sku_id)
    return sku is not None and sku.handover is catalogue.Handover.CARD_CODE


async def _add(tx: Tx, pool: Record, quantity: int) -> None:
    pool_id = pool["id"]
    if pool["parent_id"] is not None:
        raise UnfitOffer("Stock comes into a pool without a parent; a child gets it by allocation.")
    if pool["total"] > FEN_MAX - quantity:
        raise BadQuantity("The pool would be larger than a number can hold.", pointer="/quantity")
    await store_pool.change_stock(tx, pool_id, total=quantity, available=quantity, allocated=0)
    tx.emit(StockChanged(pool_ids=(pool_id,), quantity=quantity))


async def allocate(tx: Tx, parent_id: UUID, child_id: UUID, quantity: int) -> None:
    """Move units from a parent's available to its child; raises `BadQuantity`, `UnknownPool`, `PoolShort`."""
    await _shift(tx, parent_id, child_id, quantity, down=True)


async def give_back(tx: Tx, child_id: UUID, parent_id: UUID, quantity: int) -> None:
    """The reverse of `allocate`; raises the same."""
    await _shift(tx, parent_id, child_id, quantity, down=False)


async def _shift(tx: Tx, parent_id: UUID, child_id: UUID, quantity: int, *, down: bool) -> None:
    _check(quantity)
    pools = await _lock(tx, parent_id, child_id)
    parent, child = pools[parent_id], pools[child_id]
    if child["parent_id"] != parent_id:
        raise UnfitOffer(f"Pool '{child['name']}' is no child of '{parent['name']}'.", pointer="/child_id")
    giver = parent if down else child
    if giver["available"] < quantity:
        raise PoolShort(
            f"Pool '{giver['name']}' has {giver['available']} units available; {quantity} are needed.",
            pointer="/quantity",
            available=giver["available"],
        )
    sign = 1 if down else -1
    await store_pool.change_stock(tx, parent_id, total=0, available=-sign * quantity, allocated=sign * quantity)
    await store_pool.change_stock(tx, child_id, total=sign * quantity, available=sign * quantity, allocated=0)
    tx.emit(StockChanged(pool_ids=(parent_id, child_id), quantity=sign * quantity))


async def _lock(tx: Tx, *ids: UUID) -> dict[UUID, Record]:
    pools = await store.lock_pools(tx, ids)
    for missing in (pool_id for pool_id in ids if pool_id not in pools):
        raise UnknownPool(f"There is no pool {missing}.", pool_id=str(missing))
    return pools


def _check(quantity: int) -> None:
    if not 0 < quantity <= FEN_MAX:
        raise BadQuantity(f"quantity must be between 1 and {FEN_MAX}.", pointer="/quantity")

"""Putting a benefit on the shelf at a price, by two people, and taking it off."""

from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import units
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, ledger, tiers
from huoke.reward.mall import store
from huoke.reward.mall.model import SOURCE, ItemOff, ItemState, ItemUnfit, ItemUnknown, NewShelfItem, check_item

KIND = "mall_item"


async def propose(tx: Tx, new: NewShelfItem) -> UUID:
    """Ask for a benefit on the shelf; another person decides. Returns its id.

    `ItemUnfit`, what the catalogue, the ledger and grants refuse, `approvals.CheckFailed`.
    """
    check_item(new, tx.now)
    sku = await catalogue.sku(tx, new.sku_id)
    await ledger.get_budgets(tx, [new.budget_id])
    [pool] = await grants.get_pools(tx, [new.pool_id])
    if pool.sku_id != sku.id:
        raise ItemUnfit("The pool holds another benefit.", pointer="/pool_id")
    if sku.kind is catalogue.SkuKind.POINTS:
        raise ItemUnfit("Points are not sold for points; use an exchange.", pointer="/sku_id")
    scheme = await tiers.scheme(tx)
    if new.tier and new.tier not in (scheme.keys if scheme else ()):
        raise ItemUnfit(f"There is no tier '{new.tier}'.", pointer="/tier")
    item_id = new_id()
    await store.add_item(tx, item_id, new)
    row = await get(tx, item_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(item_id),
        title=f"积分商城上架：{sku.brand_name} {sku.name}",
        diff=await _diff(tx, row),
        unit_id=await units.head_office(tx),
    )
    await store.set_change(tx, item_id, await approvals.submit(tx, change))
    return item_id


async def take_off(tx: Tx, item_id: UUID, reason: str) -> None:
    """Take something off the shelf; what was ordered stays. Off already, nothing happens.

    `ItemUnknown`, `ItemOff` before it was on, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    row = await get(tx, item_id, lock=True)
    if row["state"] == ItemState.TAKEN_OFF:
        return
    if row["state"] != ItemState.ON_SHELF:
        raise ItemOff(f"The item is {row['state']}.", state=row["state"])
    await grants.update_offer_state(tx, row["offer_id"], grants.OfferState.STOPPED)
    [pool] = await grants.get_pools(tx, [row["own_pool_id"]])
    if pool.available:
        await grants.give_back_stock(tx, pool.id, row["pool_id"], pool.available)
    await store.set_item(tx, item_id, ItemState.TAKEN_OFF.value)
    await audit.record(
        tx, audit.AuditEntry(action="mall.take_off", subject_kind=KIND, subject_id=str(item_id), reason=why)
    )


async def get(tx: Tx, item_id: UUID, *, lock: bool = False) -> Record:
    """A shelf item as stored; `ItemUnknown`."""
    found = [await store.lock_item(tx, item_id)] if lock else await store.items(tx, ids=[item_id])
    if not found or found[0] is None:
        raise ItemUnknown("There is no such item on the shelf.")
    return found[0]


class ShelfApproval:
    """Serves approvals of kind `mall_item`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What may be ordered, and what it costs the bank at most."""
        row = await get(tx, UUID(subject_id))
        sku = await catalogue.sku(tx, row["sku_id"])
        rows = (
            SimulationRow(key="stock", label="上架份数", label_en="Units", unit="count", before=0, after=row["stock"]),
            SimulationRow(
                key="cost", label="最多成本", label_en="Cost at most", unit="fen", before=0,
                after=row["stock"] * sku.cost_fen,
            ),
            SimulationRow(
                key="points", label="最多收回积分", label_en="Points burned at most", unit="points", before=0,
                after=row["stock"] * row["points"],
            ),
        )  # fmt: skip
        return Simulation(rows=rows)

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """One price for everybody (rule P5); stock and money are there."""
        row = await get(tx, UUID(subject_id))
        sku = await catalogue.sku(tx, row["sku_id"])
        [budget] = await ledger.get_budgets(tx, [row["budget_id"]])
        [pool] = await grants.get_pools(tx, [row["pool_id"]])
        level = f"，仅限 {row['tier']} 及以上等级" if row["tier"] else ""
        lines = [
            ("P5", True, f"对所有客户同一价格{level}", "One price for everybody"),
            ("mall.stock", pool.available >= row["stock"], "库存足够", "The stock is there"),
            ("mall.money", budget.available_fen >= row["stock"] * sku.cost_fen, "预算足够", "The money is there"),
        ]
        return [
            Check(
                rule=rule, verdict=CheckVerdict.PASS if fine else CheckVerdict.FAIL, detail=zh, detail_en=en,
                data={"points": row["points"], "tier": row["tier"]},
            )
            for rule, fine, zh, en in lines
        ]  # fmt: skip

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Set its stock aside and put it on the shelf; `approvals.Stale`."""
        row = await get(tx, UUID(subject_id), lock=True)
        if row["state"] != ItemState.SUBMITTED or approvals.diff_hash(await _diff(tx, row)) != diff_hash:
            raise approvals.Stale("The shelf item is no longer what was approved.")
        sku = await catalogue.sku(tx, row["sku_id"])
        [source] = await grants.get_pools(tx, [row["pool_id"]])
        pool_id = await grants.open_pool(
            tx,
            grants.NewPool(
                sku_id=sku.id, unit_id=source.unit_id, name=f"积分商城 {sku.name}", quantity=row["stock"],
                parent_id=source.id,
            ),
        )  # fmt: skip
        offer_id = await grants.publish_offer(tx, _offer(row, sku, grants.Terms(row["budget_id"], pool_id)))
        await store.set_item(tx, row["id"], ItemState.ON_SHELF.value, offer_id, pool_id)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved is on no shelf."""
        del state
        await store.set_item(tx, UUID(subject_id), ItemState.REFUSED.value)


def _offer(row: Record, sku: catalogue.Sku, terms: grants.Terms) -> grants.Offer:
    return grants.offer_of(
        sku,
        grants.Offering(
            source_kind=SOURCE,
            source_id=row["id"],
            person_limit=row["person_limit"],
            opens_at=row["opens_at"],
            closes_at=row["closes_at"],
            valid_days=max(sku.days_from(row["opens_at"].date()), 1),
            unit_terms={grants.EVERY_UNIT: terms},
        ),
    )


async def _diff(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    sku = (await catalogue.skus(tx, [row["sku_id"]]))[row["sku_id"]]
    [budget] = await ledger.get_budgets(tx, [row["budget_id"]])
    lines = (
        ("benefit", "权益", "Benefit", f"{sku.brand_name} {sku.name}", "text"),
        ("points", "积分价格", "Price in points", row["points"], "points"),
        ("cash_fen", "现金价格", "Price in money", row["cash_fen"] or None, "fen"),
        ("stock", "上架份数", "Units", row["stock"], "count"),
        ("person_limit", "每人限兑", "Per person", row["person_limit"], "count"),
        ("tier", "等级要求", "Tier", row["tier"] or None, "text"),
        ("budget", "出资预算", "Paid by", budget.name, "text"),
        ("opens_at", "开始", "From", row["opens_at"].isoformat(), "text"),
        ("closes_at", "结束", "To", row["closes_at"].isoformat(), "text"),
    )
    return tuple(
        FieldChange(path=path, label=zh, label_en=en, before=None, after=after, group="benefit", unit=unit)
        for path, zh, en, after, unit in lines
        if after is not None
    )

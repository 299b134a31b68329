"""Service offers: goodwill benefits with money and stock of their own, approved before the desk may give them."""

from datetime import datetime, time, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit, tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import NotFound, Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, ledger
from huoke.settle.care import store, store_offer
from huoke.settle.care.model import (
    BENEFIT_FEN_MAX,
    NewServiceOffer,
    OfferState,
    ServiceOffer,
    check_offer,
)
from huoke.settle.care.refusals import (
    ServiceOfferClosed,
    ServiceOfferUnfit,
    ServiceOfferUnknown,
)

KIND = "service_offer"
SOURCE = "care"
"""The source kind of service offers in grants. Nobody answers for it there, so no customer claims one alone."""
PERSON_LIMIT = 1_000
"""The offer's own; what one person may get is counted over all service offers."""


async def propose(tx: Tx, principal: Principal, new: NewServiceOffer) -> UUID:
    """Ask for a service offer, to be approved by another person; returns its id.

    `ServiceOfferUnfit`, `TextUnfit`, what the catalogue and the ledger refuse, `approvals.CheckFailed`.
    """
    check_offer(new, store.day_of(tx))
    await _require_fit(tx, new)
    offer_id = new_id()
    await store_offer.insert_offer(tx, offer_id, new, principal.own_unit)
    row = await get(tx, offer_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(offer_id),
        title=f"服务补偿：{new.name.strip()}",
        diff=await _diff(tx, row),
        unit_id=row["unit_id"],
    )
    await store_offer.set_change(tx, offer_id, await approvals.submit(tx, change))
    return offer_id


async def stop(tx: Tx, principal: Principal, offer_id: UUID, reason: str) -> None:
    """End a live service offer: what nobody got goes back to where it came from. What was given stays.

    `ServiceOfferUnknown`, `ServiceOfferClosed`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    row = await get(tx, offer_id, lock=True)
    principal.require_unit(row["unit_id"])
    if row["state"] != OfferState.LIVE:
        raise ServiceOfferClosed(f"The service offer is {row['state']}.", state=row["state"])
    await grants.update_offer_state(tx, row["offer_id"], grants.OfferState.STOPPED)
    terms = (await grants.unit_terms(tx, row["offer_id"]))[grants.EVERY_UNIT]
    [pool], [budget] = await grants.get_pools(tx, [terms.pool_id]), await ledger.get_budgets(tx, [terms.budget_id])
    if pool.parent_id is not None and pool.available:
        await grants.give_back_stock(tx, pool.id, pool.parent_id, pool.available)
    if budget.parent_id is not None and budget.available_fen:
        await ledger.give_back(tx, budget.id, budget.parent_id, budget.available_fen)
    await store_offer.set_offer(tx, offer_id, OfferState.STOPPED.value)
    entry = audit.AuditEntry(
        action="care.stop_offer", subject_kind=KIND, subject_id=str(offer_id), unit_id=row["unit_id"], reason=why
    )
    await audit.record(tx, entry)


async def get(tx: Tx, offer_id: UUID, *, lock: bool = False) -> Record:
    """A service offer as stored; `ServiceOfferUnknown`."""
    row = await store_offer.get_offer(tx, offer_id, lock=lock)
    if row is None:
        raise ServiceOfferUnknown("There is no such service offer.", pointer="/service_offer_id")
    return row


async def service_offers(tx: Tx, principal: Principal, *, state: OfferState | None = None) -> list[ServiceOffer]:
    """Service offers, latest first, with what is left of them."""
    rows = await store_offer.offers(tx, state=state.value if state else None)
    skus = await catalogue.skus(tx, {row["sku_id"] for row in rows})
    people = await staff.names(tx, {row["created_by"] for row in rows})
    found = []
    for row in rows:
        sku = skus[row["sku_id"]]
        left, left_fen = await _left(tx, row["offer_id"])
        may_stop = principal.may("benefit.write") and principal.covers(row["unit_id"])
        found.append(
            ServiceOffer(
                id=row["id"],
                unit_id=row["unit_id"],
                name=row["name"],
                sku_id=row["sku_id"],
                benefit=f"{sku.brand_name} {sku.name}",
                kind=sku.kind.value,
                face_value_fen=sku.face_value_fen,
                cost_fen=sku.cost_fen,
                stock=row["stock"],
                budget_fen=row["budget_fen"],
                left=left,
                left_fen=left_fen,
                valid_days=row["valid_days"],
                closes_on=row["closes_on"],
                state=OfferState(row["state"]),
                change_id=row["change_id"],
                by=people.get(row["created_by"], row["created_by"]),
                created_at=row["created_at"],
                can=["stop"] if may_stop and row["state"] == OfferState.LIVE else [],
            )
        )
    return found


class ServiceOfferApproval:
    """Serves approvals of kind `service_offer`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What the desk may give away."""
        row = await get(tx, UUID(subject_id))
        rows = (
            SimulationRow(
                key="stock", label="可补偿份数", label_en="Benefits to give", unit="count", before=0, after=row["stock"]
            ),
            SimulationRow(
                key="budget", label="补偿预算", label_en="Money for them", unit="fen", before=0, after=row["budget_fen"]
            ),
        )
        return Simulation(rows=rows)

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """The benefit is for use and small enough, and there is money and stock for it."""
        row = await get(tx, UUID(subject_id))
        most = await tenants.setting(tx, BENEFIT_FEN_MAX)
        sku = await _published(tx, row["sku_id"])
        [budget] = await ledger.get_budgets(tx, [row["budget_id"]])
        cost_fen = sku.cost_fen if sku else 0
        lines = [
            ("benefit", sku is not None, "权益已发布", "The benefit is published.", {}),
            (
                "value",
                cost_fen <= most,
                f"单份成本不超过 {most / 100:g} 元",
                f"One costs at most {most / 100:g} yuan.",
                {"cost_fen": cost_fen, "most_fen": most},
            ),
            (
                "money",
                budget.available_fen >= row["budget_fen"] >= cost_fen,
                f"预算“{budget.name}”余额足够",
                f"Budget '{budget.name}' has the money.",
                {"available_fen": budget.available_fen},
            ),
        ]
        return [
            Check(
                rule=f"care.{key}",
                verdict=CheckVerdict.PASS if fine else CheckVerdict.FAIL,
                detail=zh,
                detail_en=en,
                data=data,
            )
            for key, fine, zh, en, data in lines
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Set money and stock aside and put the benefit at the desk's disposal; `approvals.Stale`."""
        row = await get(tx, UUID(subject_id), lock=True)
        if row["state"] != OfferState.SUBMITTED or approvals.diff_hash(await _diff(tx, row)) != diff_hash:
            raise approvals.Stale("The service offer is no longer what was approved.")
        sku = await catalogue.sku(tx, row["sku_id"])
        pool_id = await grants.open_pool(
            tx,
            grants.NewPool(
                sku_id=sku.id, unit_id=row["unit_id"], name=row["name"], quantity=row["stock"], parent_id=row["pool_id"]
            ),
        )
        budget_id = await ledger.open_budget(
            tx,
            ledger.NewBudget(
                name=row["name"], unit_id=row["unit_id"], limit_fen=row["budget_fen"], parent_id=row["budget_id"]
            ),
        )
        published = await grants.publish_offer(tx, _offer(tx, row, sku, grants.Terms(budget_id, pool_id)))
        await store_offer.set_offer(tx, row["id"], OfferState.LIVE.value, published)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved is at nobody's disposal."""
        del state
        await store_offer.set_offer(tx, UUID(subject_id), OfferState.REFUSED.value)


async def _left(tx: Tx, offer_id: UUID | None) -> tuple[int, int]:
    if offer_id is None:
        return 0, 0
    terms = (await grants.unit_terms(tx, offer_id))[grants.EVERY_UNIT]
    [pool], [budget] = await grants.get_pools(tx, [terms.pool_id]), await ledger.get_budgets(tx, [terms.budget_id])
    return pool.available, budget.available_fen


async def _require_fit(tx: Tx, new: NewServiceOffer) -> None:
    sku = await catalogue.sku(tx, new.sku_id)
    if sku.handover is catalogue.Handover.ORDER and sku.kind is not catalogue.SkuKind.TOPUP:
        raise ServiceOfferUnfit(
            "What is sent by post needs an address; choose a voucher or a top-up.", pointer="/sku_id"
        )
    await ledger.get_budgets(tx, [new.budget_id])
    if new.pool_id is not None:
        [pool] = await grants.get_pools(tx, [new.pool_id])
        if pool.sku_id != sku.id or pool.available < new.stock:
            raise ServiceOfferUnfit("The pool holds another benefit, or too few.", pointer="/pool_id")


async def _published(tx: Tx, sku_id: UUID) -> catalogue.Sku | None:
    try:
        return await catalogue.sku(tx, sku_id)
    except (NotFound, Refusal):
        return None


def _offer(tx: Tx, row: Record, sku: catalogue.Sku, terms: grants.Terms) -> grants.Offer:
    after = row["closes_on"] + timedelta(days=1)
    return grants.offer_of(
        sku,
        grants.Offering(
            source_kind=SOURCE,
            source_id=row["id"],
            person_limit=PERSON_LIMIT,
            opens_at=tx.now,
            closes_at=datetime.combine(after, time(), CHINA),
            valid_days=row["valid_days"],
            unit_terms={grants.EVERY_UNIT: terms},
        ),
    )


async def _diff(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    sku = (await catalogue.skus(tx, [row["sku_id"]]))[row["sku_id"]]
    [budget] = await ledger.get_budgets(tx, [row["budget_id"]])

    def field(path: str, label: str, label_en: str, after: object, group: str, unit: str = "text") -> FieldChange:
        return FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, group=group, unit=unit)

    return (
        field("benefit", "权益", "Benefit", f"{sku.brand_name} {sku.name}", "benefit"),
        field("stock", "份数", "Units", row["stock"], "benefit", "count"),
        field("cost_fen", "单份成本", "Cost of one", sku.cost_fen, "money", "fen"),
        field("budget", "出资预算", "Paid by", budget.name, "money"),
        field("budget_fen", "补偿预算", "Money", row["budget_fen"], "money", "fen"),
        field("valid_days", "有效天数", "Good for days", row["valid_days"], "time", "count"),
        field("closes_on", "最后一天", "Last day", row["closes_on"].isoformat(), "time"),
    )

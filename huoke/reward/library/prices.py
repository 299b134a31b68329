"""Prices of known listings: one person asks, another decides, and only then are they what the library says."""

from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward import supply
from huoke.reward.library import store_import
from huoke.reward.library.applying import LINES_AT_ONCE, chunks
from huoke.reward.library.import_model import CatalogueQueued, Counts, ImportState, PriceState, StepUnfit
from huoke.reward.library.reading import Progress, locked

KIND = "library_prices"
SHOWN = 20
"""So many prices stand in the approval by name, those that move furthest."""
REASON_MIN = 2


class PriceApproval:
    """Serves approvals of kind `library_prices`; the subject is the import."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many prices rise and fall."""
        counts = _counts(await locked(tx, UUID(subject_id)))
        rows = (
            ("price_up", "涨价", "Prices up", counts.price_up),
            ("price_down", "降价", "Prices down", counts.price_down),
        )
        return Simulation(
            rows=tuple(
                SimulationRow(key=key, label=label, label_en=english, unit="count", before=None, after=count)
                for key, label, english, count in rows
            )
        )

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whether anything lies beyond the bounds of the import."""
        counts = _counts(await locked(tx, UUID(subject_id)))
        beyond = counts.held > 0 or counts.prices_held
        verdict = CheckVerdict.WARN if beyond else CheckVerdict.PASS
        detail = f"{counts.held} 个价格超出单价幅度，中位数变动 {counts.median_percent}%"
        english = f"{counts.held} prices beyond their bound; the median moves by {counts.median_percent}%."
        return [Check(rule="price_drift", verdict=verdict, detail=detail, detail_en=english)]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Begin to carry the prices in; `approvals.Stale` when they are no longer what was approved."""
        row = await locked(tx, UUID(subject_id))
        if row["price_state"] != PriceState.SUBMITTED or approvals.diff_hash(await _diff(tx, row)) != diff_hash:
            raise approvals.Stale("The prices are no longer what was approved.")
        await store_import.change(tx, row["id"], {"price_state": PriceState.APPROVED.value})
        tx.emit(CatalogueQueued(import_id=row["id"], step="price"))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """Prices that were not approved stay as they were; returned or withdrawn ones may be asked for again."""
        refused = state is approvals.ChangeState.REJECTED
        then = PriceState.REFUSED if refused else PriceState.OPEN
        await store_import.change(tx, UUID(subject_id), {"price_state": then.value, "held_reason": ""})


async def submit_prices(tx: Tx, import_id: UUID, unit_id: int, *, held_reason: str = "") -> UUID:
    """Ask for the new prices of an applied catalogue; returns the change.

    Held prices are left out unless `held_reason` says why they are right; where the median holds all of them back, the
    reason is needed. `ImportUnknown`, `StepUnfit`.
    """
    row = await locked(tx, import_id)
    if row["state"] != ImportState.DONE or row["price_state"] != PriceState.OPEN:
        raise StepUnfit("There are no open prices, or the catalogue is not applied yet.", state=row["state"])
    counts = _counts(row)
    reason = held_reason.strip()
    if len(reason) < REASON_MIN and (counts.prices_held or counts.held == counts.price_up + counts.price_down):
        raise StepUnfit("All prices are held back: say why they are right.", state=row["price_state"])
    await store_import.change(tx, import_id, {"price_state": PriceState.SUBMITTED.value, "held_reason": reason})
    row = await locked(tx, import_id)
    supplier = await supply.get(tx, row["supplier_id"])
    change = NewChange(
        kind=KIND,
        subject_id=str(import_id),
        title=f"{supplier.name} 调价 {counts.price_up + counts.price_down} 项",
        diff=await _diff(tx, row),
        unit_id=unit_id,
    )
    change_id = await approvals.submit(tx, change)
    await store_import.change(tx, import_id, {"change_id": change_id})
    return change_id


async def run_prices(
    database: Database, tenant: TenantId, import_id: UUID, *, actor: Actor, progress: Progress
) -> None:
    """Carry approved prices in, chunk by chunk; doing a chunk again changes nothing."""
    async with database.begin(tenant, actor) as tx:
        row = await store_import.get(tx, import_id)
    if row is None or row["price_state"] != PriceState.APPROVED:
        return
    counts, held = _counts(row), bool(row["held_reason"])
    total = counts.price_up + counts.price_down - (0 if held else counts.held)
    await chunks(
        database,
        tenant,
        actor,
        lambda tx, after: store_import.apply_prices(tx, import_id, after, LINES_AT_ONCE, held=held),
        progress,
        total,
    )
    async with database.begin(tenant, actor) as tx:
        await store_import.change(tx, import_id, {"price_state": PriceState.APPLIED.value})


async def _diff(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    shown = await store_import.price_extremes(tx, row["id"], SHOWN)
    counts = _counts(row)
    held = bool(row["held_reason"])
    total = FieldChange(
        path="prices/count",
        label="调价项数",
        label_en="Prices changed",
        before=0,
        after=counts.price_up + counts.price_down - (0 if held else counts.held),
        unit="count",
        group="money",
        impact=row["held_reason"],
    )
    each = [
        FieldChange(
            path=f"prices/{one['code']}",
            label=one["name"],
            label_en=one["name"],
            before=one["cost_before_fen"],
            after=one["cost_fen"],
            unit="fen",
            group="money",
        )
        for one in shown
        if held or not one["held"]
    ]
    return (total, *each)


def _counts(row: Record) -> Counts:
    return msgspec.convert(row["counts"], Counts)

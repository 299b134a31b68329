"""What somebody sees first: what runs, what waits for them, what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from huoke.govern import approvals
from huoke.govern.people import units
from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.measure.figures import store
from huoke.measure.figures.board import data_until, money, stock
from huoke.measure.figures.model import Home, Money, Recent, RunningCampaign, StockLeft, Todo, Totals

RUNNING_MAX = 12
RECENT_MAX = 8


async def home(tx: Tx, clickhouse: ClickHouse, principal: Principal) -> Home:
    """The first page within the caller's units; who may not read campaigns or figures sees what waits alone."""
    data_at = await data_until(tx, clickhouse) if principal.may("figure.read") else None
    names: dict[int, str] = {unit.id: unit.name for unit in await units.tree(tx)}
    reads = principal.may("campaign.read")
    return Home(
        data_at=data_at,
        totals=await _totals(tx, clickhouse, principal, data_at),
        running=await _running(tx, clickhouse, principal, names, data_at) if reads else [],
        todos=await _todos(tx, principal),
        recent=[
            Recent(
                id=row["id"],
                name=row["name"],
                state=row["state"],
                unit=names.get(row["unit_id"], ""),
                changed_at=row["changed_at"],
            )
            for row in (await store.recent_campaigns(tx, principal.units, RECENT_MAX) if reads else [])
        ],
    )


async def _totals(tx: Tx, clickhouse: ClickHouse, principal: Principal, data_at: datetime | None) -> Totals:
    running = await store.running_count(tx, principal.units) if principal.may("campaign.read") else 0
    today: Mapping[str, Any] = {}
    if data_at is not None:
        midnight = tx.now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        today = await store.since(clickhouse, tx.tenant, midnight, principal.units)
    return Totals(
        campaigns_running=running,
        granted_today=int(today.get("granted", 0)),
        claimed_today=int(today.get("claimed", 0)),
        redeemed_today=int(today.get("redeemed", 0)),
        redeemed_today_fen=int(today.get("redeemed_fen", 0)),
    )


async def _running(
    tx: Tx, clickhouse: ClickHouse, principal: Principal, names: Mapping[int, str], data_at: datetime | None
) -> list[RunningCampaign]:
    live = await store.live_campaigns(tx, principal.units, RUNNING_MAX)
    ids = [row["id"] for row in live]
    budgets, pools = await money(tx, ids), await stock(tx, ids)
    counted: dict[UUID, Mapping[str, Any]] = {}
    if ids and data_at is not None:
        counted = {UUID(one["campaign_id"]): one for one in await store.by_campaign(clickhouse, tx.tenant, ids)}
    return [
        RunningCampaign(
            id=row["id"],
            name=row["name"],
            state=row["state"],
            unit=names.get(row["unit_id"], ""),
            sku=row["sku"],
            opens_at=row["opens_at"],
            closes_at=row["closes_at"],
            budget=budgets.get(row["id"], Money()),
            stock=pools.get(row["id"], StockLeft()),
            **{name: int(counted.get(row["id"], {}).get(name, 0)) for name in ("granted", "claimed", "redeemed")},
        )
        for row in live
    ]


async def _todos(tx: Tx, principal: Principal) -> list[Todo]:
    todos = []
    if principal.may("approval.read"):
        waiting = (await approvals.count(tx, principal)).get("to_decide", 0)
        todos.append(Todo(kind="approvals", count=waiting, path="/approvals"))
    if principal.may("campaign.write"):
        row = await store.drafts_of(tx, principal.actor.id)
        assert row is not None, "a count has a row"
        todos.append(Todo(kind="returned", count=row["returned"], path="/campaigns?status=draft"))
        todos.append(Todo(kind="drafts", count=row["drafts"], path="/campaigns?status=draft"))
    if principal.may("statement.write"):
        count = await store.statements_to_confirm(tx, principal.actor.id)
        todos.append(Todo(kind="statements", count=count, path="/statements?status=draft"))
    if principal.may("job.read"):
        failed = (await jobs.count(tx)).get(jobs.JobState.FAILED.value, 0)
        todos.append(Todo(kind="failed_jobs", count=failed, path="/jobs?status=failed"))
    return [todo for todo in todos if todo.count]

"""What somebody sees first: what runs, what waits for them, what goes wrong, what changed, and a first way to go."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, views
from huoke.govern.people import Unit, units
from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers, feeds, temperature
from huoke.measure.figures import store, store_home
from huoke.measure.figures.board import data_until, money, stock
from huoke.measure.figures.home_model import (
    Alarm,
    CounterToday,
    DeskNow,
    GuideStep,
    Home,
    NorthStar,
    PeopleNow,
    PortfolioNow,
    Recent,
    RunningCampaign,
    Todo,
    Totals,
    TrailToday,
    WeekPoint,
    WorkNow,
)
from huoke.measure.figures.model import Money, StockLeft
from huoke.reward import payments, plays

RUNNING_MAX = 12
RECENT_MAX = 6
NORTH_STAR_DAYS = 30
NORTH_STAR_WEEKS = 12
FAST_FACTOR, FAST_MARGIN = 1.2, 0.1
"""Spending runs ahead when it is a fifth, and a tenth of the whole, beyond what the clock allows."""
STOCK_LOW_PPM = 100_000

GUIDE = {
    "staff": ("/staff", "staff.write"),
    "import": ("/imports/new", "customer.import"),
    "segment": ("/segments/new", "segment.write"),
    "benefit": ("/benefits", "benefit.write"),
    "budget": ("/budgets", "budget.write"),
    "campaign": ("/campaigns", "campaign.submit"),
    "approval": ("/approvals", "approval.decide"),
    "claim": ("/campaigns?status=running", "campaign.read"),
    "redemption": ("/counter", "redemption.redeem"),
    "effect": ("/campaigns?status=ended", "figure.read"),
}
"""Each step of the first hour: where it is done, and what one must hold to do it (a claim: to look on)."""
BUYERS = ("benefit", "budget")
"""Steps of somebody who neither plans campaigns nor brings people in: they are shown these alone."""


async def home(tx: Tx, clickhouse: ClickHouse, principal: Principal) -> Home:
    """The first page within the caller's units; what a permission does not open is left out.

    ClickHouse counts while PostgreSQL is asked for the rest: the page waits for the slower of the two, not for both.
    """
    reads = principal.may("campaign.read")
    data_at = await data_until(tx, clickhouse) if principal.may("figure.read") else None
    live = await store.live_campaigns(tx, principal.units, RUNNING_MAX) if reads else []
    counting = asyncio.ensure_future(_counted(tx, clickhouse, principal, live) if data_at else _nothing())
    try:
        tree: dict[int, Unit] = {unit.id: unit for unit in await units.tree(tx)}
        ids = [row["id"] for row in live]
        budgets, pools = await money(tx, ids), await stock(tx, ids)
        recent = await store.recent_campaigns(tx, principal.units, RECENT_MAX) if reads else []
        total = await store.running_count(tx, principal.units) if reads else 0
        wrong = [
            *await _play_alarms(tx, principal),
            *await _feed_alarms(tx, principal),
            *await _refund_alarms(tx, principal),
        ]
        rest = await _rest(tx, principal)
        counted = await counting
    finally:
        counting.cancel()
    running = [
        _running(row, tree, budgets.get(row["id"], Money()), pools.get(row["id"], StockLeft()), counted) for row in live
    ]
    return Home(
        data_at=data_at,
        totals=_totals(total, counted),
        running=running,
        alarms=[*(alarm for campaign in running for alarm in alarms_of(campaign, tx.now)), *wrong],
        recent=[_recent(row, tree) for row in recent],
        north_star=counted.star,
        **rest,
    )


async def alarms(tx: Tx, principal: Principal) -> list[Alarm]:
    """What is about to go wrong within the caller's reach, for the bell: no figure is counted for it."""
    reads = principal.may("campaign.read")
    live = await store.live_campaigns(tx, principal.units, RUNNING_MAX) if reads else []
    tree: dict[int, Unit] = {unit.id: unit for unit in await units.tree(tx)} if live else {}
    ids = [row["id"] for row in live]
    budgets, pools = (await money(tx, ids), await stock(tx, ids)) if live else ({}, {})
    running = [
        _running(row, tree, budgets.get(row["id"], Money()), pools.get(row["id"], StockLeft()), _Counted())
        for row in live
    ]
    return [
        *(alarm for campaign in running for alarm in alarms_of(campaign, tx.now)),
        *await _play_alarms(tx, principal),
        *await _feed_alarms(tx, principal),
        *await _refund_alarms(tx, principal),
    ]


async def _rest(tx: Tx, principal: Principal) -> dict[str, Any]:
    """What stands in PostgreSQL alone, each as its field of `Home`."""
    return {
        "todos": await _todos(tx, principal),
        "counter": await _counter(tx, principal),
        "people": await _people(tx, principal),
        "trail": await _trail(tx, principal),
        "work": await _work(tx, principal),
        "desk": await _desk(tx, principal),
        "guide": await _guide(tx, principal),
        "portfolio": await _portfolio(tx, principal),
    }


class _Counted(msgspec.Struct, frozen=True):
    """What ClickHouse knows: today's figures, those of each live campaign, the north star."""

    today: Mapping[str, Any] = {}
    campaigns: Mapping[UUID, Mapping[str, Any]] = {}
    star: NorthStar | None = None


async def _nothing() -> _Counted:
    return _Counted()


async def _counted(tx: Tx, clickhouse: ClickHouse, principal: Principal, live: Sequence[Record]) -> _Counted:
    tenant, ids = tx.tenant, [row["id"] for row in live]
    today, campaigns, star = await asyncio.gather(
        store.since(clickhouse, tenant, _midnight(tx), principal.units),
        store.by_campaign(clickhouse, tenant, ids),
        _north_star(tx, clickhouse, principal),
    )
    return _Counted(today, {UUID(one["campaign_id"]): one for one in campaigns}, star)


async def _feed_alarms(tx: Tx, principal: Principal) -> list[Alarm]:
    """Feeds whose days failed or did not come, for those who bring data in."""
    if not principal.may("customer.import"):
        return []
    return [
        Alarm(
            kind="feed_failed" if one.failed else "feed_missing",
            name=one.name,
            share_ppm=0,
            path=f"/feeds/{one.feed_id}",
        )
        for one in await feeds.alarms(tx)
    ]


async def _refund_alarms(tx: Tx, principal: Principal) -> list[Alarm]:
    """Refunds the cashier would not make, for those who may send them again."""
    failed = await payments.count_failed(tx) if principal.may("payment.write") else 0
    path = "/payments?tab=refunds&status=failed"
    return [Alarm(kind="refund_failed", name=str(failed), share_ppm=0, path=path)] if failed else []


async def _play_alarms(tx: Tx, principal: Principal) -> list[Alarm]:
    """Odds of running plays that hardly come out as stated, and prizes that run out, for those who plan them."""
    if not principal.may("campaign.read"):
        return []
    return [
        Alarm(kind=one.kind, name=one.name, share_ppm=one.share_ppm, path=f"/plays/{one.play_id}")
        for one in await plays.alarms(tx, principal.units)
    ]


def alarms_of(campaign: RunningCampaign, now: datetime) -> list[Alarm]:
    """What is about to go wrong with one campaign: money ahead of time, stock that runs out."""
    if campaign.state != "running":
        return []
    path = f"/campaigns/{campaign.id}?tab=board"
    found = []
    spent = campaign.budget.committed_fen / campaign.budget.limit_fen if campaign.budget.limit_fen else 0.0
    elapsed = _elapsed(campaign, now)
    if elapsed is not None and elapsed < 1 and spent > elapsed * FAST_FACTOR + FAST_MARGIN:
        found.append(Alarm(kind="budget_fast", name=campaign.name, share_ppm=round(spent * 1e6), path=path))
    if campaign.stock.total:
        left = campaign.stock.available * 1_000_000 // campaign.stock.total
        kind = "stock_out" if campaign.stock.available == 0 else "stock_low" if left < STOCK_LOW_PPM else None
        if kind:
            found.append(Alarm(kind=kind, name=campaign.name, share_ppm=left, path=path))
    return found


def _elapsed(campaign: RunningCampaign, now: datetime) -> float | None:
    if campaign.opens_at is None or campaign.closes_at is None or campaign.closes_at <= campaign.opens_at:
        return None
    return (now - campaign.opens_at) / (campaign.closes_at - campaign.opens_at)


def _midnight(tx: Tx) -> datetime:
    return tx.now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def _totals(running: int, counted: _Counted) -> Totals:
    today = counted.today
    return Totals(
        campaigns_running=running,
        granted_today=int(today.get("granted", 0)),
        claimed_today=int(today.get("claimed", 0)),
        redeemed_today=int(today.get("redeemed", 0)),
        redeemed_today_fen=int(today.get("redeemed_fen", 0)),
    )


def _running(
    row: Record, tree: Mapping[int, Unit], budget: Money, pool: StockLeft, counted: _Counted
) -> RunningCampaign:
    counts = counted.campaigns.get(row["id"], {})
    copied: dict[str, Any] = {name: row[name] for name in ("id", "name", "state", "sku", "opens_at", "closes_at")}
    return RunningCampaign(
        **copied,
        **_unit(tree, row["unit_id"]),
        budget=budget,
        stock=pool,
        granted=int(counts.get("granted", 0)),
        claimed=int(counts.get("claimed", 0)),
        redeemed=int(counts.get("redeemed", 0)),
    )


def _unit(tree: Mapping[int, Unit], unit_id: int) -> dict[str, Any]:
    unit = tree.get(unit_id)
    return {"unit": unit.name if unit else "", "unit_en": unit.name_en if unit else ""}


def _recent(row: Record, tree: Mapping[int, Unit]) -> Recent:
    named: dict[str, Any] = {name: row[name] for name in ("id", "name", "state", "changed_at")}
    return Recent(**named, **_unit(tree, row["unit_id"]))


async def _north_star(tx: Tx, clickhouse: ClickHouse, principal: Principal) -> NorthStar:
    """The last point of the twelve is now; those before it end seven days apart."""
    ends = [tx.now - timedelta(days=7 * back) for back in reversed(range(NORTH_STAR_WEEKS))]
    asked = [tx.now - timedelta(days=NORTH_STAR_DAYS), *ends]
    before, *weeks = await store_home.redeemers(clickhouse, tx.tenant, asked, NORTH_STAR_DAYS, principal.units)
    return NorthStar(
        days=NORTH_STAR_DAYS,
        customers=weeks[-1],
        before=before,
        weeks=[
            WeekPoint(on=end.astimezone(CHINA).date(), customers=count) for end, count in zip(ends, weeks, strict=True)
        ],
    )


async def _counter(tx: Tx, principal: Principal) -> CounterToday | None:
    if not principal.may("redemption.redeem"):
        return None
    row = await store_home.counter_since(tx, principal.actor.id, _midnight(tx))
    assert row is not None, "a count has a row"
    return CounterToday(**dict(row))


async def _people(tx: Tx, principal: Principal) -> PeopleNow | None:
    if not principal.may("staff.write"):
        return None
    row = await store_home.people_now(tx, principal.units)
    assert row is not None, "a count has a row"
    return PeopleNow(**dict(row))


async def _trail(tx: Tx, principal: Principal) -> TrailToday | None:
    if not principal.may("audit.read"):
        return None
    row = await store_home.trail_since(tx, _midnight(tx))
    assert row is not None, "a count has a row"
    return TrailToday(**dict(row))


async def _work(tx: Tx, principal: Principal) -> WorkNow | None:
    if not principal.may("job.read"):
        return None
    counts = await jobs.count(tx)
    return WorkNow(**{name: counts.get(name, 0) for name in ("queued", "running", "failed")})


async def _desk(tx: Tx, principal: Principal) -> DeskNow | None:
    if not principal.may("desk.act"):
        return None
    row = await store_home.desk_now(tx, principal.actor.id, principal.units, _midnight(tx))
    assert row is not None, "a count has a row"
    return DeskNow(**dict(row))


async def _portfolio(tx: Tx, principal: Principal) -> PortfolioNow | None:
    members = await customers.portfolio(tx)
    if members is None:
        return None
    counts, at_risk_fen = await temperature.count_warnings(tx, scope=principal.units)
    return PortfolioNow(
        customers=len((await customers.facts(tx, members.array().tolist())).seqs),
        warnings_new=counts.get("new", 0),
        warnings_taken=counts.get("taken", 0),
        at_risk_fen=at_risk_fen,
    )


async def _guide(tx: Tx, principal: Principal) -> list[GuideStep] | None:
    first = principal.may("campaign.write") or principal.may("staff.write")
    theirs = [key for key, (_, needed) in GUIDE.items() if first or (key in BUYERS and principal.may(needed))]
    if not theirs or await views.guide_dismissed(tx):
        return None
    row = await store_home.guide(tx)
    assert row is not None, "flags have a row"
    steps = [
        GuideStep(key=key, done=row[key], path=GUIDE[key][0], yours=principal.may(GUIDE[key][1])) for key in theirs
    ]
    return None if all(step.done for step in steps) else steps


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
    if principal.may("supply.read"):
        todos.append(Todo(kind="supply_alarms", count=await store.supply_alarms(tx), path="/supply"))
    if principal.may("supply.write"):
        count = await store.differences_to_work(tx, principal.actor.id)
        todos.append(Todo(kind="differences", count=count, path="/differences?status=open"))
    if desk := await _desk(tx, principal):
        todos.append(Todo(kind="cases", count=desk.mine, path="/cases?status=open&view=mine"))
    if now := await _portfolio(tx, principal):
        for kind, count in (("new", now.warnings_new), ("taken", now.warnings_taken)):
            todos.append(Todo(kind=f"warnings_{kind}", count=count, path=f"/early-warnings?status={kind}"))
    if principal.may("job.read"):
        failed = (await jobs.count(tx)).get(jobs.JobState.FAILED.value, 0)
        todos.append(Todo(kind="failed_jobs", count=failed, path="/jobs?status=failed"))
    return [todo for todo in todos if todo.count]

"""The live board of one campaign: steps counted in ClickHouse, balances read in PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import units
from huoke.kernel.engines import ClickHouse
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.measure.figures import store
from huoke.measure.figures.model import (
    Board,
    BranchFigures,
    CampaignUnknown,
    Funnel,
    HourFigures,
    Money,
    StockLeft,
)

HOURS_MAX = 168


async def require(tx: Tx, principal: Principal, campaign_id: UUID) -> None:
    """Raise `CampaignUnknown` for a campaign outside the caller's scope as well as outside the bank."""
    row = await store.campaign(tx, campaign_id)
    if row is None or not principal.covers(row["unit_id"]):
        raise CampaignUnknown(f"There is no campaign {campaign_id}.")


async def board(tx: Tx, clickhouse: ClickHouse, campaign_id: UUID) -> Board:
    """A campaign as it is now; `data_at` says up to when steps are counted. Raises `CampaignUnknown`."""
    row = await store.campaign(tx, campaign_id)
    if row is None:
        raise CampaignUnknown(f"There is no campaign {campaign_id}.")
    data_at = await data_until(tx, clickhouse)
    counted = [] if data_at is None else await store.by_unit(clickhouse, tx.tenant, campaign_id)
    hours = [] if data_at is None else await store.by_hour(clickhouse, tx.tenant, campaign_id, HOURS_MAX)
    return Board(
        campaign_id=campaign_id,
        name=row["name"],
        state=row["state"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        data_at=data_at,
        funnel=_funnel(row, counted),
        budget=(await money(tx, [campaign_id])).get(campaign_id, Money()),
        stock=(await stock(tx, [campaign_id])).get(campaign_id, StockLeft()),
        by_branch=await _by_branch(tx, counted),
        by_hour=[_hour(hour) for hour in hours],
    )


async def data_until(tx: Tx, clickhouse: ClickHouse) -> datetime | None:
    """Up to when the bank's steps are all in ClickHouse: now, or when the first one still on its way happened."""
    place = await store.shipped_place(clickhouse, tx.tenant)
    if place is None:
        return None
    return await store.oldest_unshipped(tx, *place) or tx.now


async def money(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """The budget of each campaign as it stands."""
    rows = await store.money(tx, list(campaign_ids))
    return {row["campaign_id"]: Money(**{name: row[name] for name in Money.__struct_fields__}) for row in rows}


async def stock(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, StockLeft]:
    """The stock of each campaign as it stands."""
    rows = await store.stock(tx, list(campaign_ids))
    return {row["campaign_id"]: StockLeft(**{name: row[name] for name in StockLeft.__struct_fields__}) for row in rows}


def _funnel(row: Record, counted: Iterable[Mapping[str, Any]]) -> Funnel:
    listed = list(counted)
    sums = {name: sum(int(one[name]) for one in listed) for name in ("granted", "claimed", "redeemed", "expired")}
    return Funnel(audience=row["audience"], control=row["control"], reachable=row["reachable"], **sums)


async def _by_branch(tx: Tx, counted: Iterable[Mapping[str, Any]]) -> list[BranchFigures]:
    names: dict[int, str] = {unit.id: unit.name for unit in await units.tree(tx)}
    branch_of: dict[int, int] = dict((await units.branch_of(tx)).items())
    sums: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in counted:
        branch = branch_of.get(int(one["unit_id"]), int(one["unit_id"]))
        for name in ("granted", "claimed", "redeemed", "redeemed_fen"):
            sums[branch][name] += int(one[name])
    rows = [BranchFigures(unit_id=branch, unit=names.get(branch, ""), **counts) for branch, counts in sums.items()]
    return sorted(rows, key=lambda row: (-row.redeemed, -row.claimed, row.unit_id))


def _hour(row: Mapping[str, Any]) -> HourFigures:
    counts = {name: int(row[name]) for name in ("granted", "claimed", "redeemed", "redeemed_fen")}
    return HourFigures(at=datetime.fromtimestamp(int(row["hour"]), UTC), **counts)

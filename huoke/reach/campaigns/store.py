"""The SQL of campaigns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reach.campaigns.model import CampaignState, Draft, Progress

_COLUMNS = (
    "id, unit_id, name, state, version, draft, audience_id, audience_size, change_id, offer_id, bundle_version,"
    " budget_id, entry_code, opens_at, closes_at, created_by, created_at, changed_at, started_at, finished_at,"
    " wound_up_at, reason"
)
_PROGRESS = ", ".join(f'"{name}"' for name in Progress.__struct_fields__)


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as it lies in its row."""

    id: UUID
    unit_id: int
    name: str
    state: CampaignState
    version: int
    draft: Draft
    audience_id: UUID | None
    audience_size: int | None
    change_id: UUID | None
    offer_id: UUID | None
    bundle_version: int | None
    budget_id: UUID | None
    entry_code: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    created_by: str
    created_at: datetime
    changed_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    wound_up_at: datetime | None
    reason: str


async def insert(tx: Tx, campaign_id: UUID, unit_id: int, draft: Draft) -> None:
    """Write a new draft."""
    await tx.execute(
        "INSERT INTO campaigns.campaign (id, unit_id, name, state, version, draft, opens_at, closes_at, created_by,"
        " created_at, changed_at) VALUES ($1, $2, $3, 'draft', 1, $4, $5, $6, $7, $8, $8)",
        campaign_id,
        unit_id,
        draft.name,
        draft,
        draft.opens_at,
        draft.closes_at,
        tx.actor.id,
        tx.now,
    )


async def save_draft(tx: Tx, campaign_id: UUID, draft: Draft, version: int) -> None:
    """Write a locked draft's next version."""
    await tx.execute(
        "UPDATE campaigns.campaign SET name = $2, draft = $3, version = $4, opens_at = $5, closes_at = $6,"
        " audience_id = NULL, audience_size = NULL, bundle_version = NULL, changed_at = $7 WHERE id = $1",
        campaign_id,
        draft.name,
        draft,
        version,
        draft.opens_at,
        draft.closes_at,
        tx.now,
    )


async def get(tx: Tx, campaign_id: UUID, *, lock: bool = False) -> Stored | None:
    """A campaign, locked until the transaction ends when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    row = await tx.fetch_row(f"SELECT {_COLUMNS} FROM campaigns.campaign WHERE id = $1{suffix}", campaign_id)
    return None if row is None else _stored(row)


async def set_audience(tx: Tx, campaign_id: UUID, audience_id: UUID | None, size: int | None) -> None:
    """Note the audience frozen for a submission."""
    await tx.execute(
        "UPDATE campaigns.campaign SET audience_id = $2, audience_size = $3 WHERE id = $1",
        campaign_id,
        audience_id,
        size,
    )


async def set_change(tx: Tx, campaign_id: UUID, change_id: UUID) -> None:
    """Note the approval a campaign was submitted to."""
    await tx.execute("UPDATE campaigns.campaign SET change_id = $2 WHERE id = $1", campaign_id, change_id)


async def set_state(tx: Tx, campaign_id: UUID, state: CampaignState, *, reason: str = "") -> None:
    """Write a locked campaign's next state."""
    await tx.execute(
        "UPDATE campaigns.campaign SET state = $2, reason = $3, changed_at = $4,"
        " started_at = CASE WHEN $2 = 'running' THEN coalesce(started_at, $4) ELSE started_at END,"
        " finished_at = CASE WHEN $2 IN ('stopped', 'ended') THEN $4 ELSE finished_at END WHERE id = $1",
        campaign_id,
        state.value,
        reason,
        tx.now,
    )


async def set_bundle_version(tx: Tx, campaign_id: UUID, version: int | None) -> None:
    """Note the version of its bundle that a campaign is submitted with; None for a single benefit."""
    await tx.execute("UPDATE campaigns.campaign SET bundle_version = $2 WHERE id = $1", campaign_id, version)


async def set_live(tx: Tx, campaign_id: UUID, *, offer_id: UUID, budget_id: UUID, entry_code: str) -> None:
    """Note what an approved campaign gives, what pays for it, and where customers come in; it is then `approved`."""
    await tx.execute(
        "UPDATE campaigns.campaign SET state = 'approved', offer_id = $2, budget_id = $3,"
        " entry_code = $4, changed_at = $5 WHERE id = $1",
        campaign_id,
        offer_id,
        budget_id,
        entry_code,
        tx.now,
    )


async def set_wound_up(tx: Tx, campaign_id: UUID) -> None:
    """Note that nothing of a finished campaign is held any more."""
    await tx.execute("UPDATE campaigns.campaign SET wound_up_at = $2 WHERE id = $1", campaign_id, tx.now)


async def insert_shares(tx: Tx, campaign_id: UUID, budgets: Mapping[int, UUID]) -> None:
    """Write unit → budget of each branch share."""
    await tx.execute(
        "INSERT INTO campaigns.share (campaign_id, unit_id, budget_id)"
        " SELECT $1, s.* FROM unnest($2::int[], $3::uuid[]) AS s",
        campaign_id,
        list(budgets),
        list(budgets.values()),
    )


async def insert_pools(tx: Tx, campaign_id: UUID, pools: Mapping[tuple[int, int], UUID]) -> None:
    """Write (line, unit) → pool; unit 0 is the root of the line."""
    await tx.execute(
        "INSERT INTO campaigns.pool (campaign_id, line, unit_id, pool_id)"
        " SELECT $1, p.* FROM unnest($2::int[], $3::int[], $4::uuid[]) AS p",
        campaign_id,
        [line for line, _ in pools],
        [unit_id for _, unit_id in pools],
        list(pools.values()),
    )


async def shares_of(tx: Tx, campaign_ids: Iterable[UUID]) -> list[Record]:
    """campaign_id, unit_id and budget_id of the branch shares of campaigns, by unit."""
    return await tx.fetch(
        "SELECT campaign_id, unit_id, budget_id FROM campaigns.share WHERE campaign_id = ANY($1) ORDER BY unit_id",
        list(campaign_ids),
    )


async def pools_of(tx: Tx, campaign_ids: Iterable[UUID]) -> list[Record]:
    """campaign_id, line, unit_id (0 for a root) and pool_id of the pools of campaigns, roots last."""
    return await tx.fetch(
        "SELECT campaign_id, line, unit_id, pool_id FROM campaigns.pool WHERE campaign_id = ANY($1)"
        " ORDER BY unit_id = 0, line, unit_id",
        list(campaign_ids),
    )


async def insert_run(tx: Tx, campaign_id: UUID, waterfall: Mapping[str, int]) -> None:
    """Write the waterfall as approved; the run has done nothing yet."""
    await tx.execute(
        "INSERT INTO campaigns.run (campaign_id, audience, no_consent, suppressed, control, total)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        campaign_id,
        *(waterfall[name] for name in ("audience", "no_consent", "suppressed", "control", "reachable")),
    )


async def progress(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, Progress]:
    """The waterfall and run of each campaign that was approved."""
    rows = await tx.fetch(
        f"SELECT campaign_id, {_PROGRESS} FROM campaigns.run WHERE campaign_id = ANY($1)", list(campaign_ids)
    )
    return {row["campaign_id"]: Progress(**{k: v for k, v in row.items() if k != "campaign_id"}) for row in rows}


async def find(
    tx: Tx,
    *,
    q: str,
    state: CampaignState | None,
    units: Iterable[int] | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Stored]:
    """Campaigns of units, latest change first; `before` is the last row of the page before."""
    rows = await tx.fetch(
        f"SELECT {_COLUMNS} FROM campaigns.campaign WHERE ($1 = '' OR strpos(name, $1) > 0)"
        " AND ($2::text IS NULL OR state = $2) AND ($3::int[] IS NULL OR unit_id = ANY($3))"
        " AND ($4::timestamptz IS NULL OR (changed_at, id) < ($4, $5::uuid))"
        " ORDER BY changed_at DESC, id DESC LIMIT $6",
        q,
        state.value if state else None,
        None if units is None else list(units),
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )
    return [_stored(row) for row in rows]


async def count(tx: Tx, *, q: str, units: Iterable[int] | None) -> dict[str, int]:
    """How many campaigns of units stand in each state."""
    rows = await tx.fetch(
        "SELECT state, count(*) FROM campaigns.campaign WHERE ($1 = '' OR strpos(name, $1) > 0)"
        " AND ($2::int[] IS NULL OR unit_id = ANY($2)) GROUP BY state",
        q,
        None if units is None else list(units),
    )
    return {row["state"]: row["count"] for row in rows}


async def within(
    tx: Tx, begin: datetime, end: datetime, *, states: Iterable[CampaignState], units: Iterable[int] | None
) -> list[Stored]:
    """Campaigns of units in these states whose window meets [begin, end), first to open first."""
    rows = await tx.fetch(
        f"SELECT {_COLUMNS} FROM campaigns.campaign WHERE opens_at < $2 AND closes_at > $1 AND state = ANY($3)"
        " AND ($4::int[] IS NULL OR unit_id = ANY($4)) ORDER BY opens_at, id LIMIT 500",
        begin,
        end,
        [state.value for state in states],
        None if units is None else list(units),
    )
    return [_stored(row) for row in rows]


async def in_states(tx: Tx, states: Iterable[CampaignState], units: Iterable[int]) -> list[Stored]:
    """Campaigns of units in these states, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_COLUMNS} FROM campaigns.campaign WHERE state = ANY($1) AND unit_id = ANY($2) ORDER BY id",
        [state.value for state in states],
        list(units),
    )
    return [_stored(row) for row in rows]


async def due_to_open(tx: Tx) -> list[UUID]:
    """Approved campaigns whose window has opened."""
    rows = await tx.fetch(
        "SELECT id FROM campaigns.campaign WHERE state = 'approved' AND opens_at <= $1 ORDER BY id", tx.now
    )
    return [row["id"] for row in rows]


async def due_to_end(tx: Tx) -> list[UUID]:
    """Campaigns whose window has closed."""
    rows = await tx.fetch(
        "SELECT id FROM campaigns.campaign WHERE state IN ('running', 'paused') AND closes_at <= $1 ORDER BY id", tx.now
    )
    return [row["id"] for row in rows]


async def due_to_wind_up(tx: Tx) -> list[UUID]:
    """Finished campaigns that still hold unclaimed grants, stock or money."""
    rows = await tx.fetch(
        "SELECT id FROM campaigns.campaign WHERE state IN ('ended', 'stopped') AND wound_up_at IS NULL"
        " AND offer_id IS NOT NULL ORDER BY id"
    )
    return [row["id"] for row in rows]


async def wound_up(tx: Tx) -> list[Record]:
    """Id and budget of campaigns that were wound up."""
    return await tx.fetch("SELECT id, budget_id FROM campaigns.campaign WHERE wound_up_at IS NOT NULL")


async def names(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The name of each campaign."""
    rows = await tx.fetch("SELECT id, name FROM campaigns.campaign WHERE id = ANY($1)", list(campaign_ids))
    return {row["id"]: row["name"] for row in rows}


async def get_many(tx: Tx, campaign_ids: Iterable[UUID]) -> list[Stored]:
    """The campaigns named, in any order."""
    rows = await tx.fetch(f"SELECT {_COLUMNS} FROM campaigns.campaign WHERE id = ANY($1)", list(campaign_ids))
    return [_stored(row) for row in rows]


def _stored(row: Record) -> Stored:
    columns: dict[str, Any] = dict(row)
    columns["draft"] = msgspec.convert(columns["draft"], Draft)
    columns["state"] = CampaignState(columns["state"])
    return Stored(**columns)


async def naming_segments(tx: Tx) -> list[Record]:
    """Campaigns with the segments they name and the audience they froze, latest changed first."""
    return await tx.fetch(
        "SELECT id, name, state, unit_id, audience_id, draft ->> 'segment_id' AS segment_id,"
        " draft ->> 'condition_segment_id' AS condition_segment_id FROM campaigns.campaign"
        " WHERE audience_id IS NOT NULL OR draft ->> 'segment_id' IS NOT NULL"
        " OR draft ->> 'condition_segment_id' IS NOT NULL ORDER BY changed_at DESC, id DESC LIMIT 2000"
    )


async def delete(tx: Tx, campaign_id: UUID) -> None:
    """Take a campaign away."""
    await tx.execute("DELETE FROM campaigns.campaign WHERE id = $1", campaign_id)


async def states(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    """States by id."""
    rows = await tx.fetch("SELECT id, state FROM campaigns.campaign WHERE id = ANY($1)", ids)
    return {row["id"]: row["state"] for row in rows}

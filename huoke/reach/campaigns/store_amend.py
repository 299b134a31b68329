"""The SQL of changes of live campaigns."""

from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reach.campaigns.amend_model import Amendment, AmendmentBody, AmendmentState
from huoke.reach.campaigns.model import Draft

_COLUMNS = "id, campaign_id, state, body, reason, change_id, created_by, created_at, closed_at"


async def insert(tx: Tx, amendment_id: UUID, campaign_id: UUID, body: AmendmentBody, reason: str) -> None:
    """Write a change that is asked for."""
    await tx.execute(
        "INSERT INTO campaigns.amendment (id, campaign_id, body, reason, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        amendment_id,
        campaign_id,
        body,
        reason,
        tx.actor.id,
        tx.now,
    )


async def set_change(tx: Tx, amendment_id: UUID, change_id: UUID) -> None:
    """Note the approval it was submitted to."""
    await tx.execute("UPDATE campaigns.amendment SET change_id = $2 WHERE id = $1", amendment_id, change_id)


async def close(tx: Tx, amendment_id: UUID, state: AmendmentState) -> None:
    """Note what became of it."""
    await tx.execute(
        "UPDATE campaigns.amendment SET state = $2, closed_at = $3 WHERE id = $1", amendment_id, state.value, tx.now
    )


async def get(tx: Tx, amendment_id: UUID) -> Amendment | None:
    """One change."""
    row = await tx.fetch_row(f"SELECT {_COLUMNS} FROM campaigns.amendment WHERE id = $1", amendment_id)
    return None if row is None else _amendment(row)


async def open_of(tx: Tx, campaign_id: UUID) -> Amendment | None:
    """The change of a campaign that is not decided yet."""
    row = await tx.fetch_row(
        f"SELECT {_COLUMNS} FROM campaigns.amendment WHERE campaign_id = $1 AND state = 'submitted'", campaign_id
    )
    return None if row is None else _amendment(row)


async def of_campaign(tx: Tx, campaign_id: UUID) -> list[Amendment]:
    """Every change of a campaign, latest first."""
    rows = await tx.fetch(
        f"SELECT {_COLUMNS} FROM campaigns.amendment WHERE campaign_id = $1 ORDER BY created_at DESC, id DESC",
        campaign_id,
    )
    return [_amendment(row) for row in rows]


async def put_draft(tx: Tx, campaign_id: UUID, draft: Draft) -> None:
    """Write what a locked live campaign is from now on."""
    await tx.execute(
        "UPDATE campaigns.campaign SET draft = $2, closes_at = $3, version = version + 1, changed_at = $4"
        " WHERE id = $1",
        campaign_id,
        draft,
        draft.closes_at,
        tx.now,
    )


def _amendment(row: Record) -> Amendment:
    columns: dict[str, Any] = dict(row)
    columns["body"] = msgspec.convert(columns["body"], AmendmentBody)
    columns["state"] = AmendmentState(columns["state"])
    return Amendment(**columns)

"""Saved drafts of a play: who made which, and who approved what was published (rule B3)."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import approvals, people
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.plays import store_design
from huoke.reward.plays.draft import seen
from huoke.reward.plays.model import Draft

SHOWN_MAX = 100


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A saved draft; `approvers` and `change_id` where it was published."""

    version: int
    draft: Draft
    made_by: str
    made_at: datetime
    change_id: UUID | None
    approvers: list[str]


async def versions(tx: Tx, principal: Principal, play_id: UUID) -> list[Version]:
    """The latest hundred drafts of a play in scope, the last one first; `PlayUnknown`."""
    play = await seen(tx, play_id, principal)
    rows = await store_design.versions(tx, play.id, SHOWN_MAX)
    approvers = {
        change_id: await approvals.approvers(tx, change_id) for change_id in {row["change_id"] for row in rows} - {None}
    }
    names = await people.staff.names(tx, {row["made_by"] for row in rows})
    return [
        Version(
            version=row["version"],
            draft=msgspec.convert(row["draft"], Draft),
            made_by=names.get(row["made_by"], row["made_by"]),
            made_at=row["made_at"],
            change_id=row["change_id"],
            approvers=approvers.get(row["change_id"], []),
        )
        for row in rows
    ]

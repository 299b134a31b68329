"""What was done to a campaign and decided about it: the trail of its own and of its approvals."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reach.campaigns import store_amend
from huoke.reach.campaigns.draft import seen

ROWS_MAX = 200


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line: who did what when and why. `fields` are the parts that changed; `change_id` the approval it is of."""

    id: UUID
    at: datetime
    actor: str
    action: str
    reason: str
    fields: list[str]
    change_id: UUID | None


async def history(tx: Tx, principal: Principal, campaign_id: UUID) -> list[HistoryRow]:
    """The latest 200 lines about a campaign, newest first; `CampaignUnknown`. Values before and after stay in audit."""
    campaign = await seen(tx, campaign_id, principal)
    changes = {amendment.change_id for amendment in await store_amend.of_campaign(tx, campaign_id)}
    subjects = [campaign_id, *(change for change in {campaign.change_id, *changes} if change is not None)]
    rows: list[HistoryRow] = []
    for subject in subjects:
        found = await audit.find(tx, audit.AuditFilter(subject_id=str(subject)), limit=ROWS_MAX)
        rows += [_row(row, None if subject == campaign_id else subject) for row in found]
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)[:ROWS_MAX]


def _row(row: audit.AuditRow, change_id: UUID | None) -> HistoryRow:
    changed = row.after if row.action == "campaigns.change" and row.after else {}
    return HistoryRow(
        id=row.id,
        at=row.at,
        actor=row.actor_name or row.actor_kind,
        action=row.action,
        reason=row.reason,
        fields=sorted(changed),
        change_id=change_id,
    )

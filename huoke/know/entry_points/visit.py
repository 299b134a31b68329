"""Who came through which way in: an event of the customer's, so that funnels and the timeline know it (rule C4)."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.tx import Tx
from huoke.know import customers, events

VIEWED = "campaign.viewed"
NO_SOURCE = UUID(int=0)
"""The bank's own pages are no event source with a key."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A known customer opened the page behind a code. `visit_no` makes a repeat the same visit."""

    visit_no: str
    code: str
    target_id: UUID
    seq: int


async def visit(tx: Tx, calls: Sequence[Call[Visit]]) -> list[events.Status]:
    """Take visits as events, attributed to their entry point; a visit known already is a duplicate."""
    rows = await customers.masked_rows(tx, sorted({call.value.seq for call in calls}))
    numbers = {int(row.seq): row.customer_no for row in rows}
    outcomes = await events.take(tx, NO_SOURCE, [_message(call, numbers[call.value.seq]) for call in calls])
    return [outcome.status for outcome in outcomes]


def _message(call: Call[Visit], customer_no: str) -> events.Message:
    visited = call.value
    return events.Message(
        type="track",
        event=VIEWED,
        message_id=visited.visit_no,
        user_id=customer_no,
        properties={"campaign": str(visited.target_id), "entry_code": visited.code, "channel": "h5"},
        timestamp=call.at,
    )

"""Who came through which way in and what they looked at: events of a customer, for funnels and timelines (rule C4)."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.tx import Tx
from huoke.know import customers, events

VIEWED = "campaign.viewed"
BENEFIT_VIEWED = "benefit.viewed"
NO_SOURCE = UUID(int=0)
"""The bank's own pages are no event source with a key."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A known customer opened the page behind a code, or looked at one of its benefits (`benefit` is its code).

    `visit_no` makes a repeat the same visit; `code` is empty where the customer came from their own benefits.
    """

    visit_no: str
    code: str
    target_id: UUID
    seq: int
    benefit: str = ""


async def visit(tx: Tx, calls: Sequence[Call[Visit]]) -> list[events.Status]:
    """Take visits as events, attributed to their entry point; a visit known already is a duplicate."""
    rows = await customers.masked_rows(tx, sorted({call.value.seq for call in calls}))
    numbers = {int(row.seq): row.customer_no for row in rows}
    outcomes = await events.take(tx, NO_SOURCE, [_message(call, numbers[call.value.seq]) for call in calls])
    return [outcome.status for outcome in outcomes]


def _message(call: Call[Visit], customer_no: str) -> events.Message:
    visited = call.value
    properties = {"campaign": str(visited.target_id), "channel": "h5"}
    properties |= {"entry_code": visited.code} if visited.code else {}
    properties |= {"benefit": visited.benefit} if visited.benefit else {}
    return events.Message(
        type="track",
        event=BENEFIT_VIEWED if visited.benefit else VIEWED,
        message_id=visited.visit_no,
        user_id=customer_no,
        properties=properties,
        timestamp=call.at,
    )

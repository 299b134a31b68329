"""Routes of approvals."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import delete, get, post

from huoke.govern import approvals
from huoke.govern.approvals import ChangeRow, ChangeState, ChangeView, Verdict, View
from huoke.kernel.http import Page, Principal, decode_cursor, encode_cursor, page_limit
from huoke.kernel.tx import Tx

TAGS = ["approvals"]


class NewDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict on what was shown: `diff_hash` is the one the page was given."""

    verdict: Verdict
    diff_hash: str
    comment: str = ""


@get(
    "/v1/approvals",
    operation_id="list_approvals",
    tags=TAGS,
    summary="Changes, newest first; counts by state, mine and to_decide",
    opt={"permission": "approval.read"},
)
async def list_approvals(
    tx: Tx,
    principal: Principal,
    status: ChangeState | None = None,
    view: View = View.ALL,
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[ChangeRow]:
    size = page_limit(limit)
    before: Any = decode_cursor(cursor, tuple[datetime, UUID])
    rows = await approvals.find(tx, principal, state=status, q=q, view=view, before=before, limit=size + 1)
    last = rows[size - 1] if len(rows) > size else None
    return Page(
        items=rows[:size],
        next_cursor=encode_cursor(last.submitted_at, last.id) if last else None,
        counts=await approvals.count(tx, principal),
    )


@get(
    "/v1/approvals/{change_id:uuid}",
    operation_id="get_approval",
    tags=TAGS,
    summary="A change: diff, effects, checks, progress",
    opt={"permission": "approval.read"},
)
async def get_approval(tx: Tx, principal: Principal, change_id: UUID) -> ChangeView:
    return await approvals.get(tx, principal, change_id)


@post(
    "/v1/approvals/{change_id:uuid}/decisions",
    operation_id="decide_approval",
    tags=TAGS,
    summary="Approve, return or reject the current stage",
    opt={"permission": "approval.decide"},
)
async def decide_approval(tx: Tx, principal: Principal, change_id: UUID, data: NewDecision) -> ChangeView:
    await approvals.get(tx, principal, change_id)
    await approvals.decide(tx, change_id, data.verdict, data.comment, data.diff_hash)
    return await approvals.get(tx, principal, change_id)


@delete(
    "/v1/approvals/{change_id:uuid}",
    operation_id="withdraw_approval",
    tags=TAGS,
    summary="Take one's own open change back",
    opt={"permission": "any"},
)
async def withdraw_approval(tx: Tx, change_id: UUID) -> None:
    await approvals.withdraw(tx, change_id)


routes = [list_approvals, get_approval, decide_approval, withdraw_approval]

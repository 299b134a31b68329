"""Group buys over HTTP: what is bought together, its groups, their seats."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.kernel.http import Page, Principal, Result, by, decode_cursor, each_once, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.reward import group_buy
from huoke.reward.group_buy import (
    GroupBuyPage,
    GroupBuyRow,
    GroupRow,
    NewGroupBuy,
    PartyState,
    ProgrammeState,
    SeatRow,
)

TAGS = ["group_buy"]
READ = {"permission": "campaign.read"}
WRITE = {"permission": "campaign.write"}


class GroupBuyMove(msgspec.Struct, frozen=True, kw_only=True):
    """Why a group buy or one of its groups is stopped."""

    reason: str


@get(
    "/v1/group-buys",
    operation_id="list_group_buys",
    tags=TAGS,
    summary="Group buys with their figures, latest first",
    opt=READ,
)
async def list_group_buys(tx: Tx, principal: Principal, status: ProgrammeState | None = None) -> Page[GroupBuyRow]:
    every = await group_buy.rows(tx, principal)
    counts = Counter(one.state.value for one in every)
    found = [one for one in every if status in (None, one.state)]
    return Page(items=found, total=len(found), counts=dict(counts))


@post(
    "/v1/group-buys",
    operation_id="propose_group_buys",
    tags=TAGS,
    summary="Ask for group buys; another person decides",
    opt={"permission": "campaign.submit"},
)
async def propose_group_buys(tx: Tx, principal: Principal, data: list[NewGroupBuy]) -> list[Result]:
    return await each_once(tx, "group_buy.propose", data, by(principal, group_buy.propose))


@get(
    "/v1/group-buys/{group_buy_id:uuid}",
    operation_id="get_group_buy",
    tags=TAGS,
    summary="A group buy whole",
    opt=READ,
)
async def get_group_buy(tx: Tx, principal: Principal, group_buy_id: UUID) -> GroupBuyPage:
    return await group_buy.page(tx, principal, group_buy_id)


@post(
    "/v1/group-buys/{group_buy_id:uuid}/stop",
    operation_id="stop_group_buy",
    tags=TAGS,
    summary="Stop a group buy and its open groups; everything paid in those goes back",
    status_code=200,
    opt=WRITE,
)
async def stop_group_buy(tx: Tx, principal: Principal, group_buy_id: UUID, data: GroupBuyMove) -> GroupBuyPage:
    await group_buy.stop(tx, principal, group_buy_id, data.reason)
    return await group_buy.page(tx, principal, group_buy_id)


@get(
    "/v1/group-buy-groups",
    operation_id="list_group_buy_groups",
    tags=TAGS,
    summary="Groups of a group buy with their money, latest first",
    opt=READ,
)
async def list_groups(
    tx: Tx,
    principal: Principal,
    programme_id: UUID,
    status: PartyState | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[GroupRow]:
    """`q` is the beginning of a group's code."""
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await group_buy.groups(tx, principal, programme_id, state=status, q=q, before=before, limit=size + 1)
    counts = await group_buy.count_groups(tx, programme_id, q)
    last = found[size - 1] if len(found) > size else None
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(last.opened_at, last.id) if last else None,
        total=counts.get(status.value, 0) if status else sum(counts.values()),
        counts=counts,
    )


@get(
    "/v1/group-buy-groups/{party_id:uuid}/seats",
    operation_id="list_group_buy_seats",
    tags=TAGS,
    summary="Who sits or sat in a group, masked",
    opt=READ,
)
async def list_seats(tx: Tx, principal: Principal, party_id: UUID) -> Page[SeatRow]:
    return Page(items=await group_buy.seats(tx, principal, party_id))


@post(
    "/v1/group-buy-groups/{party_id:uuid}/stop",
    operation_id="stop_group_buy_group",
    tags=TAGS,
    summary="Stop one group; everything paid in it goes back",
    status_code=200,
    opt=WRITE,
)
async def stop_group(tx: Tx, principal: Principal, party_id: UUID, data: GroupBuyMove) -> Page[SeatRow]:
    await group_buy.stop_party(tx, principal, party_id, data.reason)
    return Page(items=await group_buy.seats(tx, principal, party_id))


routes = [
    list_group_buys,
    propose_group_buys,
    get_group_buy,
    stop_group_buy,
    list_groups,
    list_seats,
    stop_group,
]

"""Routes of pools, grants and the counter."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from huoke.govern.people import units
from huoke.govern.privacy import Revealed
from huoke.kernel.clock import CHINA
from huoke.kernel.http import (
    Batchers,
    Page,
    Principal,
    Result,
    decode_cursor,
    each_once,
    encode_cursor,
    page_limit,
    problem_of,
    request_id_of,
    results,
)
from huoke.kernel.refusals import Invalid, Refusal
from huoke.kernel.tx import Tx
from huoke.reward import grants, merchants
from huoke.reward.card_codes import CardCode
from huoke.reward.grants import (
    Choices,
    NewPool,
    OwnClaim,
    Redemption,
    State,
    views,
)
from huoke.reward.grants.views import (
    ClaimOrder,
    CodeEntry,
    CodeMeaning,
    GrantView,
    PoolOrder,
    PoolView,
    RedemptionOrder,
    RedemptionView,
    StockOrder,
    StockShift,
    UndoReason,
)

TAGS = ["grants"]
CLAIMS_MAX = 100


@get(
    "/v1/pools",
    operation_id="list_pools",
    tags=TAGS,
    summary="Pools of stock in scope, roots first",
    opt={"permission": "benefit.read"},
)
async def list_pools(tx: Tx, principal: Principal) -> Page[PoolView]:
    found = await grants.find_pools(tx, units=principal.units)
    return Page(items=[views.pool_view(pool, principal) for pool in found], total=len(found))


@post(
    "/v1/pools",
    operation_id="open_pools",
    tags=TAGS,
    summary="Open pools of stock",
    opt={"permission": "benefit.write"},
)
async def open_pools(tx: Tx, principal: Principal, data: list[PoolOrder]) -> list[Result]:
    async def write(tx: Tx, item: PoolOrder) -> UUID:
        principal.require_unit(item.unit_id)
        if item.parent_id is not None:
            await _in_scope(tx, principal, item.parent_id)
        new = NewPool(
            sku_id=item.sku_id,
            unit_id=item.unit_id,
            name=item.name,
            quantity=item.quantity,
            parent_id=item.parent_id,
        )
        return await grants.open_pool(tx, new)

    return await each_once(tx, "grants.open_pool", data, write)


@post(
    "/v1/pools/{pool_id:uuid}/stock",
    operation_id="add_stock",
    tags=TAGS,
    summary="Put units into a pool without a parent",
    opt={"permission": "benefit.write"},
)
async def add_stock(tx: Tx, principal: Principal, pool_id: UUID, data: list[StockOrder]) -> list[Result]:
    async def write(tx: Tx, item: StockOrder) -> UUID:
        await _in_scope(tx, principal, pool_id)
        await grants.add_stock(tx, pool_id, item.quantity)
        return pool_id

    return await each_once(tx, f"grants.add_stock:{pool_id}", data, write)


@post(
    "/v1/pools/{pool_id:uuid}/allocations",
    operation_id="allocate_stock",
    tags=TAGS,
    summary="Move available units from a pool to its children",
    opt={"permission": "benefit.write"},
)
async def allocate_stock(tx: Tx, principal: Principal, pool_id: UUID, data: list[StockShift]) -> list[Result]:
    async def write(tx: Tx, item: StockShift) -> UUID:
        await _in_scope(tx, principal, pool_id, item.child_id)
        await grants.allocate_stock(tx, pool_id, item.child_id, item.quantity)
        return item.child_id

    return await each_once(tx, f"grants.allocate_stock:{pool_id}", data, write)


@post(
    "/v1/pools/{pool_id:uuid}/give-backs",
    operation_id="give_back_stock",
    tags=TAGS,
    summary="Move available units from children back to their pool",
    opt={"permission": "benefit.write"},
)
async def give_back_stock(tx: Tx, principal: Principal, pool_id: UUID, data: list[StockShift]) -> list[Result]:
    async def write(tx: Tx, item: StockShift) -> UUID:
        await _in_scope(tx, principal, pool_id, item.child_id)
        await grants.give_back_stock(tx, item.child_id, pool_id, item.quantity)
        return item.child_id

    return await each_once(tx, f"grants.give_back_stock:{pool_id}", data, write)


@get(
    "/v1/grants",
    operation_id="list_grants",
    tags=TAGS,
    summary="Grants in scope, latest first",
    opt={"permission": "campaign.read"},
)
async def list_grants(
    tx: Tx,
    principal: Principal,
    status: State | None = None,
    offer_id: UUID | None = None,
    source_id: UUID | None = None,
    seq: int | None = None,
    unit_id: int | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[GrantView]:
    size = page_limit(limit)
    scope = principal.units
    if unit_id is not None:
        principal.require_unit(unit_id)
        scope = frozenset(await units.descendants(tx, [unit_id]))
    after = decode_cursor(cursor, tuple[UUID])
    found = await grants.find_grants(
        tx,
        offer_ids=None if offer_id is None else [offer_id],
        source_id=source_id,
        states=None if status is None else [status],
        units=scope,
        seq=seq,
        before=after[0] if after else None,
        limit=size + 1,
    )
    page = found[:size]
    people = await views.people_of(tx, [item.seq for item in page])
    return Page(
        items=[views.grant_view(item, people) for item in page],
        next_cursor=encode_cursor(page[-1].id) if len(found) > size else None,
    )


@post(
    "/v1/grants/claims",
    operation_id="claim_grants",
    tags=TAGS,
    summary="Claim benefits for the signed-in customer",
    opt={"customer": True},
)
async def claim_grants(principal: Principal, batchers: Batchers, data: list[ClaimOrder]) -> list[Result]:
    if len(data) > CLAIMS_MAX:
        raise Invalid(f"Claim at most {CLAIMS_MAX} benefits in one request.")
    assert principal.seq is not None
    seq = int(principal.seq)
    submitted = [
        batchers.submit(
            grants.claim_own,
            principal.tenant,
            principal.actor,
            OwnClaim(request_no=item.request_no, offer_id=item.offer_id, seq=seq, delivery=item.delivery),
        )
        for item in data
    ]
    outcomes = await asyncio.gather(*submitted, return_exceptions=True)
    ids = [outcome if isinstance(outcome, BaseException) else outcome.grant_id for outcome in outcomes]
    return results(ids, [item.request_no for item in data])


@get(
    "/v1/grants/choices",
    operation_id="list_choices",
    tags=TAGS,
    summary="What the signed-in customer can choose from in a campaign, with what is left",
    opt={"customer": True},
)
async def list_choices(tx: Tx, principal: Principal, source_id: UUID) -> Choices:
    assert principal.seq is not None
    return await grants.choices(tx, "campaign", source_id, int(principal.seq))


@post(
    "/v1/grants/{grant_id:uuid}/card-code",
    operation_id="see_card_code",
    tags=TAGS,
    summary="The supplier's code of the signed-in customer's benefit; it is used from now on",
    status_code=200,
    opt={"customer": True},
)
async def see_card_code(tx: Tx, principal: Principal, grant_id: UUID) -> CardCode:
    assert principal.seq is not None
    return await grants.see_code(tx, grant_id, int(principal.seq))


@post(
    "/v1/grants/{grant_id:uuid}/card-code-reveals",
    operation_id="reveal_card_code",
    tags=TAGS,
    summary="Show a customer's card code for a minute, with a reason",
    opt={"permission": "customer.reveal"},
)
async def reveal_card_code(tx: Tx, principal: Principal, grant_id: UUID, data: UndoReason) -> Revealed:
    return await grants.reveal_code(tx, principal, grant_id, data.reason)


@post(
    "/v1/redemption-lookups",
    operation_id="look_up_code",
    tags=TAGS,
    summary="What a redemption code stands for",
    status_code=200,
    opt={"permission": "redemption.redeem"},
)
async def look_up_code(
    request: Request[Any, Any, Any], tx: Tx, principal: Principal, data: CodeEntry
) -> Response[CodeMeaning]:
    """A wrong code answers as a problem without undoing the transaction: it is counted against the teller."""
    [item] = await grants.look_up(tx, [data.code], teller=principal.actor.id)
    if isinstance(item, Refusal):
        problem: Any = problem_of(item, request_id_of(request))
        return Response(problem, status_code=problem.status, media_type="application/problem+json")
    people = await views.people_of(tx, [item.seq])
    customer_no, name = people.get(item.seq, ("", None))
    live = item.expires_at is not None and item.expires_at > tx.now
    return Response(
        CodeMeaning(
            grant_id=item.id,
            customer_no=customer_no,
            customer_name=name,
            customer_unit_id=item.unit_id,
            title=item.title,
            face_value_fen=item.face_value_fen,
            state=item.state,
            expires_at=item.expires_at,
            redeemable=item.state is State.FULFILLED and live,
        )
    )


@post(
    "/v1/redemptions",
    operation_id="redeem_codes",
    tags=TAGS,
    summary="Redeem vouchers at the counter",
    opt={"permission": "redemption.redeem"},
)
async def redeem_codes(tx: Tx, principal: Principal, data: list[RedemptionOrder]) -> list[Result]:
    items = [Redemption(request_no=item.request_no, code=item.code) for item in data]
    place = await merchants.place_of(tx, principal.actor.id, int(principal.unit_id or 0))
    outcomes = await grants.redeem(tx, items, teller=principal.actor.id, unit_id=place.unit_id, place=place)
    ids = [outcome if isinstance(outcome, Refusal) else outcome.redemption_id for outcome in outcomes]
    return results(ids, [item.request_no for item in data])


@post(
    "/v1/redemptions/{redemption_id:uuid}/undo",
    operation_id="undo_redemption",
    tags=TAGS,
    summary="Take a redemption back within ten minutes",
    status_code=200,
    opt={"permission": "redemption.redeem"},
)
async def undo_redemption(tx: Tx, principal: Principal, redemption_id: UUID, data: UndoReason) -> Result:
    grant_id = await grants.undo_redeem(
        tx, redemption_id, teller=principal.actor.id, units=views.in_charge(principal), reason=data.reason
    )
    return Result(index=0, status="done", id=str(grant_id))


@get(
    "/v1/redemptions",
    operation_id="list_redemptions",
    tags=TAGS,
    summary="The day's redemptions: one's own, or of the units in scope",
    opt={"permission": "redemption.read"},
)
async def list_redemptions(
    tx: Tx, principal: Principal, day: date | None = None, mine: bool = False, limit: int | None = None
) -> Page[RedemptionView]:
    begin = datetime.combine(day or tx.now.astimezone(CHINA).date(), time(), CHINA)
    found = await grants.find_redemptions(
        tx,
        teller=principal.actor.id if mine else None,
        units=None if mine else principal.units,
        begin=begin,
        end=begin + timedelta(days=1),
        limit=page_limit(limit),
    )
    people = await views.people_of(tx, [item.seq for item in found])
    return Page(items=[views.redemption_view(item, people, principal, tx.now) for item in found], total=len(found))


async def _in_scope(tx: Tx, principal: Principal, *ids: UUID) -> None:
    for pool in await grants.get_pools(tx, ids):
        principal.require_unit(pool.unit_id)


routes = [
    list_pools,
    open_pools,
    add_stock,
    allocate_stock,
    give_back_stock,
    list_grants,
    claim_grants,
    list_choices,
    see_card_code,
    reveal_card_code,
    look_up_code,
    redeem_codes,
    undo_redemption,
    list_redemptions,
]

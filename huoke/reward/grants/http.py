"""Routes of pools and grants."""

import asyncio
from uuid import UUID

from litestar import get, post

from huoke.govern.people import units
from huoke.govern.privacy import Revealed
from huoke.kernel.http import (
    Batchers,
    Page,
    Principal,
    Result,
    decode_cursor,
    each_once,
    encode_cursor,
    page_limit,
    results,
)
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.reward import grants
from huoke.reward.card_codes import CardCode
from huoke.reward.grants import (
    Choices,
    NewPool,
    OwnClaim,
    State,
    views,
)
from huoke.reward.grants.views import (
    ClaimOrder,
    GrantView,
    PoolOrder,
    PoolView,
    RevealReason,
    StockOrder,
    StockShift,
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
async def reveal_card_code(tx: Tx, principal: Principal, grant_id: UUID, data: RevealReason) -> Revealed:
    return await grants.reveal_code(tx, principal, grant_id, data.reason)


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
]

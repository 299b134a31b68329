"""Routes of pools, grants and the counter."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

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
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import grants
from huoke.reward.grants import BenefitKind, GrantItem, Mode, NewPool, OwnClaim, Pool, Redemption, RedemptionItem, State

TAGS = ["grants"]
CLAIMS_MAX = 100


class PoolView(msgspec.Struct, frozen=True, kw_only=True):
    """A pool in units: available + reserved + used + allocated = total."""

    id: UUID
    parent_id: UUID | None
    sku_id: UUID
    unit_id: int
    name: str
    total: int
    available: int
    reserved: int
    used: int
    allocated: int
    opened_at: datetime
    can: list[str]


class PoolOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A pool to open; with a parent its units come out of the parent's available stock."""

    request_no: str
    sku_id: UUID
    unit_id: int
    name: str
    quantity: int
    parent_id: UUID | None = None


class StockOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Units to put into a pool without a parent."""

    request_no: str
    quantity: int


class StockShift(msgspec.Struct, frozen=True, kw_only=True):
    """Units to move between a pool and one of its children."""

    request_no: str
    child_id: UUID
    quantity: int


class GrantView(msgspec.Struct, frozen=True, kw_only=True):
    """A grant in a list; the customer masked (rule F2)."""

    id: UUID
    offer_id: UUID
    title: str
    kind: BenefitKind
    mode: Mode
    source_kind: str
    source_id: UUID
    seq: Seq
    customer_no: str
    customer_name: str | None
    unit_id: int
    state: State
    amount_fen: int
    granted_at: datetime
    claimed_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None


class CodeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A code as scanned or typed at the counter."""

    code: str


class CodeMeaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a code stands for: who (masked) and what."""

    grant_id: UUID
    customer_no: str
    customer_name: str | None
    customer_unit_id: int
    title: str
    face_value_fen: int
    state: State
    expires_at: datetime | None
    redeemable: bool


class RedemptionOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One voucher to redeem."""

    request_no: str
    code: str


class UndoReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a redemption is taken back."""

    reason: str


class RedemptionView(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption in the day's list."""

    id: UUID
    grant_id: UUID
    customer_no: str
    customer_name: str | None
    title: str
    face_value_fen: int
    teller: str
    unit_id: int
    at: datetime
    undo_until: datetime
    undone_at: datetime | None
    reason: str | None
    can: list[str]


class ClaimOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit to claim."""

    request_no: str
    offer_id: UUID


@get(
    "/v1/pools",
    operation_id="list_pools",
    tags=TAGS,
    summary="Pools of stock in scope, roots first",
    opt={"permission": "benefit.read"},
)
async def list_pools(tx: Tx, principal: Principal) -> Page[PoolView]:
    found = await grants.find_pools(tx, units=principal.units)
    return Page(items=[_pool_view(pool, principal) for pool in found], total=len(found))


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
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[GrantView]:
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[UUID])
    found = await grants.find_grants(
        tx,
        offer_ids=None if offer_id is None else [offer_id],
        source_id=source_id,
        states=None if status is None else [status],
        units=principal.units,
        seq=seq,
        before=after[0] if after else None,
        limit=size + 1,
    )
    page = found[:size]
    people = await _people(tx, [item.seq for item in page])
    return Page(
        items=[_grant_view(item, people) for item in page],
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
    assert principal.seq is not None
    seq = int(principal.seq)
    submitted = [
        batchers.submit(
            grants.claim_own,
            principal.tenant,
            principal.actor,
            OwnClaim(request_no=item.request_no, offer_id=item.offer_id, seq=seq),
        )
        for item in data[:CLAIMS_MAX]
    ]
    outcomes = await asyncio.gather(*submitted, return_exceptions=True)
    ids = [outcome if isinstance(outcome, BaseException) else outcome.grant_id for outcome in outcomes]
    return results(ids, [item.request_no for item in data[:CLAIMS_MAX]])


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
    people = await _people(tx, [item.seq])
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
    outcomes = await grants.redeem(tx, items, teller=principal.actor.id, unit_id=int(principal.unit_id or 0))
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
        tx, redemption_id, teller=principal.actor.id, units=_in_charge(principal), reason=data.reason
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
    people = await _people(tx, [item.seq for item in found])
    return Page(items=[_redemption_view(item, people, principal, tx.now) for item in found], total=len(found))


def _in_charge(principal: Principal) -> frozenset[int] | None:
    """Units whose tellers' redemptions this principal may undo: those in scope for an approver, else none."""
    if not principal.may("approval.decide"):
        return frozenset()
    return None if principal.units is None else frozenset(int(unit) for unit in principal.units)


async def _in_scope(tx: Tx, principal: Principal, *ids: UUID) -> None:
    for pool in await grants.get_pools(tx, ids):
        principal.require_unit(pool.unit_id)


async def _people(tx: Tx, seqs: list[int]) -> dict[int, tuple[str, str | None]]:
    """Customer number and masked name by seq."""
    rows = await customers.masked_rows(tx, sorted(set(seqs))) if seqs else []
    return {int(row.seq): (row.customer_no, row.name) for row in rows}


def _pool_view(pool: Pool, principal: Principal) -> PoolView:
    verbs = ["add_stock", "allocate"] if pool.parent_id is None else ["allocate", "give_back"]
    return PoolView(**msgspec.structs.asdict(pool), can=verbs if principal.may("benefit.write") else [])


def _grant_view(item: GrantItem, people: dict[int, tuple[str, str | None]]) -> GrantView:
    customer_no, name = people.get(item.seq, ("", None))
    return GrantView(
        id=item.id,
        offer_id=item.offer_id,
        title=item.title,
        kind=item.kind,
        mode=item.mode,
        source_kind=item.source_kind,
        source_id=item.source_id,
        seq=Seq(item.seq),
        customer_no=customer_no,
        customer_name=name,
        unit_id=item.unit_id,
        state=item.state,
        amount_fen=item.amount_fen,
        granted_at=item.granted_at,
        claimed_at=item.claimed_at,
        expires_at=item.expires_at,
        used_at=item.used_at,
    )


def _redemption_view(
    item: RedemptionItem, people: dict[int, tuple[str, str | None]], principal: Principal, now: datetime
) -> RedemptionView:
    customer_no, name = people.get(item.seq, ("", None))
    undo_until = item.at + timedelta(seconds=grants.UNDO_SECONDS)
    charge = _in_charge(principal)
    allowed = item.teller == principal.actor.id or charge is None or item.unit_id in charge
    return RedemptionView(
        id=item.id,
        grant_id=item.grant_id,
        customer_no=customer_no,
        customer_name=name,
        title=item.title,
        face_value_fen=item.face_value_fen,
        teller=item.teller,
        unit_id=item.unit_id,
        at=item.at,
        undo_until=undo_until,
        undone_at=item.undone_at,
        reason=item.reason,
        can=["undo"] if allowed and item.undone_at is None and now <= undo_until else [],
    )


routes = [
    list_pools,
    open_pools,
    add_stock,
    allocate_stock,
    give_back_stock,
    list_grants,
    claim_grants,
    look_up_code,
    redeem_codes,
    undo_redemption,
    list_redemptions,
]

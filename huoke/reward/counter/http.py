"""Routes of the counter."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from huoke.kernel.http import (
    Page,
    Principal,
    Result,
    decode_cursor,
    encode_cursor,
    page_limit,
    problem_of,
    request_id_of,
    results,
)
from huoke.kernel.http.problem import Problem
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import counter, grants
from huoke.reward.counter import Day, Standing, Totals
from huoke.reward.counter.day import Cursor, RedemptionView, desk_of, in_charge
from huoke.reward.counter.shown import shown_at
from huoke.reward.grants import BenefitKind, FoundCode, Redemption, State
from huoke.reward.merchants import Desk, Status

TAGS = ["counter"]
REDEEM = {"permission": "redemption.redeem"}
READ = {"permission": "redemption.read"}


class CounterStore(msgspec.Struct, frozen=True, kw_only=True):
    """A store the caller redeems in."""

    id: UUID
    name: str
    merchant_name: str
    street: str
    hours: str
    status: Status


class CounterView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the caller redeems, and for how long a redemption can be taken back."""

    unit_id: int
    is_clerk: bool
    stores: list[CounterStore]
    undo_seconds: int


class CodeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A code as scanned or typed; a clerk of several stores says in which."""

    code: str
    store_id: UUID | None = None


class CodeMeaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a code stands for: who (masked; a merchant's clerk sees no number and no unit) and what.

    `problem` is what redeeming here and now would be refused with; `on_hand` gifts lie on the outlet's shelf; the code
    itself is good until `code_until`.
    """

    grant_id: UUID
    customer_no: str
    customer_name: str | None
    customer_unit_id: int | None
    title: str
    title_en: str
    kind: BenefitKind
    face_value_fen: int
    state: State
    expires_at: datetime | None
    code_until: datetime
    on_hand: int | None
    redeemable: bool
    problem: Problem | None


class RedemptionOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One voucher to redeem; a clerk of several stores says in which."""

    request_no: str
    code: str
    store_id: UUID | None = None


class UndoReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a redemption is taken back."""

    reason: str


@get("/v1/counter", operation_id="get_counter", tags=TAGS, summary="Where the caller redeems", opt=REDEEM)
async def get_counter(tx: Tx, principal: Principal) -> CounterView:
    desk = await desk_of(tx, principal)
    stores = [
        CounterStore(**{name: getattr(store, name) for name in CounterStore.__struct_fields__}) for store in desk.stores
    ]
    return CounterView(unit_id=desk.unit_id, is_clerk=desk.is_clerk, stores=stores, undo_seconds=grants.UNDO_SECONDS)


@post(
    "/v1/redemption-lookups",
    operation_id="look_up_code",
    tags=TAGS,
    summary="What a redemption code stands for, and whether it can be redeemed here and now",
    status_code=200,
    opt=REDEEM,
)
async def look_up_code(
    request: Request[Any, Any, Any], tx: Tx, principal: Principal, data: CodeEntry
) -> Response[CodeMeaning]:
    """A wrong code answers as a problem without undoing the transaction: it is counted against the teller."""
    desk = await desk_of(tx, principal)
    place = desk.place(data.store_id)
    [item] = await grants.look_up(tx, [data.code], teller=principal.actor.id)
    if isinstance(item, Refusal):
        problem: Any = problem_of(item, request_id_of(request))
        return Response(problem, status_code=problem.status, media_type="application/problem+json")
    [foreseen] = await grants.foresee(tx, [item], place)
    return Response(await _meaning(tx, desk, item, foreseen))


async def _meaning(tx: Tx, desk: Desk, item: FoundCode, foreseen: grants.Foreseen) -> CodeMeaning:
    return CodeMeaning(
        **await shown_at(tx, desk, item),
        state=item.state,
        expires_at=item.expires_at,
        code_until=item.code_until,
        on_hand=foreseen.on_hand,
        redeemable=foreseen.refusal is None,
        problem=None if foreseen.refusal is None else problem_of(foreseen.refusal),
    )


@post("/v1/redemptions", operation_id="redeem_codes", tags=TAGS, summary="Redeem vouchers", opt=REDEEM)
async def redeem_codes(tx: Tx, principal: Principal, data: list[RedemptionOrder]) -> list[Result]:
    desk = await desk_of(tx, principal)
    answers: dict[int, Any] = {}
    for store_id in dict.fromkeys(order.store_id for order in data):
        chosen = [index for index, order in enumerate(data) if order.store_id == store_id]
        try:
            place = desk.place(store_id)
        except Refusal as refusal:
            answers |= dict.fromkeys(chosen, refusal)
            continue
        items = [Redemption(request_no=data[index].request_no, code=data[index].code) for index in chosen]
        outcomes = await grants.redeem(tx, items, teller=principal.actor.id, unit_id=place.unit_id, place=place)
        answers |= dict(zip(chosen, outcomes, strict=True))
    ids = [one if isinstance(one, Refusal) else one.redemption_id for _, one in sorted(answers.items())]
    return results(ids, [order.request_no for order in data])


@post(
    "/v1/redemptions/{redemption_id:uuid}/undo",
    operation_id="undo_redemption",
    tags=TAGS,
    summary="Take a redemption back within ten minutes",
    status_code=200,
    opt=REDEEM,
)
async def undo_redemption(tx: Tx, principal: Principal, redemption_id: UUID, data: UndoReason) -> Result:
    desk = await desk_of(tx, principal)
    grant_id = await grants.undo_redeem(
        tx,
        redemption_id,
        teller=principal.actor.id,
        units=in_charge(principal),
        reason=data.reason,
        stores=desk.store_ids,
    )
    return Result(index=0, status="done", id=str(grant_id))


@get(
    "/v1/redemptions",
    operation_id="list_redemptions",
    tags=TAGS,
    summary="A day's redemptions: a clerk's own stores', one's own, or of the units in scope",
    opt=READ,
)
async def list_redemptions(
    tx: Tx,
    principal: Principal,
    day: date | None = None,
    status: Standing | None = None,
    mine: bool = False,
    store_id: UUID | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[RedemptionView]:
    size = page_limit(limit)
    asked = Day(on=day, standing=status, mine=mine, store_id=store_id, q=q)
    found = await counter.read_day(tx, principal, asked, before=decode_cursor(cursor, Cursor), limit=size + 1)
    all_ = await counter.totals_of(tx, principal, msgspec.structs.replace(asked, standing=None))
    counts = {Standing.DONE.value: all_.redeemed, Standing.UNDONE.value: all_.undone}
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(found[size - 1].at, found[size - 1].id) if len(found) > size else None,
        total=sum(counts.values()) if status is None else counts[status.value],
        counts=counts,
    )


@get(
    "/v1/redemptions/totals",
    operation_id="get_redemption_totals",
    tags=TAGS,
    summary="The sums of a day's redemptions, by benefit",
    opt=READ,
)
async def get_redemption_totals(
    tx: Tx,
    principal: Principal,
    day: date | None = None,
    mine: bool = False,
    store_id: UUID | None = None,
    q: str = "",
) -> Totals:
    return await counter.totals_of(tx, principal, Day(on=day, mine=mine, store_id=store_id, q=q))


routes = [
    get_counter,
    look_up_code,
    redeem_codes,
    undo_redemption,
    list_redemptions,
    get_redemption_totals,
]

"""Temperature over HTTP: one customer, the bank as a whole, the scale with its preview, early warnings."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import Parameter

from huoke.govern.people import units
from huoke.govern.requests import ask_each
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import (
    Page,
    Result,
    decode_cursor,
    each,
    encode_cursor,
    page_limit,
    place_of,
    sorted_page,
)
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import day_of
from huoke.know.temperature import read, scale, warn
from huoke.know.temperature.model import USUAL, EarlyWarning, LifecycleName, Scale, Sign, StageName, WarningState
from huoke.know.temperature.movers import POINTS_MIN, Asked, Direction, Mover, Span, movers
from huoke.know.temperature.read import DayShape, Shape, Temperature
from huoke.know.temperature.scale import NewScale, ScalePreview, ScaleRequest
from huoke.know.temperature.warn import WarningStep

TAGS = ["temperature"]
OF_CUSTOMERS = {"permission": "customer.read"}
KNOW = {"permission": "tag.read"}
DECIDE = {"permission": "tag.write"}
WARNED = {"permission": "warning.read"}
ACT = {"permission": "warning.act"}
DAYS_MAX = 400


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's temperature; None before the first reading."""

    reading: Temperature | None


class Scales(msgspec.Struct, frozen=True, kw_only=True):
    """The scale that holds, the usual one, and those that were asked for; `can` change it."""

    in_force: Scale
    usual: Scale
    requests: list[ScaleRequest]
    can: list[str]


class WarningSum(msgspec.Struct, frozen=True, kw_only=True):
    """Open warnings and what is at risk of them, in fen."""

    open: int
    value_fen: int


@get(
    "/v1/customers/{seq:int}/temperature",
    operation_id="get_customer_temperature",
    opt=OF_CUSTOMERS,
    tags=TAGS,
    summary="How warm the relationship with a customer is, and why",
)
async def get_customer_temperature(tx: Tx, principal: Principal, clickhouse: ClickHouse, seq: int) -> Reading:
    """Components, drivers in words, need with its evidence, trend."""
    await customers.get(tx, Seq(seq), scope=principal.units)
    return Reading(reading=await read.of(tx, clickhouse, Seq(seq)))


@get("/v1/temperature", operation_id="get_temperature", opt=KNOW, tags=TAGS, summary="How warm the customers are")
async def get_temperature(tx: Tx, principal: Principal, clickhouse: ClickHouse) -> Shape:
    """Those of the caller's units: stages, lifecycles, histogram, and who moved within a week."""
    return await read.shape(tx, clickhouse, scope=principal.units)


@get(
    "/v1/temperature/days",
    operation_id="list_temperature_days",
    opt=KNOW,
    tags=TAGS,
    summary="How warm the customers were, day by day",
)
async def list_temperature_days(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, days: Annotated[int, Parameter(ge=1, le=DAYS_MAX)] = 90
) -> Page[DayShape]:
    """Those of the caller's units, for so many days; earliest first."""
    since = day_of(tx.now) - timedelta(days=days)
    return Page(items=await read.days(tx, clickhouse, since=since, scope=principal.units))


@get(
    "/v1/temperature/movers",
    operation_id="list_temperature_movers",
    opt=WARNED,
    tags=TAGS,
    summary="Who became colder or warmer most",
)
async def list_temperature_movers(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    direction: Direction = Direction.DOWN,
    span: Span = Span.WEEK,
    points_min: Annotated[int, Parameter(ge=1, le=100)] = POINTS_MIN,
    stage: StageName | None = None,
    lifecycle: LifecycleName | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Mover]:
    """Of the caller's units, most moved first, against 7 or 30 days ago."""
    size = page_limit(limit)
    asked = Asked(direction=direction, span=span, points_min=points_min, stage=stage, lifecycle=lifecycle)
    found = await movers(
        tx, clickhouse, asked, scope=principal.units, after=decode_cursor(cursor, tuple[float, int]), limit=size + 1
    )
    shown = found.movers[:size]
    more = len(found.movers) > size
    return Page(
        items=shown, next_cursor=encode_cursor(shown[-1].change, shown[-1].seq) if more else None, total=found.total
    )


@get("/v1/temperature/scale", operation_id="get_temperature_scale", opt=KNOW, tags=TAGS, summary="What counts")
async def get_temperature_scale(tx: Tx, principal: Principal) -> Scales:
    """Signals with weight and cap, how much each component counts, and earlier requests."""
    mine = principal.may("tag.write") and principal.covers(await units.head_office(tx))
    return Scales(
        in_force=await scale.in_force(tx),
        usual=USUAL,
        requests=await scale.requests(tx),
        can=["change"] if mine else [],
    )


@post(
    "/v1/temperature/previews",
    operation_id="preview_temperature_scale",
    opt=DECIDE,
    tags=TAGS,
    summary="Whom another scale would move",
    status_code=200,
)
async def preview_temperature_scale(tx: Tx, principal: Principal, clickhouse: ClickHouse, data: Scale) -> ScalePreview:
    """Customers by stage before and after, and who goes where; of the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await scale.preview(tx, clickhouse, data)


@post(
    "/v1/temperature/scales",
    operation_id="request_temperature_scale",
    opt=DECIDE,
    tags=TAGS,
    summary="Ask for another scale: another person decides",
)
async def request_temperature_scale(tx: Tx, principal: Principal, data: list[NewScale]) -> list[Result]:
    """One request at a time; for the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, scale.request_scale)


@get("/v1/early-warnings", operation_id="list_early_warnings", opt=WARNED, tags=TAGS, summary="Early warnings")
async def list_early_warnings(
    tx: Tx,
    principal: Principal,
    status: WarningState | None = None,
    sign: Sign | None = None,
    value_fen_min: Annotated[int, Parameter(ge=0, le=2**62)] = 0,
    sort: str = warn.LATEST,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[EarlyWarning]:
    """Of the caller's units; `sort` by day, customer, temperature, signs, value or state."""
    size, order = page_limit(limit), warn.order_of(sort)
    found = await warn.listed(
        tx, scope=principal.units, sign=sign, state=status, value_fen_min=value_fen_min, sort=sort,
        after=place_of(cursor, order), limit=size + 1,
    )  # fmt: skip
    return sorted_page(found, size, order, status=status)


@get(
    "/v1/early-warnings/sum",
    operation_id="get_early_warning_sum",
    opt=WARNED,
    tags=TAGS,
    summary="How many early warnings are open, and what is at risk",
)
async def get_early_warning_sum(tx: Tx, principal: Principal) -> WarningSum:
    """Of the caller's units."""
    counts, value_fen = await warn.counts(tx, scope=principal.units)
    return WarningSum(open=counts.get("new", 0) + counts.get("taken", 0), value_fen=value_fen)


@post(
    "/v1/early-warnings/steps",
    operation_id="move_early_warnings",
    opt=ACT,
    tags=TAGS,
    summary="Take early warnings, say they are done, or that they were none",
)
async def move_early_warnings(tx: Tx, principal: Principal, data: list[WarningStep]) -> list[Result]:
    """Each on its own."""

    async def step(inner: Tx, one: WarningStep) -> UUID:
        return await warn.move(inner, one, scope=principal.units)

    return await each(tx, data, step)


routes = [
    get_customer_temperature,
    get_temperature,
    get_temperature_scale,
    preview_temperature_scale,
    request_temperature_scale,
    list_early_warnings,
    get_early_warning_sum,
    move_early_warnings,
    list_temperature_days,
    list_temperature_movers,
]

"""Points over HTTP: types and earn rules with their requests, a customer's account, corrections, reports, closings."""

from datetime import date, timedelta

import msgspec
from litestar import get, post

from huoke.govern.people import units
from huoke.govern.requests import ask_each
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Result
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import Analytics
from huoke.reward.ledger import RollForward
from huoke.reward.points import adjust, close, kinds, past, read, rulebook
from huoke.reward.points.adjust import AdjustmentRequest, AskedAdjustment, AskedFreeze
from huoke.reward.points.earning import EarnRule, RuleStanding, check_rule
from huoke.reward.points.kinds import AskedType, TypeRequest
from huoke.reward.points.model import PointType
from huoke.reward.points.past import Simulated
from huoke.reward.points.read import PointsAccount, Report
from huoke.reward.points.rulebook import AskedRule, RuleRequest

TAGS = ["points"]
READ = {"permission": "points.read"}
WRITE = {"permission": "points.write"}
CLOSED_DAYS = 60


class Types(msgspec.Struct, frozen=True, kw_only=True):
    """The types of points a bank has, and those asked for; `can` change them."""

    items: list[PointType]
    requests: list[TypeRequest]
    can: list[str]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The earn rules of a bank, and those asked for; `can` change them."""

    items: list[RuleStanding]
    requests: list[RuleRequest]
    can: list[str]


class Adjustments(msgspec.Struct, frozen=True, kw_only=True):
    """Corrections that were asked for, latest first."""

    items: list[AdjustmentRequest]


class Closings(msgspec.Struct, frozen=True, kw_only=True):
    """Days that were closed, latest first; `today` as it stands now."""

    items: list[RollForward]
    today: list[RollForward]


@get("/v1/points/types", operation_id="list_point_types", opt=READ, tags=TAGS, summary="Types of points")
async def list_types(tx: Tx, principal: Principal) -> Types:
    """With what was asked for, latest first."""
    return Types(items=await kinds.types(tx), requests=await kinds.requests(tx), can=_can(principal))


@post(
    "/v1/points/types/requests",
    operation_id="request_point_types",
    opt=WRITE,
    tags=TAGS,
    summary="Ask for a type of points or a change of one: another person decides",
)
async def request_types(tx: Tx, principal: Principal, data: list[AskedType]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, kinds.request_type)


@get("/v1/points/rules", operation_id="list_earn_rules", opt=READ, tags=TAGS, summary="Earn rules")
async def list_rules(tx: Tx, principal: Principal) -> Rules:
    """With what was asked for, latest first."""
    return Rules(items=await rulebook.rules(tx), requests=await rulebook.requests(tx), can=_can(principal))


@post(
    "/v1/points/rules/requests",
    operation_id="request_earn_rules",
    opt=WRITE,
    tags=TAGS,
    summary="Ask for an earn rule, its change or its end: another person decides",
)
async def request_rules(tx: Tx, principal: Principal, data: list[AskedRule]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, rulebook.request_rule)


@post(
    "/v1/points/rules/simulations",
    operation_id="simulate_earn_rule",
    opt=READ,
    tags=TAGS,
    status_code=200,
    summary="What a rule would have given for the events of the last 30 days",
)
async def simulate_rule(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: EarnRule
) -> Simulated:
    """Refused as asking for the rule would be."""
    principal.require_unit(await units.head_office(tx))
    check_rule(data)
    await rulebook.require_compiled(tx, data)
    return await past.simulate(tx, Analytics(clickhouse, sets), data)


@get(
    "/v1/customers/{seq:int}/points/account",
    operation_id="get_points_account",
    opt={"permission": "customer.read"},
    tags=TAGS,
    summary="A customer's points: lots, what waits, what is owed, how they moved",
)
async def get_account(tx: Tx, principal: Principal, seq: int) -> PointsAccount:
    """What came under joined numbers counts too."""
    _, unit_id, *_ = await customers.state(tx, Seq(seq))
    if not principal.covers(unit_id):
        raise customers.CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    return await read.account_of(tx, await customers.numbers_of(tx, Seq(seq)))


@get("/v1/points/adjustments", operation_id="list_points_adjustments", opt=READ, tags=TAGS, summary="Corrections")
async def list_adjustments(tx: Tx) -> Adjustments:
    """Latest first."""
    return Adjustments(items=list(await adjust.adjustments(tx)))


@post(
    "/v1/points/adjustments",
    operation_id="request_points_adjustments",
    opt=WRITE,
    tags=TAGS,
    summary="Ask for corrections by hand: another person decides",
)
async def request_adjustments(tx: Tx, principal: Principal, data: list[AskedAdjustment]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, adjust.request_adjustment)


@post(
    "/v1/points/freezes",
    operation_id="request_points_freezes",
    opt=WRITE,
    tags=TAGS,
    summary="Ask to freeze a customer's points, or to free them: another person decides",
)
async def request_freezes(tx: Tx, principal: Principal, data: list[AskedFreeze]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, adjust.request_freeze)


@get("/v1/points/report", operation_id="get_points_report", opt=READ, tags=TAGS, summary="Liability, breakage, expiry")
async def get_report(tx: Tx, principal: Principal) -> Report:
    """For the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await read.report(tx)


@get("/v1/points/closings", operation_id="list_points_closings", opt=READ, tags=TAGS, summary="Days that were closed")
async def list_closings(tx: Tx, principal: Principal, until: date | None = None) -> Closings:
    """Sixty days up to `until`, today where not given."""
    principal.require_unit(await units.head_office(tx))
    today = close.bank_day(tx)
    last = until or today
    codes = {one.code for one in await kinds.types(tx)}
    closed = await close.closings(tx, last - timedelta(days=CLOSED_DAYS), last)
    return Closings(
        items=[one for one in closed if one.currency in codes],
        today=[one for one in await close.roll(tx, today) if one.currency in codes],
    )


def _can(principal: Principal) -> list[str]:
    return ["write"] if principal.may("points.write") and principal.units is None else []


routes = [
    list_types,
    request_types,
    list_rules,
    request_rules,
    simulate_rule,
    get_account,
    list_adjustments,
    request_adjustments,
    request_freezes,
    get_report,
    list_closings,
]

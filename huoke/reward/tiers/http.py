"""Tiers over HTTP: the scheme with its what-if, how customers spread over tiers, one customer's growth."""

from datetime import datetime

import msgspec
from litestar import get, post

from huoke.govern.people import units
from huoke.govern.requests import ask_each
from huoke.kernel.http import Result
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.tiers import read, schemes
from huoke.reward.tiers.model import Scheme
from huoke.reward.tiers.read import Gain, MonthGrowth, Move, Spread, Standing
from huoke.reward.tiers.schemes import NewScheme, SchemeRequest
from huoke.reward.tiers.whatif import WhatIf

TAGS = ["tiers"]
OF_CUSTOMERS = {"permission": "customer.read"}
KNOW = {"permission": "tier.read"}
DECIDE = {"permission": "tier.write"}


class Schemes(msgspec.Struct, frozen=True, kw_only=True):
    """The scheme that holds, None before the first; those that were asked for; `can` change it."""

    in_force: Scheme | None
    requests: list[SchemeRequest]
    can: list[str]


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """How one customer stands and came there; `standing` is None while the bank has no tiers."""

    standing: Standing | None
    months: list[MonthGrowth]
    moves: list[Move]
    gains: list[Gain]


@get("/v1/tiers/scheme", operation_id="get_tier_scheme", opt=KNOW, tags=TAGS, summary="The tiers of the bank")
async def get_tier_scheme(tx: Tx, principal: Principal) -> Schemes:
    """Levels with thresholds and benefits, period, protection; and earlier requests."""
    mine = principal.may("tier.write") and principal.covers(await units.head_office(tx))
    return Schemes(in_force=await read.scheme(tx), requests=await schemes.requests(tx), can=["change"] if mine else [])


@get("/v1/tiers", operation_id="get_tiers", opt=KNOW, tags=TAGS, summary="How customers spread over the tiers")
async def get_tiers(tx: Tx, principal: Principal) -> Spread:
    """Of the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await read.spread(tx)


@post(
    "/v1/tiers/previews",
    operation_id="preview_tier_scheme",
    opt=DECIDE,
    tags=TAGS,
    summary="What another scheme would do to the whole base",
    status_code=200,
)
async def preview_tier_scheme(tx: Tx, principal: Principal, data: Scheme) -> WhatIf:
    """Who would move where, and what benefits would cost; `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await schemes.preview(tx, data)


@post(
    "/v1/tiers/schemes",
    operation_id="request_tier_scheme",
    opt=DECIDE,
    tags=TAGS,
    summary="Ask for another scheme: another person decides",
)
async def request_tier_scheme(tx: Tx, principal: Principal, data: list[NewScheme]) -> list[Result]:
    """One request at a time; for the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, schemes.request_scheme)


@get(
    "/v1/customers/{seq:int}/growth",
    operation_id="get_customer_growth",
    opt=OF_CUSTOMERS,
    tags=TAGS,
    summary="A customer's tier, and the growth that led there",
)
async def get_customer_growth(tx: Tx, principal: Principal, seq: int, before: datetime | None = None) -> Growth:
    """Tier, growth by month, how it changed, and what was earned before an instant, latest first."""
    await customers.get(tx, Seq(seq), scope=principal.units)
    return Growth(
        standing=await read.standing(tx, Seq(seq)),
        months=await read.months(tx, Seq(seq)),
        moves=await read.moves(tx, Seq(seq)),
        gains=await read.gains(tx, Seq(seq), before=before),
    )


routes = [get_tier_scheme, get_tiers, preview_tier_scheme, request_tier_scheme, get_customer_growth]

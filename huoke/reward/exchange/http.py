"""Exchange over HTTP: rate cards, what is set aside, exchanges."""

from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.people import units
from huoke.kernel.http import Result, each
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.exchange import cards, read
from huoke.reward.exchange.cards import AskedCard, AskedFunding, CardRequest, FundingRequest
from huoke.reward.exchange.model import Trade
from huoke.reward.exchange.read import CardStanding, Names

TAGS = ["exchange"]
READ = {"permission": "points.read"}
WRITE = {"permission": "points.write"}
SHOWN = 100


class Cards(msgspec.Struct, frozen=True, kw_only=True):
    """The rate cards of a bank, those asked for, what was set aside for them; `can` change them."""

    items: list[CardStanding]
    requests: list[CardRequest]
    fundings: list[FundingRequest]
    names: dict[str, Names]
    can: list[str]


class Trades(msgspec.Struct, frozen=True, kw_only=True):
    """Exchanges, latest first; `next` is where the following ones begin."""

    items: list[Trade]
    names: dict[str, Names]
    next: UUID | None


@get("/v1/exchange/cards", operation_id="list_exchange_cards", opt=READ, tags=TAGS, summary="Rate cards of exchange")
async def list_cards(tx: Tx, principal: Principal) -> Cards:
    """For the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return Cards(
        items=await read.standings(tx),
        requests=await cards.requests(tx),
        fundings=await cards.fundings(tx),
        names=await read.names(tx),
        can=["write"] if principal.may("points.write") else [],
    )


@post(
    "/v1/exchange/cards/requests",
    operation_id="request_exchange_cards",
    opt=WRITE,
    tags=TAGS,
    summary="Ask for a rate card, its change or its end: another person decides",
)
async def request_cards(tx: Tx, principal: Principal, data: list[AskedCard]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await each(tx, data, cards.request_card)


@post(
    "/v1/exchange/fundings",
    operation_id="request_exchange_fundings",
    opt=WRITE,
    tags=TAGS,
    summary="Ask to set points aside for exchanges, or to take some out: another person decides",
)
async def request_fundings(tx: Tx, principal: Principal, data: list[AskedFunding]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await each(tx, data, cards.request_funding)


@get("/v1/exchange/trades", operation_id="list_exchange_trades", opt=READ, tags=TAGS, summary="Exchanges")
async def list_trades(
    tx: Tx, principal: Principal, state: list[str] | None = None, after: UUID | None = None
) -> Trades:
    """Latest first, a hundred at a time."""
    principal.require_unit(await units.head_office(tx))
    found = await read.trades(tx, states=state, before=after, limit=SHOWN)
    return Trades(items=found, names=await read.names(tx), next=found[-1].id if len(found) == SHOWN else None)


routes = [list_cards, request_cards, request_fundings, list_trades]

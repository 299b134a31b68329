"""Exchange over HTTP: rate cards, what is set aside, exchanges."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from huoke.govern.people import units
from huoke.govern.requests import ask_each
from huoke.kernel.http import Result
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.reward.exchange import admit, cards, connect, read, release
from huoke.reward.exchange.admit import AskedPartner, PartnerRequest
from huoke.reward.exchange.cards import AskedCard, AskedFunding, CardRequest, FundingRequest
from huoke.reward.exchange.connect import Partner
from huoke.reward.exchange.incoming import PartnerCall, answer_partner
from huoke.reward.exchange.model import Trade
from huoke.reward.exchange.read import CardStanding, Difference, Names, Settlement
from huoke.reward.exchange.release import AskedRelease, ReleaseRequest

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
    """Exchanges, latest first; `next` is where the following ones begin. `releases` were asked for."""

    items: list[Trade]
    releases: list[ReleaseRequest]
    names: dict[str, Names]
    next: UUID | None


class Partners(msgspec.Struct, frozen=True, kw_only=True):
    """Partners of a bank, and connections asked for; `can` ask for them."""

    items: list[Partner]
    requests: list[PartnerRequest]
    can: list[str]


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """What partners' books say otherwise, open ones first; `can` settle them."""

    items: list[Difference]
    can: list[str]


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
    return await ask_each(tx, principal, data, cards.request_card)


@post(
    "/v1/exchange/fundings",
    operation_id="request_exchange_fundings",
    opt=WRITE,
    tags=TAGS,
    summary="Ask to set points aside for exchanges, or to take some out: another person decides",
)
async def request_fundings(tx: Tx, principal: Principal, data: list[AskedFunding]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, cards.request_funding)


@get("/v1/exchange/trades", operation_id="list_exchange_trades", opt=READ, tags=TAGS, summary="Exchanges")
async def list_trades(
    tx: Tx, principal: Principal, states: list[str] | None = None, after: UUID | None = None
) -> Trades:
    """Latest first, a hundred at a time."""
    principal.require_unit(await units.head_office(tx))
    found = await read.trades(tx, states=states, before=after, limit=SHOWN)
    return Trades(
        items=found,
        releases=await release.releases(tx),
        names=await read.names(tx),
        next=found[-1].id if len(found) == SHOWN else None,
    )


@post(
    "/v1/exchange/releases",
    operation_id="request_exchange_releases",
    opt=WRITE,
    tags=TAGS,
    summary="Ask to let go of exchanges whose partner never answered: another person decides",
)
async def request_releases(tx: Tx, principal: Principal, data: list[AskedRelease]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, release.request_release)


@get(
    "/v1/exchange/partners", operation_id="list_exchange_partners", opt=READ, tags=TAGS, summary="Partners of exchange"
)
async def list_partners(tx: Tx, principal: Principal) -> Partners:
    """For the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return Partners(
        items=await connect.partners(tx),
        requests=await admit.partner_requests(tx),
        can=["write"] if principal.may("points.write") else [],
    )


@post(
    "/v1/exchange/partners/requests",
    operation_id="request_exchange_partners",
    opt=WRITE,
    tags=TAGS,
    summary="Ask for partners to be connected, or reached otherwise: another person decides",
)
async def request_partners(tx: Tx, principal: Principal, data: list[AskedPartner]) -> list[Result]:
    """For the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, admit.request_partner)


@get(
    "/v1/exchange/differences",
    operation_id="list_exchange_differences",
    opt=READ,
    tags=TAGS,
    summary="What partners' books say otherwise than ours",
)
async def list_differences(tx: Tx, principal: Principal) -> Differences:
    """Open ones first."""
    principal.require_unit(await units.head_office(tx))
    return Differences(items=await read.differences(tx), can=["write"] if principal.may("points.write") else [])


@post(
    "/v1/exchange/differences/settlements",
    operation_id="settle_exchange_differences",
    opt=WRITE,
    tags=TAGS,
    summary="Say how differences with partners were settled",
)
async def settle_differences(tx: Tx, principal: Principal, data: list[Settlement]) -> list[Result]:
    """`DifferenceUnknown` also for one that is settled."""
    return await ask_each(tx, principal, data, read.settle)


async def _answered(
    request: Request[Any, Any, Any], database: Database, bank_code: str, partner: str, number: str | None, verb: str
) -> Response[bytes]:
    query = f"?{request.url.query}" if request.url.query else ""
    call = PartnerCall(
        method=request.method, target=f"{request.url.path}{query}", headers=request.headers, body=await request.body()
    )
    said = await answer_partner(database, bank_code, partner, call, number, verb)
    return Response(said.body, status_code=said.status, headers=said.headers, media_type="application/json")


SIGNED: dict[str, Any] = {"public": True, "csrf": "form"}
BODY_BYTES_MAX = 16_384


@post(
    "/v1/partner-exchanges/{bank_code:str}/{partner:str}",
    operation_id="give_partner_exchange",
    opt=SIGNED,
    tags=TAGS,
    summary="A partner asks for points for its member; signed as docs/exchange.md says",
    status_code=200,
    request_max_body_size=BODY_BYTES_MAX,
)
async def give_exchange(
    request: Request[Any, Any, Any], database: Database, bank_code: str, partner: str
) -> Response[bytes]:
    """The answer is signed too."""
    return await _answered(request, database, bank_code, partner, None, "exchange")


@get(
    "/v1/partner-exchanges/{bank_code:str}/{partner:str}/{number:str}",
    operation_id="query_partner_exchange",
    opt=SIGNED,
    tags=TAGS,
    summary="A partner asks how its exchange stands",
)
async def query_exchange(
    request: Request[Any, Any, Any], database: Database, bank_code: str, partner: str, number: str
) -> Response[bytes]:
    """404, signed, for a number nobody asked under."""
    return await _answered(request, database, bank_code, partner, number, "query")


@post(
    "/v1/partner-exchanges/{bank_code:str}/{partner:str}/{number:str}/reversal",
    operation_id="reverse_partner_exchange",
    opt=SIGNED,
    tags=TAGS,
    summary="A partner takes its exchange back, while nothing of it is spent",
    status_code=200,
    request_max_body_size=BODY_BYTES_MAX,
)
async def reverse_exchange(
    request: Request[Any, Any, Any], database: Database, bank_code: str, partner: str, number: str
) -> Response[bytes]:
    """Success with reason `spent` where it stays."""
    return await _answered(request, database, bank_code, partner, number, "reverse")


@post(
    "/v1/exchange-callbacks/{bank_code:str}/{partner:str}",
    operation_id="take_exchange_callback",
    opt=SIGNED,
    tags=TAGS,
    summary="A partner tells how one of our exchanges stands",
    status_code=200,
    request_max_body_size=BODY_BYTES_MAX,
)
async def take_callback(
    request: Request[Any, Any, Any], database: Database, bank_code: str, partner: str
) -> Response[bytes]:
    """Late and repeated words are harmless."""
    return await _answered(request, database, bank_code, partner, None, "tell")


routes = [
    list_cards,
    request_cards,
    request_fundings,
    list_trades,
    list_partners,
    request_partners,
    request_releases,
    list_differences,
    settle_differences,
    give_exchange,
    query_exchange,
    reverse_exchange,
    take_callback,
]

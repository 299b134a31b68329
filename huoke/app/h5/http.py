"""Routes of the phone pages: /h5/{bank}/…, readable and usable without a script."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5 import (
    apart,
    benefits,
    booking,
    campaign,
    consents,
    delivery,
    exchange,
    gifts,
    group_buys,
    invite,
    invite_code,
    lobby,
    mall,
    noted,
    pictures,
    plays,
    points,
    preview,
    profile,
    signing_in,
    tier,
)
from huoke.app.h5.delivery import ClaimForm
from huoke.app.h5.onward import onward
from huoke.app.h5.refused import page_error
from huoke.app.h5.regions import own_city
from huoke.app.h5.visit import Card, Visit, WrongBank, customer_cookie, provide_visit
from huoke.govern import identity, tenants
from huoke.kernel.http import Batchers, Principal, check_csrf
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import NotFound, Refusal
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Database, Tx
from huoke.know import customers, entry_points
from huoke.reward import catalogue, grants, group_buy, ledger, referral
from huoke.reward.catalogue import Sku
from huoke.reward.grants import BenefitKind, GrantItem, Handover, OfferItem, OwnClaim, State
from huoke.settle import fulfilment

PUBLIC: dict[str, Any] = {"public": True}
"""Every page decides for itself what to say to a visitor, so that a signed-out one reads a page and not a problem."""
WALLET = "benefits"
"""The entry point of a ticket that leads to the customer's own benefits."""
PLAY = "play-"
"""What the entry point of a ticket that leads to a play begins with; its code follows."""


@get("/enter", operation_id="enter_phone", opt=PUBLIC, include_in_schema=False)
async def enter(
    request: Request[Any, Any, Any], visit: Visit, database: Database, settings: Settings, ticket: str = ""
) -> Redirect:
    """Exchange a one-time ticket for a cookie, and go on to a clean address."""
    session = await identity.exchange_ticket(database, ticket)
    if session.tenant != visit.bank.id:
        await identity.end_customer_session(database, session.token)
        raise WrongBank("This link belongs to another bank.")
    target = await _page_of(database, visit, session.entry_point)
    if target.split("/")[0] in apart.ROOMS and (onward := await _to_own_domain(request, visit, database, session)):
        return onward
    cookie = customer_cookie(settings, session, database.clock.now())
    return Redirect(f"{visit.home}/{target}", status_code=303, cookies=[cookie, *visit.cookies], headers=_NO_STORE)


@get("/e/{code:str}", operation_id="follow_entry_point", opt=PUBLIC, include_in_schema=False)
async def follow(request: Request[Any, Any, Any], database: Database, code: str) -> Redirect:
    """A short link or QR code: it names its bank, and leads to that bank's page."""
    tenant, point = await entry_points.resolve_anywhere(database, code)
    async with database.begin_shared() as tx:
        bank = await tenants.get(tx, tenant)
    async with database.begin(tenant) as tx:
        origin = await apart.other_origin(tx, request)
    return Redirect(f"{origin}/h5/{bank.code}/{_ROOMS[point.target_kind]}/{code}", headers=_NO_STORE)


@get("/c/{code:str}", operation_id="show_campaign_page", opt=PUBLIC, include_in_schema=False)
async def landing(visit: Visit, database: Database, batchers: Batchers, code: str) -> Response[bytes]:
    """A campaign's page, in one of eight states; that a known customer came through this code is an event."""
    async with _begin(database, visit) as tx:
        shown = await campaign.load(tx, code, visit.customer)
        page = visit.page("landing.html", **campaign.page_of(shown, visit, code, tx.now))
    if visit.customer is not None:
        await _seen(batchers, visit.customer, shown.campaign_id, code=code)
    return page


@post("/c/{code:str}/claim", operation_id="claim_from_page", opt=PUBLIC, include_in_schema=False, status_code=303)
async def claim(visit: Visit, database: Database, batchers: Batchers, code: str, data: "Form") -> Redirect:
    """Claim the campaign's benefit; whatever came of it, the campaign's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with _begin(database, visit) as tx:
        offer = (await campaign.load(tx, code, customer)).offer
    try:
        await _claim(batchers, customer, offer, offer.id, data)
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
    return Redirect(f"{visit.home}/c/{code}", status_code=303, headers=_NO_STORE)


@get("/c/{code:str}/choose/{offer_id:uuid}", operation_id="show_choice", opt=PUBLIC, include_in_schema=False)
async def show_choice(
    visit: Visit, database: Database, batchers: Batchers, code: str, offer_id: UUID
) -> Response[bytes]:
    """One benefit of a bundle, before it is chosen."""
    customer = visit.require_customer()
    async with _begin(database, visit) as tx:
        shown = await campaign.load(tx, code, customer)
        page = visit.page("choose.html", **campaign.option_of(shown, visit, code, offer_id, tx.now))
    if sku := campaign.option(shown, offer_id).sku:
        await _seen(batchers, customer, shown.campaign_id, code=code, benefit=sku.code)
    return page


@post(
    "/c/{code:str}/choose/{offer_id:uuid}",
    operation_id="choose_from_bundle",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def choose(
    visit: Visit, database: Database, batchers: Batchers, code: str, offer_id: UUID, data: "Form"
) -> Redirect:
    """Choose one benefit of a bundle; where it was refused, its own page says why."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with _begin(database, visit) as tx:
        wanted = campaign.option(await campaign.load(tx, code, customer), offer_id)
    if wanted.withheld:
        return Redirect(f"{visit.home}/c/{code}/choose/{offer_id}", status_code=303, headers=_NO_STORE)
    try:
        await _claim(batchers, customer, wanted.offer, offer_id, data)
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
        return Redirect(f"{visit.home}/c/{code}/choose/{offer_id}", status_code=303, headers=_NO_STORE)
    return Redirect(f"{visit.home}/c/{code}", status_code=303, headers=_NO_STORE)


@get("/c/{code:str}/rules", operation_id="show_campaign_rules", opt=PUBLIC, include_in_schema=False)
async def rules(visit: Visit, database: Database, code: str) -> Response[bytes]:
    """The rules in full (rule L3, L4)."""
    async with _begin(database, visit) as tx:
        shown = await campaign.load(tx, code, visit.customer)
    return visit.page("rules.html", **campaign.rules_of(shown, visit, code))


@get("/benefits", operation_id="show_own_benefits", opt=PUBLIC, include_in_schema=False)
async def own_benefits(visit: Visit, database: Database) -> Response[bytes]:
    """Everything the customer has: available, used, expired; points."""
    seq = _seq(visit.require_customer())
    async with _begin(database, visit) as tx:
        items = await grants.wallet(tx, seq)
        skus = await catalogue.skus(tx, {item.sku_id for item in items})
        currency = next((item.points_type for item in items if item.kind is BenefitKind.POINTS), "POINTS")
        numbers = await customers.numbers_of(tx, Seq(seq))
        points = sum([await ledger.balance(tx, ledger.points_account(one, currency)) for one in numbers])
        lots = [lot for one in numbers for lot in await ledger.find_lots(tx, one, currency)]
        now = tx.now
        links = await onward(tx, visit)
    return visit.page(
        "benefits.html",
        links=links,
        tabs=benefits.tabs(items, skus, visit.words, visit.home, now),
        points=points,
        points_next=benefits.next_expiry(lots, visit.words),
        saved=format_yuan(benefits.saved_fen(items, now)),
        now=now,
    )


@get("/benefits/{grant_id:uuid}", operation_id="show_own_benefit", opt=PUBLIC, include_in_schema=False)
async def own_benefit(visit: Visit, database: Database, batchers: Batchers, grant_id: UUID) -> Response[bytes]:
    """One benefit: its live redemption code, or what became of it; that its customer looked at it is an event."""
    customer = visit.require_customer()
    async with _begin(database, visit) as tx:
        item = await grants.get_own(tx, grant_id, _seq(customer))
        sku = (await catalogue.skus(tx, [item.sku_id])).get(item.sku_id)
        page = await _benefit_page(tx, visit, item, sku)
    if sku is not None:
        await _seen(batchers, customer, item.source_id, benefit=sku.code)
    return page


@post(
    "/benefits/{grant_id:uuid}/claim",
    operation_id="claim_own_benefit",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def claim_own_benefit(
    visit: Visit, database: Database, batchers: Batchers, grant_id: UUID, data: "Form"
) -> Redirect:
    """Claim what was granted to the customer."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with _begin(database, visit) as tx:
        item = await grants.get_own(tx, grant_id, _seq(customer))
    await _claim(batchers, customer, item, item.offer_id, data)
    return Redirect(f"{visit.home}/benefits/{grant_id}", status_code=303, headers=_NO_STORE)


@post(
    "/benefits/{grant_id:uuid}/code",
    operation_id="renew_code",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=200,
)
async def renew_code(
    request: Request[Any, Any, Any], visit: Visit, database: Database, grant_id: UUID
) -> Response[dict[str, Any]]:
    """The next code of a benefit, for the page that shows one."""
    customer = visit.require_customer()
    check_csrf(customer, request.headers.get("X-CSRF-Token", ""))
    async with _begin(database, visit) as tx:
        made = delivery.code_of(await grants.redemption_code(tx, grant_id, _seq(customer)), tx.now)
    made["svg"] = made.pop("qr")
    return Response(made, headers=_NO_STORE)


@get("/benefits/{grant_id:uuid}/state", operation_id="get_own_benefit_state", opt=PUBLIC, include_in_schema=False)
async def own_benefit_state(visit: Visit, database: Database, grant_id: UUID) -> Response[dict[str, str]]:
    """Whether a benefit was redeemed meanwhile."""
    seq = _seq(visit.require_customer())
    async with _begin(database, visit) as tx:
        item = await grants.get_own(tx, grant_id, seq)
    return Response({"state": item.state.value}, headers=_NO_STORE)


@get("/{rest:path}", operation_id="show_no_phone_page", opt=PUBLIC, include_in_schema=False)
async def nowhere(visit: Visit, rest: str) -> Response[bytes]:
    """An address that is none, said as a page of the bank."""
    raise NotFound(f"There is no page {rest[:80]} of {visit.bank.code}.")


Form = Annotated[ClaimForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
_NO_STORE = {"Cache-Control": "no-store"}


_ROOMS = {campaign.KIND: "c", referral.TARGET: "r", group_buy.TARGET: group_buys.ROOM}
"""Where the pages behind a code are, by what the code leads to."""


async def _page_of(database: Database, visit: Visit, entry_point: str) -> str:
    """The page a ticket leads to: own benefits, invitations, help, a play (`play-<code>`), or its code's."""
    if entry_point in (WALLET, invite.HOME, invite.HELP, group_buys.HOME):
        return entry_point
    if entry_point.startswith(lobby.TICKET):
        return f"lobby/{entry_point.removeprefix(lobby.TICKET)}"
    if entry_point.startswith(PLAY):
        return f"p/{entry_point.removeprefix(PLAY)}"
    try:
        async with database.begin(visit.bank.id) as tx:
            point = await entry_points.resolve(tx, entry_point)
    except entry_points.EntryPointUnknown:
        return f"c/{entry_point}"
    return f"{_ROOMS[point.target_kind]}/{entry_point}"


async def _to_own_domain(
    request: Request[Any, Any, Any], visit: Visit, database: Database, session: identity.CustomerSession
) -> Redirect | None:
    """On to the domain of campaign pages with a fresh ticket, for a cookie is good on one domain only."""
    async with database.begin(visit.bank.id) as tx:
        origin = await apart.other_origin(tx, request)
        if not origin:
            return None
        [row] = await customers.masked_rows(tx, [session.seq])
        new = identity.NewTicket(customer_no=row.customer_no, entry_point=session.entry_point)
        fresh = await identity.issue_ticket(tx, new)
    await identity.end_customer_session(database, session.token)
    return Redirect(f"{origin}{visit.home}/enter?ticket={fresh.ticket}", status_code=303, headers=_NO_STORE)


def _begin(database: Database, visit: Visit) -> Any:
    """A transaction of the page's bank, as the customer where there is one."""
    return database.begin(visit.bank.id, visit.customer.actor) if visit.customer else database.begin(visit.bank.id)


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


async def _benefit_page(tx: Tx, visit: Visit, item: GrantItem, sku: Sku | None) -> Response[bytes]:
    named: dict[str, Any] = {
        "benefit": benefits.title_of(item.title, sku, visit.words),
        "picture": benefits.picture_of(item.kind, sku),
        "photo": pictures.photo_of(sku, visit.home),
        "where": visit.words.either(sku.acceptance, sku.acceptance_en) if sku else "",
        "path": f"{visit.home}/benefits/{item.id}",
    }
    if _has_card_code(item, tx.now):
        return visit.page("card_code.html", code=await grants.see_code(tx, item.id, item.seq), **named)
    live = item.state is State.FULFILLED and item.expires_at is not None and item.expires_at > tx.now
    if live and item.handover is Handover.CASHIER:
        return visit.page("benefit.html", **named, card=_reduces(item, visit))
    if live and item.expires_at:
        first, booked = await booking.before_code(tx, visit, item, sku)
        if first:
            return await booking.unbooked_page(tx, visit, item)
        code = await grants.redemption_code(tx, item.id, item.seq)
        until = benefits.last_day(item.expires_at, visit.words)
        return visit.page("code.html", until=until, booked=booked, **named, **delivery.code_of(code, tx.now))
    saved = benefits.saved_fen(await grants.wallet(tx, item.seq), tx.now) if item.state is State.USED else 0
    proof = await fulfilment.proof_of(tx, item.id) if item.handover is Handover.ORDER else {}
    city = await own_city(tx, item.seq, delivery.asked(item.kind, item.handover))
    told = _outcome(item, visit, saved, tx.now) | {"own_city": city, "proof": delivery.sent(proof, visit)}
    return visit.page("benefit.html", **named, **told)


async def _seen(
    batchers: Batchers, customer: Principal, campaign_id: UUID, *, code: str = "", benefit: str = ""
) -> None:
    """A known customer looked at a campaign or a benefit: an event of theirs."""
    seen = entry_points.Visit(
        visit_no=new_id().hex, code=code, target_id=campaign_id, seq=_seq(customer), benefit=benefit
    )
    await batchers.submit(entry_points.visit, customer.tenant, customer.actor, seen)


async def _claim(
    batchers: Batchers, customer: Principal, what: GrantItem | OfferItem, offer_id: UUID, form: ClaimForm
) -> None:
    """Claim in the micro-batch; the number is made the customer's own, so that no other's can stand in its way."""
    seq = _seq(customer)
    number = f"h5:{seq}:{form.request_no[:64]}"
    sent_to = delivery.delivery_of(form, what.kind, what.handover)
    order = OwnClaim(request_no=number, offer_id=offer_id, seq=seq, delivery=sent_to)
    await batchers.submit(grants.claim_own, customer.tenant, customer.actor, order)


def _outcome(item: GrantItem, visit: Visit, saved: int, now: datetime) -> dict[str, Any]:
    """The page of a benefit that shows no code."""
    words = visit.words
    until = benefits.last_day(item.expires_at, words) if item.expires_at else ""
    if item.state is State.USED:
        card = _done_card(item, saved, visit)
    elif item.state is State.FULFILLING:
        card = Card(tone="brand", picture="clock", title=words("on_the_way.title"), text=words("on_the_way.text"))
    elif item.state is State.RESERVED and item.expires_at and item.expires_at > now:
        text = words("reserved.text", date=until)
        card = Card(tone="brand", picture="ticket", title=words("reserved.title"), text=text)
    elif item.state in (State.REVOKED, State.RETURNED, State.FAILED):
        bank = words.either(visit.look.name, visit.look.name_en)
        text = words("gone.text", state=words(f"state.{item.state.value}"), bank=bank)
        card = Card(tone="", picture="cross", title=words("gone.title"), text=text)
    else:
        text = words("expired.text", date=until) if until else words("expired.over")
        card = Card(tone="", picture="clock", title=words("expired.title"), text=text)
    return {
        "done": item.state is State.USED,
        "card": card,
        "worth": benefits.worth_of(item.kind, item.face_value_fen, item.points, words),
        "claimable": card.picture == "ticket",
        "asks": delivery.asked(item.kind, item.handover),
        "request_no": item.id.hex,
        "pairs": [
            (words("redeemed.time"), words.minute(item.used_at) if item.used_at else ""),
            (words("redeemed.number"), item.id.hex[-12:].upper()),
        ],
    }


def _reduces(item: GrantItem, visit: Visit) -> Card:
    """What the cashier takes off a payment is not shown as a code."""
    text = visit.words("till.use.text", yuan=format_yuan(item.face_value_fen))
    return Card(tone="brand", picture="ticket", title=visit.words("till.use"), text=text)


def _has_card_code(item: GrantItem, now: datetime) -> bool:
    """Whether a supplier's code is to be shown: a first look uses the benefit, later looks show it again."""
    if item.handover is not Handover.CARD_CODE:
        return False
    live = item.expires_at is not None and item.expires_at > now
    return item.state is State.USED or (item.state is State.FULFILLED and live)


def _done_card(item: GrantItem, saved: int, visit: Visit) -> Card:
    words = visit.words
    if item.handover is Handover.ORDER:
        key = "posted" if item.kind is BenefitKind.PHYSICAL else "delivered"
        title, text = words(f"{key}.title"), words(f"{key}.text")
    elif item.kind is BenefitKind.POINTS:
        title, text = words("credited.title", amount=f"{item.points:,}"), words("credited.text")
    else:
        title, text = words("redeemed.title"), words("redeemed.saved", amount=format_yuan(saved))
    return Card(tone="ok", picture="check", title=title, text=text)


routes = [
    Router(path="/", route_handlers=[follow], exception_handlers={Exception: page_error}),
    Router(
        path="/h5/{bank:str}",
        route_handlers=[
            enter,
            landing,
            claim,
            rules,
            show_choice,
            choose,
            own_benefits,
            own_benefit,
            claim_own_benefit,
            renew_code,
            own_benefit_state,
            nowhere,
            *plays.routes,
            *lobby.routes,
            *invite.routes,
            *invite_code.routes,
            *group_buys.routes,
            *tier.routes,
            *booking.routes,
            *points.routes,
            *exchange.routes,
            *gifts.routes,
            *mall.routes,
            *pictures.routes,
            *preview.routes,
            *signing_in.routes,
            *consents.routes,
            *profile.routes,
            *noted.routes,
        ],
        dependencies={"visit": Provide(provide_visit)},
        exception_handlers={Exception: page_error},
    ),
]

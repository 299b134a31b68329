"""A campaign's page: what is loaded for one visitor, and how it is said."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.app.h5 import benefits, bundle, delivery
from huoke.app.h5.bundle import Bundle, Option, Shelf
from huoke.app.h5.landing import Landing, Standing, decide
from huoke.app.h5.pictures import photo_of
from huoke.app.h5.regions import elsewhere, is_elsewhere, own_city
from huoke.app.h5.visit import Card, Visit
from huoke.app.h5.words import Words
from huoke.kernel.http import Principal
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know import customers, entry_points
from huoke.reach import campaigns
from huoke.reach.campaigns import PageTexts
from huoke.reward import catalogue, grants, ledger
from huoke.reward.catalogue import Sku
from huoke.reward.grants import EVERY_UNIT, GrantItem, Mode, OfferItem, State

KIND = "campaign"
NOBODYS = UUID(int=0)
"""The campaign of a page that is only a draft's preview: nobody visits it."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as one visitor meets it. `left` and `stock` are units of the visitor's own pool, None for push.

    Of a bundle, `offer` is the first one and speaks for what all share: window, state, mode; there is no one `sku`.
    """

    state: Landing
    texts: PageTexts
    offer: OfferItem
    sku: Sku | None
    left: int | None
    stock: int
    claimed: GrantItem | None
    bundle: Bundle | None = None
    campaign_id: UUID = NOBODYS
    elsewhere: bool = False
    """Whether its customer lives where the benefit is of no use."""
    city: str = ""
    """The code of the city where something would be sent, as far as it is known."""


async def load(tx: Tx, code: str, customer: Principal | None) -> Shown:
    """What stands behind an entry code; `EntryPointUnknown`, `UnknownOffer`."""
    point = await entry_points.resolve(tx, code)
    offers = await grants.find_offers(tx, KIND, point.target_id)
    if not offers:
        raise grants.UnknownOffer("This campaign has nothing on offer.")
    seq = int(customer.seq) if customer and customer.seq is not None else None
    wallet = [] if seq is None else await grants.wallet(tx, seq)
    if len(offers) > 1 or offers[0].choose:
        return await _bundled(tx, point.target_id, offers, seq, wallet)
    offer = offers[0]
    mine = [item for item in wallet if item.offer_id == offer.id]
    claimed = [item for item in mine if item.claimed_at is not None and item.state not in grants.FORGIVEN]
    shelf = await _shelf(tx, offer, seq)
    skus = await catalogue.skus(tx, {offer.sku_id})
    standing = Standing(
        signed_in=seq is not None,
        invited=seq is not None and await _invited(tx, offer, point.target_id, seq, mine),
        claimed=len(claimed),
        left=shelf.left,
        payable=shelf.payable,
    )
    return Shown(
        state=decide(offer, standing, tx.now),
        texts=await campaigns.page_texts(tx, point.target_id),
        offer=offer,
        sku=skus.get(offer.sku_id),
        left=shelf.left,
        stock=shelf.stock,
        claimed=claimed[0] if claimed else None,
        campaign_id=point.target_id,
        elsewhere=await is_elsewhere(tx, seq, skus.get(offer.sku_id)),
        city=await own_city(tx, seq, delivery.asked(offer.kind, offer.handover)),
    )


async def _bundled(
    tx: Tx, campaign_id: UUID, offers: list[OfferItem], seq: int | None, wallet: list[GrantItem]
) -> Shown:
    """A bundle as one visitor meets it: what was given at once first, then what may be chosen."""
    choices = await grants.choices(tx, KIND, campaign_id, seq) if seq is not None else None
    differs = await campaigns.differs(tx, campaign_id)
    pushed = [one for one in offers if one.mode is Mode.PUSH]
    kept = {item.offer_id: item for item in wallet if item.state not in grants.FORGIVEN}
    pulled = [one for one in offers if one.mode is Mode.PULL]
    if choices is not None and (choices.items or pushed):
        pulled = [msgspec.structs.replace(one.offer, choose=choices.choose) for one in choices.items]
        pushed = [one for one in pushed if one.id in kept]
    shelves = [await _shelf(tx, one, seq) for one in pulled]
    skus = await catalogue.skus(tx, {one.sku_id for one in (*pushed, *pulled)})
    abroad = await elsewhere(tx, seq, skus.values())
    choice = bundle.gather(pulled, shelves, skus, choices).placed(abroad)
    nobodys = not pushed and not (choices and choices.items)
    together = choice.together(shelves)
    given = bundle.at_once(pushed, skus, kept, abroad)
    choice = msgspec.structs.replace(
        choice,
        options=() if differs and (seq is None or nobodys) else (*given, *choice.options),
        differs=differs,
    )
    offer = (pulled or pushed or offers)[0]
    waits = any(one.waits and one.given is not None and one.given.shown(tx.now) == "available" for one in given)
    chooses = bool(choices and choices.items) or (choices is None and bool(pulled))
    open_to = chooses and seq is not None and (await campaigns.eligible(tx, campaign_id, [seq]))[0]
    had = sum(1 for one in given if one.given is not None and not one.waits)
    standing = Standing(
        signed_in=seq is not None,
        invited=waits or open_to,
        claimed=choice.chosen + had,
        left=None if pushed and (waits or seq is None) else together.left,
        payable=waits or together.payable,
    )
    limit = (choice.choose if pulled else 0) + len(given)
    posted = any(delivery.asked(one.kind, one.handover) == "postal" for one in pulled)
    return Shown(
        state=decide(msgspec.structs.replace(offer, choose=limit), standing, tx.now),
        texts=await campaigns.page_texts(tx, campaign_id),
        offer=offer,
        sku=None,
        left=together.left if pulled else None,
        stock=together.stock,
        claimed=None,
        bundle=choice,
        campaign_id=campaign_id,
        city=await own_city(tx, seq, "postal" if posted else ""),
    )


def page_of(shown: Shown, visit: Visit, code: str, now: datetime) -> dict[str, Any]:
    """The values of landing.html."""
    words, offer = visit.words, shown.offer
    path = f"{visit.home}/c/{code}"
    usable = shown.claimed is not None and shown.claimed.state is State.FULFILLED and shown.bundle is None
    return {
        "state": shown.state.value,
        "title": title_of(shown, words),
        "subtitle": words.either(shown.texts.zh.subtitle, shown.texts.en.subtitle),
        "offer": offer,
        "benefit": _benefit(shown, words),
        "worth": benefits.worth_of(offer.kind, offer.face_value_fen, offer.points, words),
        "picture": benefits.picture_of(offer.kind, shown.sku),
        "photo": photo_of(shown.sku, visit.home),
        "asks": delivery.asked(offer.kind, offer.handover),
        "own_city": shown.city,
        "elsewhere": shown.elsewhere,
        "left": shown.left,
        "bundle": shown.bundle,
        "bundle_line": _line(shown.bundle, words) if shown.bundle else "",
        "options": _rows(shown, visit, path),
        "facts": facts(shown, visit),
        "card": None if shown.state is Landing.OPEN else _card(shown, visit, path, now),
        "path": path,
        "request_no": new_id().hex,
        "usable": usable,
        "use_path": f"{visit.home}/benefits" + (f"/{shown.claimed.id}" if shown.claimed and usable else ""),
        "now": now,
    }


def rules_of(shown: Shown, visit: Visit, code: str) -> dict[str, Any]:
    """The values of rules.html."""
    words = visit.words
    return {
        "title": title_of(shown, words),
        "facts": facts(shown, visit),
        "rules": words.either(shown.texts.zh.rules, shown.texts.en.rules),
        "path": f"{visit.home}/c/{code}",
    }


def option_of(shown: Shown, visit: Visit, code: str, offer_id: UUID, now: datetime) -> dict[str, Any]:
    """The values of choose.html: one benefit of a bundle, before it is chosen; `UnknownOffer`."""
    path = f"{visit.home}/c/{code}"
    one = option(shown, offer_id)
    free = one.free and shown.state is Landing.OPEN
    return {
        "row": bundle.row(one, visit.words, visit.home) | {"note": ""},
        "bundle": shown.bundle,
        "elsewhere": one.elsewhere and free,
        "free": free,
        "card": None if free else _refused(shown, one, visit, path, now),
        "facts": facts(msgspec.structs.replace(shown, offer=one.offer, sku=one.sku), visit),
        "asks": delivery.asked(one.offer.kind, one.offer.handover) if free else "",
        "own_city": shown.city,
        "path": path,
        "choose_path": f"{path}/choose/{offer_id}",
        "request_no": new_id().hex,
    }


def option(shown: Shown, offer_id: UUID) -> Option:
    """One benefit of a bundle; `UnknownOffer`."""
    for one in shown.bundle.options if shown.bundle else ():
        if one.offer.id == offer_id and not one.at_once:
            return one
    raise grants.UnknownOffer("This campaign has no such benefit.")


def facts(shown: Shown, visit: Visit) -> list[tuple[str, str]]:
    """What rules L3 and L4 want said: when, how many, how long, where, from what stock, by whom."""
    words, offer = visit.words, shown.offer
    if shown.bundle and shown.bundle.differs and not shown.bundle.options:
        limit = words("rule.limit.differs")
    elif shown.bundle and shown.bundle.given:
        key = "rule.limit.given" if not shown.bundle.choose else "rule.limit.both"
        limit = words(key, given=shown.bundle.given, count=shown.bundle.choose)
    elif shown.bundle:
        limit = words("rule.limit.choose", count=shown.bundle.choose, of=len(shown.bundle.options))
    else:
        limit = words("rule.limit.value", count=offer.person_limit)
    said = [
        ("rule.window", f"{words.minute(offer.opens_at)} – {words.minute(offer.closes_at)}"),
        ("rule.limit", limit),
        ("rule.valid", words("rule.valid.days", days=offer.valid_days)),
        ("rule.where", _where(shown, words)),
        ("rule.quantity", words(f"rule.quantity.{offer.mode.value}")),
        ("rule.transfer", words("rule.transfer.value")),
        ("rule.organiser", words.either(visit.look.name, visit.look.name_en)),
    ]
    return [(words(key), value) for key, value in said if value]


def _where(shown: Shown, words: Words) -> str:
    """Where it may be used; of a bundle as a whole, benefit by benefit."""
    if shown.sku is not None or shown.bundle is None:
        return words.either(shown.sku.acceptance, shown.sku.acceptance_en) if shown.sku else ""
    each = [(one.offer.title, one.sku) for one in shown.bundle.options if one.sku is not None]
    said = [
        (benefits.title_of(title, sku, words), words.either(sku.acceptance, sku.acceptance_en)) for title, sku in each
    ]
    return "\n".join(words("rule.where.each", benefit=benefit, where=where) for benefit, where in said if where)


def title_of(shown: Shown, words: Words) -> str:
    """What the page is called: the bank's own words, else the benefit's name."""
    return words.either(shown.texts.zh.title, shown.texts.en.title) or _benefit(shown, words)


async def _shelf(tx: Tx, offer: OfferItem, seq: int | None) -> Shelf:
    """Stock of the customer's own pool, or of every pool for a visitor nobody knows; what is shown is the pool (L7)."""
    if offer.mode is Mode.PUSH:
        return Shelf(left=None, stock=0, payable=True)
    terms = await grants.unit_terms(tx, offer.id)
    if seq is not None:
        found = await customers.facts(tx, [seq])
        unit_id = int(found.unit_ids[0]) if len(found.seqs) else EVERY_UNIT
        own = terms.get(unit_id) or terms.get(EVERY_UNIT)
        terms = {unit_id: own} if own else {}
    pools = await grants.get_pools(tx, list({term.pool_id for term in terms.values()}))
    payers = {term.pool_id: term.budget_id for term in terms.values()}
    budgets = {budget.id: budget for budget in await ledger.get_budgets(tx, list(set(payers.values())))}
    return Shelf(
        left=sum(pool.available for pool in pools),
        stock=sum(pool.total - pool.allocated for pool in pools),
        payable=any(pool.available and budgets[payers[pool.id]].available_fen >= offer.cost_fen for pool in pools),
    )


async def _invited(tx: Tx, offer: OfferItem, campaign_id: UUID, seq: int, mine: list[GrantItem]) -> bool:
    if offer.mode is Mode.PUSH:
        return any(item.state is State.RESERVED and item.shown(tx.now) == "available" for item in mine)
    return bool((await campaigns.eligible(tx, campaign_id, [seq]))[0])


def _benefit(shown: Shown, words: Words) -> str:
    return benefits.title_of(shown.offer.title, shown.sku, words)


def _rows(shown: Shown, visit: Visit, path: str) -> list[dict[str, Any]]:
    open_now = shown.state is Landing.OPEN
    return [
        bundle.row(one, visit.words, visit.home, _way(one, visit, path) if open_now or one.at_once else "")
        for one in (shown.bundle.options if shown.bundle else ())
    ]


def _way(one: Option, visit: Visit, path: str) -> str:
    """Where a benefit of a bundle leads: what was given is claimed where all that one has is."""
    if one.given is not None:
        return f"{visit.home}/benefits/{one.given.id}"
    return f"{path}/choose/{one.offer.id}" if one.free else ""


def _line(of: Bundle, words: Words) -> str:
    """How far a person has come with choosing."""
    if of.differs and not of.options:
        return words("bundle.differs")
    if of.given and not of.choose:
        return words("bundle.whole", count=of.given)
    key = "bundle.none" if not of.chosen else ("bundle.rest" if of.rest else "bundle.full")
    return words(key, chosen=of.chosen, rest=of.rest)


def _refused(shown: Shown, of: Option, visit: Visit, path: str, now: datetime) -> Card:
    """Why one benefit of a bundle cannot be chosen, and the way on."""
    if shown.state is not Landing.OPEN:
        card = _card(shown, visit, path, now)
        return msgspec.structs.replace(card, href=path, action=visit.words("bundle.back"))
    key, tone, picture = ("bundle.mine", "ok", "check") if of.taken else ("bundle.gone", "", "ticket")
    if of.withheld:
        key, picture = "bundle.elsewhere", "place"
    elif not of.taken and of.left:
        key = "full"
    return Card(
        tone=tone,
        picture=picture,
        title=visit.words(f"{key}.title"),
        text=visit.words("bundle.others", rest=shown.bundle.rest if shown.bundle else 0),
        href=path,
        action=visit.words("bundle.back"),
    )


def _card(shown: Shown, visit: Visit, path: str, now: datetime) -> Card:
    words = visit.words
    tone, picture = _LOOKS[shown.state]
    key = shown.state.value
    bank = words.either(visit.look.name, visit.look.name_en)
    time = {
        Landing.NOT_STARTED: shown.offer.opens_at,
        Landing.ENDED: shown.offer.closes_at,
    }.get(shown.state, now)
    said: dict[str, Any] = {"bank": bank, "time": words.minute(time), "count": f"{shown.stock:,}"}
    if shown.bundle and shown.state is Landing.CLAIMED:
        key, said = "bundle.done", {"count": shown.bundle.had}
    way = (f"{visit.home}/benefits", words("to_benefits")) if visit.customer else (f"{path}/rules", words("to_rules"))
    if shown.state is Landing.SIGN_IN and visit.by_code:
        way = visit.door(path)
    return Card(
        tone=tone,
        picture=picture,
        title=words(f"{key}.title", **said),
        text=words(f"{key}.text", **said),
        href=way[0],
        action=way[1],
    )


_LOOKS = {
    Landing.SIGN_IN: ("brand", "lock"),
    Landing.NOT_ELIGIBLE: ("brand", "finance"),
    Landing.NOT_STARTED: ("brand", "clock"),
    Landing.ENDED: ("", "sunset"),
    Landing.STOPPED: ("", "sunset"),
    Landing.PAUSED: ("warn", "pause"),
    Landing.SOLD_OUT: ("", "ticket"),
    Landing.FULL: ("", "ticket"),
    Landing.CLAIMED: ("ok", "check"),
}

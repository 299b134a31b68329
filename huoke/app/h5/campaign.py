"""A campaign's page: what is loaded for one visitor, and how it is said."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.app.h5 import benefits, bundle, delivery
from huoke.app.h5.bundle import Bundle, Option, Shelf
from huoke.app.h5.landing import Landing, Standing, decide
from huoke.app.h5.pictures import photo_of
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


async def load(tx: Tx, code: str, customer: Principal | None) -> Shown:
    """What stands behind an entry code; `EntryPointUnknown`, `UnknownOffer`."""
    point = await entry_points.resolve(tx, code)
    offers = await grants.find_offers(tx, KIND, point.target_id)
    if not offers:
        raise grants.UnknownOffer("This campaign has nothing on offer.")
    seq = int(customer.seq) if customer and customer.seq is not None else None
    choices, differs = None, False
    if len(offers) > 1 or offers[0].choose:
        choices = await grants.choices(tx, KIND, point.target_id, seq) if seq is not None else None
        differs = await campaigns.differs(tx, point.target_id)
    if choices is not None and choices.items:
        offers = [msgspec.structs.replace(one.offer, choose=choices.choose) for one in choices.items]
    offer = offers[0]
    ids = {one.id for one in offers}
    mine = [] if seq is None else [item for item in await grants.wallet(tx, seq) if item.offer_id in ids]
    claimed = [item for item in mine if item.claimed_at is not None and item.state not in grants.FORGIVEN]
    shelves = [await _shelf(tx, one, seq) for one in offers]
    skus = await catalogue.skus(tx, {one.sku_id for one in offers})
    choice = None
    if len(offers) > 1 or offer.choose:
        choice = bundle.gather(offers, shelves, skus, choices)
        shelves = [choice.together(shelves)]
        if differs and not (choices and choices.items):
            choice = msgspec.structs.replace(choice, options=())
        choice = msgspec.structs.replace(choice, differs=differs)
    standing = Standing(
        signed_in=seq is not None,
        invited=seq is not None
        and (choices is None or bool(choices.items))
        and await _invited(tx, offer, point.target_id, seq, mine),
        claimed=choice.chosen if choice else len(claimed),
        left=shelves[0].left,
        payable=shelves[0].payable,
    )
    return Shown(
        state=decide(offer, standing, tx.now),
        texts=await campaigns.page_texts(tx, point.target_id),
        offer=offer,
        sku=None if choice else skus.get(offer.sku_id),
        left=shelves[0].left,
        stock=shelves[0].stock,
        claimed=claimed[0] if claimed else None,
        bundle=choice,
        campaign_id=point.target_id,
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
        "row": bundle.row(one, visit.words, visit.home),
        "bundle": shown.bundle,
        "free": free,
        "card": None if free else _refused(shown, one, visit, path, now),
        "facts": facts(msgspec.structs.replace(shown, offer=one.offer, sku=one.sku), visit),
        "asks": delivery.asked(one.offer.kind, one.offer.handover) if free else "",
        "path": path,
        "choose_path": f"{path}/choose/{offer_id}",
        "request_no": new_id().hex,
    }


def option(shown: Shown, offer_id: UUID) -> Option:
    """One benefit of a bundle; `UnknownOffer`."""
    for one in shown.bundle.options if shown.bundle else ():
        if one.offer.id == offer_id:
            return one
    raise grants.UnknownOffer("This campaign has no such benefit.")


def facts(shown: Shown, visit: Visit) -> list[tuple[str, str]]:
    """What rules L3 and L4 want said: when, how many, how long, where, from what stock, by whom."""
    words, offer = visit.words, shown.offer
    if shown.bundle and shown.bundle.differs and not shown.bundle.options:
        limit = words("rule.limit.differs")
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
        bundle.row(one, visit.words, visit.home, f"{path}/choose/{one.offer.id}" if open_now and one.free else "")
        for one in (shown.bundle.options if shown.bundle else ())
    ]


def _line(of: Bundle, words: Words) -> str:
    """How far a person has come with choosing."""
    if of.differs and not of.options:
        return words("bundle.differs")
    key = "bundle.none" if not of.chosen else ("bundle.rest" if of.rest else "bundle.full")
    return words(key, chosen=of.chosen, rest=of.rest)


def _refused(shown: Shown, of: Option, visit: Visit, path: str, now: datetime) -> Card:
    """Why one benefit of a bundle cannot be chosen, and the way on."""
    if shown.state is not Landing.OPEN:
        card = _card(shown, visit, path, now)
        return msgspec.structs.replace(card, href=path, action=visit.words("bundle.back"))
    key, tone, picture = ("bundle.mine", "ok", "check") if of.taken else ("bundle.gone", "", "ticket")
    if not of.taken and of.left:
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
        key, said = "bundle.done", {"count": shown.bundle.chosen}
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

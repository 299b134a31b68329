"""A campaign's page: what is loaded for one visitor, and how it is said."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.app.h5 import benefits, delivery
from huoke.app.h5.landing import Landing, Standing, decide
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
from huoke.reward.grants import EVERY_UNIT, GrantItem, Mode, OfferItem, Pool, State

KIND = "campaign"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as one visitor meets it. `left` and `stock` are units of the visitor's own pool, None for push."""

    state: Landing
    texts: PageTexts
    offer: OfferItem
    sku: Sku | None
    left: int | None
    stock: int
    claimed: GrantItem | None


async def load(tx: Tx, code: str, customer: Principal | None) -> Shown:
    """What stands behind an entry code; `EntryPointUnknown`, `UnknownOffer`."""
    point = await entry_points.resolve(tx, code)
    offers = await grants.find_offers(tx, KIND, point.target_id)
    if not offers:
        raise grants.UnknownOffer("This campaign has nothing on offer.")
    offer = offers[0]
    seq = int(customer.seq) if customer and customer.seq is not None else None
    mine = [] if seq is None else [item for item in await grants.wallet(tx, seq) if item.offer_id == offer.id]
    left, stock = (None, 0) if offer.mode is Mode.PUSH else await _left(tx, offer, seq)
    claimed = [item for item in mine if item.claimed_at is not None and item.state not in grants.FORGIVEN]
    standing = Standing(
        signed_in=seq is not None,
        invited=seq is not None and await _invited(tx, offer, point.target_id, seq, mine),
        claimed=len(claimed),
        left=left,
    )
    return Shown(
        state=decide(offer, standing, tx.now),
        texts=await campaigns.page_texts(tx, point.target_id),
        offer=offer,
        sku=(await catalogue.skus(tx, [offer.sku_id])).get(offer.sku_id),
        left=left,
        stock=stock,
        claimed=claimed[0] if claimed else None,
    )


def page_of(shown: Shown, visit: Visit, code: str, now: datetime) -> dict[str, Any]:
    """The values of landing.html."""
    words, offer = visit.words, shown.offer
    path = f"{visit.home}/c/{code}"
    usable = shown.claimed is not None and shown.claimed.state is State.FULFILLED
    return {
        "state": shown.state.value,
        "title": words.either(shown.texts.zh.title, shown.texts.en.title) or _benefit(shown, words),
        "subtitle": words.either(shown.texts.zh.subtitle, shown.texts.en.subtitle),
        "offer": offer,
        "benefit": _benefit(shown, words),
        "worth": benefits.worth_of(offer.kind, offer.face_value_fen, offer.points, words),
        "picture": benefits.picture_of(offer.kind, shown.sku),
        "asks": delivery.asked(offer.kind, offer.handover),
        "left": shown.left,
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
        "title": words.either(shown.texts.zh.title, shown.texts.en.title) or _benefit(shown, words),
        "facts": facts(shown, visit),
        "rules": words.either(shown.texts.zh.rules, shown.texts.en.rules),
        "path": f"{visit.home}/c/{code}",
    }


def facts(shown: Shown, visit: Visit) -> list[tuple[str, str]]:
    """What rules L3 and L4 want said: when, how many, how long, where, from what stock, by whom."""
    words, offer, sku = visit.words, shown.offer, shown.sku
    where = words.either(sku.acceptance, sku.acceptance_en) if sku else ""
    said = [
        ("rule.window", f"{words.minute(offer.opens_at)} – {words.minute(offer.closes_at)}"),
        ("rule.limit", words("rule.limit.value", count=offer.person_limit)),
        ("rule.valid", words("rule.valid.days", days=offer.valid_days)),
        ("rule.where", where),
        ("rule.quantity", words(f"rule.quantity.{offer.mode.value}")),
        ("rule.transfer", words("rule.transfer.value")),
        ("rule.organiser", words.either(visit.look.name, visit.look.name_en)),
    ]
    return [(words(key), value) for key, value in said if value]


async def _left(tx: Tx, offer: OfferItem, seq: int | None) -> tuple[int, int]:
    """Units left and units in all: of the customer's own pool, or of every pool for a visitor nobody knows.

    A pool whose budget cannot pay for one more has nothing left to claim.
    """
    terms = await grants.unit_terms(tx, offer.id)
    if seq is not None:
        unit_id = int((await customers.facts(tx, [seq])).unit_ids[0])
        own = terms.get(unit_id) or terms.get(EVERY_UNIT)
        terms = {unit_id: own} if own else {}
    pools = await grants.get_pools(tx, list({term.pool_id for term in terms.values()}))
    payers = {term.pool_id: term.budget_id for term in terms.values()}
    budgets = {budget.id: budget for budget in await ledger.get_budgets(tx, list(set(payers.values())))}
    paid = [pool for pool in pools if budgets[payers[pool.id]].available_fen >= offer.cost_fen]
    return sum(pool.available for pool in paid), sum(_own_stock(pool) for pool in pools)


def _own_stock(pool: Pool) -> int:
    return pool.total - pool.allocated


async def _invited(tx: Tx, offer: OfferItem, campaign_id: UUID, seq: int, mine: list[GrantItem]) -> bool:
    if offer.mode is Mode.PUSH:
        return any(item.state is State.RESERVED and item.shown(tx.now) == "available" for item in mine)
    return bool((await campaigns.eligible(tx, campaign_id, [seq]))[0])


def _benefit(shown: Shown, words: Words) -> str:
    return benefits.title_of(shown.offer.title, shown.sku, words)


def _card(shown: Shown, visit: Visit, path: str, now: datetime) -> Card:
    words = visit.words
    tone, picture = _LOOKS[shown.state]
    key = shown.state.value
    bank = words.either(visit.look.name, visit.look.name_en)
    time = {
        Landing.NOT_STARTED: shown.offer.opens_at,
        Landing.ENDED: shown.offer.closes_at,
    }.get(shown.state, now)
    said = {"bank": bank, "time": words.minute(time), "count": f"{shown.stock:,}"}
    way = (f"{visit.home}/benefits", words("to_benefits")) if visit.customer else (f"{path}/rules", words("to_rules"))
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
    Landing.PAUSED: ("warn", "pause"),
    Landing.SOLD_OUT: ("", "ticket"),
    Landing.CLAIMED: ("ok", "check"),
}

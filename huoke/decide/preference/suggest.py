"""Suggesting: sets of who paid in which category, beside the segment; then what the library has of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from huoke.decide.preference.model import (
    MEMBERS_MIN,
    Interest,
    Lean,
    Leaning,
    Suggested,
    Suggestions,
    lean,
)
from huoke.kernel.clock import CHINA
from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import language, segments
from huoke.reward import grants, library
from huoke.reward.catalogue import Where
from huoke.reward.library import Asked, Listing

DAYS = 90
LISTINGS_MAX = 6
LOOKED_AT = 60
"""So many of the best hits are looked at, to leave out what customers already hold."""
NEAR_SHARE_MIN = 0.5
"""A benefit that most of a segment, as far as is known, cannot use where they live is no suggestion."""
HELD_SHARE_MAX = 0.5
"""A benefit that more than half of a segment holds already is no suggestion."""

INTERESTS = (
    Interest(category="dining", spending=("餐饮",)),
    Interest(category="retail", spending=("超市", "网购")),
    Interest(category="travel", spending=("出行", "加油")),
    Interest(category="entertainment", spending=("娱乐",)),
    Interest(category="health", spending=("医疗",)),
    Interest(category="education", spending=("教育",)),
)
"""What payments say of categories of the library, in the words of the event `payment.made`."""


async def suggest(
    tx: Tx,
    analytics: language.Analytics,
    members: CustomerSet,
    universe: CustomerSet,
    *,
    region: str | None = None,
) -> Suggestions:
    """What suits `members` of a `universe`: nothing below `MEMBERS_MIN` of them, or where no payments are known.

    Left out is what cannot be had: sold out, over, held by most of them, not good in `region` or, with none given, not
    good where most of those live whose region is known. `SearchUnfit`.
    """
    found = Suggestions(total=len(members), universe=len(universe), days=DAYS, leans=[])
    if len(members) < MEMBERS_MIN:
        return found
    where = Where(tx, analytics, members)
    leans = [one for interest in INTERESTS if (one := await _lean(tx, analytics, interest, members, universe))]
    answered = [
        await _answer(tx, analytics, one, members, region, where)
        for one in sorted(leans, key=lambda one: (one.share - one.usual, one.category), reverse=True)
    ]
    placed = len(await where.placed())
    return msgspec.structs.replace(found, placed=placed, leans=[one for one in answered if one.listings])


async def _lean(
    tx: Tx, analytics: language.Analytics, interest: Interest, members: CustomerSet, universe: CustomerSet
) -> Lean | None:
    expression = language.parse(paid_in(interest))
    try:
        paid = await segments.members_of(tx, analytics, expression, segments.Scope())
    except Invalid:  # the bank has no such event
        return None
    return lean(interest.category, len(members), len(members & paid), len(universe), len(universe & paid))


def paid_in(interest: Interest) -> dict[str, Any]:
    """Who paid at all in an interest's categories within the days that count, as an expression."""
    where = [{"property": "category", "op": "in", "value": list(interest.spending)}]
    return {"kind": "event", "name": "payment.made", "op": ">=", "value": 1, "window_days": DAYS, "where": where}


async def _answer(
    tx: Tx, analytics: language.Analytics, one: Lean, members: CustomerSet, region: str | None, where: Where
) -> Leaning:
    """The best listings of a category that can be had now and that most of the segment does not hold yet."""
    today = tx.now.astimezone(CHINA).date()
    asked = Asked(
        category=one.category,
        region=region,
        valid_on=today + timedelta(days=1),
        in_stock=True,
        limit=LOOKED_AT,
    )
    found = await library.search(tx, analytics.clickhouse, asked)
    usable = [listing for listing in found.listings if listing.can_be_had(today)]
    near = {} if region is not None else await _near(usable, where)
    placed = len(await where.placed())
    usable = [listing for listing in usable if near.get(listing.number, placed) >= NEAR_SHARE_MIN * placed]
    usable.sort(key=lambda listing: near.get(listing.number, placed), reverse=True)
    held = await _held(tx, usable, members)
    shown = [
        Suggested(**msgspec.structs.asdict(listing), holding=held.get(listing.number, 0), near=near.get(listing.number))
        for listing in usable
        if held.get(listing.number, 0) <= HELD_SHARE_MAX * len(members)
    ]
    return Leaning(**msgspec.structs.asdict(one), in_stock=found.total, listings=shown[:LISTINGS_MAX])


async def _near(listings: Sequence[Listing], where: Where) -> dict[int, int]:
    """Of listings that do not hold everywhere, how many of the segment live where they do; none if nobody is placed."""
    if not await where.placed():
        return {}
    return {one.number: len(await where.near(one.regions)) for one in listings if one.regions}


async def _held(tx: Tx, listings: Sequence[Listing], members: CustomerSet) -> dict[int, int]:
    """How many members hold what each listing was taken into."""
    taken = {listing.number: listing.sku_id for listing in listings if listing.sku_id is not None}
    holders = await grants.holders_of(tx, set(taken.values())) if taken else {}
    return {number: len(members & holders[sku_id]) for number, sku_id in taken.items() if sku_id in holders}

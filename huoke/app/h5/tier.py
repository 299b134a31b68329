"""A customer's level on the phone: growth, what is missing for the next, what comes with each level."""

from typing import Any

from litestar import Response, get

from huoke.app.h5.visit import Visit
from huoke.app.h5.words import Words
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Database, Tx
from huoke.reward import catalogue, tiers
from huoke.reward.tiers import Gain, Rhythm, Scheme, Standing

PUBLIC: dict[str, Any] = {"public": True}
GAINS_SHOWN = 10


@get("/tier", operation_id="show_own_tier", opt=PUBLIC, include_in_schema=False)
async def own_tier(visit: Visit, database: Database) -> Response[bytes]:
    """Tier, growth, levels with their benefits, and what growth came from; `tiers.no_scheme` before there are any."""
    customer = visit.require_customer()
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        scheme, standing = await tiers.scheme(tx), await tiers.standing(tx, Seq(customer.seq))
        if scheme is None or standing is None:
            raise tiers.NoScheme("This bank has no levels yet.")
        gains = await tiers.gains(tx, Seq(customer.seq), limit=GAINS_SHOWN)
        levels = await _levels(tx, scheme, standing, visit.words)
    return visit.page(
        "tier.html",
        head=_head(scheme, standing, visit.words),
        levels=levels,
        gains=[_gain(one, visit.words) for one in gains],
    )


def _head(scheme: Scheme, standing: Standing, words: Words) -> dict[str, Any]:
    """The card on top: level, growth, and how far it is to the next."""
    base, above = standing.tier.threshold, standing.next
    share = 100 if above is None else 100 * max(standing.growth - base, 0) // (above.threshold - base)
    day = standing.held_until.isoformat() if standing.held_until else ""
    return {
        "level": _name(standing.tier, words),
        "growth": f"{standing.growth:,}",
        "share": min(share, 100),
        "next": words("tier.top")
        if above is None
        else words("tier.next", missing=f"{standing.missing:,}", level=_name(above, words)),
        "held": words("tier.protected" if standing.protected else "tier.held", day=day),
        "period": words(f"tier.period.{scheme.period.value}"),
    }


async def _levels(tx: Tx, scheme: Scheme, standing: Standing, words: Words) -> list[dict[str, Any]]:
    skus = await catalogue.skus(tx, {one.sku_id for level in scheme.tiers for one in level.benefits})
    return [
        {
            "name": _name(level, words),
            "from": words("tier.from", growth=f"{level.threshold:,}"),
            "mine": place == standing.place,
            "reached": place <= standing.place,
            "benefits": [
                words(
                    "tier.monthly" if one.rhythm is Rhythm.MONTHLY else "tier.once",
                    name=words.either(skus[one.sku_id].name, skus[one.sku_id].name_en),
                )
                for one in level.benefits
                if one.sku_id in skus
            ],
        }
        for place, level in enumerate(scheme.tiers)
    ]


def _gain(one: Gain, words: Words) -> dict[str, str]:
    sign = "+" if one.value > 0 else "−"
    return {
        "what": words(f"tier.source.{one.source_kind}"),
        "when": words.minute(one.at),
        "value": f"{sign}{abs(one.value):,}",
    }


def _name(level: tiers.Tier, words: Words) -> str:
    return words.either(level.name, level.name_en)


routes = [own_tier]

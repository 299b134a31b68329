"""Granting what comes with a tier: once to those who reach it, every month to those who are there."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

import structlog

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.reward import catalogue, grants
from huoke.reward.tiers import store, store_scheme
from huoke.reward.tiers.model import Rhythm, Tier, TierBenefit
from huoke.reward.tiers.schemes import SCHEMES

KIND = "tier"
"""The source kind of tier benefits in grants."""
CHUNK = 5_000
_log = structlog.get_logger(__name__)


async def give_reached(tx: Tx, level_key: str, seqs: Sequence[int]) -> None:
    """Grant the benefits of a tier to customers who came to it, at most 10,000; a repeat grants nothing."""
    tier = await _level(tx, level_key)
    for one in tier.benefits if tier else ():
        assert tier is not None
        await _grant(tx, await _offer(tx, tier, one), seqs)


async def give_month(tx: Tx) -> bool:
    """Grant the next chunk of this month's benefits; False when everybody has them."""
    scheme = await SCHEMES.in_force(tx)
    for tier in scheme.tiers if scheme else ():
        for one in tier.benefits:
            if one.rhythm is not Rhythm.MONTHLY:
                continue
            offer_id = await _offer(tx, tier, one)
            row = await store_scheme.offer_of(tx, tier.key, one.sku_id, _turn(tx, one), lock=True)
            if row is None or row["done"]:
                continue
            seqs = await store.at_level(tx, tier.key, row["given_to"], CHUNK)
            await _grant(tx, offer_id, seqs)
            await store_scheme.advance_offer(
                tx, offer_id, seqs[-1] if seqs else row["given_to"], done=len(seqs) < CHUNK
            )
            return True
    return False


async def _level(tx: Tx, key: str) -> Tier | None:
    scheme = await SCHEMES.in_force(tx)
    return next((tier for tier in scheme.tiers if tier.key == key), None) if scheme else None


async def _grant(tx: Tx, offer_id: UUID, seqs: Sequence[int]) -> None:
    """Grant to those who are customers still and not suppressed (rule S2): nothing is made up for later.

    An offer that somebody stopped gives nothing, and that is no fault.
    """
    if not seqs:
        return
    await customers.hold_persons(tx)
    barred = await consent.barred(tx, seqs)
    facts = await customers.facts(tx, [seq for seq in seqs if seq not in barred])
    if not len(facts.seqs):
        return
    members = grants.Facts(seqs=facts.seqs.tolist(), unit_ids=facts.unit_ids.tolist(), persons=facts.persons.tolist())
    try:
        pushed = await grants.grant_members(tx, offer_id, members)
    except Refusal as refusal:
        _log.info("level_benefit_not_given", offer=str(offer_id), code=refusal.code)
        return
    if pushed.sold_out + pushed.budget_exhausted:
        _log.warning("level_benefit_short", offer=str(offer_id), short=pushed.sold_out + pushed.budget_exhausted)


async def _offer(tx: Tx, tier: Tier, one: TierBenefit) -> UUID:
    """The offer of this turn of a benefit, published when it is first needed."""
    turn = _turn(tx, one)
    known = await store_scheme.offer_of(tx, tier.key, one.sku_id, turn)
    if known is not None:
        found: UUID = known["offer_id"]
        return found
    sku = await catalogue.sku(tx, one.sku_id)
    offer_id = new_id()
    offer = grants.offer_of(
        sku,
        grants.Offering(
            source_kind=KIND,
            source_id=offer_id,
            mode=grants.Mode.PUSH,
            person_limit=1,
            opens_at=tx.now,
            closes_at=_end(tx, one),
            valid_days=one.valid_days,
            unit_terms={grants.EVERY_UNIT: grants.Terms(one.budget_id, one.pool_id)},
        ),
        offer_id=offer_id,
    )
    await grants.publish_offer(tx, offer)
    await store_scheme.add_offer(tx, tier.key, one.sku_id, turn, offer_id, done=one.rhythm is not Rhythm.MONTHLY)
    return offer_id


def _turn(tx: Tx, one: TierBenefit) -> str:
    """What one customer gets a benefit once in: a month, or a year of the same money and stock."""
    today = tx.now.astimezone(CHINA)
    return f"{today:%Y-%m}" if one.rhythm is Rhythm.MONTHLY else f"{today:%Y} {one.budget_id.hex}{one.pool_id.hex}"


def _end(tx: Tx, one: TierBenefit) -> datetime:
    """A month's benefit is claimed within the month; one for reaching a tier to the end of the next year."""
    today = tx.now.astimezone(CHINA).date()
    if one.rhythm is Rhythm.MONTHLY:
        after = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    else:
        after = date(today.year + 2, 1, 1)
    return datetime.combine(after, time(), CHINA)

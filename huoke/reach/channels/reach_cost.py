"""What it would cost to write to a segment's customers: who is left of them at a hand-over now, times the price."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, exclusions, language, segments
from huoke.know.language import Analytics
from huoke.reach.channels import store, store_gateway
from huoke.reach.channels.gateway import cost_fen
from huoke.reach.channels.hand_over import PER_DAY, PER_WEEK

SAMPLE = 10_000
"""Of more customers than that, phones and messages had are looked up for a fair sample."""


class ReachCost(msgspec.Struct, frozen=True, kw_only=True):
    """From a segment to those a marketing message would reach now, and what one of `parts` parts to each costs.

    Each step is who is left out that the steps before left in. `estimated`: `no_phone`, `frequency` and what follows
    from them are scaled up from a fair sample. `cost_fen` is None while the bank has no gateway.
    """

    channel: str
    customers: int
    no_consent: int
    personalisation_off: int
    suppressed: int
    excluded: int
    no_phone: int
    frequency: int
    reachable: int
    estimated: bool
    parts: int
    price_fen_per_thousand: int | None
    cost_fen: int | None
    data_at: datetime


async def reach_cost(
    tx: Tx, principal: Principal, analytics: Analytics, segment_id: UUID, *, parts: int = 1
) -> ReachCost:
    """For short messages, within the caller's units; `segments.SegmentUnknown`, and the refusals of counting it."""
    segment = await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
    scope = segments.Scope(
        units=principal.units, purpose=segment.purpose, anybody=True, serves=segment.serves, basis=segment.basis
    )
    left = whole = await segments.members_of(tx, analytics, language.parse(segment.expression), scope)
    barred = {
        "no_consent": left - await consent.members(tx, consent.MARKETING)
        | left & await consent.withdrawn(tx, consent.MARKETING_SMS),
        "personalisation_off": await consent.withdrawn(tx, consent.PROFILING),
        "suppressed": await consent.suppressed(tx),
        "excluded": await exclusions.excluded(tx),
    }
    steps: dict[str, int] = {}
    for name, out in barred.items():
        steps[name] = len(left & out)
        left -= out
    steps |= await _looked_up(tx, left)
    reachable = max(len(left) - steps["no_phone"] - steps["frequency"], 0)
    row = await store_gateway.get(tx)
    price = row["price_fen_per_thousand"] if row else None
    return ReachCost(
        channel="sms",
        customers=len(whole),
        **steps,
        reachable=reachable,
        estimated=len(left) > SAMPLE,
        parts=parts,
        price_fen_per_thousand=price,
        cost_fen=None if price is None else cost_fen(reachable * parts, price),
        data_at=whole.as_of,
    )


async def _looked_up(tx: Tx, left: CustomerSet) -> Mapping[str, int]:
    """How many have no phone, and how many had as many messages as one may have; scaled up from a sample."""
    seqs = left.sample(SAMPLE, "reach_cost").array().tolist()
    scale = len(left) / max(len(seqs), 1)
    phoneless = await customers.without_phone(tx, seqs)
    day = await store.recent(tx, seqs, tx.now - timedelta(days=1))
    week = await store.recent(tx, seqs, tx.now - timedelta(days=7))
    per_day, per_week = await tenants.setting(tx, PER_DAY), await tenants.setting(tx, PER_WEEK)
    full = {seq for seq, n in day.items() if n >= per_day} | {seq for seq, n in week.items() if n >= per_week}
    return {"no_phone": round(len(phoneless) * scale), "frequency": round(len(full - phoneless) * scale)}

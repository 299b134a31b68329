"""Granting to an audience, chunk by chunk."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from pyroaring import BitMap

from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.grants import store, store_push
from huoke.reward.grants.events import GrantsMoved
from huoke.reward.grants.model import Facts, Mode, OfferFacts, Pushed, State, room
from huoke.reward.grants.refusals import UnfitOffer, UnknownOffer
from huoke.reward.grants.store_push import PushedRows, PushTerms

CHUNK_MAX = 10_000
LINES = 10
"""Ledger lines of one step of a grant: step n books on lines n × 10 and after."""


async def grant_members(tx: Tx, offer_id: UUID, facts: Facts) -> Pushed:
    """Grant a pushed offer to at most 10,000 customers: stock and budget reserved, one grant each.

    The same chunk again grants nothing: a customer who has a grant of the offer counts as `exists`. Customers come in
    the order in which they are served. Raises `UnknownOffer`, and the offer's `Paused`, `Ended` (a run may begin
    before the window opens).
    """
    [offer] = await pushed_offers(tx, [offer_id], facts)
    facts = plain(facts)
    terms = await store_push.push_terms(tx, offer_id, sorted(set(facts.unit_ids)))
    return (await grant_chunk(tx, offer, facts, terms))[0]


async def pushed_offers(tx: Tx, offer_ids: Sequence[UUID], facts: Facts) -> list[OfferFacts]:
    """Offers to push to a chunk, locked, in order; refusals as `grant_members`. Statements are planned for its size."""
    if len(facts.seqs) > CHUNK_MAX:
        raise Invalid(f"A chunk has at most {CHUNK_MAX} customers.")
    found = await store.lock_offers(tx, offer_ids)
    for offer_id in offer_ids:
        offer = found.get(offer_id)
        if offer is None:
            raise UnknownOffer(f"There is no offer {offer_id}.")
        if offer.mode is not Mode.PUSH:
            raise UnfitOffer("This offer is not pushed; customers claim it themselves.")
        if refusal := offer.refusal(max(tx.now, offer.opens_at)):
            raise refusal
    await store_push.plan_for_large_batches(tx)
    return [found[offer_id] for offer_id in offer_ids]


async def grant_chunk(tx: Tx, offer: OfferFacts, facts: Facts, terms: PushTerms) -> tuple[Pushed, BitMap]:
    """Grant a locked offer to a chunk: what became of it, and who was granted it now."""
    total, new = Pushed(), BitMap()
    while True:
        rows = await _pass(tx, offer, facts, terms)
        total = _added(total, rows.counts)
        new |= BitMap(rows.seqs)
        if not rows.ids or not rows.counts.sold_out + rows.counts.budget_exhausted:
            return total, new


async def _pass(tx: Tx, offer: OfferFacts, facts: Facts, terms: PushTerms) -> PushedRows:
    """One pass. What it refused for want of stock or money may fit into what another refusal left: hence the next."""
    locked = await store.lock_pools(tx, terms.pool_ids)
    pools = {pool_id: row["available"] for pool_id, row in locked.items()}
    budgets = await ledger.lock_budgets(tx, terms.budget_ids)
    rooms = {budget_id: room(available, offer.cost_fen) for budget_id, available in budgets.items()}
    rows = await store_push.push(tx, offer, facts, terms, pools, rooms)
    if rows.ids:
        await ledger.reserve(
            tx,
            ledger.BudgetMoves(
                source_kind="grant",
                budget_ids=list(rooms),
                budgets=rows.budgets,
                source_ids=rows.ids,
                lines=[LINES] * len(rows.ids),
                amounts_fen=[offer.cost_fen] * len(rows.ids),
            ),
        )
        tx.emit(
            GrantsMoved(offer_id=offer.id, source_id=offer.source_id, state=State.RESERVED.value, count=len(rows.ids)),
            members=BitMap(rows.seqs).serialize(),
        )
    return rows


def plain(facts: Facts) -> Facts:
    """The columns as lists of Python integers, which the driver encodes without asking each what it is."""
    seqs, unit_ids, persons = (np.asarray(c, np.int32).tolist() for c in (facts.seqs, facts.unit_ids, facts.persons))
    return Facts(seqs=seqs, unit_ids=unit_ids, persons=persons)


def _added(total: Pushed, last: Pushed) -> Pushed:
    """What the last pass says, with those that earlier passes granted counted as granted and not as known before."""
    return Pushed(
        granted=total.granted + last.granted,
        exists=last.exists - total.granted,
        sold_out=last.sold_out,
        budget_exhausted=last.budget_exhausted,
        limit_reached=last.limit_reached,
        not_eligible=last.not_eligible,
    )

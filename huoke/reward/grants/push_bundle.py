"""Granting a whole bundle to an audience, chunk by chunk: each customer gets all of theirs or nothing."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.grants import store, store_extend, store_push
from huoke.reward.grants.model import Facts, OfferFacts, Pushed
from huoke.reward.grants.push import grant_chunk, plain, pushed_offers
from huoke.reward.grants.store_push import PushTerms
from huoke.reward.grants.whole import Verdict, Wanted, places, verdicts

_EVER = datetime.min.replace(tzinfo=UTC)
Line = tuple[OfferFacts, PushTerms, NDArray[np.bool_]]
"""An offer, its terms by unit, and for each customer of the chunk whether they get it."""


async def grant_bundle(tx: Tx, meant: Mapping[UUID, BitMap], facts: Facts) -> tuple[Pushed, BitMap]:
    """Grant several pushed offers of one source to at most 10,000 customers: what became of them, who got theirs now.

    `meant` says by offer who gets it. A customer is counted once: as granted with everything that is meant for them,
    or as what stood in the way of the whole; who is meant by none is not eligible. The same chunk again grants nothing.
    Customers come in the order in which they are served. Raises as `grant_members`.
    """
    offers = await pushed_offers(tx, sorted(meant), facts)
    facts = plain(facts)
    units = sorted(set(facts.unit_ids))
    seqs = np.asarray(facts.seqs, np.uint32)
    lines = [
        (offer, await store_push.push_terms(tx, offer.id, units), np.isin(seqs, meant[offer.id].to_array()))
        for offer in offers
    ]
    out, new, counted = np.full(len(seqs), Verdict.SOLD_OUT, np.int8), BitMap(), np.zeros(len(seqs), np.bool_)
    while not counted.all():
        now = verdicts(await _wanted(tx, lines, np.asarray(facts.unit_ids), ~counted))
        fits = (now == Verdict.FITS) & ~counted
        out[~counted] = now[~counted]
        if not fits.any():
            break
        new |= await _grant(tx, lines, facts, fits)
        counted |= fits
    known = await _holders(tx, offers, list(BitMap(facts.seqs) - new))
    return _counts(facts.seqs, out, new, known), new


async def _wanted(tx: Tx, lines: Sequence[Line], unit_ids: NDArray[np.int64], asking: NDArray[np.bool_]) -> Wanted:
    """What is left for those who are still asking; pools and budgets are locked, all of one kind at once."""
    pools = await store.lock_pools(tx, {pool_id for _, terms, _ in lines for pool_id in terms.pool_ids})
    budgets = await ledger.lock_budgets(tx, {budget_id for _, terms, _ in lines for budget_id in terms.budget_ids})
    pool_at = {pool_id: place for place, pool_id in enumerate(pools)}
    budget_at = {budget_id: place for place, budget_id in enumerate(budgets)}
    return Wanted(
        meant=np.array([meant & asking for _, _, meant in lines]),
        pools=np.array(
            [places(dict(zip(t.unit_ids, t.pool_ids, strict=True)), unit_ids, pool_at) for _, t, _ in lines]
        ),
        budgets=np.array(
            [places(dict(zip(t.unit_ids, t.budget_ids, strict=True)), unit_ids, budget_at) for _, t, _ in lines]
        ),
        units=np.array([row["available"] for row in pools.values()], np.int64),
        rooms_fen=np.array(list(budgets.values()), np.int64),
        costs_fen=np.array([offer.cost_fen for offer, _, _ in lines], np.int64),
    )


async def _grant(tx: Tx, lines: Sequence[Line], facts: Facts, fits: NDArray[np.bool_]) -> BitMap:
    new = BitMap()
    for offer, terms, meant in lines:
        chosen = np.flatnonzero(meant & fits).tolist()
        if chosen:
            part = Facts(
                seqs=[facts.seqs[at] for at in chosen],
                unit_ids=[facts.unit_ids[at] for at in chosen],
                persons=[facts.persons[at] for at in chosen],
            )
            new |= (await grant_chunk(tx, offer, part, terms))[1]
    return new


async def _holders(tx: Tx, offers: Sequence[OfferFacts], seqs: Sequence[int]) -> BitMap:
    found = [await store_extend.holders(tx, offer.id, list(seqs), _EVER) for offer in offers if seqs]
    return BitMap.union(*map(BitMap, found)) if found else BitMap()


def _counts(seqs: Sequence[int], out: NDArray[np.int8], new: BitMap, known: BitMap) -> Pushed:
    """What became of each customer, counted; who fitted and got nothing was at the limit of their person."""
    rest = ~np.isin(np.asarray(seqs, np.uint32), (new | known).to_array())
    refused = np.bincount(out[rest], minlength=len(Verdict))
    return Pushed(
        granted=len(new),
        exists=len(seqs) - len(new) - int(rest.sum()),
        limit_reached=int(refused[Verdict.FITS]),
        not_eligible=int(refused[Verdict.NOT_ELIGIBLE]),
        sold_out=int(refused[Verdict.SOLD_OUT]),
        budget_exhausted=int(refused[Verdict.BUDGET_EXHAUSTED]),
    )

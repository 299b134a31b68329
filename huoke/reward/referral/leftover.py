"""Stopping a programme, and what one that is over keeps aside and nobody can get any more: units and money go back."""

from collections.abc import Sequence
from uuid import UUID

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import grants, ledger
from huoke.reward.referral import store_bond
from huoke.reward.referral.model import (
    INVITER_LINE,
    Bond,
    NewProgramme,
    Programme,
    ProgrammeState,
    line_of,
    side_of,
)
from huoke.reward.referral.programme import find, get, go


async def stop(tx: Tx, principal: Principal, programme_id: UUID, reason: str) -> None:
    """Take no more invitations, for good; what was accepted is honoured, what it does not need goes back.

    Answers as `programme.go`.
    """
    await go(tx, principal, programme_id, ProgrammeState.STOPPED, reason)
    await give_back(tx, await get(tx, programme_id, lock=True))


async def give_back_all(tx: Tx) -> int:
    """Give back what programmes that are over have left; the fen that went back to budgets."""
    returned = 0
    for known in sorted(await find(tx, states=(ProgrammeState.LIVE, ProgrammeState.PAUSED, ProgrammeState.STOPPED)),
                        key=lambda one: one.id):  # fmt: skip
        if known.takes_no_more(tx.now):
            returned += await give_back(tx, await get(tx, known.id, lock=True))
    return returned


async def give_back(tx: Tx, programme: Programme) -> int:
    """Give back what no invitation under way may still need, of a locked programme that takes no more; the fen of it.

    Done again it gives back what became free meanwhile; once nothing is under way, or the offers have closed, nothing
    is kept. Units return to the pool they came from, money to the budget that paid.
    """
    waiting = await store_bond.unfinished(tx, programme.id)
    kept = []
    for line, offer_id in programme.offers.items():
        offer = await grants.get_offer(tx, offer_id)
        needed = 0 if tx.now >= offer.closes_at else wanted(programme.terms, waiting, int(line))
        kept.append(((await grants.unit_terms(tx, offer_id))[grants.EVERY_UNIT], needed, needed * offer.cost_fen))
    for terms, needed, _ in sorted(kept, key=lambda one: one[0].pool_id):
        await _units_back(tx, terms.pool_id, needed)
    return sum([
        await _money_back(tx, terms.budget_id, needed_fen)
        for terms, _, needed_fen in sorted(kept, key=lambda one: one[0].budget_id)
    ])  # fmt: skip


def wanted(terms: NewProgramme, waiting: Sequence[Bond], line: int) -> int:
    """How many units of a line the invitations under way may need at most."""
    found = side_of(line)
    if found is None:
        return len({bond.inviter_person for bond in waiting} - {None})
    _, side = found
    theirs = [bond for bond in waiting if line_of(terms, bond.channel, side) == line]
    return sum(side != INVITER_LINE or bond.inviter_seq is not None for bond in theirs)


async def _units_back(tx: Tx, pool_id: UUID, needed: int) -> None:
    """A pool without a parent was made for the programme: its units stay with it, to be given elsewhere."""
    [pool] = await grants.get_pools(tx, [pool_id])
    if pool.parent_id is not None and pool.available > needed:
        await grants.give_back_stock(tx, pool.id, pool.parent_id, pool.available - needed)


async def _money_back(tx: Tx, budget_id: UUID, needed_fen: int) -> int:
    [budget] = await ledger.get_budgets(tx, [budget_id])
    free = budget.available_fen - needed_fen
    if budget.parent_id is None or free <= 0:
        return 0
    await ledger.give_back(tx, budget.id, budget.parent_id, free)
    return free

"""Invitations counted as the natural persons customers turned out to be (rule R1)."""

from collections.abc import Mapping

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward.referral import store_person
from huoke.reward.referral.advance import keep
from huoke.reward.referral.model import BOND_NEXT, BondState, Reason, Verdict


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Let the invitations of customers (seq → natural person) count as those persons'.

    Serves `customers.register_recount`. Whoever turned out to have invited themselves, or to have been invited twice,
    is blocked where nothing was given yet; such a row keeps the person it was written with.
    """
    clashing = await store_person.clashing(tx, persons)
    blocked = [
        msgspec.structs.replace(
            bond,
            state=BondState.BLOCKED,
            verdict=Verdict.BLOCK,
            reasons=[Reason.SAME_PERSON],
            due_at=None,
            steps=bond.steps + 1,
        )
        for bond in clashing
        if BondState.BLOCKED in BOND_NEXT[bond.state]
    ]
    await keep(tx, clashing, blocked)
    await store_person.count_as(tx, persons, [bond.id for bond in clashing])

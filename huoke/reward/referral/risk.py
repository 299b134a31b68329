"""What is known of an invitation before anything is given for it: lists, rings, devices, haste."""

from collections.abc import Sequence
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.know import consent, relations
from huoke.reward.referral import store_bond
from huoke.reward.referral.model import Bond, RiskFacts


async def facts_of(tx: Tx, bonds: Sequence[Bond]) -> dict[UUID, RiskFacts]:
    """The facts of each invitation, as of now; relations serve against fraud only (rule P11)."""
    if not bonds:
        return {}
    suppressed = await consent.suppressed(tx)
    ringed = await relations.ringed(tx)
    brought = await store_bond.brought_in_a_day(tx, bonds)
    invited = [(one.id, one.inviter_seq, one.invitee_seq) for one in bonds if one.inviter_seq is not None]
    shared = await relations.crowded(tx, [(inviter, invitee) for _, inviter, invitee in invited], 1)
    users = {bond_id: shared.get(place, 0) for place, (bond_id, _, _) in enumerate(invited)}
    return {
        one.id: RiskFacts(
            suppressed=any(seq in suppressed for seq in _both(one)),
            ringed=any(seq in ringed for seq in _both(one)),
            device_users=users.get(one.id, 0),
            invited_in_a_day=brought[one.id],
        )
        for one in bonds
    }


def _both(bond: Bond) -> list[int]:
    return [bond.invitee_seq, *([] if bond.inviter_seq is None else [bond.inviter_seq])]

"""The ways a grant ends without being used: it expires, is revoked, fails or is returned."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.model import NEXT, Grant, Handover, Movement, OfferFacts, State
from huoke.reward.grants.move import lock, move
from huoke.reward.grants.refusals import ReasonMissing, UnknownGrant, WrongState

CHUNK_MAX = 2_000


async def expire(tx: Tx, *, limit: int = CHUNK_MAX) -> int:
    """End at most `limit` grants whose time has run out; stock and money go back. Returns how many."""
    due = await store_redeem.due_grants(tx, tx.now, limit)
    locked = await lock(tx, due, State.EXPIRED)
    over = [
        Movement(grant, State.EXPIRED)
        for grant in locked.values()
        if State.EXPIRED in NEXT[grant.state] and grant.expires_at is not None and grant.expires_at <= tx.now
    ]
    await move(tx, over, await store.offers(tx, {movement.grant.offer_id for movement in over}))
    return len(over)


async def revoke(tx: Tx, ids: Sequence[UUID], reason: str) -> list[UUID | Refusal]:
    """Take back grants that are not used; the person's limit is given back.

    In order: the id, `UnknownGrant`, `WrongState`. Raises `ReasonMissing`.
    """
    return await _end(tx, ids, State.REVOKED, reason)


async def return_(tx: Tx, ids: Sequence[UUID], reason: str) -> list[UUID | Refusal]:
    """A customer gives grants back, used or not: stock, money and limit go back and the supplier is owed no more.

    In order: the id, `UnknownGrant`, `WrongState`. Points that were credited are returned by a burn, not here, and a
    card code its customer has seen is not returned.
    """
    return await _end(tx, ids, State.RETURNED, reason)


async def forfeit(tx: Tx, ids: Sequence[UUID], reason: str) -> list[UUID | Refusal]:
    """Grants whose customer had their chance and did not take it; stock and money go back. Answers as `revoke`."""
    return await _end(tx, ids, State.EXPIRED, reason)


async def fail(tx: Tx, ids: Sequence[UUID], reason: str) -> list[UUID | Refusal]:
    """Grants that could not be delivered; stock, money and limit go back. Answers as `revoke`."""
    return await _end(tx, ids, State.FAILED, reason)


async def revoke_unclaimed(tx: Tx, offer_id: UUID, *, limit: int = CHUNK_MAX) -> int:
    """Take back at most `limit` pushed grants of an offer that nobody claimed; returns how many."""
    locked = await lock(tx, await store_redeem.unclaimed_grants(tx, offer_id, limit), State.REVOKED)
    movements = [Movement(grant, State.REVOKED) for grant in locked.values() if grant.state is State.RESERVED]
    await move(tx, movements, await store.offers(tx, [offer_id]))
    return len(movements)


async def _end(tx: Tx, ids: Sequence[UUID], state: State, reason: str) -> list[UUID | Refusal]:
    if not reason.strip():
        raise ReasonMissing("Say why.", pointer="/reason")
    locked = await lock(tx, ids, state)
    offers = await store.offers(tx, {grant.offer_id for grant in locked.values()})
    answers: list[UUID | Refusal] = []
    movements: dict[UUID, Movement] = {}
    for grant_id in ids:
        answer = _ending(locked.get(grant_id), grant_id, state, offers)
        if isinstance(answer, Grant):
            movements.setdefault(grant_id, Movement(answer, state))
            answers.append(grant_id)
        else:
            answers.append(answer)
    await move(tx, list(movements.values()), offers)
    await store.set_reasons(tx, dict.fromkeys(movements, reason.strip()))
    await store_redeem.close_redemptions(tx, list(movements), str(tx.actor.id), reason)
    return answers


def _ending(
    grant: Grant | None, grant_id: UUID, state: State, offers: Mapping[UUID, OfferFacts]
) -> Grant | UUID | Refusal:
    if grant is None:
        return UnknownGrant(f"There is no grant {grant_id}.")
    if grant.state is state:
        return grant_id
    # Points are spent by a burn, and a code that was seen cannot be unseen.
    credited = grant.state is State.USED and offers[grant.offer_id].handover in {Handover.CREDIT, Handover.CARD_CODE}
    if state not in NEXT[grant.state] or credited:
        return WrongState(f"A grant that is {grant.state.value} cannot become {state.value}.", state=grant.state.value)
    return grant

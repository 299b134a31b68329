"""What became of orders: a supplier delivered, or could not, or gave its price back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.model import Grant, Handover, Movement, OfferFacts, State
from huoke.reward.grants.move import PAYABLE, lock, move, owe_no_more
from huoke.reward.grants.push import LINES
from huoke.reward.grants.refusals import ReasonMissing, UnknownGrant, WrongState


class Fulfilment(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the order of one grant; a failure says why, in words the customer may read."""

    grant_id: UUID
    delivered: bool
    reason: str = ""


NEXT_BY_ORDER: Mapping[tuple[State, bool], State] = {
    (State.FULFILLING, True): State.USED,
    (State.USED, True): State.USED,
    (State.FULFILLING, False): State.FAILED,
    (State.FAILED, False): State.FAILED,
    (State.USED, False): State.RETURNED,
    (State.RETURNED, False): State.RETURNED,
}
"""Where a result, delivered or not, leads from a state; the same state is a retry."""


async def fulfil(tx: Tx, results: Sequence[Fulfilment]) -> list[UUID | Refusal]:
    """Take the results of orders, at most one a grant. In order: the grant's id (also for a retry) or a refusal.

    Delivered: fulfilling → used, money committed and the supplier owed, for nothing follows a delivery. Failed:
    fulfilling → failed, stock, money and the person's limit go back, and the customer's page says why. A failure of
    what was delivered (a day file that takes a success back): used → returned. Refused: `UnknownGrant`, `WrongState`
    (not waiting for an order; a success after a failure), `ReasonMissing`.
    """
    assert len({result.grant_id for result in results}) == len(results), "one result a grant"
    locked = await lock(tx, [result.grant_id for result in results], State.FAILED)
    offers = await store.offers(tx, {grant.offer_id for grant in locked.values()})
    answers: list[UUID | Refusal] = []
    movements: list[Movement] = []
    reasons: dict[UUID, str] = {}
    for result in results:
        grant = locked.get(result.grant_id)
        step = _next(grant, result, offers)
        answers.append(step if isinstance(step, Refusal) else result.grant_id)
        if grant is not None and isinstance(step, State) and step is not grant.state:
            movements.append(Movement(grant, step))
            if not result.delivered:
                reasons[grant.id] = result.reason.strip()
    await move(tx, movements, offers)
    await store.set_reasons(tx, reasons)
    await _note(tx, movements, offers, reasons)
    return answers


async def give_up_payables(tx: Tx, reasons: Mapping[UUID, str]) -> int:
    """Suppliers gave back what these grants cost, for a reason each; returns how many of them are used.

    Suppliers are owed nothing for those any more, and their statement takes them off. The grants, their budget and
    their stock stay: the customer has what was granted. Those that are used no more were taken off when they ended.
    Doing it again changes nothing.
    """
    locked = await store.lock_grants(tx, reasons)
    used = [grant for grant in locked.values() if grant.state is State.USED]
    await owe_no_more(tx, used)
    for reason in dict.fromkeys(reasons[grant.id] for grant in used):
        alike = [grant.id for grant in used if reasons[grant.id] == reason]
        await store_redeem.close_redemptions(tx, alike, str(tx.actor.id), reason)
    return len(used)


def _next(grant: Grant | None, result: Fulfilment, offers: Mapping[UUID, OfferFacts]) -> State | Refusal:
    """The state a grant goes to, its own state for a retry, or why the result cannot be."""
    if grant is None:
        return UnknownGrant(f"There is no grant {result.grant_id}.")
    if not result.delivered and not result.reason.strip():
        return ReasonMissing("Say why it was not delivered.", pointer="/reason")
    after = NEXT_BY_ORDER.get((grant.state, result.delivered))
    if after is None or offers[grant.offer_id].handover is not Handover.ORDER:
        return WrongState(f"A grant that is {grant.state.value} waits for no delivery.", state=grant.state.value)
    return after


async def _note(
    tx: Tx, movements: Sequence[Movement], offers: Mapping[UUID, OfferFacts], reasons: Mapping[UUID, str]
) -> None:
    """A delivery is a line of its supplier's statement; one taken back is the line that takes it off."""
    delivered = [m.grant for m in movements if m.state is State.USED]
    if delivered:
        rows = [
            store_redeem.NewRedemption(
                id=new_id(),
                grant_id=grant.id,
                offer_id=grant.offer_id,
                seq=grant.seq,
                supplier_id=grant.supplier_id or offers[grant.offer_id].supplier_id,
                amount_fen=grant.amount_fen,
                line=(grant.steps + 1) * LINES + PAYABLE,
                way=store_redeem.Way.DELIVERY,
                teller=str(tx.actor.id),
                unit_id=grant.unit_id,
            )
            for grant in delivered
        ]
        await store_redeem.insert_redemptions(tx, rows)
    for movement in movements:
        if movement.state is State.RETURNED:
            grant_id = movement.grant.id
            await store_redeem.close_redemptions(tx, [grant_id], str(tx.actor.id), reasons[grant_id])

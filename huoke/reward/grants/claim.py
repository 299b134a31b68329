"""Claiming: a customer takes from stock (pull) or accepts what was pushed; many customers in one batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel import idempotency
from huoke.kernel.batch import Call
from huoke.kernel.idempotency import Earlier, RequestKey, RequestReused
from huoke.kernel.ids import new_ids
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import NotEligible
from huoke.reward import ledger
from huoke.reward.grants import codes, delivery, store
from huoke.reward.grants.model import (
    EVERY_UNIT,
    Claim,
    Claimed,
    Delivery,
    Grant,
    Mode,
    Movement,
    OfferFacts,
    OfferState,
    Shelf,
    State,
    Stock,
    Terms,
    decide,
    shelf,
)
from huoke.reward.grants.move import PLACES, announce, lock, move, points_credit
from huoke.reward.grants.push import LINES
from huoke.reward.grants.refusals import Ended, Expired, SoldOut, UnknownOffer
from huoke.reward.grants.room import Room
from huoke.reward.grants.store import NewGrant

OPERATION = "grants.claim"
Answers = dict[int, Claimed | Refusal]


async def claim(tx: Tx, calls: Sequence[Call[Claim]]) -> list[Claimed | Refusal]:
    """Claim for many customers at once; one answer per call, in order. Shaped for `kernel.batch`.

    Pull: stock, budget and person limit are taken and the grant written together. Push: the customer's pushed grant
    goes on. A voucher becomes `fulfilled` (a right to redeem), points are credited and become `used`, what needs a
    supplier's order waits in `fulfilling` with its delivery facts kept. A repeated request number answers with what it
    did (`exists`); with another offer or customer it is a `RequestReused`. Refused: `SoldOut`, `BudgetExhausted`,
    `LimitReached`, `AlreadyChosen`, `Paused`, `Ended`, `NotStarted`, `NotEligible`, `Expired`, `UnknownOffer`,
    `DeliveryMissing`, `DeliveryUnfit`.
    """
    claims = [call.value for call in calls]
    keys = [RequestKey(item.request_no, _asked(item)) for item in claims]
    offers = await store.lock_offers(tx, {item.offer_id for item in claims})
    answers: Answers = {}
    first: dict[str, int] = {}
    await _answer_known(tx, keys, answers)
    for index, (call, key) in enumerate(zip(calls, keys, strict=True)):
        if index in answers:
            continue
        if first.setdefault(key.request_no, index) != index:
            continue  # answered after its first
        offer = offers.get(call.value.offer_id)
        if offer is None:
            answers[index] = UnknownOffer(f"There is no offer {call.value.offer_id}.", pointer="/offer_id")
        elif refusal := _closed(offer, call.at) or delivery.check_delivery(offer, call.value.delivery):
            answers[index] = refusal
    todo = [index for index in first.values() if index not in answers]
    taken = {index: claims[index].anew or offers[claims[index].offer_id].mode is Mode.PULL for index in todo}
    pull = [index for index in todo if taken[index]]
    push = [index for index in todo if not taken[index]]
    await _pull(tx, claims, pull, offers, answers)
    await _accept(tx, claims, push, offers, answers)
    done = {keys[i]: str(answer.grant_id) for i in todo if isinstance(answer := answers[i], Claimed)}
    if done:
        await idempotency.settle(tx, OPERATION, done)
    return [answers[i] if i in answers else _repeated(keys, i, first, answers) for i in range(len(calls))]


def _closed(offer: OfferFacts, at: datetime) -> Refusal | None:
    """Why an offer cannot be claimed; what was pushed ends by its own time, which may have been extended."""
    refusal = offer.refusal(at)
    past = isinstance(refusal, Ended) and offer.mode is Mode.PUSH and offer.state is not OfferState.STOPPED
    return None if past else refusal


def _asked(item: Claim) -> bytes:
    """What a claim asks, without what others vouch for: the same on every retry.

    Delivery facts stay out: a hash of a phone number is as good as the number. The first ones given count.
    """
    return item.offer_id.bytes + item.seq.to_bytes(4, "big")


async def _answer_known(tx: Tx, keys: Sequence[RequestKey], answers: Answers) -> None:
    """Answer the request numbers that were used before; the offers are locked, so no other transaction is at them."""
    earlier = await idempotency.remember(tx, OPERATION, keys)
    refs = {index: UUID(known.ref) for index, known in enumerate(earlier) if isinstance(known, Earlier)}
    grants = await store.grants(tx, set(refs.values())) if refs else {}
    for index, known in enumerate(earlier):
        if isinstance(known, Refusal):
            answers[index] = known
        elif known is not None:
            answers[index] = _claimed(grants[refs[index]], exists=True)


def _repeated(
    keys: Sequence[RequestKey], index: int, first: Mapping[str, int], answers: Mapping[int, Claimed | Refusal]
) -> Claimed | Refusal:
    """A request number that stands twice in the batch: the second is a retry of the first, or a mistake."""
    original = first[keys[index].request_no]
    if keys[index].body_hash != keys[original].body_hash:
        return RequestReused("This request number was already used for another claim.", pointer="/request_no")
    answer = answers[original]
    if isinstance(answer, Refusal):
        return answer
    return Claimed(grant_id=answer.grant_id, state=answer.state, expires_at=answer.expires_at, exists=True)


def _claimed(grant: Grant, *, exists: bool) -> Claimed:
    return Claimed(grant_id=grant.id, state=grant.state, expires_at=grant.expires_at, exists=exists)


async def _pull(
    tx: Tx, claims: Sequence[Claim], indexes: Sequence[int], offers: Mapping[UUID, OfferFacts], answers: Answers
) -> None:
    if not indexes:
        return
    wanted = [claims[index] for index in indexes]
    terms, pools = await store.lock_terms(tx, {(item.offer_id, item.unit_id) for item in wanted})
    budgets = await ledger.lock_budgets(tx, {term.budget_id for term in terms.values()})
    taken = await store.taken(tx, {(item.offer_id, item.person) for item in wanted})
    bundled = [(offers[item.offer_id].source_id, item.person) for item in wanted if offers[item.offer_id].choose]
    chosen = await store.chosen(tx, bundled)
    lines = {person: line for person, (_, line) in taken.items()}
    verdicts = decide(
        wanted,
        [offers[item.offer_id] for item in wanted],
        [_terms_of(item, terms) for item in wanted],
        Stock(pools, budgets, {person: count for person, (count, _) in taken.items()}, chosen),
    )
    new: list[NewGrant] = []
    for index, grant_id, item, verdict in zip(indexes, new_ids(len(wanted)), wanted, verdicts, strict=True):
        if isinstance(verdict, Refusal):
            answers[index] = verdict
            continue
        offer = offers[item.offer_id]
        person = (item.offer_id, item.person)
        lines[person] = lines.get(person, 0) + 1
        new.append(NewGrant(grant_id, item, offer, verdict, lines[person], offer.claimed_state))
        answers[index] = _new_answer(tx, grant_id, offer)
    without, until = await _draw(tx, {grant.id: grant.offer for grant in new}, answers)
    new = [grant for grant in new if grant.id not in without]
    if new:
        await _write(tx, new)
        await store.shorten(tx, until)


async def claim_taken(
    tx: Tx, room: Room, claims: Sequence[Claim], until: datetime | None = None
) -> list[Claimed | Refusal]:
    """Write claims whose units were taken from `room` in this transaction, one answer each, in order.

    What was taken of a pushed offer waits `until` then for its customer to claim it, saying where it is sent.

    The source vouches that it names each once: there are no request numbers, and nothing is decided again. Refused is
    only what the room cannot know: `SoldOut` where no supplier's code is left. Nothing is written where any is refused.
    """
    new = [room.grant(item, grant_id, until) for item, grant_id in zip(claims, new_ids(len(claims)), strict=True)]
    answers: Answers = {
        index: Claimed(grant_id=grant.id, state=grant.state, expires_at=grant.until)
        if grant.state is State.RESERVED
        else _new_answer(tx, grant.id, grant.offer)
        for index, grant in enumerate(new)
    }
    without, ends = await _draw(tx, {grant.id: grant.offer for grant in new}, answers)
    if new and not without:
        await _write(tx, new)
        await store.shorten(tx, ends)
    return [answers[index] for index in range(len(new))]


async def _draw(tx: Tx, wanted: Mapping[UUID, OfferFacts], answers: Answers) -> tuple[set[UUID], dict[UUID, datetime]]:
    """Draw a supplier's codes for grants whose offers need one: who gets none is sold out, the rest know how long."""
    without, until = await codes.draw(tx, wanted)
    for index, answer in answers.items():
        if isinstance(answer, Refusal) or answer.grant_id not in wanted:
            continue
        if answer.grant_id in without:
            answers[index] = SoldOut("Everything is gone.")
        elif end := until.get(answer.grant_id):
            answers[index] = msgspec.structs.replace(answer, expires_at=min(end, answer.expires_at or end))
    return without, until


def _terms_of(item: Claim, terms: Mapping[tuple[UUID, int], Terms]) -> Terms | None:
    return terms.get((item.offer_id, item.unit_id)) or terms.get((item.offer_id, EVERY_UNIT))


async def _write(tx: Tx, new: Sequence[NewGrant]) -> None:
    """Write grants whose stock, budget and place were locked in this transaction and taken one by one (`decide`)."""
    await store.insert_grants(tx, new)
    for end in (Shelf.RESERVED, Shelf.USED):
        items = [(n.terms.budget_id, n.id, LINES, n.offer.cost_fen) for n in new if shelf(n.state) is end]
        if items:
            await ledger.move_decided(tx, ledger.columns("grant", items), ledger.Place.AVAILABLE, PLACES[end])
    credits_ = [
        points_credit(n.id, n.claim.seq, n.terms.budget_id, 1, n.offer, tx.now) for n in new if n.state is State.USED
    ]
    outcomes = await ledger.credit(tx, credits_)
    assert all(outcome is ledger.Outcome.POSTED for outcome in outcomes), "a new grant's points were never credited"
    await delivery.keep(tx, {n.id: n.claim.delivery for n in new if n.claim.delivery is not None})
    announce(tx, [(n.offer, n.state, n.id, n.claim.seq) for n in new])


async def _accept(
    tx: Tx, claims: Sequence[Claim], indexes: Sequence[int], offers: Mapping[UUID, OfferFacts], answers: Answers
) -> None:
    """Claims of pushed grants: the customer's grant of the offer goes from reserved to its end."""
    if not indexes:
        return
    found = await store.pushed_grants(
        tx,
        {(claims[i].offer_id, claims[i].seq) for i in indexes},
        await customers.joined_to(tx, [claims[i].seq for i in indexes]),
    )
    points = {key for key in found if offers[key[0]].claimed_state is State.USED}
    await lock(tx, {found[key] for key in points}, State.USED)
    locked = await store.lock_grants(tx, found.values())
    movements: dict[UUID, Movement] = {}
    sent: dict[UUID, Delivery] = {}
    for index in indexes:
        item = claims[index]
        grant = locked.get(found.get((item.offer_id, item.seq), UUID(int=0)))
        if grant is None:
            answers[index] = offers[item.offer_id].refusal(tx.now) or NotEligible()
        elif grant.state in {State.FULFILLING, State.FULFILLED, State.USED}:
            answers[index] = _claimed(grant, exists=True)
        elif grant.state is not State.RESERVED or grant.expires_at is None or grant.expires_at <= tx.now:
            over = Expired("The time to claim this is over.")
            answers[index] = offers[item.offer_id].refusal(tx.now) or over
        else:
            answers[index] = _accepted(tx, grant, offers[item.offer_id], movements)
            if item.delivery is not None:
                sent.setdefault(grant.id, item.delivery)
    without, until = await _draw(tx, {key: offers[m.grant.offer_id] for key, m in movements.items()}, answers)
    await move(tx, [movement for key, movement in movements.items() if key not in without], offers)
    await store.shorten(tx, until)
    await delivery.keep(tx, sent)


def _accepted(tx: Tx, grant: Grant, offer: OfferFacts, movements: dict[UUID, Movement]) -> Claimed:
    exists = grant.id in movements
    movements[grant.id] = Movement(grant, offer.claimed_state)
    return msgspec.structs.replace(_new_answer(tx, grant.id, offer), exists=exists)


def _new_answer(tx: Tx, grant_id: UUID, offer: OfferFacts) -> Claimed:
    state = offer.claimed_state
    expires_at = offer.good_until(tx.now) if state is State.FULFILLED else None
    return Claimed(grant_id=grant_id, state=state, expires_at=expires_at)

"""Who may claim: customers' own claims, with unit, person and eligibility looked up for the whole batch.

Whether a customer is meant is for the offer's source to say (a campaign knows its audience): it registers a port.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.grants import store
from huoke.reward.grants.claim import claim
from huoke.reward.grants.model import Claim, Claimed, Delivery, Mode

Eligible = Callable[[Tx, UUID, Sequence[int]], Awaitable[Sequence[bool]]]
"""(tx, source id, seqs) → for each customer whether the source's pull offers are meant for them."""

_PORTS: dict[str, Eligible] = {}


def register_eligibility(source_kind: str, eligible: Eligible) -> None:
    """Say who answers for offers of `source_kind`; where nobody does, nobody is eligible to pull. For `app/`."""
    _PORTS[source_kind] = eligible


class OwnClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as the signed-in customer makes it."""

    request_no: str
    offer_id: UUID
    seq: int
    delivery: Delivery | None = None


async def claim_own(tx: Tx, calls: Sequence[Call[OwnClaim]]) -> list[Claimed | Refusal]:
    """`claim` for customers who are signed in: their facts come from their records. One answer per call, in order."""
    seqs = sorted({call.value.seq for call in calls})
    await customers.hold_persons(tx)
    facts = await customers.facts(tx, seqs)
    places = {seq: i for i, seq in enumerate(facts.seqs.tolist())}
    units, persons = facts.unit_ids.tolist(), facts.persons.tolist()
    eligible = await _eligible(tx, calls)
    full = [
        Call(
            Claim(
                request_no=call.value.request_no,
                offer_id=call.value.offer_id,
                seq=call.value.seq,
                unit_id=units[place] if (place := places.get(call.value.seq)) is not None else -1,
                person=persons[place] if place is not None else call.value.seq,
                delivery=call.value.delivery,
                eligible=place is not None and (call.value.offer_id, call.value.seq) in eligible,
            ),
            call.actor,
            call.at,
        )
        for call in calls
    ]
    return await claim(tx, full)


async def _eligible(tx: Tx, calls: Sequence[Call[OwnClaim]]) -> set[tuple[UUID, int]]:
    """The (offer, customer) pairs whose source says yes; a pushed grant needs nobody's."""
    offers = await store.offers(tx, {call.value.offer_id for call in calls})
    wanted: defaultdict[UUID, set[int]] = defaultdict(set)
    for call in calls:
        wanted[call.value.offer_id].add(call.value.seq)
    yes = set()
    for offer_id, members in wanted.items():
        offer = offers.get(offer_id)
        if offer is None or offer.mode is Mode.PUSH or offer.source_kind not in _PORTS:
            continue
        seqs = sorted(members)
        answers = await _PORTS[offer.source_kind](tx, offer.source_id, seqs)
        yes |= {(offer_id, seq) for seq, answer in zip(seqs, answers, strict=True) if answer}
    return yes

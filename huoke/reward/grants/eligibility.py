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


class Choosing(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer may choose from a bundle: `choose` of the offers of these SKUs together."""

    choose: int
    sku_ids: frozenset[UUID]


Chooses = Callable[[Tx, UUID, Sequence[int]], Awaitable[Sequence[Choosing | None] | None]]
"""(tx, source id, seqs) → for each customer what they may choose from, None for nothing; None: the same for all."""

_CHOICES: dict[str, Chooses] = {}


def register_eligibility(source_kind: str, eligible: Eligible) -> None:
    """Say who answers for offers of `source_kind`; where nobody does, nobody is eligible to pull. For `app/`."""
    _PORTS[source_kind] = eligible


def register_choices(source_kind: str, chooses: Chooses) -> None:
    """Say who knows what customers may choose from the bundles of `source_kind`. For `app/`."""
    _CHOICES[source_kind] = chooses


async def choosing(tx: Tx, source_kind: str, source_id: UUID, seqs: Sequence[int]) -> dict[int, Choosing | None] | None:
    """What each customer may choose from a source's bundle; None where it is the same for all."""
    if source_kind not in _CHOICES:
        return None
    found = await _CHOICES[source_kind](tx, source_id, seqs)
    return None if found is None else dict(zip(seqs, found, strict=True))


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
    allowed = await _eligible(tx, calls)
    full = [
        Call(
            Claim(
                request_no=call.value.request_no,
                offer_id=call.value.offer_id,
                seq=call.value.seq,
                unit_id=units[place] if (place := places.get(call.value.seq)) is not None else -1,
                person=persons[place] if place is not None else call.value.seq,
                delivery=call.value.delivery,
                eligible=place is not None and (call.value.offer_id, call.value.seq) in allowed,
                choose=allowed.get((call.value.offer_id, call.value.seq)),
            ),
            call.actor,
            call.at,
        )
        for call in calls
    ]
    return await claim(tx, full)


async def _eligible(tx: Tx, calls: Sequence[Call[OwnClaim]]) -> dict[tuple[UUID, int], int | None]:
    """The (offer, customer) pairs whose source says yes, with how many they may choose where that is not the offer's.

    A pushed grant needs nobody's yes.
    """
    offers = await store.offers(tx, {call.value.offer_id for call in calls})
    wanted: defaultdict[UUID, set[int]] = defaultdict(set)
    for call in calls:
        wanted[call.value.offer_id].add(call.value.seq)
    yes: dict[tuple[UUID, int], int | None] = {}
    for offer_id, members in wanted.items():
        offer = offers.get(offer_id)
        if offer is None or offer.mode is Mode.PUSH or offer.source_kind not in _PORTS:
            continue
        seqs = sorted(members)
        answers = await _PORTS[offer.source_kind](tx, offer.source_id, seqs)
        meant = [seq for seq, answer in zip(seqs, answers, strict=True) if answer]
        own = await choosing(tx, offer.source_kind, offer.source_id, meant) if offer.choose else None
        if own is None:
            yes |= {(offer_id, seq): None for seq in meant}
        else:
            yes |= {(offer_id, seq): one.choose for seq, one in own.items() if one and offer.sku_id in one.sku_ids}
    return yes

"""Redeeming at the counter, and undoing it within ten minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel import idempotency
from huoke.kernel.idempotency import Earlier, RequestKey, RequestReused
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import merchants, outlets
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.code import check_guesses, hash_code, note_misses, read_code
from huoke.reward.grants.guard import unbooked
from huoke.reward.grants.model import BenefitKind, Grant, Handover, Movement, OfferFacts, State
from huoke.reward.grants.move import PAYABLE, lock, move
from huoke.reward.grants.push import LINES
from huoke.reward.grants.read import GrantItem
from huoke.reward.grants.refusals import (
    Expired,
    ReasonMissing,
    UndoNotYours,
    UndoTooLate,
    UnknownCode,
    UnknownRedemption,
    WrongState,
)
from huoke.reward.merchants import Place

OPERATION = "grants.redeem"
UNDO_SECONDS = 600
GIFT = 3
"""Offset, from a step's first ledger line, of the gift that left the shelf."""


class Redemption(msgspec.Struct, frozen=True, kw_only=True):
    """One redemption to make: a code as scanned or typed, or the grant itself."""

    request_no: str
    code: str = ""
    grant_id: UUID | None = None


class Counter(msgspec.Struct):
    """Where a batch is redeemed, by whom, what is not accepted or not booked there, and how many of each gift lie on
    the shelf.
    """

    place: Place
    teller: str
    refused: Mapping[UUID, Refusal]
    unbooked: Mapping[UUID, Refusal]
    shelf: dict[UUID, int]

    def take(self, grant_id: UUID, sku_id: UUID, kind: BenefitKind) -> Refusal | None:
        """Why this cannot be redeemed here, or None; a gift is counted off the shelf."""
        if refusal := self.refused.get(sku_id) or self.unbooked.get(grant_id):
            return refusal
        if kind is BenefitKind.PHYSICAL:
            if self.shelf.get(sku_id, 0) < 1:
                return outlets.OutletEmpty("This outlet has none left of this gift.", sku_id=str(sku_id))
            self.shelf[sku_id] -= 1
        return None


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What redeeming would say: a refusal or None; `on_hand` gifts lie on the shelf, None for what is no gift."""

    refusal: Refusal | None
    on_hand: int | None


class Redeemed(msgspec.Struct, frozen=True, kw_only=True):
    """What was redeemed; `undo_until` is the last moment to take it back."""

    redemption_id: UUID
    grant_id: UUID
    undo_until: datetime
    exists: bool = False


async def redeem(
    tx: Tx, items: Sequence[Redemption], *, teller: str, unit_id: int, place: Place | None = None
) -> list[Redeemed | Refusal]:
    """Redeem for a teller of a unit, or at `place`: fulfilled → used, money committed, supplier owed; an answer each.

    Rules of acceptance hold here, and a gift comes off the unit's shelf. Refused: `UnknownCode` (also a replaced or
    foreign one), `WrongState` (redeemed before), `Expired`, `RequestReused`, `merchants.NotAcceptedHere`,
    `merchants.NotAcceptedNow`, `outlets.OutletEmpty`.
    Raises `TooManyGuesses` before anything is done. Codes that do not exist are counted, so commit in any case.
    """
    await check_guesses(tx, teller)
    wanted, misses = await _grants_of(tx, items)
    locked = await lock(tx, {grant_id for grant_id in wanted if grant_id is not None}, State.USED)
    keys = [RequestKey(item.request_no, idempotency.body_hash((item.code, item.grant_id))) for item in items]
    earlier = await idempotency.remember(tx, OPERATION, keys)
    await note_misses(tx, teller, sum(1 for i in misses if earlier[i] is None))
    offers = await store.offers(tx, {grant.offer_id for grant in locked.values()})
    asked = {offer.sku_id: offer.kind for offer in offers.values()}
    held = {grant.id: offers[grant.offer_id].sku_id for grant in locked.values() if grant.offer_id in offers}
    counter = await _counter(tx, place or Place(unit_id=unit_id), teller, asked, held, lock=True)
    answers: list[Redeemed | Refusal] = []
    done: dict[UUID, tuple[RequestKey, Redeemed]] = {}
    for key, known, grant_id in zip(keys, earlier, wanted, strict=True):
        if isinstance(known, Refusal):
            answers.append(known)
        elif isinstance(known, Earlier):
            answers.append(msgspec.convert(known.ref | {"exists": True}, Redeemed))
        else:
            answers.append(_answer(tx, key, None if grant_id is None else locked.get(grant_id), offers, done, counter))
    await _write(tx, [locked[grant_id] for grant_id in done], offers, done, counter)
    return answers


async def foresee(tx: Tx, items: Sequence[GrantItem], place: Place) -> list[Foreseen]:
    """What redeeming each of these at a place would say now, each as if alone; nothing moves."""
    held = {item.id: item.sku_id for item in items}
    counter = await _counter(tx, place, "", {item.sku_id: item.kind for item in items}, held, lock=False)
    return [_foreseen(tx.now, item, counter) for item in items]


def _foreseen(now: datetime, item: GrantItem, counter: Counter) -> Foreseen:
    on_hand = counter.shelf.get(item.sku_id, 0) if item.kind is BenefitKind.PHYSICAL else None
    alone = Counter(counter.place, counter.teller, counter.refused, counter.unbooked, dict(counter.shelf))
    refusal = _why_not(item.state, item.handover, item.expires_at, now)
    refusal = refusal or alone.take(item.id, item.sku_id, item.kind)
    return Foreseen(refusal=refusal, on_hand=on_hand)


async def _counter(
    tx: Tx, place: Place, teller: str, skus: Mapping[UUID, BenefitKind], held: Mapping[UUID, UUID], *, lock: bool
) -> Counter:
    refused = await merchants.check(tx, skus, place, tx.now)
    gifts = {sku_id for sku_id, kind in skus.items() if kind is BenefitKind.PHYSICAL}
    at_counter = gifts and place.store_id is None
    shelf = await outlets.on_hand(tx, place.unit_id, gifts, lock=lock) if at_counter else {}
    return Counter(place, teller, refused, await unbooked(tx, held, place), shelf)


def _why_not(state: State, handover: Handover, expires_at: datetime | None, now: datetime) -> Refusal | None:
    """Why no place at all could redeem this now."""
    if state is not State.FULFILLED or handover is not Handover.COUNTER:
        return WrongState("This benefit cannot be redeemed: see its state.", state=state.value)
    if expires_at is not None and expires_at <= now:
        return Expired("This benefit has expired.", expires_at=expires_at.isoformat())
    return None


async def _grants_of(tx: Tx, items: Sequence[Redemption]) -> tuple[list[UUID | None], set[int]]:
    """The grant each item means, None where there is none, and the places of the codes that do not exist."""
    hashes = {
        index: hash_code(tx, digits)
        for index, item in enumerate(items)
        if item.grant_id is None and (digits := read_code(item.code))
    }
    found = await store_redeem.grants_of_codes(tx, list(hashes.values()))
    live = {index: found[code].grant_id for index, code in hashes.items() if code in found}
    wanted = [item.grant_id or live.get(index) for index, item in enumerate(items)]
    return wanted, {index for index, grant_id in enumerate(wanted) if grant_id is None}


def _answer(  # noqa: PLR0911 - one return per answer reads as the table it is
    tx: Tx,
    key: RequestKey,
    grant: Grant | None,
    offers: Mapping[UUID, OfferFacts],
    done: dict[UUID, tuple[RequestKey, Redeemed]],
    counter: Counter,
) -> Redeemed | Refusal:
    if grant is None or grant.offer_id not in offers:
        return UnknownCode("This code is not valid; ask the customer for the one on the screen now.", pointer="/code")
    if grant.id in done:
        first, redeemed = done[grant.id]
        if first == key:
            return msgspec.structs.replace(redeemed, exists=True)
        if first.request_no == key.request_no:
            return RequestReused("This request number was already used.", pointer="/request_no")
        return WrongState("This benefit was just redeemed.", state=State.USED.value)
    if any(first.request_no == key.request_no for first, _ in done.values()):
        return RequestReused("This request number was already used.", pointer="/request_no")
    offer = offers[grant.offer_id]
    refusal = _why_not(grant.state, offer.handover, grant.expires_at, tx.now)
    if refusal := refusal or counter.take(grant.id, offer.sku_id, offer.kind):
        return refusal
    redeemed = Redeemed(redemption_id=new_id(), grant_id=grant.id, undo_until=tx.now + timedelta(seconds=UNDO_SECONDS))
    done[grant.id] = (key, redeemed)
    return redeemed


async def _write(
    tx: Tx,
    grants: Sequence[Grant],
    offers: Mapping[UUID, OfferFacts],
    done: Mapping[UUID, tuple[RequestKey, Redeemed]],
    counter: Counter,
) -> None:
    if not grants:
        return
    place = counter.place
    await move(tx, [Movement(grant, State.USED) for grant in grants], offers)
    await store_redeem.insert_redemptions(
        tx,
        [
            store_redeem.NewRedemption(
                id=done[grant.id][1].redemption_id,
                grant_id=grant.id,
                offer_id=grant.offer_id,
                seq=grant.seq,
                supplier_id=offers[grant.offer_id].supplier_id,
                amount_fen=grant.amount_fen,
                line=(grant.steps + 1) * LINES + PAYABLE,
                way=store_redeem.Way.COUNTER if place.store_id is None else store_redeem.Way.STORE,
                teller=counter.teller,
                unit_id=place.unit_id,
                store_id=place.store_id,
            )
            for grant in grants
        ],
    )
    gifts = [grant for grant in grants if offers[grant.offer_id].kind is BenefitKind.PHYSICAL]
    handed = [(grant.id, (grant.steps + 1) * LINES + GIFT, offers[grant.offer_id].sku_id) for grant in gifts]
    await outlets.hand_out(tx, place.unit_id, handed)
    await store_redeem.drop_codes(tx, [grant.id for grant in grants])
    await idempotency.settle(tx, OPERATION, dict(done.values()))


async def undo_redeem(
    tx: Tx,
    redemption_id: UUID,
    *,
    teller: str,
    units: frozenset[int] | None,
    reason: str,
    stores: frozenset[UUID] | None = None,
) -> UUID:
    """Take a redemption back within ten minutes; the grant can be redeemed again. Returns the grant's id.

    `units` are those the caller is in charge of (None: the whole bank; empty: only what the teller redeemed); a clerk
    knows of `stores` alone. Undoing twice is a retry.
    Raises `ReasonMissing`, `UnknownRedemption`, `UndoNotYours`, `UndoTooLate`, `WrongState`.
    """
    if not reason.strip():
        raise ReasonMissing("Say why the redemption is undone.", pointer="/reason")
    row = (await store_redeem.redemptions(tx, [redemption_id])).get(redemption_id)
    known = row is not None and row["way"] in {store_redeem.Way.COUNTER, store_redeem.Way.STORE}
    if row is None or not known or (stores is not None and row["store_id"] not in stores):
        raise UnknownRedemption(f"There is no redemption {redemption_id}.")
    if row["teller"] != teller and units is not None and row["unit_id"] not in units:
        raise UndoNotYours("Only the teller who redeemed, or somebody in charge of the unit, may undo this.")
    grant = (await lock(tx, [row["grant_id"]], State.FULFILLED))[row["grant_id"]]
    row = (await store_redeem.redemptions(tx, [redemption_id]))[redemption_id]
    grant_id: UUID = grant.id
    if row["undone_at"] is not None:
        return grant_id
    if tx.now > row["at"] + timedelta(seconds=UNDO_SECONDS):
        raise UndoTooLate("A redemption can be undone for ten minutes; make a return instead.")
    if grant.state is not State.USED:
        raise WrongState("This benefit is no longer redeemed.", state=grant.state.value)
    offers = await store.offers(tx, [grant.offer_id])
    await move(tx, [Movement(grant, State.FULFILLED)], offers)
    if offers[grant.offer_id].kind is BenefitKind.PHYSICAL:
        await outlets.take_back(tx, {(grant_id, grant.steps * LINES + GIFT): (grant.steps + 1) * LINES + GIFT})
    await store_redeem.close_redemptions(tx, [grant_id], teller, reason)
    entry = audit.AuditEntry(
        action="grants.undo_redeem",
        subject_kind="redemption",
        subject_id=str(redemption_id),
        unit_id=row["unit_id"],
        reason=reason.strip(),
        before={"redeemed_by": row["teller"], "at": row["at"].isoformat()},
    )
    await audit.record(tx, entry)
    return grant_id

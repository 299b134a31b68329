"""Redeeming at the counter, and undoing it within ten minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.kernel import idempotency
from huoke.kernel.idempotency import Earlier, RequestKey, RequestReused
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.code import check_guesses, hash_code, note_misses, read_code
from huoke.reward.grants.model import Grant, Handover, Movement, OfferFacts, State
from huoke.reward.grants.move import PAYABLE, lock, move
from huoke.reward.grants.push import LINES
from huoke.reward.grants.refusals import (
    Expired,
    ReasonMissing,
    UndoNotYours,
    UndoTooLate,
    UnknownCode,
    UnknownRedemption,
    WrongState,
)

OPERATION = "grants.redeem"
UNDO_SECONDS = 600


class Redemption(msgspec.Struct, frozen=True, kw_only=True):
    """One redemption to make: a code as scanned or typed, or the grant itself."""

    request_no: str
    code: str = ""
    grant_id: UUID | None = None


class Redeemed(msgspec.Struct, frozen=True, kw_only=True):
    """What was redeemed; `undo_until` is the last moment to take it back."""

    redemption_id: UUID
    grant_id: UUID
    undo_until: datetime
    exists: bool = False


async def redeem(tx: Tx, items: Sequence[Redemption], *, teller: str, unit_id: int) -> list[Redeemed | Refusal]:
    """Redeem vouchers for a teller of a unit: fulfilled → used, money committed, the supplier owed. One answer each.

    Refused: `UnknownCode` (also a replaced or foreign one), `WrongState` (redeemed before), `Expired`, `RequestReused`.
    Raises `TooManyGuesses` before anything is done. Codes that do not exist are counted, so commit in any case.
    """
    await check_guesses(tx, teller)
    wanted, misses = await _grants_of(tx, items)
    locked = await lock(tx, {grant_id for grant_id in wanted if grant_id is not None}, State.USED)
    keys = [RequestKey(item.request_no, idempotency.body_hash((item.code, item.grant_id))) for item in items]
    earlier = await idempotency.remember(tx, OPERATION, keys)
    await note_misses(tx, teller, sum(1 for i in misses if earlier[i] is None))
    offers = await store.offers(tx, {grant.offer_id for grant in locked.values()})
    answers: list[Redeemed | Refusal] = []
    done: dict[UUID, tuple[RequestKey, Redeemed]] = {}
    for key, known, grant_id in zip(keys, earlier, wanted, strict=True):
        if isinstance(known, Refusal):
            answers.append(known)
        elif isinstance(known, Earlier):
            answers.append(msgspec.convert(known.ref | {"exists": True}, Redeemed))
        else:
            answers.append(_answer(tx, key, None if grant_id is None else locked.get(grant_id), offers, done))
    await _write(tx, [locked[grant_id] for grant_id in done], offers, done, teller, unit_id)
    return answers


async def _grants_of(tx: Tx, items: Sequence[Redemption]) -> tuple[list[UUID | None], set[int]]:
    """The grant each item means, None where there is none, and the places of the codes that do not exist."""
    hashes = {
        index: hash_code(tx, digits)
        for index, item in enumerate(items)
        if item.grant_id is None and (digits := read_code(item.code))
    }
    found = await store_redeem.grants_of_codes(tx, list(hashes.values()))
    wanted = [item.grant_id or found.get(hashes.get(index, b"")) for index, item in enumerate(items)]
    return wanted, {index for index, grant_id in enumerate(wanted) if grant_id is None}


def _answer(  # noqa: PLR0911 - one return per answer reads as the table it is
    tx: Tx,
    key: RequestKey,
    grant: Grant | None,
    offers: Mapping[UUID, OfferFacts],
    done: dict[UUID, tuple[RequestKey, Redeemed]],
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
    if grant.state is not State.FULFILLED or offers[grant.offer_id].handover is not Handover.COUNTER:
        return WrongState("This benefit cannot be redeemed: see its state.", state=grant.state.value)
    if grant.expires_at is not None and grant.expires_at <= tx.now:
        return Expired("This benefit has expired.", expires_at=grant.expires_at.isoformat())
    redeemed = Redeemed(redemption_id=new_id(), grant_id=grant.id, undo_until=tx.now + timedelta(seconds=UNDO_SECONDS))
    done[grant.id] = (key, redeemed)
    return redeemed


async def _write(
    tx: Tx,
    grants: Sequence[Grant],
    offers: Mapping[UUID, OfferFacts],
    done: Mapping[UUID, tuple[RequestKey, Redeemed]],
    teller: str,
    unit_id: int,
) -> None:
    if not grants:
        return
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
                way=store_redeem.Way.COUNTER,
                teller=teller,
                unit_id=unit_id,
            )
            for grant in grants
        ],
    )
    await store_redeem.drop_codes(tx, [grant.id for grant in grants])
    await idempotency.settle(tx, OPERATION, dict(done.values()))


async def undo_redeem(tx: Tx, redemption_id: UUID, *, teller: str, units: frozenset[int] | None, reason: str) -> UUID:
    """Take a redemption back within ten minutes; the grant can be redeemed again. Returns the grant's id.

    `units` are those the caller is in charge of (None: the whole bank; empty: only what the teller redeemed).
    Undoing twice is a retry. Raises `ReasonMissing`, `UnknownRedemption`, `UndoNotYours`, `UndoTooLate`, `WrongState`.
    """
    if not reason.strip():
        raise ReasonMissing("Say why the redemption is undone.", pointer="/reason")
    row = (await store_redeem.redemptions(tx, [redemption_id])).get(redemption_id)
    if row is None or row["way"] not in {store_redeem.Way.COUNTER, store_redeem.Way.STORE}:
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
    await move(tx, [Movement(grant, State.FULFILLED)], await store.offers(tx, [grant.offer_id]))
    await store_redeem.close_redemptions(tx, [grant_id], teller, reason)
    return grant_id

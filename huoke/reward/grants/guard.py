"""The port of bookings: a service is redeemed where and when it was booked; its booking follows what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.grants import store
from huoke.reward.grants.model import Movement, State
from huoke.reward.merchants import Place


class BookingGuard(Protocol):
    """Who knows what is booked."""

    async def refuse(self, tx: Tx, wanted: Mapping[UUID, UUID], place: Place) -> dict[UUID, Refusal]:
        """Of grants (id → SKU) those that may not be redeemed here and now, each with why."""

    async def moved(self, tx: Tx, used: Sequence[UUID], undone: Sequence[UUID], ended: Sequence[UUID]) -> None:
        """Grants were redeemed, their redemption was taken back, or they ended otherwise."""


_GUARD: dict[str, BookingGuard] = {}


def register_bookings(guard: BookingGuard) -> None:
    """Say who knows what is booked; for `app/`. Without it nothing is a service."""
    _GUARD["bookings"] = guard


async def unbooked(tx: Tx, wanted: Mapping[UUID, UUID], place: Place) -> Mapping[UUID, Refusal]:
    """Of grants (id → SKU) those that are services not booked for this place and time, each with why."""
    guard = _GUARD.get("bookings")
    return {} if guard is None or not wanted else await guard.refuse(tx, wanted, place)


async def tell_bookings(tx: Tx, movements: Sequence[Movement]) -> None:
    """Let bookings follow grants that moved from or to being claimed and waiting."""
    guard = _GUARD.get("bookings")
    if guard is None:
        return
    left = [one for one in movements if one.grant.state is State.FULFILLED and one.state is not State.FULFILLING]
    used = [one.grant.id for one in left if one.state is State.USED]
    ended = [one.grant.id for one in left if one.state is not State.USED]
    undone = [one.grant.id for one in movements if one.grant.state is State.USED and one.state is State.FULFILLED]
    if used or ended or undone:
        await guard.moved(tx, used, undone, ended)


async def hold_held(tx: Tx, ids: Sequence[UUID]) -> None:
    """Lock grants as they are, ascending, so that none is redeemed or ends while it is booked."""
    await store.lock_grants(tx, ids)

"""What happens in a group buy, as others hear of it."""

from typing import ClassVar
from uuid import UUID

from huoke.kernel.events import Event


class GroupBuyChanged(Event, frozen=True, kw_only=True):
    """A group buy went live or was stopped."""

    name: ClassVar[str] = "group_buy.programme_changed"
    programme_id: UUID
    state: str


class GroupMoved(Event, frozen=True, kw_only=True):
    """A group was opened, or ended."""

    name: ClassVar[str] = "group_buy.group_moved"
    programme_id: UUID
    party_id: UUID
    state: str


class SeatMoved(Event, frozen=True, kw_only=True):
    """A customer's seat was reserved, paid, delivered, released or given its money back."""

    name: ClassVar[str] = "group_buy.seat_moved"
    programme_id: UUID
    party_id: UUID
    seat_id: UUID
    state: str

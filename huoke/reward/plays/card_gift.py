"""A card on its way from one customer to another, as stored."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class GiftState(StrEnum):
    """open → done, or taken_back; an open one whose time is over is nothing any more."""

    OPEN = "open"
    DONE = "done"
    TAKEN_BACK = "taken_back"


class CardGift(msgspec.Struct, frozen=True, kw_only=True):
    """A card on its way: offered by its giver, or asked for by its receiver; the other end is whoever agreed."""

    id: UUID
    code: str
    line: int
    asked: bool
    from_seq: int | None
    to_seq: int | None
    state: GiftState
    made_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None

    @property
    def maker(self) -> int:
        """Who made it."""
        seq = self.to_seq if self.asked else self.from_seq
        assert seq is not None, "somebody made it"
        return seq

    def waits(self, now: datetime) -> bool:
        """Whether somebody may still agree to it."""
        return self.state is GiftState.OPEN and now < self.expires_at

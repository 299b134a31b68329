"""What happens in a referral programme, as others hear of it; each is about the invitee."""

from typing import ClassVar
from uuid import UUID

from huoke.kernel.events import Event


class ProgrammeChanged(Event, frozen=True, kw_only=True):
    """A programme went live, was paused, goes on, or was stopped."""

    name: ClassVar[str] = "referral.programme_changed"
    programme_id: UUID
    state: str


class InvitationAccepted(Event, frozen=True, kw_only=True):
    """An invitee accepted an invitation; `inviter_seq` is None where staff invited."""

    name: ClassVar[str] = "referral.accepted"
    programme_id: UUID
    bond_id: UUID
    inviter_seq: int | None


class BondMoved(Event, frozen=True, kw_only=True):
    """An accepted invitation went on: qualified, rewarded, lapsed, blocked or clawed back."""

    name: ClassVar[str] = "referral.moved"
    programme_id: UUID
    bond_id: UUID
    state: str

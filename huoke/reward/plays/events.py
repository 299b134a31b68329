"""What plays tell the log."""

from typing import ClassVar
from uuid import UUID

from huoke.kernel.events import Event


class PlayDrafted(Event, frozen=True, kw_only=True):
    """A play was made or changed before its approval."""

    name: ClassVar[str] = "plays.drafted"
    play_id: UUID
    play_version: int


class PlayPublished(Event, frozen=True, kw_only=True):
    """Prizes, odds and rules are published and frozen (rule L3), with the commitment to the seed (rule L6)."""

    name: ClassVar[str] = "plays.published"
    play_id: UUID
    kind: str
    commitment: str
    table_hash: str


class PlayAmended(Event, frozen=True, kw_only=True):
    """A play runs on under another table, in its customers' favour (rule L3)."""

    name: ClassVar[str] = "plays.amended"
    play_id: UUID
    table_version: int
    table_hash: str


class PlayStateChanged(Event, frozen=True, kw_only=True):
    """A play was paused, resumed or ended."""

    name: ClassVar[str] = "plays.state_changed"
    play_id: UUID
    state: str


class SeedRevealed(Event, frozen=True, kw_only=True):
    """The seed of an ended play is public."""

    name: ClassVar[str] = "plays.seed_revealed"
    play_id: UUID


class Drawn(Event, frozen=True, kw_only=True):
    """Draws of one play in one batch, the customers as members: how many, and how many of them won something."""

    name: ClassVar[str] = "plays.drawn"
    play_id: UUID
    count: int
    won: int


class Done(Event, frozen=True, kw_only=True):
    """What customers did in a play, one kind of deed in one batch, the customers as members."""

    name: ClassVar[str] = "plays.done"
    play_id: UUID
    kind: str
    count: int


class Opened(Event, frozen=True, kw_only=True):
    """Visits of branches opened a play of the lobby, so many in one batch."""

    name: ClassVar[str] = "plays.opened"
    play_id: UUID
    count: int


class CardsMoved(Event, frozen=True, kw_only=True):
    """Cards of a play went from one customer to another, so many in one batch."""

    name: ClassVar[str] = "plays.cards_moved"
    play_id: UUID
    count: int


class OddsAlarm(Event, frozen=True, kw_only=True):
    """What was drawn is hardly what the stated odds give: `p_ppm` is the probability of so large a gap, in ppm."""

    name: ClassVar[str] = "plays.odds_alarm"
    play_id: UUID
    draws: int
    p_ppm: int

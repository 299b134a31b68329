"""Deeds, pure: what a natural person did in a play, what they ask to do, and what would come of it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict
from huoke.reward.plays.card_gift import CardGift
from huoke.reward.plays.model import Draft
from huoke.reward.plays.ways import Act, DeedKind, Reward


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something done, once: `item` tells apart deeds of a kind and day; `line` is the prize it gave, and
    `lacked` says that one was promised and had run out.
    """

    kind: DeedKind
    day: date
    item: int = 0
    line: int | None = None
    chances: int = 0
    cards: int = 0
    lacked: bool = False
    grant_id: UUID | None = None
    note: dict[str, Any] | None = None
    at: datetime
    seq: int = 0


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's wish to do something in a play; the same again is answered with what it came to."""

    play_id: UUID
    seq: int
    act: Act
    item: int = 0
    day: date | None = None
    answers: list[int] = []


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A deed as it would be done; `owed`: it is done only where its prize can be given, and else waits."""

    kind: DeedKind
    day: date
    item: int = 0
    reward: Reward = Reward()
    owed: bool = False
    note: dict[str, Any] | None = None


class Own(msgspec.Struct, kw_only=True):
    """A natural person in a play: what was done by all records of theirs, what events count (item, day) → sum, and how
    often draws gave each line, and the cards that went to others or came from them; `seqs` are those records.
    """

    draft: Draft
    opens_on: date
    today: date
    deeds: list[Deed] = []
    counts: Mapping[tuple[int, date], int] = {}
    drawn: Mapping[int, int] = {}
    seqs: AbstractSet[int] = frozenset()
    gifts: list[CardGift] = []
    now: datetime

    def did(self, kind: DeedKind, item: int, day: date) -> Deed | None:
        """The deed, if it was done."""
        for deed in self.deeds:
            if (deed.kind, deed.item, deed.day) == (kind, item, day):
                return deed
        return None


class NotThisPlay(Conflict):
    """This play has no such thing to do."""

    code = "plays.not_this_play"


class NotMissed(Conflict):
    """Only a missed day of the last few can be mended."""

    code = "plays.not_missed"


class NoCard(Conflict):
    """No card is left to mend a streak with."""

    code = "plays.no_card"


class NotBegun(Conflict):
    """Answers come after the questions."""

    code = "plays.not_begun"


class TooLate(Conflict):
    """The time for answers is over."""

    code = "plays.too_late"


class NoSet(Conflict):
    """A card is missing, or as many sets were claimed as one may."""

    code = "plays.no_set"


class NotReached(Conflict):
    """The goal is not reached."""

    code = "plays.not_reached"


class RewardGone(Conflict):
    """What was promised cannot be given now; it stays owed."""

    code = "plays.reward_gone"

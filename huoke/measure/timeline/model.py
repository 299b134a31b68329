"""A line of a customer's timeline, what may be asked of it, and which lines of a day are told as one."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """Where a line comes from."""

    EVENT = "event"
    GRANT = "grant"
    MESSAGE = "message"
    CASE = "case"
    APPROVAL = "approval"
    CONSENT = "consent"
    PRODUCT = "product"
    RECORD = "record"
    JOIN = "join"
    TAG = "tag"
    TEMPERATURE = "temperature"


SENT = ("track", "page", "screen", "identify", "group", "alias")
"""The kinds of messages that are events."""
FOLDED = frozenset(
    {
        "app.login",
        "page.viewed",
        "screen.viewed",
        "benefit.viewed",
        "campaign.viewed",
        "product.viewed",
        "customer.identified",
        "customer.grouped",
        "record.changed",
        "tag.entered",
        "tag.left",
    }
)
"""What happens often and says little by itself: all of a day are one line, which opens."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened, or `times` of a day folded into one; `id` names the line within its instant.

    `about` is what it was about, in the bank's words. Properties of class C2 read ****.
    """

    at: datetime
    id: str
    name: str
    kind: Kind
    title: str
    title_en: str
    about: str = ""
    about_en: str = ""
    amount_fen: int = 0
    withheld: bool = False
    """An amount of the customer's own account, which is not told (rule F2): `amount_fen` is 0."""
    entry_code: str = ""
    properties: dict[str, str] = {}
    times: int = 1

    @property
    def place(self) -> tuple[datetime, str]:
        """Where the line stands; lines are read from the latest place down."""
        return self.at, self.id


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are wanted: none of a field means all. Instants are [since, until); `before` is a `Line.place`."""

    names: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    channels: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    folded: bool = False
    before: tuple[datetime, str] | None = None
    limit: int = 50

    def wants(self, kind: Kind) -> bool:
        """Whether lines of a kind are wanted."""
        return not self.kinds or kind in self.kinds

"""A line of a customer's timeline, what may be asked of it, and which lines of a day are told as one."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """Where a line comes from."""

    EVENT = "event"
    GRANT = "grant"
    POINTS = "points"
    MESSAGE = "message"
    CASE = "case"
    APPROVAL = "approval"
    CONSENT = "consent"
    PRODUCT = "product"
    RECORD = "record"
    JOIN = "join"
    TAG = "tag"
    TEMPERATURE = "temperature"
    SEGMENT = "segment"
    CELL = "cell"


class Group(StrEnum):
    """What a line is about to whoever reads: the tabs of a timeline."""

    MONEY = "money"
    VISITS = "visits"
    BENEFITS = "benefits"
    MESSAGES = "messages"
    SERVICE = "service"
    PROFILE = "profile"


SENT = ("track", "page", "screen", "identify", "group", "alias")
"""The kinds of messages that are events."""
GROUPS: dict[Group, tuple[frozenset[Kind], frozenset[str]]] = {
    Group.MONEY: (
        frozenset({Kind.PRODUCT}),
        frozenset(
            {
                "payment.made",
                "transfer.made",
                "bill.paid",
                "transaction.posted",
                "salary.received",
                "product.bought",
                "product.matured",
            }
        ),
    ),
    Group.VISITS: (
        frozenset(),
        frozenset({"app.login", "page.viewed", "screen.viewed", "benefit.viewed", "campaign.viewed", "product.viewed"}),
    ),
    Group.BENEFITS: (frozenset({Kind.GRANT, Kind.POINTS}), frozenset()),
    Group.MESSAGES: (frozenset({Kind.MESSAGE}), frozenset({"message.opened"})),
    Group.SERVICE: (
        frozenset({Kind.CASE, Kind.APPROVAL}),
        frozenset({"call.made", "branch.visited", "card.activated", "complaint.made"}),
    ),
    Group.PROFILE: (
        frozenset({Kind.CONSENT, Kind.RECORD, Kind.JOIN, Kind.TAG, Kind.TEMPERATURE, Kind.SEGMENT, Kind.CELL}),
        frozenset({"customer.identified", "customer.grouped", "customer.aliased"}),
    ),
}
"""Whole kinds of each group, and the events that belong to it; a bank's own events are in none."""
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
        "segment.entered",
        "segment.left",
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
    group: Group | None = None
    temperature: int | None = None
    """How warm the customer was by the last reading before it happened, 0 to 100."""

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
    group: Group | None = None
    folded: bool = False
    before: tuple[datetime, str] | None = None
    limit: int = 50

    def wants(self, kind: Kind) -> bool:
        """Whether lines of a kind are wanted."""
        if self.kinds and kind not in self.kinds:
            return False
        if self.group is None:
            return True
        kinds, names = GROUPS[self.group]
        return kind in kinds or (kind is Kind.EVENT and bool(names))

    def event_names(self) -> frozenset[str] | None:
        """The names of events that are wanted, None for all."""
        chosen = frozenset(self.names) or None
        if self.group is None:
            return chosen
        names = GROUPS[self.group][1]
        return names if chosen is None else names & chosen


def group_of(kind: Kind, name: str) -> Group | None:
    """The group a line belongs to."""
    return next((one for one, (kinds, names) in GROUPS.items() if kind in kinds or name in names), None)

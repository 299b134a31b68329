"""What a review is: with whom, about what, where, and a note; pure."""

from enum import StrEnum

import msgspec

from huoke.kernel.refusals import Forbidden, Invalid

NOTE_MAX = 500


class Topic(StrEnum):
    """What was talked over. None of them is a purchase (rules B1, B4)."""

    ASSETS = "assets"
    MATURITY = "maturity"
    PROTECTION = "protection"
    CREDIT = "credit"
    OTHER = "other"


class Channel(StrEnum):
    """Where it was talked over."""

    BRANCH = "branch"
    PHONE = "phone"
    VIDEO = "video"
    AT_CUSTOMER = "at_customer"


class NewReview(msgspec.Struct, frozen=True, kw_only=True):
    """A review that was held with a customer."""

    seq: int
    topic: Topic
    channel: Channel
    note: str = ""


class NotTheirs(Forbidden):
    """A review is held by who looks after the customer."""

    code = "reviews.not_theirs"


class NoteLong(Invalid):
    """The note is too long."""

    code = "reviews.note_long"

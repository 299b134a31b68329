"""Parts of a draft beside money and audience: ways in, the message, the pilot and the releases; pure."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.know.entry_points import EntryPointKind

ENTRY_POINTS_MAX = 50
ENTRY_NAME_LENGTH_MAX = 40
RELEASES_MAX = 10
PILOT_MAX = 1_000
AFTER_HOURS_MAX = 24 * 60
METRIC_DAYS_MAX = 180
SMS_LENGTH_MAX = 500
VARIABLES = ("name", "benefit", "link", "expires", "bank", "unsubscribe")
"""What a message may say of its customer, written {name}."""


class EntryPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A way in to open with the campaign; every name is counted by itself (rule C4 attribution)."""

    name: str
    kind: EntryPointKind = EntryPointKind.QR


class MessageChannel(StrEnum):
    """How the customers reached are told: a short message, a list handed to the bank's own sender, or not at all."""

    NONE = "none"
    SMS = "sms"
    LIST_EXPORT = "list_export"


class MessageTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The message in both languages; the Chinese one is sent unless a customer asked for English."""

    zh: str = ""
    en: str = ""


class MessagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What is said to whom a campaign reaches. `send_at` None is with each chunk of the run."""

    channel: MessageChannel = MessageChannel.NONE
    texts: MessageTexts = MessageTexts()
    send_at: datetime | None = None


class Pilot(msgspec.Struct, frozen=True, kw_only=True):
    """A short uploaded list that comes first. Only those of it whom the campaign reaches take part."""

    upload_id: UUID
    name: str = ""


class ReleasePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a staged release: up to `percent` of the persons reached, by hash (5, then 30, then 100).

    `after_hours` opens it by itself that long after the one before it, unless an alarm stands; None waits for a hand.
    """

    percent: int
    after_hours: int | None = None

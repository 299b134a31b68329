"""Messages to customers: their states and what may move them, plans, the gateway's port, events, refusals.

    queued ──hand-over──▶ sending ──▶ sent ──▶ delivered
      │  ▲                  │  ╲        ╲
      │  └── not taken ─────┘   ▶ unknown ▶ failed
      └──▶ withheld

A message is `sending` before its call goes out: a worker that dies in between leaves one that is asked after, never one
that goes out twice. `unknown` leaves only by query or receipt.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound, Outage, Unauthorised

BACK_OFF_SECONDS = 5
BACK_OFF_SECONDS_MAX = 1_800
ASK_AFTER = timedelta(seconds=20)
"""A message that may have been handed over is asked after so long later, then at growing pauses."""
LOST_AFTER = timedelta(hours=72)
"""Carriers keep no message longer: without a receipt by then it stays `sent`, and is asked after no more."""


class MessageState(StrEnum):
    """The life of one message to one customer."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHHELD = "withheld"


class Withheld(StrEnum):
    """Why a message was not handed over."""

    NO_CONSENT = "no_consent"
    SUPPRESSED = "suppressed"
    EXCLUDED = "excluded"
    """On a list that the bank always leaves out."""
    TAG_DELETED = "tag_deleted"
    """They deleted a tag that they were chosen by (rule P4)."""
    CLOSED = "closed"
    NO_PHONE = "no_phone"
    FREQUENCY = "frequency"
    PLAN_ENDED = "plan_ended"
    JOINED = "joined"
    """It is for the customer the number leads to, or they had it under another number."""


OPEN = frozenset({MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN})
NEXT: Mapping[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.WITHHELD}),
    MessageState.SENDING: frozenset(
        {MessageState.QUEUED, MessageState.SENT, MessageState.UNKNOWN, MessageState.DELIVERED, MessageState.FAILED}
    ),
    MessageState.UNKNOWN: frozenset(
        {MessageState.QUEUED, MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED}
    ),
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.FAILED}),
    MessageState.DELIVERED: frozenset(),
    MessageState.FAILED: frozenset(),
    MessageState.WITHHELD: frozenset(),
}


class Told(StrEnum):
    """What a gateway says of a message. ABSENT: it has never seen the number, so the same one may be handed over."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    ABSENT = "absent"


_HEARD: Mapping[Told, MessageState] = {
    Told.ACCEPTED: MessageState.SENT,
    Told.DELIVERED: MessageState.DELIVERED,
    Told.FAILED: MessageState.FAILED,
    Told.ABSENT: MessageState.QUEUED,
}


def heard(state: MessageState, told: Told) -> MessageState | None:
    """The state a message goes to when its gateway says `told`; None where that changes nothing.

    Receipts come twice and in any order: an ended message stays as it ended, and "accepted" undoes nothing.
    """
    wanted = _HEARD[told]
    return wanted if wanted in NEXT[state] else None


class PlanState(StrEnum):
    """A plan on hold keeps its messages queued; an ended one withholds what is left of them."""

    ACTIVE = "active"
    HELD = "held"
    ENDED = "ended"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is written to whom something (a campaign, a journey) reaches, and not before when.

    `texts` by language, Chinese always; `link` is a path of the customers' pages. `variables` are the same for all;
    each customer's name is filled in at hand-over. A `service` message answers what its customer asked for just now:
    it is not commercial, so that neither consent to marketing nor caps nor quiet hours hold it back (rules M1, M2).
    """

    source_kind: str
    source_id: UUID
    name: str
    texts: dict[str, str]
    link: str = ""
    variables: dict[str, str] = {}
    send_at: datetime | None = None
    until_at: datetime | None = None
    service: bool = False


class NewGateway(msgspec.Struct, frozen=True, kw_only=True):
    """How the bank's short-message gateway is reached and what it costs.

    `sender` is the signature registered with the carriers, without brackets. `key` is the shared key in base64, at
    least 32 bytes; None keeps the one there is, or makes one. `price_fen_per_thousand` is what 1,000 parts cost.
    """

    address: str
    sender: str
    key_id: str = "huoke"
    key: str | None = None
    link_address: str = ""
    price_fen_per_thousand: int = 3_500
    batch_max: int = 200
    timeout_seconds: int = 10
    enabled: bool = True


class Gateway(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway as read: everything but the key. `failures` are calls in a row without an answer."""

    address: str
    sender: str
    key_id: str
    link_address: str
    price_fen_per_thousand: int
    batch_max: int
    timeout_seconds: int
    enabled: bool
    failures: int
    rest_until: datetime | None
    changed_at: datetime


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it goes out. Personal: lives in memory only. `number` is ours and names it for good."""

    number: str
    phone: str
    text: str


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway says of one message; `code` is the carrier's word for a failure."""

    number: str
    told: Told
    code: str = ""


class NotTaken(Outage):
    """The call certainly had no effect: the same messages may be handed over again."""


class NoAnswer(Outage):
    """The call may have had its effect: the messages are asked after, never handed over again unasked."""


class SmsGateway(Protocol):
    """A gateway of short messages. Every method raises `NotTaken` and `NoAnswer`; one answer a message, in order."""

    async def submit(self, batch: Sequence[Outgoing]) -> Sequence[Heard]:
        """Hand messages over: ACCEPTED or FAILED each. A number seen before answers as it stands and sends nothing."""

    async def query(self, numbers: Sequence[str]) -> Sequence[Heard]:
        """How messages stand; ABSENT for a number never seen."""

    async def close(self) -> None:
        """Let go of the connections."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message as the console lists it; nothing of its text or number is kept."""

    id: UUID
    seq: int
    customer_no: str
    name: str | None
    phone: str | None
    unit_id: int
    unit: str
    source_kind: str
    source_id: UUID
    source: str
    state: MessageState
    reason: str
    language: str
    segments: int
    cost_fen: float
    queued_at: datetime
    handed_at: datetime | None
    ended_at: datetime | None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one source by state, the parts they took and what they cost, in fen; `kinds` is the cost by kind of
    source, each rounded by itself.
    """

    counts: dict[str, int]
    withheld: dict[str, int]
    segments: int
    cost_fen: int
    kinds: dict[str, int] = {}


class MessagesQueued(Event, frozen=True, kw_only=True):
    """Messages wait for hand-over; their customers are the event's members."""

    name: ClassVar[str] = "channels.messages_queued"
    source_id: UUID
    count: int


class GatewayChanged(Event, frozen=True, kw_only=True):
    """The bank's gateway was set or changed."""

    name: ClassVar[str] = "channels.gateway_changed"


class GatewayUnfit(Invalid):
    """An address, key, price or pace that cannot be."""

    code = "channels.gateway_unfit"


class GatewayMissing(NotFound):
    """The bank has no gateway yet."""

    code = "channels.gateway_missing"


class TextUnfit(Invalid):
    """A text with nothing in it, too long, or with a variable nobody fills in."""

    code = "channels.text_unfit"


class PlanTaken(Conflict):
    """There is a plan for this source already."""

    code = "channels.plan_taken"


class SignatureUnfit(Unauthorised):
    """A receipt or reply that the gateway did not sign, or signed too long ago."""

    code = "channels.signature"


def back_off(attempts: int) -> timedelta:
    """The pause after the n-th try (1 is the first): doubles from 5 s, at most half an hour."""
    return timedelta(seconds=min(BACK_OFF_SECONDS * 2 ** min(attempts - 1, 20), BACK_OFF_SECONDS_MAX))


def awake(at: datetime, start: time, end: time) -> datetime:
    """`at`, or the end of the quiet hours it falls into (rule M2); `start` to `end` may cross midnight, China time."""
    local = at.astimezone(CHINA)
    clock = local.time()
    quiet = start <= clock < end if start <= end else clock >= start or clock < end
    if not quiet:
        return at
    morning = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return (morning if clock < end else morning + timedelta(days=1)).astimezone(at.tzinfo)

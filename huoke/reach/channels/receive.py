"""What the gateway tells of its own accord, signed: receipts of messages, and what customers reply."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from huoke.govern import tenants
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet
from huoke.kernel.signing import is_signed_call
from huoke.kernel.tx import Actor, ActorKind, Database, Tx
from huoke.know import consent, customers
from huoke.reach.channels.gateway import endpoint
from huoke.reach.channels.hand_over import hear
from huoke.reach.channels.model import GatewayMissing, SignatureUnfit
from huoke.reach.channels.rest import WireHeard

T = TypeVar("T")
OPT_OUT_WORDS = frozenset({"R", "T", "TD", "N", "退订", "拒收", "不要", "STOP"})
"""Replies that end all marketing at once (rule M1)."""
ITEMS_MAX = 1_000
GATEWAY = Actor(ActorKind.SYSTEM, "sms_gateway")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it came: `target` is path and query."""

    target: str
    headers: Mapping[str, str]
    body: bytes


class WireReceipts(msgspec.Struct, frozen=True):
    """How messages stand, as the gateway tells it."""

    messages: list[WireHeard]


class WireReply(msgspec.Struct, frozen=True):
    """What somebody wrote back."""

    phone: str
    text: str


class WireReplies(msgspec.Struct, frozen=True):
    """What people wrote back."""

    replies: list[WireReply]


class Taken(msgspec.Struct, frozen=True):
    """How many items changed something; repeats and late news change nothing."""

    changed: int


class ReceiptUnfit(Invalid):
    """A signed body that is not what the protocol says."""

    code = "channels.receipt_unfit"


async def take_receipts(database: Database, bank_code: str, call: Call) -> Taken:
    """Move messages as their receipts say. `SignatureUnfit` for an unknown bank and a bad signature alike."""
    tenant = await _tenant(database, bank_code)
    async with database.begin(tenant, GATEWAY) as tx:
        await _check(tx, call, database)
        told = _read(call.body, WireReceipts).messages[:ITEMS_MAX]
        try:
            heard = [one.heard() for one in told]
        except ValueError:
            raise ReceiptUnfit("status is accepted, delivered or failed.", pointer="/messages") from None
        return Taken(await hear(tx, heard))


async def take_replies(database: Database, bank_code: str, call: Call) -> Taken:
    """Whoever replies with a word of refusal has withdrawn the consent to marketing, at once (rule M1)."""
    tenant = await _tenant(database, bank_code)
    async with database.begin(tenant, GATEWAY) as tx:
        await _check(tx, call, database)
        replies = _read(call.body, WireReplies).replies[:ITEMS_MAX]
        phones = {reply.phone for reply in replies if reply.text.strip().upper() in OPT_OUT_WORDS}
        seqs = [row.seq for phone in sorted(phones) for row in (await customers.find(tx, q=phone))[0]]
        members = CustomerSet.of(tenant, seqs) & await consent.members(tx, consent.MARKETING)
        await consent.record(
            tx,
            [
                consent.Statement(
                    purpose=consent.MARKETING, verdict=consent.Verdict.WITHDRAWN, members=members, channel="sms"
                )
            ],
        )
        return Taken(len(members))


async def _tenant(database: Database, bank_code: str) -> TenantId:
    try:
        return await tenants.find_by_code(database, bank_code)
    except tenants.TenantUnknown:
        raise _refused() from None


async def _check(tx: Tx, call: Call, database: Database) -> None:
    try:
        at = await endpoint(tx)
    except GatewayMissing:
        raise _refused() from None
    if not is_signed_call(at.key, at.key_id, "POST", call.target, call.headers, call.body, database.clock.machine()):
        raise _refused()


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise ReceiptUnfit(f"The body is not what the protocol says: {error}.") from None


def _refused() -> SignatureUnfit:
    return SignatureUnfit("This is not signed by our gateway, or its clock is off by more than five minutes.")

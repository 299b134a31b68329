"""Leaving marketing messages with one press, from the link of a message; and taking it back while one still looks."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from huoke.govern import privacy, tenants
from huoke.govern.privacy import TenantKeys
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Conflict, NotFound
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Actor, ActorKind, Tx
from huoke.know import consent, customers
from huoke.know.consent import Verdict

UNDO = timedelta(hours=1)
SEQ_BYTES, MAC_BYTES = 4, 10
VIA = "link"
"""The channel of what is said through such a link."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """How one customer stands to marketing messages: stopped since when, None while they come."""

    seq: Seq
    phone: str
    stopped_at: datetime | None
    undoable: bool


class LinkUnfit(NotFound):
    """A link that this bank never sent, or whose customer has left."""

    code = "channels.link_unfit"


class UndoTooLate(Conflict):
    """Too long ago to take back with one press."""

    code = "channels.undo_too_late"


async def unsubscribe_paths(tx: Tx, seqs: Sequence[int]) -> dict[int, str]:
    """For each customer the path of their own page that ends marketing messages: 23 signs nobody guesses."""
    keys, bank = await privacy.keys(tx), await tenants.get(tx)
    return {seq: f"/h5/{bank.code}/u/{_token(keys, seq)}" for seq in seqs}


async def subscription(tx: Tx, token: str) -> Subscription:
    """Whose link it is and how they stand; `LinkUnfit`."""
    return await _standing(tx, await _seq(tx, token))


async def unsubscribe(tx: Tx, token: str) -> Subscription:
    """No marketing message from the next hand-over on; pressed again, nothing changes. `LinkUnfit`."""
    seq = await _seq(tx, token)
    if (await _standing(tx, seq)).stopped_at is None:
        await _say(tx, seq, Verdict.WITHDRAWN)
    return await _standing(tx, seq)


async def subscribe_again(tx: Tx, token: str) -> Subscription:
    """Take `unsubscribe` back, within an hour; later a customer signs in and says so. `LinkUnfit`, `UndoTooLate`."""
    seq = await _seq(tx, token)
    found = await _standing(tx, seq)
    if found.stopped_at is not None and not found.undoable:
        raise UndoTooLate("Too long ago to take back here; sign in and choose under My choices.")
    if found.stopped_at is not None:
        await _say(tx, seq, Verdict.GIVEN)
    return await _standing(tx, seq)


async def _standing(tx: Tx, seq: Seq) -> Subscription:
    rows = await customers.masked_rows(tx, [seq])
    if not rows or rows[0].status is not customers.CustomerStatus.ACTIVE:
        raise LinkUnfit("This link leads nowhere any more.")
    said = {one.purpose: one for one in await consent.consents_of(tx, seq)}
    whole, sms = said[consent.MARKETING], said[consent.MARKETING_SMS]
    here = sms.verdict is Verdict.WITHDRAWN
    stopped_at = sms.at if here else None if whole.verdict is Verdict.GIVEN else whole.at or tx.now
    undoable = here and sms.channel == VIA and sms.at is not None and sms.at > tx.now - UNDO
    return Subscription(seq=seq, phone=rows[0].phone or "", stopped_at=stopped_at, undoable=undoable)


async def _say(tx: Tx, seq: Seq, verdict: Verdict) -> None:
    tx.actor = Actor(ActorKind.CUSTOMER, str(seq))
    [purpose] = [one for one in await consent.list_purposes(tx) if one.code == consent.MARKETING_SMS]
    statement = consent.Statement(
        purpose=purpose.code,
        verdict=verdict,
        members=CustomerSet.of(tx.tenant, [seq]),
        text_version=purpose.text_version,
        channel=VIA,
    )
    await consent.record(tx, [statement])


async def _seq(tx: Tx, token: str) -> Seq:
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        raw = b""
    seq = Seq(int.from_bytes(raw[:SEQ_BYTES], "big"))
    if len(raw) != SEQ_BYTES + MAC_BYTES or not hmac.compare_digest(
        _token(await privacy.keys(tx), seq).encode(), token.lower().encode()
    ):
        raise LinkUnfit("This link leads nowhere any more.")
    return seq


def _token(keys: TenantKeys, seq: int) -> str:
    raw = seq.to_bytes(SEQ_BYTES, "big") + keys.mac("channels.unsubscribe", str(seq))[:MAC_BYTES]
    return base64.b32encode(raw).decode().rstrip("=").lower()

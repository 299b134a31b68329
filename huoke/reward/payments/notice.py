"""What the cashier tells of its own accord: signed, fresh, once; late, repeated and reordered words are harmless."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel import signing_rsa
from huoke.kernel.signing import WINDOW_SECONDS
from huoke.kernel.signing_rsa import Resource, Unreadable
from huoke.kernel.tx import Database, Tx
from huoke.reward.payments import connect, hear, store
from huoke.reward.payments.model import NoticeRefused, NoticeUnfit, Said, Told
from huoke.reward.payments.wire import Account, WireRefund, WireTrade, refund_said, trade_said

NOTICE = "notice"
K = TypeVar("K", bound=msgspec.Struct)


class Notice(msgspec.Struct, frozen=True):
    """A notice on the wire."""

    event_type: str
    resource: Resource


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it came."""

    headers: Mapping[str, str]
    body: bytes


class Thanks(msgspec.Struct, frozen=True, kw_only=True):
    """What the cashier wants to read before it rests."""

    code: str = "SUCCESS"
    message: str = ""


async def take_notice(database: Database, bank_code: str, call: Call) -> Thanks:
    """Take one notice. `NoticeRefused` for an unknown bank, a wrong signature, an old one, one sealed otherwise, one of
    another merchant, all in the same words; `NoticeUnfit` where it cannot be read or says another amount than ours.

    A notice that came before is thanked for and changes nothing. After a refusal no money moved.
    """
    try:
        tenant = await tenants.find_by_code(database, bank_code)
    except tenants.TenantUnknown:
        raise _refused() from None
    async with database.begin(tenant) as tx:
        account = await _signer_of(tx, call, database)
        notice = _read(call.body, Notice)
        content = _open(account, notice)
        if not await store.add_nonce(tx, call.headers[signing_rsa.NONCE_HEADER]):
            return Thanks()
        kind = notice.event_type.partition(".")[0]
        if kind == "TRANSACTION":
            fine = await _take_trade(tx, account, _read(content, WireTrade))
        elif kind == "REFUND":
            fine = await _take_refund(tx, account, _read(content, WireRefund))
        else:
            fine = True
    if not fine:
        raise NoticeUnfit("The notice is of another amount than ours; look at the payment.")
    return Thanks()


async def forget_nonces(tx: Tx) -> int:
    """Forget notices that could not be replayed any more; returns how many."""
    return await store.forget_nonces(tx, tx.now - timedelta(seconds=4 * WINDOW_SECONDS))


async def _signer_of(tx: Tx, call: Call, database: Database) -> Account:
    active = await connect.active_account(tx)
    if active is None:
        raise _refused()
    known = {active[1].platform_serial: active[1].platform_key}
    if not signing_rsa.is_told(call.headers, known, call.body, database.clock.machine()):
        raise _refused()
    return active[1]


async def _take_trade(tx: Tx, account: Account, trade: WireTrade) -> bool:
    said = trade_said(trade)
    payment_id = _number(trade.out_trade_no)
    if said is None or trade.mchid != account.signer.merchant_no or trade.appid != account.app_id:
        raise _refused()
    rows = await store.by_ids(tx, [payment_id])
    if payment_id not in rows:
        raise _refused()
    await hear.hear(tx, {payment_id: said}, account.signer.merchant_no)
    await store.add_exchanges(tx, [(payment_id, None, NOTICE, said.told.value, 200, "", 0)])
    return _is_ours(said, Told.PAID, rows[payment_id]["amount_fen"])


async def _take_refund(tx: Tx, account: Account, back: WireRefund) -> bool:
    said = refund_said(back)
    refund_id = _number(back.out_refund_no)
    if said is None or back.mchid != account.signer.merchant_no:
        raise _refused()
    rows = await store.refunds(tx, [refund_id])
    if refund_id not in rows:
        raise _refused()
    await hear.hear_refunds(tx, {refund_id: said}, account.signer.merchant_no)
    exchange = (rows[refund_id]["payment_id"], refund_id, NOTICE, said.told.value, 200, "", 0)
    await store.add_exchanges(tx, [exchange])
    return _is_ours(said, Told.REFUNDED, rows[refund_id]["amount_fen"])


def _is_ours(said: Said, moved: Told, amount_fen: int) -> bool:
    return said.told is not moved or said.amount_fen == amount_fen


def _number(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise _refused() from None


def _open(account: Account, notice: Notice) -> bytes:
    try:
        return signing_rsa.open_resource(account.notice_key, notice.resource)
    except Unreadable:
        raise _refused() from None


def _read(content: bytes, kind: type[K]) -> K:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise NoticeUnfit(f"The notice cannot be read: {str(error)[:120]}.") from None


def _refused() -> NoticeRefused:
    return NoticeRefused("This is not signed by a cashier of ours, or its clock is off by more than five minutes.")

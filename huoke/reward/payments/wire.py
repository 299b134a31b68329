"""The cashier over WeChat Pay's APIv3: what it is asked, how its answers read, and when there is none.

Every answer is checked against the platform's key before it is read: a proxy's page must not decide about money. Three
ends only: an answer, `NotTaken` (the call certainly had no effect) and `NoAnswer` (nobody knows).
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from huoke.kernel import signing_rsa
from huoke.kernel.outward import open_client
from huoke.kernel.refusals import Outage
from huoke.kernel.signing_rsa import Signer
from huoke.reward.payments.model import Said, Told

CURRENCY = "CNY"
FILE_BYTES_MAX = 256 * 2**20
STOCK_MAX = 10_000_000
STOCK_PERSON_MAX = 60
"""The most a stock may have, and give to one payer: who gets how many is our own rule, not the cashier's."""
_NOT_TAKEN = frozenset({429, 503})
_ABSENT = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
_TRADE = {
    "SUCCESS": Told.PAID,
    "REFUND": Told.PAID,
    "NOTPAY": Told.OPEN,
    "USERPAYING": Told.OPEN,
    "PAYERROR": Told.OPEN,
    "CLOSED": Told.CLOSED,
    "REVOKED": Told.CLOSED,
}
_REFUND = {
    "SUCCESS": Told.REFUNDED,
    "PROCESSING": Told.PROCESSING,
    "CLOSED": Told.FAILED,
    "ABNORMAL": Told.FAILED,
}


class NotTaken(Outage):
    """The call certainly had no effect: no connection, or a signed "busy"."""


class NoAnswer(Outage):
    """The call may have had its effect."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, unknown=True)


class Refused(Exception):  # noqa: N818 - an answer
    """A signed, plain no, with its code."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code = status, code


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """How a cashier is reached, its keys opened. Prints no key."""

    address: str
    app_id: str
    signer: Signer
    platform_serial: str
    platform_key: str
    notice_key: bytes
    notice_address: str
    timeout_seconds: float

    def __repr__(self) -> str:
        return f"Account({self.signer.merchant_no})"


class Prepay(msgspec.Struct, frozen=True, kw_only=True):
    """A payment to announce; `expires_at` by the machine's clock."""

    number: str
    amount_fen: int
    subject: str
    expires_at: datetime
    payer_address: str
    goods_tag: str = ""


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """A reduction as the cashier is to apply it: to payments under `goods_tag`, from a total on, until an instant."""

    goods_tag: str
    title: str
    amount_fen: int
    threshold_fen: int
    begins_at: datetime
    ends_at: datetime


class GiveBack(msgspec.Struct, frozen=True, kw_only=True):
    """A refund to ask for, with the payment it is of."""

    number: str
    payment_number: str
    amount_fen: int
    total_fen: int
    reason: str


class WireAmount(msgspec.Struct, frozen=True):
    """An amount as the protocol writes it, in fen."""

    total: int = -1
    currency: str = CURRENCY
    refund: int = -1
    payer_refund: int | None = None
    settlement_refund: int | None = None


class WirePromotion(msgspec.Struct, frozen=True):
    """What came off a payment, and who bore it; what the platform bears is between it and the payer."""

    coupon_id: str = ""
    stock_id: str = ""
    amount: int = 0
    wechatpay_contribute: int = 0
    merchant_contribute: int = 0
    other_contribute: int = 0


class WireTrade(msgspec.Struct, frozen=True):
    """A payment as answers and notices write it."""

    out_trade_no: str = ""
    trade_state: str = ""
    mchid: str = ""
    appid: str = ""
    transaction_id: str = ""
    success_time: datetime | None = None
    amount: WireAmount = WireAmount()
    promotion_detail: list[WirePromotion] = []


class WireRefund(msgspec.Struct, frozen=True):
    """A refund as answers (`status`) and notices (`refund_status`) write it."""

    out_refund_no: str = ""
    out_trade_no: str = ""
    mchid: str = ""
    refund_id: str = ""
    status: str = ""
    refund_status: str = ""
    success_time: datetime | None = None
    amount: WireAmount = WireAmount()


class _Address(msgspec.Struct, frozen=True):
    h5_url: str


class _Stock(msgspec.Struct, frozen=True):
    stock_id: str


class _File(msgspec.Struct, frozen=True):
    hash_type: str
    hash_value: str
    download_url: str


class _No(msgspec.Struct, frozen=True):
    code: str = ""
    message: str = ""


K = TypeVar("K", bound=msgspec.Struct)


def trade_said(trade: WireTrade) -> Said | None:
    """What a payment on the wire says; None for a state this protocol does not know."""
    told = _TRADE.get(trade.trade_state)
    if told is None:
        return None
    amount = trade.amount.total if trade.amount.currency == CURRENCY else -1
    off = sum(one.merchant_contribute + one.other_contribute for one in trade.promotion_detail)
    return Said(
        told=told, amount_fen=amount, reduction_fen=off, cashier_no=kept(trade.transaction_id), at=trade.success_time,
        code=trade.trade_state if told is Told.OPEN else "",
    )  # fmt: skip


def refund_said(back: WireRefund) -> Said | None:
    """What a refund on the wire says; None for a state this protocol does not know."""
    status = back.status or back.refund_status
    told = _REFUND.get(status)
    if told is None:
        return None
    amount = back.amount.refund if back.amount.currency == CURRENCY else -1
    code = status if told is Told.FAILED else ""
    said = back.amount.settlement_refund if back.amount.settlement_refund is not None else back.amount.payer_refund
    off = 0 if said is None else back.amount.refund - said
    return Said(
        told=told, amount_fen=amount, reduction_fen=off, cashier_no=kept(back.refund_id), at=back.success_time,
        code=code,
    )  # fmt: skip


def kept(text: str, most: int = 64) -> str:
    """A word from outside, bounded to what we keep."""
    return text.replace("\0", "")[:most]


class Cashier:
    """One cashier. Close it after use, and make no call while a transaction is open.

    Every method raises `NotTaken`, `NoAnswer` and, for a plain no, `Refused`.
    """

    def __init__(self, account: Account, now: Callable[[], datetime]) -> None:
        self._account = account
        self._now = now
        self._client = open_client(account.timeout_seconds)

    async def prepay(self, new: Prepay) -> str:
        """POST /v3/pay/transactions/h5: the address where the customer pays; the same number again is harmless."""
        body = {
            "appid": self._account.app_id,
            "mchid": self._account.signer.merchant_no,
            "description": new.subject,
            "out_trade_no": new.number,
            "time_expire": new.expires_at.isoformat(timespec="seconds"),
            "notify_url": self._account.notice_address,
            "amount": {"total": new.amount_fen, "currency": CURRENCY},
            "scene_info": {"payer_client_ip": new.payer_address, "h5_info": {"type": "Wap"}},
        }
        if new.goods_tag:
            body["goods_tag"] = new.goods_tag
        address = _read(await self._ask("POST", "/v3/pay/transactions/h5", body), _Address).h5_url
        if urlsplit(address).scheme not in ("https", "http") or len(address) > 600:
            raise NoAnswer("The cashier names no address to pay at.")
        return address

    async def open_stock(self, new: Stock) -> str:
        """POST /v3/marketing/favor/coupon-stocks, and its start: the stock of a reduction; the same again is harmless.

        What comes off stays with the merchant (`no_cash`), that is with us and those who bear it with us.
        """
        merchant = self._account.signer.merchant_no
        body = {
            "stock_name": new.title[:20],
            "belong_merchant": merchant,
            "available_begin_time": new.begins_at.isoformat(timespec="seconds"),
            "available_end_time": new.ends_at.isoformat(timespec="seconds"),
            "stock_use_rule": {
                "max_coupons": STOCK_MAX,
                "max_amount": STOCK_MAX * new.amount_fen,
                "max_coupons_per_user": STOCK_PERSON_MAX,
                "natural_person_limit": False,
                "prevent_api_abuse": False,
            },
            "coupon_use_rule": {
                "fixed_normal_coupon": {"coupon_amount": new.amount_fen, "transaction_minimum": new.threshold_fen},
                "goods_tag": [new.goods_tag],
                "available_merchants": [merchant],
                "combine_use": False,
            },
            "no_cash": True,
            "stock_type": "NORMAL",
            "out_request_no": f"{new.goods_tag}-{new.begins_at:%Y%m%d}",
        }
        stock_id = _read(await self._ask("POST", "/v3/marketing/favor/coupon-stocks", body), _Stock).stock_id
        if not stock_id:
            raise NoAnswer("The cashier names no stock.")
        path = f"/v3/marketing/favor/stocks/{quote(stock_id, safe='')}/start"
        await self._ask("POST", path, {"stock_creator_mchid": merchant})
        return kept(stock_id)

    async def query(self, number: str) -> Said:
        """GET /v3/pay/transactions/out-trade-no/{no}; ABSENT where the cashier does not know it."""
        merchant = quote(self._account.signer.merchant_no, safe="")
        path = f"/v3/pay/transactions/out-trade-no/{quote(number, safe='')}?mchid={merchant}"
        try:
            trade = _read(await self._ask("GET", path), WireTrade)
        except Refused as no:
            if no.code in _ABSENT:
                return Said(told=Told.ABSENT)
            raise
        said = trade_said(trade)
        if said is None or trade.out_trade_no != number:
            raise NoAnswer("The answer is about something else.")
        return said

    async def close_payment(self, number: str) -> Said:
        """POST …/close: CLOSED once it cannot be paid any more, else how it stands."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(number, safe='')}/close"
        try:
            await self._ask("POST", path, {"mchid": self._account.signer.merchant_no})
        except Refused:
            return await self.query(number)
        return Said(told=Told.CLOSED)

    async def refund(self, new: GiveBack) -> Said:
        """POST /v3/refund/domestic/refunds; the same number again answers with that refund."""
        body = {
            "out_trade_no": new.payment_number,
            "out_refund_no": new.number,
            "reason": new.reason[:80],
            "notify_url": self._account.notice_address,
            "amount": {"refund": new.amount_fen, "total": new.total_fen, "currency": CURRENCY},
        }
        return _about(_read(await self._ask("POST", "/v3/refund/domestic/refunds", body), WireRefund), new.number)

    async def query_refund(self, number: str) -> Said:
        """GET /v3/refund/domestic/refunds/{no}; ABSENT where the cashier does not know it."""
        try:
            taken = await self._ask("GET", f"/v3/refund/domestic/refunds/{quote(number, safe='')}")
        except Refused as no:
            if no.code in _ABSENT:
                return Said(told=Told.ABSENT)
            raise
        return _about(_read(taken, WireRefund), number)

    async def day_file(self, on: date) -> bytes:
        """GET /v3/bill/tradebill and what it points to, its hash compared; `NotTaken` while there is none."""
        try:
            where = _read(await self._ask("GET", f"/v3/bill/tradebill?bill_date={on.isoformat()}&bill_type=ALL"), _File)
        except Refused as no:
            raise NotTaken(f"The cashier has no file of {on}: {no.code}.") from no
        ours, theirs = urlsplit(self._account.address), urlsplit(where.download_url)
        if (ours.scheme, ours.hostname) != (theirs.scheme, theirs.hostname):
            raise NoAnswer("The file lies at another address than the cashier's.")
        answer = await self._call("GET", where.download_url, b"")
        if answer.status_code != 200 or len(answer.content) > FILE_BYTES_MAX:
            raise NotTaken(f"The file of {on} could not be brought ({answer.status_code}).")
        digest = hashlib.sha1(answer.content, usedforsecurity=False).hexdigest()
        if where.hash_type != "SHA1" or digest != where.hash_value.lower():
            raise NoAnswer(f"The file of {on} is not the one that was announced.")
        return answer.content

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        content = b"" if body is None else msgspec.json.encode(body)
        answer = await self._call(method, self._account.address.rstrip("/") + path, content)
        status = answer.status_code
        known = {self._account.platform_serial: self._account.platform_key}
        if not signing_rsa.is_told(answer.headers, known, answer.content, self._now()):
            raise NoAnswer(f"An answer that the cashier did not sign ({status}).")
        if status in _NOT_TAKEN:
            raise NotTaken(f"The cashier is busy ({status}).")
        if status >= 500:
            raise NoAnswer(f"The cashier broke ({status}).")
        if status >= 300:
            no = _read(answer.content, _No)
            raise Refused(status, kept(no.code) or "REFUSED", kept(no.message, 200))
        return answer.content

    async def _call(self, method: str, address: str, content: bytes) -> httpx.Response:
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Authorization": signing_rsa.authorise(self._account.signer, method, target, content, self._now()),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "Huoke",
        }
        try:
            async with asyncio.timeout(self._account.timeout_seconds):
                return await self._client.request(method, address, content=content or None, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotTaken(f"No connection: {type(error).__name__}.") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise NoAnswer(f"No answer: {type(error).__name__}.") from error


def _about(back: WireRefund, number: str) -> Said:
    said = refund_said(back)
    if said is None or back.out_refund_no != number:
        raise NoAnswer("The answer is about something else.")
    return said


def _read(content: bytes, kind: type[K]) -> K:
    try:
        return msgspec.json.decode(content or b"{}", type=kind)
    except msgspec.MsgspecError as error:
        raise NoAnswer(f"The answer cannot be read: {re.sub(r'[^ -~]', '', str(error))[:120]}.") from error

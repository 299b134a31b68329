"""The adapter for coupons of a payment platform (商家券): WeChat Pay's APIv3 under /v3/marketing/busifavor.

An order is one coupon sent to one person. Its number is both the request's and the coupon's code, so that a query and
a notice name the order although nothing came back. A person is an openid: here one that only the merchant can map, a
keyed digest of the phone; the phone itself never leaves the bank.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from huoke.kernel import signing_rsa
from huoke.kernel.clock import CHINA
from huoke.kernel.outward import open_client
from huoke.kernel.signing_rsa import BadKey, Resource, Signer, Unreadable
from huoke.reward.supply import Answer, Endpoint, NoAnswer, NoRefunds, NotTaken, OrderCall, Told, Wire
from huoke.settle.fulfilment.model import Call, CallbackUnfit, Spoken
from huoke.settle.fulfilment.rest import exchange, shown_text

ADAPTER = "busifavor"
RECIPIENT_KEY_CHARACTERS = 32
SENT_EVENT = "EVENT_TYPE_BUSICOUPON_SEND"
_ROOT = "/v3/marketing/busifavor"

_NO: Mapping[str, tuple[str, str]] = {
    "NOT_ENOUGH": ("not_enough", "该券已发完"),
    "RULE_LIMIT": ("rule_limit", "已达到该券的领取上限"),
    "RESOURCE_NOT_EXISTS": ("sku_off", "该券已停止发放"),
    "USER_NOT_EXISTS": ("recipient_invalid", "未找到可以收券的账户"),
    "USER_ACCOUNT_ABNORMAL": ("recipient_invalid", "收券账户状态异常"),
    "INVALID_REQUEST": ("invalid_request", "该券暂时无法发放"),
    "PARAM_ERROR": ("param_error", "该券暂时无法发放"),
}
"""What a signed no means for a coupon that was to be sent: our code, and the words a customer may read."""
_BUSY = frozenset(
    {
        "FREQUENCY_LIMIT_EXCEED",
        "FREQUENCY_LIMITED",
        "SIGN_ERROR",
        "NO_AUTH",
        "MCH_NOT_EXISTS",
        "APPID_MCHID_NOT_MATCH",
    }
)
"""Turned away at the door: nothing happened, and the same call may go well once the pace or the account is mended."""
_ABSENT = frozenset({"RESOURCE_NOT_EXISTS", "USER_NOT_EXISTS"})
_KNOWN = frozenset({"RESOURCE_ALREADY_EXISTS"})
_STANDS = frozenset({"INVALID_REQUEST", "RULE_LIMIT", "RESOURCE_ALREADY_EXISTS"})
"""Why a coupon is not taken back: used, expired, or taken back before."""
_UNUSABLE = {
    "INVALID_REQUEST": "not_usable",
    "RULE_LIMIT": "not_usable",
    "USER_ACCOUNT_ABNORMAL": "not_usable",
    "PARAM_ERROR": "param_error",
    "RESOURCE_NOT_EXISTS": "coupon_unknown",
    "USER_NOT_EXISTS": "coupon_unknown",
}
"""What a signed no means for a coupon that was to be used: our code."""
_STATE = {
    "SENDED": Told.SUCCESS,
    "USED": Told.SUCCESS,
    "EXPIRED": Told.SUCCESS,
    "DELETED": Told.SUCCESS,
    "DEACTIVATED": Told.FAILED,
}


class CouponKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank and the platform share, as one JSON in base64 in a connection's key. Prints none of it.

    Keys are PEM; `notice_key` has 32 characters (APIv3), `recipient_key` at least 32: who holds it can tell which
    phone an openid of ours means.
    """

    app_id: str
    merchant_no: str
    serial: str
    private_key: str
    platform_serial: str
    platform_key: str
    notice_key: str
    recipient_key: str

    def __repr__(self) -> str:
        return f"CouponKeys({self.merchant_no})"


class _Refusal(msgspec.Struct, frozen=True):
    code: str = ""


class _Coupon(msgspec.Struct, frozen=True):
    coupon_code: str = ""
    coupon_state: str = ""
    stock_id: str = ""
    expire_time: str = ""
    use_request_no: str = ""


class _Used(msgspec.Struct, frozen=True):
    stock_id: str = ""
    wechatpay_use_time: str = ""


class CouponStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a coupon stands at its platform: SENDED, USED (under which number), EXPIRED, DEACTIVATED, DELETED, or empty
    where the platform does not know it; `expires` as it writes it.
    """

    state: str
    use_request_no: str = ""
    expires: str = ""
    wire: Wire


class _SendRule(msgspec.Struct, frozen=True):
    max_coupons: int = 0


class _SendCount(msgspec.Struct, frozen=True):
    total_send_num: int = 0


class _Stock(msgspec.Struct, frozen=True):
    stock_id: str
    stock_state: str
    stock_send_rule: _SendRule = _SendRule()
    send_count_information: _SendCount = _SendCount()


class _Notice(msgspec.Struct, frozen=True):
    resource: Resource


class _Sent(msgspec.Struct, frozen=True):
    event_type: str = ""
    coupon_code: str = ""


class _Taken(msgspec.Struct, frozen=True):
    """An answer the platform signed, its code where it is a no, and the exchange as it may be shown."""

    status: int
    body: bytes
    code: str
    wire: Wire


class CouponSupplier(NoRefunds):
    """One merchant's coupons; see `supply.SupplierOrder` for what each call answers and raises."""

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._keys = keys_of(endpoint)
        self._now = now
        self._client = open_client(endpoint.timeout_seconds)

    async def order(self, call: OrderCall) -> Answer:
        """Send a coupon. One that was sent before under this number answers how it stands."""
        if not call.recipient.account:
            return Answer(number=call.number, told=Told.FAILED, code="recipient_missing")
        openid = self._openid(call)
        body = {
            "appid": self._keys.app_id,
            "openid": openid,
            "stock_id": call.sku_code,
            "out_request_no": call.number,
            "coupon_code": call.number,
            "coupon_type": "NORMAL",
        }
        taken = await self._ask("POST", f"{_ROOT}/product-coupons/send", openid, msgspec.json.encode(body))
        if taken.code in _KNOWN:
            return await self._stands(call, taken)
        if taken.code in _NO:
            code, reason = _NO[taken.code]
            return Answer(number=call.number, told=Told.FAILED, code=code, reason=reason, wire=taken.wire)
        _must_be_good(taken)
        if _decode(taken, _Coupon).coupon_code != call.number:
            raise NoAnswer("The answer is about something else.", taken.wire)
        return _delivered(call.number, "", taken.wire)

    async def query(self, call: OrderCall) -> Answer:
        """The person's coupon of this code."""
        stands = await self.standing(call)
        if not stands.state:
            return Answer(number=call.number, told=Told.ABSENT, wire=stands.wire)
        if _STATE[stands.state] is Told.FAILED:
            return _taken_back(call.number, stands.wire)
        return _delivered(call.number, stands.expires, stands.wire)

    async def standing(self, call: OrderCall) -> CouponStanding:
        """How the person's coupon of this code stands at the platform, used or not."""
        openid, number = self._openid(call), quote(call.number, safe="")
        path = f"{_ROOT}/users/{quote(openid, safe='')}/coupons/{number}/appids/{quote(self._keys.app_id, safe='')}"
        taken = await self._ask("GET", path, openid)
        if taken.code in _ABSENT:
            return CouponStanding(state="", wire=taken.wire)
        _must_be_good(taken)
        said: _Coupon = _decode(taken, _Coupon)
        if said.coupon_state not in _STATE or (said.coupon_code, said.stock_id) != (call.number, call.sku_code):
            raise NoAnswer("The answer is about something else.", taken.wire)
        return CouponStanding(
            state=said.coupon_state, use_request_no=said.use_request_no, expires=said.expire_time, wire=taken.wire
        )

    async def use(self, call: OrderCall, request_no: str, at: datetime) -> Answer:
        """Use the coupon, as its customer asked for at an instant in a place of ours. The same `request_no` is the
        same use.

        FAILED with `not_usable` (used, over, taken back), `coupon_unknown` or `param_error`: nothing was used.
        """
        openid = self._openid(call) if call.recipient.account else ""
        body = {
            "coupon_code": call.number,
            "stock_id": call.sku_code,
            "appid": self._keys.app_id,
            "use_time": at.astimezone(CHINA).isoformat(timespec="seconds"),
            "use_request_no": request_no,
        } | ({"openid": openid} if openid else {})
        taken = await self._ask("POST", f"{_ROOT}/coupons/use", openid, msgspec.json.encode(body))
        if taken.code in _UNUSABLE:
            return Answer(number=call.number, told=Told.FAILED, code=_UNUSABLE[taken.code], wire=taken.wire)
        _must_be_good(taken)
        said: _Used = _decode(taken, _Used)
        if said.stock_id != call.sku_code or not said.wechatpay_use_time:
            raise NoAnswer("The answer is about something else.", taken.wire)
        return _delivered(call.number, "", taken.wire)

    async def cancel(self, call: OrderCall) -> Answer:
        """Take the coupon back; one that was used stays."""
        body = {"coupon_code": call.number, "stock_id": call.sku_code, "deactivate_request_no": call.number}
        taken = await self._ask("POST", f"{_ROOT}/coupons/deactivate", "", msgspec.json.encode(body))
        if taken.code in _ABSENT:
            return Answer(number=call.number, told=Told.ABSENT, wire=taken.wire)
        if taken.code in _STANDS:
            return await self._stands(call, taken)
        _must_be_good(taken)
        return _taken_back(call.number, taken.wire)

    async def return_(self, call: OrderCall, request_no: str) -> Answer:
        """Make a used coupon good again: what it was used on was given back. The same `request_no` is the same return.

        FAILED with `not_used` where it stands unused or is over; ABSENT where there is no such coupon.
        """
        body = {"coupon_code": call.number, "stock_id": call.sku_code, "return_request_no": request_no}
        taken = await self._ask("POST", f"{_ROOT}/coupons/return", "", msgspec.json.encode(body))
        if taken.code in _ABSENT:
            return Answer(number=call.number, told=Told.ABSENT, wire=taken.wire)
        if taken.code in _STANDS:
            return Answer(number=call.number, told=Told.FAILED, code="not_used", wire=taken.wire)
        _must_be_good(taken)
        return _delivered(call.number, "", taken.wire)

    async def stock(self, sku_codes: Sequence[str]) -> Mapping[str, int]:
        """What each batch may still send; one that is stopped has nothing."""
        found: dict[str, int] = {}
        for code in sku_codes:
            taken = await self._ask("GET", f"{_ROOT}/stocks/{quote(code, safe='')}", "")
            if taken.code in _ABSENT:
                continue
            _must_be_good(taken)
            said: _Stock = _decode(taken, _Stock)
            left = said.stock_send_rule.max_coupons - said.send_count_information.total_send_num
            found[code] = max(left, 0) if said.stock_state == "RUNNING" else 0
        return found

    async def day_file(self, on: date) -> bytes:
        """`NotTaken`: the platform has no such file by call; the merchant's export is uploaded."""
        raise NotTaken(f"The platform has no file of {on} by call: export it at the merchant's console.", Wire())

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _stands(self, call: OrderCall, taken: _Taken) -> Answer:
        """How a coupon stands that the platform says it has; nobody knows where it then finds none."""
        answer = await self.query(call)
        if answer.told is Told.ABSENT:
            raise NoAnswer("The platform knows the number and does not show the coupon.", taken.wire)
        return answer

    def _openid(self, call: OrderCall) -> str:
        if not call.recipient.account:
            raise NoAnswer("Whose coupon it is is not known here any more.", Wire())
        return openid_of(self._keys, call.recipient.account)

    async def _ask(self, method: str, path: str, openid: str, body: bytes = b"") -> _Taken:
        """One signed call; raises `NotTaken` and `NoAnswer`. What is kept of it shows no openid."""
        address = self._endpoint.address.rstrip("/") + path
        target, keys = urlsplit(address).path, self._keys
        signer = Signer(merchant_no=keys.merchant_no, serial=keys.serial, private_key=keys.private_key)
        headers = {
            "Authorization": signing_rsa.authorise(signer, method, target, body, self._now()),
            "Accept": "application/json",
        }
        shown = _hidden(f"{method} {target}" + (f"\n{shown_text(body)}" if body else ""), openid)
        answer = await exchange(
            self._client, self._endpoint.timeout_seconds, method, address, headers, body, shown=shown
        )
        content, status = answer.content, answer.status_code
        wire = Wire(request=shown, response=_hidden(f"{status}\n{shown_text(content)}", openid), status=status)
        if not signing_rsa.is_told(answer.headers, {keys.platform_serial: keys.platform_key}, content, self._now()):
            raise NoAnswer("The answer is not signed by the platform.", wire)
        code = _code(content) if status >= 400 else ""
        if status == 429 or code in _BUSY:
            raise NotTaken(f"The platform turned the call away ({code or status}).", wire)
        return _Taken(status, content, code, wire)


def keys_of(endpoint: Endpoint) -> CouponKeys:
    """The keys of a connection; they were checked when it was made."""
    return msgspec.json.decode(endpoint.key, type=CouponKeys)


def check_coupon_keys(key: bytes) -> str:
    """Why these are no keys of a coupon platform; empty where they are."""
    try:
        keys = msgspec.json.decode(key, type=CouponKeys)
        signing_rsa.check_private_key(keys.private_key)
        signing_rsa.check_public_key(keys.platform_key)
    except (msgspec.MsgspecError, UnicodeDecodeError, BadKey) as error:
        return f"This is no set of keys of a coupon platform: {error}"
    if not all((keys.app_id, keys.merchant_no, keys.serial, keys.platform_serial)):
        return "app_id, merchant_no, serial and platform_serial are not empty."
    if len(keys.notice_key.encode()) != signing_rsa.RESOURCE_KEY_BYTES:
        return f"notice_key has {signing_rsa.RESOURCE_KEY_BYTES} characters."
    if len(keys.recipient_key) < RECIPIENT_KEY_CHARACTERS:
        return f"recipient_key has at least {RECIPIENT_KEY_CHARACTERS} characters."
    return ""


def openid_of(keys: CouponKeys, phone: str) -> str:
    """Who is meant by a phone, as this merchant is told: base64url of HMAC-SHA256 under its recipient key."""
    digest = hmac.new(keys.recipient_key.encode(), phone.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hear(endpoint: Endpoint, call: Call, now: datetime) -> Spoken | None:
    """What a notice says; None where it is not signed by this platform, or sealed for somebody else."""
    keys = keys_of(endpoint)
    if not signing_rsa.is_told(call.headers, {keys.platform_serial: keys.platform_key}, call.body, now):
        return None
    try:
        content = signing_rsa.open_resource(
            keys.notice_key.encode(), msgspec.json.decode(call.body, type=_Notice).resource
        )
        said = msgspec.json.decode(content, type=_Sent)
    except Unreadable:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CallbackUnfit(f"The body is no notice: {error}.") from None
    if said.event_type != SENT_EVENT or not said.coupon_code:
        raise CallbackUnfit(f"Only {SENT_EVENT} is taken here.", pointer="/event_type")
    shown = f"POST {call.target}\n{said.event_type} {shown_text(said.coupon_code.encode())}"
    wire = Wire(request=shown, response="200", status=200)
    return Spoken(nonce=call.headers[signing_rsa.NONCE_HEADER], answer=_delivered(said.coupon_code, "", wire))


def _delivered(number: str, expires: str, wire: Wire) -> Answer:
    proof = {"coupon_code": number} | ({"valid_until": expires[:40]} if expires else {})
    return Answer(number=number, told=Told.SUCCESS, supplier_no=number, proof=proof, wire=wire)


def _taken_back(number: str, wire: Wire) -> Answer:
    return Answer(number=number, told=Told.FAILED, supplier_no=number, code="cancelled", wire=wire)


def _must_be_good(taken: _Taken) -> None:
    if taken.status not in (200, 204):
        raise NoAnswer(f"The platform does not say what became of it ({taken.code or taken.status}).", taken.wire)


def _decode(taken: _Taken, kind: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.json.decode(taken.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NoAnswer(f"The answer cannot be read: {error}.", taken.wire) from error


def _code(content: bytes) -> str:
    try:
        return msgspec.json.decode(content, type=_Refusal).code
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def _hidden(text: str, openid: str) -> str:
    return text.replace(openid, f"{openid[:4]}****") if openid else text

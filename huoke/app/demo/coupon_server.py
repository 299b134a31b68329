"""A coupon platform for tests and the demo: a small server that speaks APIv3's busifavor calls, well or badly.

It keeps books of its own, really checks the merchant's signatures, signs what it says and seals what it tells. One
server plays the platform for several merchants, each under /{code}; `CouponManners` say how it behaves to each.
"""

import http.client
import secrets
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from huoke.app.demo.coupon_files import write_day_file, write_use_file
from huoke.app.demo.outside import TIMEOUT_SECONDS, Clock, Door, Outside, Partner, read_private, write_private
from huoke.kernel import signing_rsa
from huoke.kernel.clock import CHINA

STATUS = {
    "PARAM_ERROR": 400,
    "INVALID_REQUEST": 400,
    "RESOURCE_ALREADY_EXISTS": 400,
    "MCH_NOT_EXISTS": 400,
    "APPID_MCHID_NOT_MATCH": 400,
    "SIGN_ERROR": 401,
    "NO_AUTH": 403,
    "NOT_ENOUGH": 403,
    "RULE_LIMIT": 403,
    "USER_ACCOUNT_ABNORMAL": 403,
    "RESOURCE_NOT_EXISTS": 404,
    "USER_NOT_EXISTS": 404,
    "FREQUENCY_LIMITED": 429,
    "FREQUENCY_LIMIT_EXCEED": 429,
    "SYSTEM_ERROR": 500,
}
"""The published errors and the status each comes with."""
VALID_DAYS = 30


class CouponManners(msgspec.Struct, kw_only=True):
    """How the platform behaves; shares are chances from 0 to 1, drawn for each call."""

    refuse: float = 0.0
    """Coupons that are not sent."""
    refuse_code: str = "NOT_ENOUGH"
    """Why."""
    busy: float = 0.0
    """Calls that are turned away for their pace, with no effect."""
    deaf: float = 0.0
    """Calls that are lost before they have an effect."""
    drop: float = 0.0
    """Calls whose effect is done and whose answer never leaves."""
    broken: float = 0.0
    """Calls answered by a proxy's page, unsigned, after their effect."""
    fall: float = 0.0
    """Calls answered SYSTEM_ERROR after their effect."""
    forge: float = 0.0
    """Calls answered under a key that is not the platform's."""
    slow_seconds: float = 0.0
    """How long every answer takes."""
    lies: int = 0
    """How many queries of each coupon are answered "no such coupon" although it is there."""
    mute: float = 0.0
    """Notices that are never made."""
    twice: float = 0.0
    """Notices that are made twice, each with a nonce of its own."""
    reorder: float = 0.0
    """Notices that come before the answer of their call."""
    stock: int = 10_000
    """How many coupons a batch may send."""
    refuse_use: str = ""
    """Why coupons are not used at the merchant's places; empty where they are."""
    used: float = 0.0
    """Coupons that their customers use."""
    used_seconds: float = 1.0
    """How soon."""
    price_fen: int = 1_280
    """What the bank and the merchant agreed for one."""


class PlatformNote(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant's side of the platform: the merchant's key is public here, the platform's private."""

    code: str
    app_id: str
    merchant_no: str
    serial: str
    merchant_key: str
    platform_serial: str
    platform_key: str
    notice_key: str
    other_key: str = ""
    """Somebody else's private key, to forge with."""
    merchant_private: str = ""
    recipient_key: str = ""
    notice_address: str = ""
    """The bank's side of it, kept by the demo alone; who plays the platform reads only where notices go."""


class Coupon(msgspec.Struct, kw_only=True):
    """A coupon in the platform's books; `order_no` is the request's number, `code` what it was sent under."""

    order_no: str
    code: str
    stock_id: str
    openid: str
    amount_fen: int
    sent_on: str
    expires: str
    state: str = "SENDED"
    calls: int = 1
    queries: int = 0
    use_no: str = ""
    uses: int = 0

    @property
    def status(self) -> str:
        """How the merchant's export writes it."""
        return "failed" if self.state == "DEACTIVATED" else "success"

    def wire(self) -> dict[str, object]:
        """The coupon as a query writes it."""
        return {
            "belong_merchant": "",
            "stock_name": "示范券",
            "coupon_state": self.state,
            "coupon_code": self.code,
            "stock_id": self.stock_id,
            "expire_time": self.expires,
            "send_request_no": self.order_no,
            **({"use_request_no": self.use_no} if self.use_no else {}),
        }


class Use(msgspec.Struct, kw_only=True):
    """A use in the platform's books: whoever asked for it, under its own number, at the time it said."""

    request_no: str
    code: str
    stock_id: str
    at: str


class Refused(Exception):  # noqa: N818 - an answer
    """An error as published."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CouponPlatform(Partner):
    """The platform as one merchant knows it: its manners, its books."""

    def __init__(self, note: PlatformNote, now: Clock, manners: CouponManners | None = None) -> None:
        super().__init__(note.code, note.merchant_no, note.notice_key.encode(), now)
        self.note = note
        self.manners = manners or CouponManners()
        self.books: dict[str, Coupon] = {}
        self.used: list[Use] = []
        self.strangers: set[str] = set()
        self.returns: set[str] = set()
        self.refused_calls = 0
        self.notice_address = ""

    def earned_fen(self) -> int:
        """What the merchant's export comes to."""
        return sum(coupon.amount_fen for coupon in self.books.values() if coupon.status == "success")

    def send(self, wanted: dict[str, str]) -> Coupon:
        """Send a coupon once; `Refused`."""
        if wanted["appid"] != self.note.app_id:
            raise Refused("APPID_MCHID_NOT_MATCH")
        if known := self.books.get(wanted["out_request_no"]):
            known.calls += 1
            raise Refused("RESOURCE_ALREADY_EXISTS")
        if wanted["openid"] in self.strangers:
            raise Refused("USER_NOT_EXISTS")
        if len(self.books) >= self.manners.stock:
            raise Refused("NOT_ENOUGH")
        if self.chance(self.manners.refuse):
            raise Refused(self.manners.refuse_code)
        day = self.now().astimezone(CHINA)
        coupon = Coupon(
            order_no=wanted["out_request_no"],
            code=wanted["coupon_code"],
            stock_id=wanted["stock_id"],
            openid=wanted["openid"],
            amount_fen=self.manners.price_fen,
            sent_on=day.date().isoformat(),
            expires=(day + timedelta(days=VALID_DAYS)).isoformat(timespec="seconds"),
        )
        self.books[coupon.order_no] = coupon
        return coupon

    def find(self, code: str, openid: str, app_id: str) -> Coupon:
        """A person's coupon; `Refused`."""
        found = next((one for one in self.books.values() if one.code == code and one.openid == openid), None)
        if found is None or app_id != self.note.app_id:
            raise Refused("RESOURCE_NOT_EXISTS")
        found.queries += 1
        if found.queries <= self.manners.lies:
            raise Refused("RESOURCE_NOT_EXISTS")
        return found

    def use(self, coupon: Coupon) -> None:
        """A customer pays with a coupon that is still good, at a merchant with numbers of its own."""
        with self.lock:
            if coupon.state == "SENDED":
                self._used(coupon, f"POS{secrets.token_hex(8)}", self.now().isoformat(timespec="seconds"))

    def use_for(self, wanted: dict[str, str]) -> Coupon:
        """Use a coupon for a merchant, once for each request number; `Refused`."""
        if not {"coupon_code", "appid", "use_time", "use_request_no", "stock_id"} <= wanted.keys():
            raise Refused("PARAM_ERROR")
        if wanted["appid"] != self.note.app_id:
            raise Refused("APPID_MCHID_NOT_MATCH")
        found = next((one for one in self.books.values() if one.code == wanted["coupon_code"]), None)
        if found is None or found.stock_id != wanted["stock_id"]:
            raise Refused("RESOURCE_NOT_EXISTS")
        found.uses += 1
        if found.openid != wanted.get("openid", found.openid):
            raise Refused("INVALID_REQUEST")
        if self.manners.refuse_use:
            raise Refused(self.manners.refuse_use)
        if found.use_no == wanted["use_request_no"] and found.state == "USED":
            return found
        if found.state != "SENDED":
            raise Refused("INVALID_REQUEST")
        self._used(found, wanted["use_request_no"], wanted["use_time"])
        return found

    def _used(self, coupon: Coupon, request_no: str, at: str) -> None:
        coupon.state, coupon.use_no = "USED", request_no
        self.used.append(Use(request_no=request_no, code=coupon.code, stock_id=coupon.stock_id, at=at))

    def take_back(self, wanted: dict[str, str]) -> None:
        """Deactivate a coupon; `Refused`."""
        found = next((one for one in self.books.values() if one.code == wanted["coupon_code"]), None)
        if found is None or found.stock_id != wanted["stock_id"]:
            raise Refused("RESOURCE_NOT_EXISTS")
        if found.state != "SENDED":
            raise Refused("INVALID_REQUEST")
        assert wanted["deactivate_request_no"], "every request has a number"
        found.state = "DEACTIVATED"

    def give_back(self, wanted: dict[str, str]) -> None:
        """Make a used coupon good again, once for each request number; `Refused`."""
        found = next((one for one in self.books.values() if one.code == wanted["coupon_code"]), None)
        if found is None or found.stock_id != wanted["stock_id"]:
            raise Refused("RESOURCE_NOT_EXISTS")
        if wanted["return_request_no"] in self.returns:
            return
        if found.state != "USED":
            raise Refused("INVALID_REQUEST")
        self.returns.add(wanted["return_request_no"])
        found.state, found.use_no = "SENDED", ""

    def stock(self, stock_id: str) -> dict[str, object]:
        """A batch as published."""
        sent = sum(1 for one in self.books.values() if one.stock_id == stock_id)
        return {
            "stock_id": stock_id,
            "stock_state": "RUNNING",
            "stock_send_rule": {"max_coupons": self.manners.stock, "max_coupons_per_user": 100},
            "send_count_information": {"total_send_num": sent, "total_send_amount": 0},
        }

    def write_notice(self, coupon: Coupon, **changes: object) -> bytes:
        """The body of a notice that a coupon was sent, its content sealed."""
        content = {
            "event_type": "EVENT_TYPE_BUSICOUPON_SEND",
            "coupon_code": coupon.code,
            "stock_id": coupon.stock_id,
            "openid": coupon.openid,
            "send_time": self.now().isoformat(timespec="seconds"),
            "send_channel": "BUSICOUPON_SEND_CHANNEL_API",
            "send_merchant": self.note.merchant_no,
            **changes,
        }
        resource = signing_rsa.seal_resource(self.key, msgspec.json.encode(content), "busifavor")
        return msgspec.json.encode(
            {
                "id": secrets.token_hex(16),
                "create_time": self.now().isoformat(timespec="seconds"),
                "event_type": "COUPON.SEND",
                "resource_type": "encrypt-resource",
                "summary": "",
                "resource": {**msgspec.to_builtins(resource), "original_type": "busifavor"},
            }
        )

    def sign(self, body: bytes, key: str = "") -> dict[str, str]:
        """The headers of an answer or a notice."""
        return signing_rsa.sign_told(key or self.note.platform_key, self.note.platform_serial, body, self.now())

    def tell(self, coupon: Coupon) -> None:
        """Bring the notice of a coupon; nothing where nobody is at home."""
        body, parts = self.write_notice(coupon), urlsplit(self.notice_address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        with suppress(OSError, http.client.HTTPException):
            connection.request("POST", parts.path, body, {**self.sign(body), "Content-Type": "application/json"})
            connection.getresponse().read()
        connection.close()

    def day_file(self, on: date) -> bytes:
        """What the merchant's console exports of a day, in the columns the bank's reconciliation reads."""
        rows = [one for one in self.books.values() if one.sent_on == on.isoformat()]
        return write_day_file([(one.order_no, one.code, one.stock_id, one.status, one.amount_fen) for one in rows])

    def use_file(self, on: date) -> bytes:
        """What the merchant's console exports of the uses of a day, under the names the published calls give them."""
        rows = [one for one in self.used if datetime.fromisoformat(one.at).astimezone(CHINA).date() == on]
        return write_use_file([(one.request_no, one.code, one.stock_id, one.at) for one in rows])


class _CouponDoor(Door):
    def answer(self, body: bytes) -> None:
        """One signed call of the merchant."""
        platform, path = self.split()
        if platform is None:
            self.send(404, b"", {})
            return
        if (export := _export(platform, path)) is not None:
            self.send(200, export, {"Content-Type": "text/csv; charset=utf-8"})
            return
        known = {(platform.note.merchant_no, platform.note.serial): platform.note.merchant_key}
        header = self.headers.get("Authorization", "")
        if not signing_rsa.is_authorised(header, known, self.command, self.path, body, platform.now()):
            platform.refused_calls += 1
            self._say(platform, "SIGN_ERROR")
        elif platform.chance(platform.manners.busy):
            self._say(platform, "FREQUENCY_LIMIT_EXCEED")
        elif platform.chance(platform.manners.deaf):
            self.drop()
        else:
            self._call(platform, [unquote(part) for part in path.split("/")], body)

    def _call(self, platform: CouponPlatform, parts: list[str], body: bytes) -> None:
        manners = platform.manners
        try:
            with platform.lock:
                content: object = self._act(platform, parts[3:], msgspec.json.decode(body) if body else {})
        except Refused as no:
            content = no.code
        if manners.slow_seconds:
            time.sleep(manners.slow_seconds)
        if platform.chance(manners.drop):
            self.drop()
        elif platform.chance(manners.broken):
            self.send(502, b"<html>Bad gateway</html>", {})
        elif platform.chance(manners.fall):
            self._say(platform, "SYSTEM_ERROR")
        else:
            self._say(platform, content)

    def _act(self, platform: CouponPlatform, parts: list[str], wanted: dict[str, str]) -> object:
        manners = platform.manners
        if parts == ["product-coupons", "send"]:
            coupon = platform.send(wanted)
            self._tell(platform, coupon)
            if platform.chance(manners.used):
                self.outside.later(manners.used_seconds, partial(platform.use, coupon))
            return {"coupon_code": coupon.code}
        if len(parts) == 6 and (parts[0], parts[2], parts[4]) == ("users", "coupons", "appids"):
            return platform.find(parts[3], parts[1], parts[5]).wire()
        if parts == ["coupons", "deactivate"]:
            platform.take_back(wanted)
            return {"wechatpay_deactivate_time": platform.now().isoformat(timespec="seconds")}
        if parts == ["coupons", "use"]:
            used = platform.use_for(wanted)
            at = platform.now().isoformat(timespec="seconds")
            return {"stock_id": used.stock_id, "openid": used.openid, "wechatpay_use_time": at}
        if parts == ["coupons", "return"]:
            platform.give_back(wanted)
            return {"wechatpay_return_time": platform.now().isoformat(timespec="seconds")}
        if len(parts) == 2 and parts[0] == "stocks":
            return platform.stock(parts[1])
        raise Refused("PARAM_ERROR")

    def _tell(self, platform: CouponPlatform, coupon: Coupon) -> None:
        manners = platform.manners
        if not platform.notice_address or platform.chance(manners.mute):
            return
        early = platform.chance(manners.reorder)
        for _ in range(2 if platform.chance(manners.twice) else 1):
            if early:
                platform.tell(coupon)
            else:
                self.outside.later(0.02, partial(platform.tell, coupon))

    def _say(self, platform: CouponPlatform, content: object) -> None:
        status = STATUS[content] if isinstance(content, str) else 200
        told = {"code": content, "message": content} if isinstance(content, str) else content
        body = msgspec.json.encode(told)
        key = platform.note.other_key if platform.chance(platform.manners.forge) else ""
        self.send(status, body, platform.sign(body, key))


def _export(platform: CouponPlatform, path: str) -> bytes | None:
    """The merchant's console, as its people see it: what was sent or used on a day, as a file."""
    about, _, day = path.removeprefix("console/").partition("/")
    write = {"sent": platform.day_file, "used": platform.use_file}.get(about)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    with platform.lock:
        return write(on) if write else None


class CouponServer(Outside[CouponPlatform]):
    """`with CouponServer([...]) as server: server.address(code)`."""

    handler = _CouponDoor


def read_platforms(home: Path) -> list[PlatformNote]:
    """The merchants whose platform is played; none before the demo is there."""
    return read_private(home / "coupons.json", PlatformNote)


def write_platforms(home: Path, notes: list[PlatformNote]) -> None:
    """Keep them for the process that plays the platform."""
    write_private(home / "coupons.json", notes)


def played(notes: list[PlatformNote], now: Clock) -> list[CouponPlatform]:
    """The demo's platform, whose customers soon use half of their coupons."""
    made = [CouponPlatform(note, now, CouponManners(used=0.5, price_fen=980)) for note in notes]
    for platform in made:
        platform.notice_address = platform.note.notice_address
    return made

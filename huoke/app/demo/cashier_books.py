"""The books of a cashier that is played: payments and refunds of one merchant, notices, the file of a day."""

import itertools
import secrets
from datetime import date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from huoke.app.demo.outside import TIMEOUT_SECONDS, Clock, Partner, read_private, write_private
from huoke.kernel import signing_rsa
from huoke.kernel.clock import CHINA
from huoke.kernel.money import format_yuan

COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
CLOSING = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


class CashierManners(msgspec.Struct, kw_only=True):
    """How a cashier behaves; shares are chances from 0 to 1, drawn for each call."""

    busy: float = 0.0
    """Calls that are told to come back later, with no effect."""
    drop: float = 0.0
    """Calls whose effect is done and whose answer never leaves."""
    broken: float = 0.0
    """Calls answered by a proxy's page, unsigned, after their effect."""
    slow_seconds: float = 0.0
    """How long every answer takes."""
    mute: float = 0.0
    """Notices that are never made."""
    twice: float = 0.0
    """Notices that are made twice, each with a nonce of its own."""
    reorder: float = 0.0
    """Payments whose notice is followed by a late one that says they are still open."""
    lie_fen: int = 0
    """What is added to amounts in notices and answers; the books and the file stay true."""
    refund_seconds: float = 0.0
    """How long a refund takes."""
    refund_fail: float = 0.0
    """Refunds that end as abnormal."""
    refund_fail_first_fen: int = 0
    """From this amount on the first refund of a payment ends as abnormal, the next one goes through; 0 is none."""
    lose: float = 0.0
    """Payments that are missing in the day file."""
    stint_fen: int = 0
    """What is missing of every reduction, in the file too."""


class Trade(msgspec.Struct, kw_only=True):
    """A payment in the cashier's books."""

    number: str
    cashier_no: str
    amount_fen: int
    subject: str
    notice_address: str
    expires_at: datetime
    token: str
    reduction_fen: int = 0
    stock_no: str = ""
    coupon_no: str = ""
    state: str = "NOTPAY"
    paid_at: datetime | None = None
    is_lost: bool = False


class CouponStock(msgspec.Struct, kw_only=True):
    """Coupons the cashier takes off payments under a tag, from a total on."""

    number: str
    request_no: str
    name: str
    tag: str
    amount_fen: int
    minimum_fen: int
    ends_at: datetime
    is_running: bool = False


class Back(msgspec.Struct, kw_only=True):
    """A refund in the cashier's books."""

    number: str
    payment_number: str
    cashier_no: str
    amount_fen: int
    total_fen: int
    notice_address: str
    reduction_fen: int = 0
    state: str = "PROCESSING"
    refunded_at: datetime | None = None


class CashierNote(msgspec.Struct, frozen=True, kw_only=True):
    """A cashier to play: `code` stands in its address; the merchant's key is public here, the platform's private."""

    code: str
    name: str
    merchant_no: str
    app_id: str
    serial: str
    merchant_key: str
    platform_serial: str
    platform_key: str
    notice_key: str
    merchant_private: str = ""
    """Kept for a demo that moves to other ports and enters its cashier again."""
    strays_fen: list[int] = []
    """Payments of the day before that its merchant knows nothing of."""


class PlayedCashier(Partner):
    """One merchant's cashier: its manners, its books."""

    def __init__(self, note: CashierNote, now: Clock, manners: CashierManners | None = None) -> None:
        super().__init__(note.code, note.merchant_no, note.notice_key.encode(), now)
        self.note = note
        self.manners = manners or CashierManners()
        self.trades: dict[str, Trade] = {}
        self.backs: dict[str, Back] = {}
        self.stocks: dict[str, CouponStock] = {}
        self.refused_calls = 0
        self._numbers = itertools.count(1)
        for place, amount_fen in enumerate(note.strays_fen):
            at = now() - timedelta(days=1)
            stray = Trade(
                number=f"TEST{place:028d}", cashier_no=self.next_no("42"), amount_fen=amount_fen, subject="人工测试单",
                notice_address="", expires_at=at, token=secrets.token_urlsafe(12), state="SUCCESS", paid_at=at,
            )  # fmt: skip
            self.trades[stray.number] = stray

    def taken_fen(self) -> int:
        """What its books say customers paid."""
        paid = [trade for trade in self.trades.values() if trade.state == "SUCCESS"]
        return sum(trade.amount_fen - trade.reduction_fen for trade in paid)

    def returned_fen(self) -> int:
        """What its books say went back."""
        done = [back for back in self.backs.values() if back.state == "SUCCESS"]
        return sum(back.amount_fen - back.reduction_fen for back in done)

    def stock_for(self, tag: str, total_fen: int) -> CouponStock | None:
        """The stock that comes off a payment under a tag."""
        fit = [
            one
            for one in self.stocks.values()
            if one.is_running and one.tag == tag and one.minimum_fen <= total_fen and one.ends_at > self.now()
        ]
        return fit[-1] if fit else None

    def given(self, number: str) -> tuple[int, int]:
        """What of a payment went back or is on its way: of its total, and of what came off it."""
        backs = [one for one in self.backs.values() if one.payment_number == number and one.state != "ABNORMAL"]
        return sum(one.amount_fen for one in backs), sum(one.reduction_fen for one in backs)

    def next_no(self, kind: str) -> str:
        """A number of the cashier's own."""
        return f"{kind}{self.note.merchant_no}{next(self._numbers):010d}"

    def pay(self, number: str) -> bool:
        """The customer confirms: True where the money moved now; the cashier's own rules say whether it still may."""
        with self.lock:
            trade = self.trades[number]
            if trade.state != "NOTPAY" or trade.expires_at <= self.now():
                return False
            trade.state, trade.paid_at = "SUCCESS", self.now()
            trade.is_lost = self.chance(self.manners.lose)
        return True

    def told(self, trade: Trade, state: str = "") -> dict[str, object]:
        """A payment as the protocol writes it."""
        at = trade.paid_at.isoformat(timespec="seconds") if trade.paid_at else None
        said = state or trade.state
        base: dict[str, object] = {
            "appid": self.note.app_id,
            "mchid": self.note.merchant_no,
            "out_trade_no": trade.number,
            "trade_type": "MWEB",
            "trade_state": said,
            "trade_state_desc": "",
            "amount": {
                "total": trade.amount_fen + self.manners.lie_fen,
                "payer_total": trade.amount_fen - trade.reduction_fen + self.manners.lie_fen,
                "currency": "CNY",
                "payer_currency": "CNY",
            },
        }
        if said != "SUCCESS":
            return base
        paid = {**base, "transaction_id": trade.cashier_no, "success_time": at}
        return {**paid, "promotion_detail": [_promotion(trade)]} if trade.reduction_fen else paid

    def told_back(self, back: Back) -> dict[str, object]:
        """A refund as the protocol writes it."""
        done = back.refunded_at.isoformat(timespec="seconds") if back.refunded_at else None
        return {
            "mchid": self.note.merchant_no,
            "refund_id": back.cashier_no,
            "out_refund_no": back.number,
            "out_trade_no": back.payment_number,
            "status": back.state,
            "refund_status": back.state,
            "success_time": done,
            "amount": {
                "total": back.total_fen,
                "refund": back.amount_fen + self.manners.lie_fen,
                "payer_total": back.total_fen - self.trades[back.payment_number].reduction_fen,
                "payer_refund": back.amount_fen + self.manners.lie_fen - back.reduction_fen,
                "currency": "CNY",
            },
        }

    def notify(self, address: str, event: str, content: dict[str, object]) -> int:
        """One signed, sealed notice; the status it was answered with. `OSError` or `HTTPException` where nobody is."""
        body = self.write_notice(event, content)
        return self.bring(address, body, self.sign(body))

    def write_notice(self, event: str, content: dict[str, object]) -> bytes:
        """The body of a notice, its content sealed."""
        kind = "transaction" if event.startswith("TRANSACTION") else "refund"
        resource = signing_rsa.seal_resource(self.key, msgspec.json.encode(content), kind)
        return msgspec.json.encode(
            {
                "id": secrets.token_hex(16),
                "create_time": self.now().isoformat(timespec="seconds"),
                "event_type": event,
                "resource_type": "encrypt-resource",
                "summary": "",
                "resource": {**msgspec.to_builtins(resource), "original_type": kind},
            }
        )

    def sign(self, body: bytes) -> dict[str, str]:
        """The headers of a notice."""
        return signing_rsa.sign_told(self.note.platform_key, self.note.platform_serial, body, self.now())

    def bring(self, address: str, body: bytes, headers: dict[str, str]) -> int:
        """Bring a body with headers as they are; also the same once more."""
        parts = urlsplit(address)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", parts.path, body, {**headers, "Content-Type": "application/json"})
            return connection.getresponse().status
        finally:
            connection.close()

    def day_file(self, on: date) -> bytes:
        """The file of a business day, as published: every cell after a backtick, a closing line."""
        rows: list[list[str]] = []
        paid = [one for one in self.trades.values() if one.paid_at and day_of(one.paid_at) == on and not one.is_lost]
        back = [one for one in self.backs.values() if one.refunded_at and day_of(one.refunded_at) == on]
        for trade in paid:
            assert trade.paid_at is not None
            rows.append(self._row(trade.paid_at, trade, None))
        for one in back:
            assert one.refunded_at is not None
            of = self.trades[one.payment_number]
            rows.append(self._row(one.refunded_at, of, one))
        in_fen, back_fen = sum(one.amount_fen for one in paid), sum(one.amount_fen for one in back)
        got_fen = in_fen - sum(one.reduction_fen for one in paid)
        gave_fen = back_fen - sum(one.reduction_fen for one in back)
        sums = [str(len(rows)), _yuan(got_fen), _yuan(gave_fen), "0.00", "0.00", _yuan(in_fen), _yuan(back_fen)]
        lines = [COLUMNS, *[_ticked(row) for row in rows], CLOSING, _ticked(sums)]
        return "\r\n".join(["\ufeff" + lines[0], *lines[1:], ""]).encode()

    def _row(self, at: datetime, trade: Trade, back: Back | None) -> list[str]:
        local = at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        head = [local, self.note.app_id, self.note.merchant_no, "0", "", trade.cashier_no, trade.number, "", "MWEB"]
        if back is None:
            fen, off = trade.amount_fen, max(trade.reduction_fen - self.manners.stint_fen, 0)
            own = ["SUCCESS", "OTHERS", "CNY", _yuan(fen - off), _yuan(off), "0", "0", "0.00", "0.00", "", ""]
            return [*head, *own, "", "", "0.00", "0.60%", _yuan(fen), "0.00", ""]
        given = _yuan(back.amount_fen - back.reduction_fen)
        own = ["REFUND", "OTHERS", "CNY", "0.00", "0.00", back.cashier_no, back.number, given, "0.00", "ORIGINAL"]
        return [*head, *own, "SUCCESS", "", "", "0.00", "0.60%", "0.00", _yuan(back.amount_fen), ""]


def _promotion(trade: Trade) -> dict[str, object]:
    """What came off a payment, as the protocol writes it: the merchant bears all of it."""
    return {
        "coupon_id": trade.coupon_no,
        "name": trade.subject,
        "scope": "GLOBAL",
        "type": "NOCASH",
        "amount": trade.reduction_fen,
        "stock_id": trade.stock_no,
        "wechatpay_contribute": 0,
        "merchant_contribute": trade.reduction_fen,
        "other_contribute": 0,
        "currency": "CNY",
    }


def day_of(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _yuan(fen: int) -> str:
    return format_yuan(fen).replace(",", "")


def _ticked(cells: list[str]) -> str:
    return ",".join("`" + cell.replace(",", "，") for cell in cells)


def read_cashiers(home: Path) -> list[CashierNote]:
    """The cashiers to play; none before the demo is there."""
    return read_private(home / "cashiers.json", CashierNote)


def write_cashiers(home: Path, notes: list[CashierNote]) -> None:
    """Keep them for the process that plays them."""
    write_private(home / "cashiers.json", notes)

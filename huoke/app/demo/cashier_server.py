"""A cashier for tests and the demo: a small server that speaks WeChat Pay's APIv3, well or badly, and a page to pay at.

It keeps books of its own (`cashier_books`), really checks the bank's signatures, signs what it says and seals what it
tells. One server plays several merchants' cashiers, each under /{code}; `CashierManners` say how each behaves.
"""

import hashlib
import html
import secrets
import sys
import time
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

import msgspec

from huoke.app.demo.cashier_books import Back, CashierManners, CouponStock, PlayedCashier, Trade, day_of, read_cashiers
from huoke.app.demo.cashier_page import over_page, pay_page
from huoke.app.demo.outside import Door, Outside
from huoke.kernel import settings as instance
from huoke.kernel import signing_rsa
from huoke.kernel.clock import SystemClock
from huoke.kernel.money import format_yuan

_PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
}


class _CashierDoor(Door):
    def answer(self, body: bytes) -> None:
        """A page of a customer, or one signed call of the merchant."""
        cashier, path = self.split()
        parts = [unquote(part) for part in path.partition("?")[0].split("/")]
        if cashier is None:
            self.send(404, b"", {})
        elif parts[0] == "pay":
            self._page(cashier, parts[1], body)
        elif parts[0] == "files":
            if self._admit(cashier, body):
                self.send(200, cashier.day_file(date.fromisoformat(parts[1])), {})
        elif self._admit(cashier, body):
            self._call(cashier, parts, body)

    def _admit(self, cashier: PlayedCashier, body: bytes) -> bool:
        known = {(cashier.note.merchant_no, cashier.note.serial): cashier.note.merchant_key}
        header = self.headers.get("Authorization", "")
        if signing_rsa.is_authorised(header, known, self.command, self.path, body, cashier.now()):
            return True
        cashier.refused_calls += 1
        self._say(cashier, 401, {"code": "SIGN_ERROR", "message": "签名错误"})
        return False

    def _call(self, cashier: PlayedCashier, parts: list[str], body: bytes) -> None:
        manners = cashier.manners
        if cashier.chance(manners.busy):
            self._say(cashier, 429, {"code": "FREQUENCY_LIMITED", "message": "频率超限"})
            return
        with cashier.lock:
            status, content = self._act(cashier, parts, body)
        if manners.slow_seconds:
            time.sleep(manners.slow_seconds)
        if cashier.chance(manners.drop):
            self.drop()
        elif cashier.chance(manners.broken):
            self.send(502, b"<html>Bad gateway</html>", {})
        else:
            self._say(cashier, status, content)

    def _say(self, cashier: PlayedCashier, status: int, content: object) -> None:
        body = b"" if content is None else msgspec.json.encode(content)
        signed = signing_rsa.sign_told(cashier.note.platform_key, cashier.note.platform_serial, body, cashier.now())
        self.send(status, body, signed)

    def _act(  # noqa: PLR0911 - one return per call of the protocol
        self, cashier: PlayedCashier, parts: list[str], body: bytes
    ) -> tuple[int, object]:
        if parts == ["v3", "pay", "transactions", "h5"]:
            return self._prepay(cashier, msgspec.json.decode(body, type=dict))
        if parts[:4] == ["v3", "pay", "transactions", "out-trade-no"]:
            return self._trade(cashier, parts[4], close=parts[5:] == ["close"])
        if parts[:4] == ["v3", "refund", "domestic", "refunds"] and len(parts) == 5:
            back = cashier.backs.get(parts[4])
            return (200, cashier.told_back(back)) if back else (404, _no("RESOURCE_NOT_EXISTS"))
        if parts == ["v3", "refund", "domestic", "refunds"]:
            return self._refund(cashier, msgspec.json.decode(body, type=dict))
        if parts[:3] == ["v3", "marketing", "favor"]:
            return self._stock(cashier, parts[3:], msgspec.json.decode(body, type=dict))
        if parts == ["v3", "bill", "tradebill"]:
            return self._file(cashier, parse_qs(urlsplit(self.path).query)["bill_date"][0])
        return 404, _no("ADDRESS")

    def _prepay(self, cashier: PlayedCashier, wanted: dict[str, object]) -> tuple[int, object]:
        number, amount = str(wanted["out_trade_no"]), msgspec.convert(wanted["amount"], dict[str, int | str])
        trade = cashier.trades.get(number)
        if wanted["mchid"] != cashier.note.merchant_no or wanted["appid"] != cashier.note.app_id:
            return 400, _no("PARAM_ERROR")
        if trade is None:
            stock = cashier.stock_for(str(wanted.get("goods_tag", "")), int(amount["total"]))
            trade = Trade(
                reduction_fen=stock.amount_fen if stock else 0,
                stock_no=stock.number if stock else "",
                coupon_no=cashier.next_no("92") if stock else "",
                number=number,
                cashier_no=cashier.next_no("42"),
                amount_fen=int(amount["total"]),
                subject=str(wanted["description"]),
                notice_address=str(wanted["notify_url"]),
                expires_at=datetime.fromisoformat(str(wanted["time_expire"])),
                token=secrets.token_urlsafe(12),
            )
            cashier.trades[number] = trade
        elif trade.amount_fen != amount["total"]:
            return 400, _no("INVALID_REQUEST")
        if trade.state != "NOTPAY":
            return 400, _no("ORDERPAID" if trade.state == "SUCCESS" else "ORDER_CLOSED")
        return 200, {"h5_url": f"{self.outside.address(cashier.code)}/pay/{trade.token}"}

    def _trade(self, cashier: PlayedCashier, number: str, *, close: bool) -> tuple[int, object]:
        trade = cashier.trades.get(number)
        if trade is None:
            return 404, _no("ORDER_NOT_EXIST")
        if not close:
            return 200, cashier.told(trade)
        if trade.state == "SUCCESS":
            return 400, _no("ORDERPAID")
        trade.state = "CLOSED"
        return 204, None

    def _refund(self, cashier: PlayedCashier, wanted: dict[str, object]) -> tuple[int, object]:
        number, amount = str(wanted["out_refund_no"]), msgspec.convert(wanted["amount"], dict[str, int | str])
        trade = cashier.trades.get(str(wanted["out_trade_no"]))
        if known := cashier.backs.get(number):
            return 200, cashier.told_back(known)
        if trade is None or trade.state != "SUCCESS":
            return 404, _no("RESOURCE_NOT_EXISTS")
        given, gone = cashier.given(trade.number)
        if given + int(amount["refund"]) > trade.amount_fen or amount["total"] != trade.amount_fen:
            return 400, _no("INVALID_REQUEST")
        back = Back(
            number=number,
            payment_number=trade.number,
            cashier_no=cashier.next_no("50"),
            amount_fen=int(amount["refund"]),
            total_fen=trade.amount_fen,
            notice_address=str(wanted["notify_url"]),
            reduction_fen=_lies_in(trade, given, gone, int(amount["refund"])),
        )
        cashier.backs[number] = back
        self.outside.later(cashier.manners.refund_seconds, partial(_finish_refund, cashier, back))
        return 200, cashier.told_back(back)

    def _stock(self, cashier: PlayedCashier, parts: list[str], wanted: dict[str, object]) -> tuple[int, object]:
        """Open a stock of coupons, or start one."""
        if len(parts) == 3 and parts[0] == "stocks" and parts[2] == "start":
            stock = cashier.stocks.get(parts[1])
            if stock is None:
                return 404, _no("RESOURCE_NOT_EXISTS")
            stock.is_running = True
            return 200, {"start_time": cashier.now().isoformat(timespec="seconds"), "stock_id": stock.number}
        if parts != ["coupon-stocks"]:
            return 404, _no("ADDRESS")
        rule = msgspec.convert(wanted["coupon_use_rule"], _UseRule)
        known = next((one for one in cashier.stocks.values() if one.request_no == wanted["out_request_no"]), None)
        fixed = rule.fixed_normal_coupon
        if not 0 < fixed.coupon_amount < fixed.transaction_minimum or wanted["no_cash"] is not True:
            return 400, _no("PARAM_ERROR")
        if known is None:
            known = CouponStock(
                number=cashier.next_no("98"), request_no=str(wanted["out_request_no"]), name=str(wanted["stock_name"]),
                tag=rule.goods_tag[0], amount_fen=fixed.coupon_amount, minimum_fen=fixed.transaction_minimum,
                ends_at=datetime.fromisoformat(str(wanted["available_end_time"])),
            )  # fmt: skip
            cashier.stocks[known.number] = known
        return 200, {"stock_id": known.number, "create_time": cashier.now().isoformat(timespec="seconds")}

    def _file(self, cashier: PlayedCashier, on: str) -> tuple[int, object]:
        if date.fromisoformat(on) >= day_of(cashier.now()):
            return 400, _no("NO_STATEMENT_EXIST")
        content = cashier.day_file(date.fromisoformat(on))
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        address = f"{self.outside.address(cashier.code)}/files/{on}"
        return 200, {"hash_type": "SHA1", "hash_value": digest, "download_url": address}

    def _page(self, cashier: PlayedCashier, token: str, body: bytes) -> None:
        trade = next((one for one in cashier.trades.values() if one.token == token.partition("?")[0]), None)
        asked = parse_qs(urlsplit(self.path).query)
        back = asked.get("redirect_url", [""])[0]
        if trade is None:
            self.send(404, b"", {})
            return
        if self.command == "POST":
            if parse_qs(body.decode()).get("step") == ["pay"] and cashier.pay(trade.number):
                tell_paid(self.outside, cashier, trade)
            if back:
                self.send(303, b"", {"Location": back})
                return
        amount = format_yuan(trade.amount_fen - trade.reduction_fen)
        off = format_yuan(trade.reduction_fen) if trade.reduction_fen else ""
        open_ = trade.state == "NOTPAY" and trade.expires_at > cashier.now()
        words = (html.escape(cashier.note.name), html.escape(trade.subject), amount, off)
        own = f"{urlsplit(self.path).path}?redirect_url={quote(back, safe='')}"
        page = pay_page(*words, own) if open_ else over_page(*words, trade.state, html.escape(back))
        self.send(200, page.encode(), _PAGE_HEADERS)


def tell_paid(outside: Outside[PlayedCashier], cashier: PlayedCashier, trade: Trade) -> None:
    """Tell the merchant that a customer paid, as often and in the order the cashier's manners say."""
    if cashier.chance(cashier.manners.mute):
        return
    times = 2 if cashier.chance(cashier.manners.twice) else 1
    for _ in range(times):
        outside.later(
            0, partial(_try_notify, cashier, trade.notice_address, "TRANSACTION.SUCCESS", cashier.told(trade))
        )
    if cashier.chance(cashier.manners.reorder):
        late = cashier.told(trade, "NOTPAY")
        outside.later(0.2, partial(_try_notify, cashier, trade.notice_address, "TRANSACTION.SUCCESS", late))


def _finish_refund(cashier: PlayedCashier, back: Back) -> None:
    with cashier.lock:
        if back.state != "PROCESSING":
            return
        fails = cashier.chance(cashier.manners.refund_fail) or _is_first_big(cashier, back)
        back.state, back.refunded_at = ("ABNORMAL", None) if fails else ("SUCCESS", cashier.now())
    if not cashier.chance(cashier.manners.mute):
        event = "REFUND.ABNORMAL" if fails else "REFUND.SUCCESS"
        _try_notify(cashier, back.notice_address, event, cashier.told_back(back))


def _is_first_big(cashier: PlayedCashier, back: Back) -> bool:
    least = cashier.manners.refund_fail_first_fen
    others = [one for one in cashier.backs.values() if one.payment_number == back.payment_number and one is not back]
    return bool(least) and back.amount_fen >= least and not others


def _try_notify(cashier: PlayedCashier, address: str, event: str, content: dict[str, object]) -> None:
    with suppress(OSError, HTTPException):  # nobody at home: the bank asks
        cashier.notify(address, event, content)


class CashierServer(Outside[PlayedCashier]):
    """`with CashierServer([...]) as server: server.address(code)`."""

    handler = _CashierDoor


class _Fixed(msgspec.Struct, frozen=True):
    coupon_amount: int
    transaction_minimum: int


class _UseRule(msgspec.Struct, frozen=True):
    fixed_normal_coupon: _Fixed
    goods_tag: list[str]


def _lies_in(trade: Trade, given: int, gone: int, amount: int) -> int:
    """What of a coupon lies in the next part that goes back: by proportion of all that is gone, the last takes all."""
    left, off = trade.amount_fen - given, trade.reduction_fen - gone
    if amount == left:
        return off
    fair = trade.reduction_fen * (given + amount) // trade.amount_fen - gone
    return min(max(fair, off - (left - amount), 0), amount, off)


def _no(code: str) -> dict[str, str]:
    return {"code": code, "message": code}


def main() -> None:
    """Play the cashiers of the instance's demo banks until told to stop."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    settings = instance.load(home)
    while not (notes := read_cashiers(settings.home)):
        time.sleep(1)
    CashierServer([PlayedCashier(note, SystemClock().now, MANNERS) for note in notes], settings.cashier_port).serve()


MANNERS = CashierManners(twice=0.3, reorder=0.2, refund_seconds=3, refund_fail_first_fen=20_000)
"""Of the demo's cashiers: some notices come twice, some are followed by an older one; a big refund fails at first."""


if __name__ == "__main__":
    main()

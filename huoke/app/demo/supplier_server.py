"""A supplier for tests and the demo: a small server that speaks the protocol of docs/suppliers.md, well or badly.

It keeps books of its own and shares nothing with Huoke but keys and addresses. One server plays several suppliers,
each under /{code}; `Manners` say how each of them behaves.
"""

import base64
import itertools
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zlib import crc32

import msgspec

from huoke.app.demo import coupon_server
from huoke.app.demo.core_books import CoreBooks
from huoke.app.demo.coupon_files import write_day_file
from huoke.app.demo.outside import Clock, Door, Outside, Partner, read_private, write_private
from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock

LOST = 0.1
"""The share of orders whose refunds the demo's suppliers never hear of."""
CORE = "-CORE"
"""How the address of a bank's core banking ends."""
NO_ACCOUNT_ENDS = "7"
"""How the numbers of customers end who have no card there, in the demo."""
REASONS = {"number_invalid": "该账号不支持充值", "sku_off": "商品已下架"}
NO_REFUND = {
    "not_delivered": "订单未成功，没有可退的款项",
    "too_late": "已超过可退款期限",
    "amount_differs": "只能整单退款",
    "refund_known": "该订单已有另一笔退款",
}


class Manners(msgspec.Struct, kw_only=True):
    """How a supplier behaves; shares are chances from 0 to 1, drawn for each call."""

    later: float = 0.0
    """Orders that are processed first and told of by callback; the others end in the answer."""
    seconds: float = 0.0
    """How long those take."""
    fail: float = 0.0
    """Orders that fail."""
    fail_code: str = "number_invalid"
    """Why they fail."""
    recant: float = 0.0
    """Orders it said had failed and then finds delivered, when it closes its books."""
    reject: float = 0.0
    """Orders that are refused at the door."""
    busy: float = 0.0
    """Calls that are told to come back later, with no effect."""
    drop: float = 0.0
    """Calls whose effect is done and whose answer never leaves."""
    broken: float = 0.0
    """Calls answered by a proxy's page, unsigned, after their effect."""
    slow_seconds: float = 0.0
    """How long every answer takes."""
    lies: int = 0
    """How many queries of each order are answered "no such order" although it is there."""
    mute: float = 0.0
    """Callbacks that are never made."""
    twice: float = 0.0
    """Callbacks that are made twice."""
    reorder: float = 0.0
    """Ends that are followed by a late "processing"."""
    stock: int = 10_000
    parcel_seconds: float = 0.0
    """How long each step of goods on their way takes; 0: nothing is told of them."""
    stray: float = 0.0
    """Goods that meet a problem instead of their receiver."""
    refund_later: float = 0.0
    """Refunds that are processed first and told of by callback; the others end in the answer."""
    refund_refuse: float = 0.0
    """Refunds of delivered orders that it refuses."""
    refund_deaf: float = 0.0
    """Orders whose refunds are lost on their way, always the same ones: it never hears of them."""


class Booked(msgspec.Struct, kw_only=True):
    """An order in the supplier's books. `end` is what it comes to; `status` what it tells so far."""

    order_no: str
    supplier_no: str
    sku_code: str
    amount_fen: int
    ordered_on: str
    callback_url: str
    status: str
    end: str
    fail_code: str = "number_invalid"
    calls: int = 1
    queries: int = 0
    is_goods: bool = False
    refund_no: str = ""
    refund_status: str = ""
    refund_calls: int = 0

    def wire(self, status: str = "") -> dict[str, object]:
        """The order as the protocol writes it."""
        told = status or self.status
        refund = {"refund_no": self.refund_no, "status": self.refund_status}
        if refund["status"] == "refused":
            refund |= {"code": "too_late", "reason": NO_REFUND["too_late"]}
        reason = {"reason_code": self.fail_code, "reason": REASONS[self.fail_code]} if told == "failed" else {}
        tail = self.supplier_no[-8:]
        parcel = {"carrier": "示范速运", "tracking_no": f"SY{tail}"} if self.is_goods else {}
        proof = {"receipt": f"R{tail}", **parcel} if told in ("success", "refunded") else {}
        base = {"order_no": self.order_no, "supplier_no": self.supplier_no, "status": told}
        body = {**base, "amount_fen": self.amount_fen, **reason, "proof": proof}
        return {**body, "refund": refund} if self.refund_no else body

    def give_back(self) -> None:
        """The price goes back: for good."""
        self.status = self.end = "refunded"
        self.refund_status = "success"


class Supplier(Partner):
    """One supplier: its manners, its books."""

    def __init__(self, code: str, key_id: str, key: bytes, now: Clock, manners: Manners | None = None) -> None:
        super().__init__(code, key_id, key, now)
        self.manners = manners or Manners()
        self.books: dict[str, Booked] = {}
        self.core = CoreBooks()
        self._numbers = itertools.count(1)

    def earned_fen(self) -> int:
        """What its books say it has earned."""
        return sum(order.amount_fen for order in self.books.values() if order.status == "success")

    def place(self, wanted: dict[str, object]) -> Booked | None:
        """Book an order once; None where it is refused at the door."""
        number = str(wanted["order_no"])
        if known := self.books.get(number):
            known.calls += 1
            return known
        if self.chance(self.manners.reject):
            return None
        end = "failed" if self.chance(self.manners.fail) else "success"
        later = self.chance(self.manners.later)
        booked = Booked(
            order_no=number,
            supplier_no=f"{self.code}-{next(self._numbers):08d}",
            sku_code=str(wanted["sku_code"]),
            amount_fen=int(str(wanted["amount_fen"])),
            ordered_on=str(wanted["ordered_on"]),
            callback_url=str(wanted.get("callback_url", "")),
            status="processing" if later else end,
            end=end,
            fail_code=self.manners.fail_code,
            is_goods="address" in str(wanted.get("recipient", "")),
        )
        self.books[number] = booked
        return booked

    def refuses(self, order: Booked, wanted: dict[str, object]) -> str:
        """Why it refuses a refund at the door; empty where it does not."""
        if order.refund_no and order.refund_status != "refused":
            return "refund_known"
        if order.status != "success":
            return "not_delivered"
        if wanted["amount_fen"] != order.amount_fen:
            return "amount_differs"
        return "too_late" if not self.manners.refund_later and self.chance(self.manners.refund_refuse) else ""

    def day_file(self, on: date) -> bytes:
        """The file of a business day: every order of it, and a control row."""
        rows = [one for one in self.books.values() if one.ordered_on == on.isoformat()]
        return write_day_file(
            [(one.order_no, one.supplier_no, one.sku_code, one.status, one.amount_fen) for one in rows]
        )


class _Door(Door):
    def answer(self, body: bytes) -> None:
        """One signed call."""
        supplier, path = self.split()
        if not self.admitted(supplier, body):
            return
        manners = supplier.manners
        if supplier.chance(manners.busy):
            self.sign(supplier, 503, {"code": "busy"})
            return
        if path.endswith("/refunds") and is_lost(unquote(path.split("/")[-2]), manners.refund_deaf):
            self.drop()
            return
        with supplier.lock:
            status, content = self._act(supplier, path, body)
        if manners.slow_seconds:
            time.sleep(manners.slow_seconds)
        if supplier.chance(manners.drop):
            self.drop()
        elif supplier.chance(manners.broken):
            self.send(502, b"<html>Bad gateway</html>", {})
        else:
            self.sign(supplier, status, content)

    def _act(self, supplier: Supplier, path: str, body: bytes) -> tuple[int, object]:
        parts = [unquote(part) for part in path.split("/")]
        if parts == ["orders"]:
            return self._place(supplier, msgspec.json.decode(body, type=dict))
        if parts[0] == "orders":
            return self._of_one(supplier, parts[1], "".join(parts[2:]), body)
        if parts[0] == "stock":
            asked = parse_qs(urlsplit(self.path).query).get("sku_codes", [""])[0].split(",")
            return 200, {"items": [{"sku_code": one, "available": supplier.manners.stock} for one in asked if one]}
        if parts[0] in ("core-files", "core-answers"):
            return supplier.core.act(parts[0], parts[1], body)
        if parts[0] == "day-files":
            return 200, supplier.day_file(date.fromisoformat(parts[1]))
        return 404, {"code": "address"}

    def _place(self, supplier: Supplier, wanted: dict[str, object]) -> tuple[int, object]:
        known = str(wanted["order_no"]) in supplier.books
        order = supplier.place(wanted)
        if order is None:
            return 422, {"code": "sku_off", "reason": "商品已下架"}
        if order.status == "processing" and not known:
            self.outside.later(supplier.manners.seconds, partial(_come_to_an_end, supplier, order))
        if supplier.manners.parcel_seconds and order.is_goods and order.end == "success" and not known:
            _carry(self.outside, supplier, order)
        return (202 if order.status == "processing" else 200), order.wire()

    def _of_one(self, supplier: Supplier, number: str, verb: str, body: bytes) -> tuple[int, object]:
        if verb == "refunds":
            return self._refund(supplier, number, msgspec.json.decode(body, type=dict))
        return self._about(supplier, number, cancel=verb == "cancellation")

    def _refund(self, supplier: Supplier, number: str, wanted: dict[str, object]) -> tuple[int, object]:
        """The same refund number again is the same refund; an order is refunded whole, once."""
        order = supplier.books.get(number)
        if order is None:
            return 404, {"code": "order_unknown"}
        order.refund_calls += 1
        refund_no = str(wanted["refund_no"])
        if order.refund_no and order.refund_no == refund_no:
            return (202 if order.refund_status == "processing" else 200), order.wire()
        if no := supplier.refuses(order, wanted):
            return 422, {"code": no, "reason": NO_REFUND[no]}
        order.refund_no = refund_no
        if supplier.chance(supplier.manners.refund_later):
            order.refund_status = "processing"
            self.outside.later(supplier.manners.seconds, partial(_end_refund, supplier, order))
            return 202, order.wire()
        order.give_back()
        return 200, order.wire()

    def _about(self, supplier: Supplier, number: str, *, cancel: bool) -> tuple[int, object]:
        order = supplier.books.get(number)
        if order is None or order.queries < supplier.manners.lies:
            if order is not None:
                order.queries += 1
            return 404, {"code": "order_unknown"}
        if cancel and order.status == "processing":
            order.status = order.end = "failed"
            return 200, {**order.wire(), "reason_code": "cancelled", "reason": "已按请求撤销"}
        return 200, order.wire()


def _end_refund(supplier: Supplier, order: Booked) -> None:
    """A refund that was processed comes to its end, and is told of."""
    with supplier.lock:
        if order.refund_status != "processing":
            return
        if supplier.chance(supplier.manners.refund_refuse):
            order.refund_status = "refused"
        else:
            order.give_back()
        if not order.callback_url or supplier.chance(supplier.manners.mute):
            return
    supplier.try_call(order.callback_url, order.wire())


def _carry(outside: Outside[Supplier], supplier: Supplier, order: Booked) -> None:
    """Tell where goods are, step by step, once they are packed."""
    manners = supplier.manners
    last = "problem" if supplier.chance(manners.stray) else "delivered"
    for place, state in enumerate(("packed", "sent", last), start=1):
        wait = manners.seconds + place * manners.parcel_seconds
        outside.later(wait, partial(_tell_parcel, supplier, order, state))


def _tell_parcel(supplier: Supplier, order: Booked, state: str) -> None:
    """One word about goods on their way, by callback."""
    tail = order.supplier_no[-8:]
    way = {} if state == "packed" else {"carrier": "示范速运", "tracking_no": f"SY{tail}"}
    note = {"note": "收货地址无人签收，已暂存快递站点"} if state == "problem" else {}
    parcel = {"state": state, "at": supplier.now().isoformat(timespec="seconds"), **way, **note}
    supplier.try_call(order.callback_url, {**order.wire("success"), "parcel": parcel})


def _come_to_an_end(supplier: Supplier, order: Booked) -> None:
    manners = supplier.manners
    with supplier.lock:
        order.status = order.end
        if not order.callback_url or supplier.chance(manners.mute):
            return
        told = [order.end] * (2 if supplier.chance(manners.twice) else 1)
        told += ["processing"] if supplier.chance(manners.reorder) else []
    for one in told:
        supplier.try_call(order.callback_url, order.wire(one))


class SupplierServer(Outside[Supplier]):
    """`with SupplierServer([...]) as server: server.address(code)`."""

    handler = _Door

    def end_all(self) -> None:
        """Let every order that is still processed come to its end now, as a supplier does before its day file."""
        for supplier in self.partners.values():
            with supplier.lock:
                for order in supplier.books.values():
                    order.status = order.end
                    if order.status == "failed" and supplier.chance(supplier.manners.recant):
                        order.status = order.end = "success"


class SupplierNote(msgspec.Struct, frozen=True):
    """A supplier to play: `code` stands in its address, the key is shared with one bank (base64)."""

    code: str
    key_id: str
    key: str


def is_lost(number: str, share: float = LOST) -> bool:
    """Whether refunds of an order never reach a supplier on whose line so many are lost."""
    return crc32(number.encode()) % 100 < share * 100


def read_suppliers(home: Path) -> list[SupplierNote]:
    """The suppliers to play; none before the demo is there."""
    return read_private(home / "suppliers.json", SupplierNote)


def write_suppliers(home: Path, notes: list[SupplierNote]) -> None:
    """Keep them for the process that plays them."""
    write_private(home / "suppliers.json", notes)


def played(notes: list[SupplierNote], now: Clock) -> list[Supplier]:
    """The demo's suppliers, each with manners of its own; core banking, which is asked for files, has none."""
    places = {note.code: place for place, note in enumerate(note for note in notes if not note.code.endswith(CORE))}
    made = []
    for note in notes:
        manners = MANNERS[places[note.code] % len(MANNERS)] if note.code in places else None
        one = Supplier(note.code, note.key_id, base64.b64decode(note.key), now, manners)
        one.core = CoreBooks(ends=NO_ACCOUNT_ENDS)
        made.append(one)
    return made


MANNERS = (
    Manners(later=0.6, seconds=2, fail=0.02, parcel_seconds=3, refund_deaf=LOST),
    Manners(
        later=1.0, seconds=6, fail=0.03, twice=0.3, parcel_seconds=5, stray=0.3, refund_later=1.0, refund_deaf=LOST
    ),
    Manners(later=0.3, seconds=3, slow_seconds=0.4, drop=0.05, fail=0.02, refund_refuse=0.5, refund_deaf=LOST),
    Manners(
        later=0.8, seconds=10, reorder=0.4, mute=0.1, fail=0.04, refund_later=0.5, refund_refuse=0.3, refund_deaf=LOST
    ),
    Manners(later=0.5, seconds=4, busy=0.15, lies=1, drop=0.1, reject=0.05, refund_deaf=LOST),
)
"""A good one, a late one, a slow one, one that talks too much, one that is often busy."""


def main() -> None:
    """Play the suppliers of the instance's demo banks until told to stop."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    settings = instance.load(home)
    while not (notes := read_suppliers(settings.home)):
        time.sleep(1)
    now = SystemClock().now
    platforms = coupon_server.played(coupon_server.read_platforms(settings.home), now)
    with coupon_server.CouponServer(platforms, settings.coupon_port):
        SupplierServer(played(notes, now), settings.supplier_port).serve()


if __name__ == "__main__":
    main()

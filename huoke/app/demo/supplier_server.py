"""A supplier for tests and the demo: a small server that speaks the protocol of docs/suppliers.md, well or badly.

It keeps books of its own and shares nothing with Huoke but keys and addresses. One server plays several suppliers,
each under /{code}; `Manners` say how each of them behaves.
"""

import base64
import csv
import heapq
import http.client
import io
import itertools
import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock
from huoke.kernel.signing import is_signed_call, sign_answer, sign_call

NONCE, FILE_COLUMNS = "X-Huoke-Nonce", ("order_no", "supplier_no", "sku_code", "status", "amount_fen")
TIMEOUT_SECONDS = 5.0
Clock = Callable[[], datetime]


class Manners(msgspec.Struct, kw_only=True):
    """How a supplier behaves; shares are chances from 0 to 1, drawn for each call."""

    later: float = 0.0
    """Orders that are processed first and told of by callback; the others end in the answer."""
    seconds: float = 0.0
    """How long those take."""
    fail: float = 0.0
    """Orders that fail."""
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
    calls: int = 1
    queries: int = 0

    def wire(self, status: str = "") -> dict[str, object]:
        """The order as the protocol writes it."""
        told = status or self.status
        reason = {"reason_code": "number_invalid", "reason": "该账号不支持充值"} if told == "failed" else {}
        proof = {"receipt": f"R{self.supplier_no[-8:]}"} if told == "success" else {}
        base = {"order_no": self.order_no, "supplier_no": self.supplier_no, "status": told}
        return {**base, "amount_fen": self.amount_fen, **reason, "proof": proof}


class Supplier:
    """One supplier: its key, its manners, its books."""

    def __init__(self, code: str, key_id: str, key: bytes, now: Clock, manners: Manners | None = None) -> None:
        self.code, self.key_id, self.key, self.now = code, key_id, key, now
        self.manners = manners or Manners()
        self.books: dict[str, Booked] = {}
        self.lock = threading.Lock()
        self.random = random.Random(code)  # noqa: S311 - a play, the same every time
        self._numbers = itertools.count(1)

    def chance(self, share: float) -> bool:
        """Whether something that happens in `share` of all cases happens now."""
        return share > 0 and self.random.random() < share

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
        )
        self.books[number] = booked
        return booked

    def day_file(self, on: date) -> bytes:
        """The file of a business day: every order of it, and a control row."""
        rows = [order for order in self.books.values() if order.ordered_on == on.isoformat()]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(FILE_COLUMNS)
        for order in rows:
            writer.writerow([order.order_no, order.supplier_no, order.sku_code, order.status, order.amount_fen])
        done = [order for order in rows if order.status == "success"]
        writer.writerow(["#total", len(rows), len(done), sum(order.amount_fen for order in done), ""])
        return out.getvalue().encode()


class SupplierServer:
    """The server, and the post that brings callbacks. `with SupplierServer([...]) as server: server.address`."""

    def __init__(self, suppliers: list[Supplier], port: int = 0) -> None:
        self.suppliers = {supplier.code: supplier for supplier in suppliers}
        self.port = port
        self._post: list[tuple[float, int, Supplier, Booked, str]] = []
        self._order = itertools.count()
        self._due = threading.Condition()
        self._stopping = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def address(self, code: str) -> str:
        """Where a supplier is reached."""
        return f"http://127.0.0.1:{self.port}/{code}"

    def start(self) -> None:
        """Listen; on the same port as before after `stop`."""
        handler = type("Handler", (_Handler,), {"post": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._stopping = False
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._server.serve_forever, self._run)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Go away: no connection is taken until `start`; what the post still has is brought then."""
        self._stopping = True
        with self._due:
            self._due.notify_all()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()

    def serve(self) -> None:
        """Serve until the process ends."""
        self.start()
        threading.Event().wait()

    def end_all(self) -> None:
        """Let every order that is still processed come to its end now, as a supplier does before its day file."""
        for supplier in self.suppliers.values():
            with supplier.lock:
                for order in supplier.books.values():
                    order.status = order.end

    def later(self, supplier: Supplier, order: Booked, status: str, seconds: float) -> None:
        """Let an order come to `status` after some seconds, and tell the bank."""
        with self._due:
            heapq.heappush(self._post, (time.monotonic() + seconds, next(self._order), supplier, order, status))
            self._due.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            with self._due:
                wait = self._post[0][0] - time.monotonic() if self._post else 60.0
                if wait > 0:
                    self._due.wait(wait)
                    continue
                *_, supplier, order, status = heapq.heappop(self._post)
            self._tell(supplier, order, status)

    def _tell(self, supplier: Supplier, order: Booked, status: str) -> None:
        manners = supplier.manners
        with supplier.lock:
            if status != "processing":
                order.status = status
            if not order.callback_url or supplier.chance(manners.mute):
                return
            told = [status] * (2 if supplier.chance(manners.twice) else 1)
            told += ["processing"] if supplier.chance(manners.reorder) else []
        for one in told:
            with suppress(OSError, http.client.HTTPException):
                call_back(supplier, order.callback_url, order.wire(one))


def call_back(supplier: Supplier, url: str, body: dict[str, object]) -> int:
    """One signed callback; returns the bank's status."""
    content = msgspec.json.encode(body)
    parts = urlsplit(url)
    headers = sign_call(supplier.key, supplier.key_id, "POST", parts.path, content, supplier.now())
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path, content, {**headers, "Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    post: SupplierServer

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the standard library's name
        """Bodies hold personal data: nothing is logged."""

    def _answer(self, body: bytes) -> None:
        _, code, path = (*urlsplit(self.path).path.split("/", 2), "", "")[:3]
        supplier = self.post.suppliers.get(code)
        if supplier is None or not is_signed_call(
            supplier.key, supplier.key_id, self.command, self.path, dict(self.headers), body, supplier.now()
        ):
            self._send(401, b'{"code":"signature"}', {})
            return
        manners = supplier.manners
        if supplier.chance(manners.busy):
            self._sign(supplier, 503, {"code": "busy"})
            return
        with supplier.lock:
            status, content = self._act(supplier, path, body)
        if manners.slow_seconds:
            time.sleep(manners.slow_seconds)
        if supplier.chance(manners.drop):
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif supplier.chance(manners.broken):
            self._send(502, b"<html>Bad gateway</html>", {})
        else:
            self._sign(supplier, status, content)

    def _act(self, supplier: Supplier, path: str, body: bytes) -> tuple[int, object]:
        parts = [unquote(part) for part in path.split("/")]
        if parts == ["orders"]:
            return self._place(supplier, msgspec.json.decode(body, type=dict))
        if parts[0] == "orders":
            return self._about(supplier, parts[1], cancel=parts[2:] == ["cancellation"])
        if parts[0] == "stock":
            asked = parse_qs(urlsplit(self.path).query).get("sku_codes", [""])[0].split(",")
            return 200, {"items": [{"sku_code": one, "available": supplier.manners.stock} for one in asked if one]}
        if parts[0] == "day-files":
            return 200, supplier.day_file(date.fromisoformat(parts[1]))
        return 404, {"code": "address"}

    def _place(self, supplier: Supplier, wanted: dict[str, object]) -> tuple[int, object]:
        known = str(wanted["order_no"]) in supplier.books
        order = supplier.place(wanted)
        if order is None:
            return 422, {"code": "sku_off", "reason": "商品已下架"}
        if order.status == "processing" and not known:
            self.post.later(supplier, order, order.end, supplier.manners.seconds)
        return (202 if order.status == "processing" else 200), order.wire()

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

    def _sign(self, supplier: Supplier, status: int, content: object) -> None:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        self._send(status, body, sign_answer(supplier.key, status, self.headers.get(NONCE, ""), body, supplier.now()))

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class SupplierNote(msgspec.Struct, frozen=True):
    """A supplier to play: `code` stands in its address, the key is shared with one bank (base64)."""

    code: str
    key_id: str
    key: str


def read_suppliers(home: Path) -> list[SupplierNote]:
    """The suppliers to play; none before the demo is there."""
    try:
        return msgspec.json.decode((home / "suppliers.json").read_bytes(), type=list[SupplierNote])
    except FileNotFoundError:
        return []


def write_suppliers(home: Path, notes: list[SupplierNote]) -> None:
    """Write them whole or not at all, readable by the owner only: they hold keys."""
    draft = home / "suppliers.json.new"
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(notes))
    draft.replace(home / "suppliers.json")


def played(notes: list[SupplierNote], now: Clock) -> list[Supplier]:
    """The demo's suppliers, each with manners of its own."""
    return [
        Supplier(note.code, note.key_id, base64.b64decode(note.key), now, MANNERS[place % len(MANNERS)])
        for place, note in enumerate(notes)
    ]


MANNERS = (
    Manners(later=0.6, seconds=2, fail=0.02),
    Manners(later=1.0, seconds=6, fail=0.03, twice=0.3),
    Manners(later=0.3, seconds=3, slow_seconds=0.4, drop=0.05, fail=0.02),
    Manners(later=0.8, seconds=10, reorder=0.4, mute=0.1, fail=0.04),
    Manners(later=0.5, seconds=4, busy=0.15, lies=1, drop=0.1, reject=0.05),
)
"""A good one, a late one, a slow one, one that talks too much, one that is often busy."""


def main() -> None:
    """Play the suppliers of the instance's demo banks until told to stop."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    settings = instance.load(home)
    while not (notes := read_suppliers(settings.home)):
        time.sleep(1)
    SupplierServer(played(notes, SystemClock().now), settings.supplier_port).serve()


if __name__ == "__main__":
    main()

"""A gateway of short messages for tests and the demo: speaks the protocol of docs/messages.md, well or badly.

It keeps books of its own and shows each phone's inbox; one server plays the gateway of several banks, under /{bank}.
"""

import base64
import heapq
import html
import http.client
import itertools
import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import msgspec

from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock
from huoke.kernel.signing import NONCE_HEADER, is_signed_call, sign_answer, sign_call

TIMEOUT_SECONDS = 5.0
INBOX_ROWS = 100
Clock = Callable[[], datetime]


class Manners(msgspec.Struct, kw_only=True):
    """How a gateway behaves; shares are chances from 0 to 1, drawn for each call or message."""

    seconds: float = 0.0
    """How long after it was taken a message's receipt comes."""
    fail: float = 0.0
    """Messages that no phone takes."""
    busy: float = 0.0
    """Calls that are told to come back later, with no effect."""
    drop: float = 0.0
    """Calls whose effect is done and whose answer never leaves."""
    mute: float = 0.0
    """Receipts that never come."""
    twice: float = 0.0
    """Receipts that come twice."""
    reorder: float = 0.0
    """Receipts that are followed by a late "accepted"."""
    slow_seconds: float = 0.0
    """How long every answer takes."""


class Booked(msgspec.Struct, kw_only=True):
    """A message in the gateway's books. `end` is what it comes to; `times` how often it reached the phone."""

    number: str
    phone: str
    text: str
    status: str
    end: str
    code: str
    at: float
    times: int = 0


class Gateway:
    """The gateway of one bank: its key, its manners, its books. `callback` is where the bank listens."""

    def __init__(
        self, bank: str, key_id: str, key: bytes, callback: str, now: Clock, manners: Manners | None = None
    ) -> None:
        self.bank, self.key_id, self.key, self.callback, self.now = bank, key_id, key, callback, now
        self.manners = manners or Manners()
        self.books: dict[str, Booked] = {}
        self.lock = threading.Lock()
        self.random = random.Random(bank)  # noqa: S311 - a play, the same every time

    def chance(self, share: float) -> bool:
        """Whether something that happens in `share` of all cases happens now."""
        return share > 0 and self.random.random() < share

    def take(self, wanted: dict[str, str]) -> tuple[Booked, bool]:
        """Book a message once; whether it is new."""
        if known := self.books.get(wanted["number"]):
            return known, False
        failed = self.chance(self.manners.fail)
        booked = Booked(
            number=wanted["number"],
            phone=wanted["phone"],
            text=wanted["text"],
            status="accepted",
            end="failed" if failed else "delivered",
            code="UNDELIV" if failed else "",
            at=time.time(),
        )
        self.books[booked.number] = booked
        return booked, True

    def inbox(self, phone: str = "") -> list[Booked]:
        """What phones show, newest first; all of them without `phone`."""
        with self.lock:
            rows = [one for one in self.books.values() if one.times and (not phone or one.phone == phone)]
        return rows[::-1][:INBOX_ROWS]


class SmsServer:
    """The server, and the post that brings receipts. `with SmsServer([...]) as server: server.address("binhai")`."""

    def __init__(self, gateways: list[Gateway], port: int = 0) -> None:
        self.gateways = {gateway.bank: gateway for gateway in gateways}
        self.port = port
        self._post: list[tuple[float, int, Gateway, Booked]] = []
        self._order = itertools.count()
        self._due = threading.Condition()
        self._stopping = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def address(self, bank: str) -> str:
        """Where a bank's gateway is reached."""
        return f"http://127.0.0.1:{self.port}/{bank}"

    def start(self) -> None:
        """Listen; on the same port as before after `stop`."""
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._stopping = False
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._server.serve_forever, self._run)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Go away; what the post still has is brought after `start`."""
        self._stopping = True
        with self._due:
            self._due.notify_all()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()

    def later(self, gateway: Gateway, message: Booked) -> None:
        """Let a message reach its phone, and tell the bank."""
        with self._due:
            due = time.monotonic() + gateway.manners.seconds
            heapq.heappush(self._post, (due, next(self._order), gateway, message))
            self._due.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            with self._due:
                wait = self._post[0][0] - time.monotonic() if self._post else 60.0
                if wait > 0:
                    self._due.wait(wait)
                    continue
                *_, gateway, message = heapq.heappop(self._post)
            _deliver(gateway, message)


def _deliver(gateway: Gateway, message: Booked) -> None:
    manners = gateway.manners
    with gateway.lock:
        message.status = message.end
        message.times += message.end == "delivered"
        told = [message.status] * (2 if gateway.chance(manners.twice) else 1)
        told += ["accepted"] if gateway.chance(manners.reorder) else []
        silent = gateway.chance(manners.mute)
    for status in [] if silent else told:
        with suppress(OSError, http.client.HTTPException):
            tell(gateway, "sms-receipts", {"messages": [_wire(message, status)]})


def _wire(message: Booked, status: str = "") -> dict[str, str]:
    return {"number": message.number, "status": status or message.status, "code": message.code}


def tell(gateway: Gateway, what: str, body: Any) -> int:
    """One signed call to the bank (`sms-receipts`, `sms-replies`); returns its status."""
    content = msgspec.json.encode(body)
    parts = urlsplit(f"{gateway.callback}/v1/{what}/{gateway.bank}")
    headers = sign_call(gateway.key, gateway.key_id, "POST", parts.path, content, gateway.now())
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path, content, {**headers, "Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: SmsServer

    def do_GET(self) -> None:
        """The inboxes, for people and for programs."""
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        phone = asked.get("phone", "")
        rows = [(known.bank, one) for known in self.server_of.gateways.values() for one in known.inbox(phone)]
        if address.path == "/inbox.json":
            told = [{"bank": bank, "phone": one.phone, "text": one.text, "at": one.at} for bank, one in rows]
            self._send(200, msgspec.json.encode(told), {"Content-Type": "application/json"})
        else:
            self._send(200, _page(rows).encode(), _HTML)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, code, path = (*urlsplit(self.path).path.split("/", 2), "", "")[:3]
        gateway = self.server_of.gateways.get(code)
        if gateway is not None and path == "reply":
            self._reply(gateway, {name: values[0] for name, values in parse_qs(body.decode()).items()})
        elif gateway is None or not is_signed_call(
            gateway.key, gateway.key_id, "POST", self.path, dict(self.headers), body, gateway.now()
        ):
            self._send(401, b'{"code":"signature"}', {})
        elif gateway.chance(gateway.manners.busy):
            self._sign(gateway, 503, {"code": "busy"})
        else:
            self._act(gateway, path, msgspec.json.decode(body))

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the standard library's name
        """Bodies hold personal data: nothing is logged."""

    def _act(self, gateway: Gateway, path: str, asked: Any) -> None:
        time.sleep(gateway.manners.slow_seconds)
        with gateway.lock:
            if path == "messages":
                taken = [gateway.take(one) for one in asked["messages"]]
                told = [_wire(one) for one, _ in taken]
                fresh = [one for one, new in taken if new]
            else:
                known = [(number, gateway.books.get(number)) for number in asked["numbers"]]
                told = [_wire(one) if one else {"number": number, "status": "absent"} for number, one in known]
                fresh = []
        for one in fresh:
            self.server_of.later(gateway, one)
        if gateway.chance(gateway.manners.drop):
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            self._sign(gateway, 200, {"messages": told})

    def _reply(self, gateway: Gateway, form: dict[str, str]) -> None:
        with suppress(OSError, http.client.HTTPException):
            tell(gateway, "sms-replies", {"replies": [{"phone": form.get("phone", ""), "text": form.get("text", "")}]})
        self._send(303, b"", {"Location": f"/inbox?phone={form.get('phone', '')}"})

    def _sign(self, gateway: Gateway, status: int, content: Any) -> None:
        body = msgspec.json.encode(content)
        nonce = self.headers.get(NONCE_HEADER, "")
        self._send(status, body, sign_answer(gateway.key, status, nonce, body, gateway.now()))

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _page(rows: list[tuple[str, Booked]]) -> str:
    cards = "".join(_card(bank, one) for bank, one in rows)
    empty = "<p>还没有短信。<br>No messages yet.</p>"
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="5">'
        f'<link rel="icon" href="data:,"><title>短信收件箱</title><style>{_STYLE}</style>'
        f"<body><h1>短信收件箱 Inbox</h1>{cards or empty}</body></html>"
    )


def _card(bank: str, one: Booked) -> str:
    phone = html.escape(one.phone)
    at = time.strftime("%H:%M:%S", time.localtime(one.at))
    return (
        f"<section><small>{phone} · {at}</small><p>{_linked(one.text)}</p>"
        f'<form method="post" action="/{bank}/reply"><input type="hidden" name="phone" value="{phone}">'
        '<button name="text" value="R">回复 R</button></form></section>'
    )


def _linked(text: str) -> str:
    words = html.escape(text).split(" ")
    return " ".join(f'<a href="{word}">{word}</a>' if _is_address(word) else word for word in words)


def _is_address(word: str) -> bool:
    return word.startswith(("http://", "https://"))


_HTML = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
}
_STYLE = (
    "body{margin:0 auto;max-width:480px;padding:16px;background:#F5F8F8;color:#14212B;"
    'font:15px/22px -apple-system,"PingFang SC","Noto Sans CJK SC",sans-serif}'
    "h1{font-size:20px;line-height:28px}small{color:#51606B}p{margin:6px 0;overflow-wrap:anywhere}"
    "section{background:#fff;border:1px solid #E3E9EC;border-radius:12px;padding:12px 16px;margin:10px 0}"
    "button{font:inherit;min-height:36px;border:1px solid #C9D3D8;border-radius:8px;background:#fff;color:#12589B}"
)


class GatewayNote(msgspec.Struct, frozen=True):
    """A gateway to play for one bank; the key is shared with it (base64)."""

    bank: str
    key_id: str
    key: str


def read_gateways(home: Path) -> list[GatewayNote]:
    """The gateways to play; none before the demo is there."""
    try:
        return msgspec.json.decode((home / "gateways.json").read_bytes(), type=list[GatewayNote])
    except FileNotFoundError:
        return []


def write_gateways(home: Path, notes: list[GatewayNote]) -> None:
    """Write them whole or not at all, readable by the owner only: they hold keys."""
    draft = home / "gateways.json.new"
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(notes))
    draft.replace(home / "gateways.json")


MANNERS = Manners(seconds=1.5, fail=0.02, drop=0.01, twice=0.05, reorder=0.05, mute=0.01)


def main() -> None:
    """Play the gateways of the instance's demo banks until told to stop."""
    settings = instance.load(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    while not (notes := read_gateways(settings.home)):
        time.sleep(1)
    callback = f"http://127.0.0.1:{settings.web_port}"
    played = [
        Gateway(note.bank, note.key_id, base64.b64decode(note.key), callback, SystemClock().now, MANNERS)
        for note in notes
    ]
    SmsServer(played, settings.sms_port).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()

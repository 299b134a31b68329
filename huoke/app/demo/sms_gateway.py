"""A gateway of short messages for tests and the demo: speaks the protocol of docs/messages.md, well or badly.

It keeps books of its own and shows each phone's inbox; one server plays the gateway of several banks, under /{bank}.
"""

import base64
import html
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from huoke.app.demo.outside import Clock, Door, Outside, Partner, read_private, write_private
from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock

INBOX_ROWS = 100


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


class Gateway(Partner):
    """The gateway of one bank: its manners, its books. `callback` is where the bank listens."""

    def __init__(
        self, bank: str, key_id: str, key: bytes, callback: str, now: Clock, manners: Manners | None = None
    ) -> None:
        super().__init__(bank, key_id, key, now)
        self.callback = callback
        self.manners = manners or Manners()
        self.books: dict[str, Booked] = {}

    def address_of(self, what: str) -> str:
        """Where the bank takes `sms-receipts` or `sms-replies`."""
        return f"{self.callback}/v1/{what}/{self.code}"

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


def _deliver(gateway: Gateway, message: Booked) -> None:
    manners = gateway.manners
    with gateway.lock:
        message.status = message.end
        message.times += message.end == "delivered"
        told = [message.status] * (2 if gateway.chance(manners.twice) else 1)
        told += ["accepted"] if gateway.chance(manners.reorder) else []
        silent = gateway.chance(manners.mute)
    for status in [] if silent else told:
        gateway.try_call(gateway.address_of("sms-receipts"), {"messages": [_wire(message, status)]})


def _wire(message: Booked, status: str = "") -> dict[str, str]:
    return {"number": message.number, "status": status or message.status, "code": message.code}


class _Door(Door):
    def answer(self, body: bytes) -> None:
        """The inboxes for people and programs, a person's reply, or a signed call."""
        gateway, path = self.split()
        if self.command == "GET":
            self._show()
        elif gateway is not None and path == "reply":
            self._reply(gateway, {name: values[0] for name, values in parse_qs(body.decode()).items()})
        elif not self.admitted(gateway, body):
            return
        elif gateway.chance(gateway.manners.busy):
            self.sign(gateway, 503, {"code": "busy"})
        else:
            self._act(gateway, path, msgspec.json.decode(body))

    def _show(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        phone = asked.get("phone", "")
        rows = [(known.code, one) for known in self.outside.partners.values() for one in known.inbox(phone)]
        if address.path == "/inbox.json":
            told = [{"bank": bank, "phone": one.phone, "text": one.text, "at": one.at} for bank, one in rows]
            self.send(200, msgspec.json.encode(told), {"Content-Type": "application/json"})
        else:
            self.send(200, _page(rows).encode(), _HTML)

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
            self.outside.later(gateway.manners.seconds, partial(_deliver, gateway, one))
        if gateway.chance(gateway.manners.drop):
            self.drop()
        else:
            self.sign(gateway, 200, {"messages": told})

    def _reply(self, gateway: Gateway, form: dict[str, str]) -> None:
        reply = {"phone": form.get("phone", ""), "text": form.get("text", "")}
        gateway.try_call(gateway.address_of("sms-replies"), {"replies": [reply]})
        self.send(303, b"", {"Location": f"/inbox?phone={form.get('phone', '')}"})


class SmsServer(Outside[Gateway]):
    """`with SmsServer([...]) as server: server.address("binhai")`; people see the inboxes at /inbox."""

    handler = _Door


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
    return read_private(home / "gateways.json", GatewayNote)


def write_gateways(home: Path, notes: list[GatewayNote]) -> None:
    """Keep them for the process that plays them."""
    write_private(home / "gateways.json", notes)


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
    SmsServer(played, settings.sms_port).serve()


if __name__ == "__main__":
    main()

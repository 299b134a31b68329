"""A small bank's app and backend for the demo: pick a customer, be handed over to the phone pages.

It does what a real bank's backend does: asks `POST /v1/tickets` with its API key for a one-time ticket for one of its
own customers, and sends the phone to `/h5/{bank}/enter?ticket=…`. It is a program of its own and shares nothing with
Huoke but the key and the address.
"""

import html
import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

from huoke.app.demo.notes import BankNotes, Notes, read_notes
from huoke.kernel import settings as instance
from huoke.kernel.settings import Settings

BENEFITS = "benefits"
TIMEOUT_SECONDS = 10


class Ticket(msgspec.Struct, frozen=True):
    """What Huoke answers."""

    ticket: str


def ask_ticket(web_port: int, api_key: str, customer_no: str, entry_point: str) -> str:
    """A one-time ticket for a customer; raises `OSError` where Huoke is away and `ValueError` where it says no."""
    connection = http.client.HTTPConnection("127.0.0.1", web_port, timeout=TIMEOUT_SECONDS)
    try:
        body = msgspec.json.encode({"customer_no": customer_no, "entry_point": entry_point})
        headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/tickets", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise ValueError(content.decode(errors="replace")[:300])
        return msgspec.json.decode(content, type=Ticket).ticket
    finally:
        connection.close()


class BankApp(BaseHTTPRequestHandler):
    """Three addresses: / (banks and customers), /{bank}/open (hand over), /health."""

    settings: Settings

    def do_GET(self) -> None:
        """Answer a page or a hand-over."""
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        notes = read_notes(self.settings.home)
        if address.path == "/health":
            self._say(200, "ok")
        elif address.path == "/" and notes.banks:
            self._say(200, _home(notes, asked.get("bank", notes.banks[0].code)))
        elif address.path == "/":
            self._say(503, _frame("示范银行 App", "<p>演示数据还在准备。<br>The demo is being prepared.</p>"))
        elif bank := next((bank for bank in notes.banks if address.path == f"/{bank.code}/open"), None):
            self._hand_over(bank, asked)
        else:
            self._say(404, _frame("404", "<p>没有这一页。</p>"))

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the standard library's name
        """Tickets stand in addresses: nothing is logged."""

    def _hand_over(self, bank: BankNotes, asked: dict[str, str]) -> None:
        try:
            ticket = ask_ticket(
                self.settings.web_port, bank.api_key, asked.get("customer", ""), asked.get("entry", BENEFITS)
            )
        except ValueError as error:
            status = 404 if "identity.customer_unknown" in str(error) else 502
            page = "<p>没有这位客户。</p>" if status == 404 else f"<pre>{html.escape(str(error))}</pre>"
            self._say(status, _frame(bank.name, page))
            return
        except OSError as error:
            self._say(502, _frame(bank.name, f"<p>暂时没有打开。</p><pre>{html.escape(str(error))}</pre>"))
            return
        self.send_response(303)
        host = (self.headers.get("Host") or "127.0.0.1").partition(":")[0]
        self.send_header("Location", f"http://{host}:{self.settings.web_port}/h5/{bank.code}/enter?ticket={ticket}")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _say(self, status: int, page: str) -> None:
        content = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _home(notes: Notes, code: str) -> str:
    bank = next((bank for bank in notes.banks if bank.code == code), notes.banks[0])
    tabs = "".join(
        f'<a class="{"on" if other.code == bank.code else ""}" href="/?bank={other.code}">{html.escape(other.name)}</a>'
        for other in notes.banks
    )
    rows = "".join(_row(bank, place) for place in range(len(bank.customers)))
    return _frame(
        bank.name,
        f'<nav>{tabs}</nav><h1 style="background:{bank.colour}">{html.escape(bank.name)} App</h1>'
        f"<p>选一位客户登录，再打开一个活动。这里扮演银行自己的 App 与后台。<br>"
        f"Sign in as a customer, then open a campaign. This page plays the bank's own app and backend.</p>{rows}",
    )


def _row(bank: BankNotes, place: int) -> str:
    customer = bank.customers[place]
    entries = [*((entry.name, entry.code) for entry in bank.entries), ("我的权益", BENEFITS)]
    links = "".join(
        f'<a href="/{bank.code}/open?customer={customer.no}&amp;entry={code}">{html.escape(name)}</a>'
        for name, code in entries
    )
    known = f"{customer.no} · {customer.phone} · {html.escape(customer.note)}"
    head = f"<b>{html.escape(customer.name)}</b> <small>{known}</small>"
    return f"<section>{head}{links}</section>"


def _frame(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{html.escape(title)}</title><style>{_STYLE}</style>'
        f"<body>{body}</body></html>"
    )


_STYLE = (
    "body{margin:0 auto;max-width:480px;padding:16px;background:#F5F8F8;color:#14212B;"
    'font:15px/22px -apple-system,"PingFang SC","Noto Sans CJK SC",sans-serif}'
    "nav a{display:inline-block;padding:11px 14px;color:#51606B;text-decoration:none}"
    "nav a.on{font-weight:600;color:#14212B}"
    "h1{font-size:20px;line-height:28px;color:#fff;padding:20px;border-radius:12px;margin:8px 0}p,small{color:#51606B}"
    "section{background:#fff;border:1px solid #E3E9EC;border-radius:12px;padding:12px 16px;margin:10px 0}"
    "section a{display:block;padding:11px 0;color:#12589B;text-decoration:none;border-top:1px solid #E3E9EC}"
    "section a:first-of-type{margin-top:10px}"
)


def main() -> None:
    """Serve on the instance's second port until told to stop."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    settings = instance.load(home)
    BankApp.settings = settings
    ThreadingHTTPServer(("127.0.0.1", settings.bank_app_port), BankApp).serve_forever()


if __name__ == "__main__":
    main()

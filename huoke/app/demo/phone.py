"""A customer's phone in the demo: handed over by the bank's app, it opens a campaign's page and presses its button.

It speaks HTTP as a phone does: one-time ticket, cookie, page, form. It knows nothing of Huoke but what a page shows.
"""

import base64
import http.client
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from html import unescape
from typing import Any
from urllib.parse import urlencode

import msgspec

from huoke.app.demo.bank_app import ask_ticket
from huoke.app.demo.notes import BankNotes
from huoke.kernel.refusals import Outage

TIMEOUT_SECONDS = 10
_FORM = re.compile(r'<form[^>]*action="([^"]+/claim)"[^>]*>(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


class Visit(StrEnum):
    """What came of opening a page."""

    LOOKED = "looked"
    """The page was read and left."""
    CLAIMED = "claimed"
    NOTHING = "nothing"
    """There was no button to press: claimed before, sold out, not meant for this customer."""
    REFUSED = "refused"


def visit(web_port: int, bank: BankNotes, customer_no: str, entry: str, *, claims: bool) -> Visit:
    """Be handed over to a campaign's page as a customer and, where `claims`, press its button. Raises `OSError`."""
    try:
        ticket = ask_ticket(web_port, bank.api_key, customer_no, entry)
    except ValueError:
        return Visit.REFUSED
    connection = http.client.HTTPConnection("127.0.0.1", web_port, timeout=TIMEOUT_SECONDS)
    try:
        entered = _ask(connection, "GET", f"/h5/{bank.code}/enter?ticket={ticket}")
        if entered.status != http.client.SEE_OTHER:
            return Visit.REFUSED
        page = _ask(connection, "GET", entered.location, cookie=entered.cookie)
        form = _FORM.search(page.text)
        if page.status != http.client.OK or form is None:
            return Visit.NOTHING
        if not claims:
            return Visit.LOOKED
        fields = {name: unescape(value) for name, value in _FIELD.findall(form[2])}
        path = unescape(form[1]).removeprefix(f"http://127.0.0.1:{web_port}")
        pressed = _ask(connection, "POST", path, cookie=entered.cookie, fields=fields)
        return Visit.CLAIMED if pressed.status == http.client.SEE_OTHER else Visit.REFUSED
    finally:
        connection.close()


def send_events(web_port: int, write_key: str, messages: Sequence[Mapping[str, Any]]) -> None:
    """Send what the app saw, as the Segment HTTP spec says. Raises `OSError`, and `Outage` where it is not taken."""
    connection = http.client.HTTPConnection("127.0.0.1", web_port, timeout=TIMEOUT_SECONDS)
    try:
        key = base64.b64encode(f"{write_key}:".encode()).decode()
        headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/batch", msgspec.json.encode({"batch": messages}), headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != http.client.OK:
            raise Outage(f"The events were not taken: {content.decode(errors='replace')[:200]}")
    finally:
        connection.close()


class _Answer(msgspec.Struct, frozen=True):
    status: int
    location: str
    cookie: str
    text: str


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    *,
    cookie: str = "",
    fields: Mapping[str, str] | None = None,
) -> _Answer:
    headers = {"Cookie": cookie} if cookie else {}
    body = None
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(fields)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    set_cookies = answer.headers.get_all("Set-Cookie") or []
    cookies = "; ".join(one.partition(";")[0] for one in set_cookies)
    return _Answer(answer.status, answer.headers.get("Location", ""), cookies, text)

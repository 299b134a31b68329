"""What a bank's app, its customers' phones and a teller's browser do over HTTP, for `docs/bank-marketing.md`.

    python docs/examples/phone_and_counter.py http://127.0.0.1:8400 lisboa --key KEY --teller tom --code CODE 2 6 7

The app asks for a one-time ticket with the bank's key, the phone exchanges it for a cookie and claims what it finds in
its wallet, and a teller, who signs in with a password and a second factor, redeems the code that the phone shows. The
last voucher stays on its phone. Prints one JSON object a line.
"""

import argparse
import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any

import httpx
import pyotp

CLAIM_FORM = re.compile(r'action="(.+?/claim)".*?name="csrf" value="(.+?)".*?name="request_no" value="(.+?)"')
DIGITS = re.compile(r'id="digits">([\d ]+)<')


def enter(address: str, bank: str, key: str, customer_no: str) -> httpx.Client:
    """The phone of one customer, handed over by the bank's app."""
    headers = {"Authorization": f"Bearer {key}"}
    wanted = {"customer_no": customer_no, "entry_point": "benefits"}
    ticket = answer_of(httpx.post(f"{address}/v1/tickets", json=wanted, headers=headers))["ticket"]
    phone = httpx.Client(base_url=address, follow_redirects=True)
    phone.get(f"/h5/{bank}/enter", params={"ticket": ticket}).raise_for_status()
    return phone


def claim(phone: httpx.Client, bank: str) -> str | None:
    """Claim the first benefit of the wallet: its redemption code, or None where nothing waits."""
    wallet = phone.get(f"/h5/{bank}/benefits")
    found = CLAIM_FORM.search(wallet.text)
    if found is None:
        return None
    path, csrf, request_no = found.groups()
    page = phone.post(path, data={"csrf": csrf, "request_no": request_no}).raise_for_status()
    shown = DIGITS.search(page.text)
    assert shown, "a claimed voucher shows its code"
    return shown[1].replace(" ", "")


def sign_in(address: str, bank: str, login: str, enrolment_code: str) -> httpx.Client:
    """A teller's browser: choose a password, receive the second factor, sign in with both."""
    password = secrets.token_urlsafe(16)
    counter = httpx.Client(base_url=address)
    chosen = {"tenant": bank, "login": login, "enrolment_code": enrolment_code, "password": password}
    secret = answer_of(counter.post("/v1/enrolments", json=chosen))["totp_secret"]
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    typed = {"tenant": bank, "login": login, "password": password, "code": code}
    counter.headers["X-CSRF-Token"] = answer_of(counter.post("/v1/session", json=typed))["csrf_token"]
    return counter


def redeem(counter: httpx.Client, code: str) -> dict[str, Any]:
    """Look a code up, as the counter page does, and redeem it."""
    meaning = answer_of(counter.post("/v1/redemption-lookups", json={"code": code}))
    order = {"request_no": secrets.token_hex(8), "code": code}
    [result] = answer_of(counter.post("/v1/redemptions", json=[order]))
    assert result["status"] == "done", result
    return {"redeemed": result["id"], "title": meaning["title"], "customer_no": meaning["customer_no"]}


def answer_of(response: httpx.Response) -> Any:
    """The JSON of an answer; ends with the problem's own sentence where it is one."""
    answer = response.json()
    if response.is_error:
        raise SystemExit(f"{response.request.url.path}: {answer['code']} {answer['detail']}")
    return answer


def main() -> None:
    """Claim for every customer, redeem for all but the last who had something to claim."""
    parser = argparse.ArgumentParser(description="Claim on the phone pages and redeem at the counter.")
    parser.add_argument("address", help="where Huoke answers, such as http://127.0.0.1:8400")
    parser.add_argument("bank", help="the bank's code")
    parser.add_argument("--key", required=True, help="an API key with ticket.issue")
    parser.add_argument("--teller", required=True, help="the teller's login")
    parser.add_argument("--code", required=True, help="the teller's enrolment code")
    parser.add_argument("customers", nargs="+", help="customer numbers")
    asked = parser.parse_args()
    codes = []
    for customer_no in asked.customers:
        code = claim(enter(asked.address, asked.bank, asked.key, customer_no), asked.bank)
        print(json.dumps({"customer_no": customer_no, "claimed": code is not None}))
        codes += [code] if code else []
    counter = sign_in(asked.address, asked.bank, asked.teller, asked.code)
    for code in codes[:-1]:
        print(json.dumps(redeem(counter, code), ensure_ascii=False))


if __name__ == "__main__":
    main()

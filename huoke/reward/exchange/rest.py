"""A partner over REST and HMAC, as docs/exchange.md writes it: signed JSON, three outcomes and nothing else."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlsplit

import httpx
import msgspec

from huoke.kernel.outward import open_client
from huoke.kernel.refusals import Outage
from huoke.kernel.signing import NONCE_HEADER, is_signed_answer, sign_call
from huoke.reward.exchange.connect import Endpoint
from huoke.reward.exchange.model import Said, Told

_NOT_TAKEN = frozenset({429, 503})


class NotTaken(Outage):
    """The call certainly had no effect: the same call may be made again."""


class NoAnswer(Outage):
    """The call may have had its effect: ask by query, callback or day file."""


class WireExchange(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange as both sides write it: in answers, callbacks and day files."""

    exchange_no: str
    status: str
    units: int = 0
    reason_code: str = ""
    reason: str = ""

    def said(self) -> Said | None:
        """What it says; None where the status is none of this protocol."""
        told = {one.value: one for one in Told}.get(self.status)
        if told is None or told is Told.ABSENT:
            return None
        return Said(told=told, units=self.units, code=self.reason_code[:64], reason=self.reason[:300])


class RestPartner:
    """One partner. Every call raises `NotTaken` where a retry is harmless, `NoAnswer` where nobody knows."""

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        self._endpoint, self._now = endpoint, now
        self._client = open_client(endpoint.timeout_seconds)

    async def exchange(self, number: str, on: date, member: str, units: int) -> Said:
        """POST /exchanges: give a member units. A known number answers with how it stands."""
        body = {"exchange_no": number, "exchanged_on": on.isoformat(), "member_no": member, "units": units}
        return self._read(await self._ask("POST", "/exchanges", msgspec.json.encode(body)), number)

    async def query(self, number: str) -> Said:
        """GET /exchanges/{no}: how one stands; ABSENT where the partner does not know it (yet)."""
        return self._read(await self._ask("GET", f"/exchanges/{number}"), number)

    async def reverse(self, number: str) -> Said:
        """POST /exchanges/{no}/reversal: take it back; REVERSED, or SUCCESS where the units are spent."""
        return self._read(await self._ask("POST", f"/exchanges/{number}/reversal", b"{}"), number)

    async def day_file(self, on: date) -> bytes:
        """GET /day-files/{date}; `NotTaken` while it is not there yet."""
        status, content = await self._ask("GET", f"/day-files/{on.isoformat()}")
        if status != 200:
            raise NotTaken(f"The partner has no file of {on} yet.")
        return content

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        endpoint = self._endpoint
        address = endpoint.address.rstrip("/") + path
        headers = sign_call(endpoint.key, endpoint.key_id, method, urlsplit(address).path, body, self._now())
        try:
            async with asyncio.timeout(endpoint.timeout_seconds):
                answer = await self._client.request(
                    method, address, content=body or None, headers={**headers, "Content-Type": "application/json"}
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotTaken(f"No connection: {error}.") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise NoAnswer(f"No answer: {error}.", unknown=True) from error
        status, content = answer.status_code, answer.content
        if not is_signed_answer(endpoint.key, status, headers[NONCE_HEADER], answer.headers, content, self._now()):
            raise NoAnswer("The answer is not signed by this partner.", unknown=True)
        if status in _NOT_TAKEN:
            raise NotTaken("The partner is busy.")
        if status >= 500:
            raise NoAnswer(f"The partner broke ({status}).", unknown=True)
        return status, content

    def _read(self, answer: tuple[int, bytes], number: str) -> Said:
        status, content = answer
        if status == 404:
            return Said(told=Told.ABSENT)
        try:
            wire = msgspec.json.decode(content, type=WireExchange)
        except msgspec.MsgspecError as error:
            raise NoAnswer(f"The answer cannot be read: {error}.", unknown=True) from error
        said = wire.said()
        if said is None or wire.exchange_no != number:
            raise NoAnswer("The answer is about something else.", unknown=True)
        return said

"""The gateway over signed JSON (docs/messages.md): submit, query; receipts and replies come back the same way."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from huoke.kernel.outward import open_client
from huoke.kernel.signing import NONCE_HEADER, is_signed_answer, sign_call
from huoke.reach.channels.model import Heard, NoAnswer, NotTaken, Outgoing, Told

_BUSY = frozenset({429, 503})
CODE_LENGTH_MAX = 64


class Endpoint(msgspec.Struct, frozen=True):
    """Where the gateway is, its key opened. Prints nothing of the key."""

    address: str
    key_id: str
    key: bytes
    timeout_seconds: float

    def __repr__(self) -> str:
        return f"Endpoint({self.address})"


class WireHeard(msgspec.Struct, frozen=True):
    """One message as the gateway writes it: in answers and in receipts."""

    number: str
    status: str
    code: str = ""

    def heard(self) -> Heard:
        """What it says; `ValueError` for a status this protocol does not know."""
        return Heard(number=self.number, told=Told(self.status), code=self.code[:CODE_LENGTH_MAX].replace("\0", ""))


class WireAnswer(msgspec.Struct, frozen=True):
    """The answer to a submit or a query."""

    messages: list[WireHeard]


class RestGateway:
    """One gateway; see `model.SmsGateway` for what each call answers and raises."""

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._now = now
        self._client = open_client(endpoint.timeout_seconds)

    async def submit(self, batch: Sequence[Outgoing]) -> Sequence[Heard]:
        """POST /messages."""
        body = {"messages": [msgspec.to_builtins(one) for one in batch]}
        return await self._ask("/messages", body, [one.number for one in batch])

    async def query(self, numbers: Sequence[str]) -> Sequence[Heard]:
        """POST /messages/query."""
        return await self._ask("/messages/query", {"numbers": list(numbers)}, numbers)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, path: str, body: Any, numbers: Sequence[str]) -> list[Heard]:
        address = self._endpoint.address.rstrip("/") + path
        content = msgspec.json.encode(body)
        headers = sign_call(
            self._endpoint.key, self._endpoint.key_id, "POST", urlsplit(address).path, content, self._now()
        )
        try:
            async with asyncio.timeout(self._endpoint.timeout_seconds):
                answer = await self._client.post(
                    address, content=content, headers={**headers, "Content-Type": "application/json"}
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotTaken(f"No connection to the gateway: {error or type(error).__name__}.") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise NoAnswer(f"No answer of the gateway: {error or type(error).__name__}.") from error
        if not is_signed_answer(
            self._endpoint.key, answer.status_code, headers[NONCE_HEADER], answer.headers, answer.content, self._now()
        ):
            raise NoAnswer(f"The answer ({answer.status_code}) is not signed by the gateway.")
        if answer.status_code in _BUSY:
            raise NotTaken("The gateway is busy.")
        return _read(answer, numbers)


def _read(answer: httpx.Response, numbers: Sequence[str]) -> list[Heard]:
    if answer.status_code != httpx.codes.OK:
        raise NoAnswer(f"An answer this protocol does not know ({answer.status_code}).")
    try:
        found = {one.number: one.heard() for one in msgspec.json.decode(answer.content, type=WireAnswer).messages}
        return [found[number] for number in numbers]
    except (msgspec.MsgspecError, ValueError, KeyError) as error:
        raise NoAnswer(f"The answer cannot be read: {error}.") from error

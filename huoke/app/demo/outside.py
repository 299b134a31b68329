"""The world outside, played: a small server that speaks signed JSON, a post that calls the bank back in its own time.

Tests and the demo put a supplier or a gateway of messages on top. Nothing is shared with Huoke but keys and addresses.
"""

import heapq
import http.client
import itertools
import random
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Generic, Self, TypeVar
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from huoke.kernel.signing import (
    NONCE_HEADER,
    SIGNATURE_HEADER,
    TIME_HEADER,
    is_signed_answer,
    is_signed_call,
    sign_answer,
    sign_call,
)

TIMEOUT_SECONDS = 5.0


def private_key() -> str:
    """A fresh RSA key in PEM, for a partner that signs as payment platforms do."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def public_key(private_pem: str) -> str:
    """The public half of a private key, in PEM."""
    key = serialization.load_pem_private_key(private_pem.encode(), password=None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


Clock = Callable[[], datetime]


class Partner:
    """Somebody outside: a code that stands in its address, a key shared with one bank, chances of its own."""

    def __init__(self, code: str, key_id: str, key: bytes, now: Clock) -> None:
        self.code, self.key_id, self.key, self.now = code, key_id, key, now
        self.lock = threading.Lock()
        self.random = random.Random(code)  # noqa: S311 - a play, the same every time

    def chance(self, share: float) -> bool:
        """Whether something that happens in `share` of all cases happens now."""
        return share > 0 and self.random.random() < share

    def call(self, url: str, body: object) -> int:
        """One signed call to the bank; returns its status. `OSError` or `HTTPException` where it is away."""
        return self.ask(url, body)[0]

    def ask(self, url: str, body: object) -> tuple[int, bytes | None]:
        """The same, with the answer's body; None where the bank did not sign it."""
        content = msgspec.json.encode(body)
        parts = urlsplit(url)
        headers = sign_call(self.key, self.key_id, "POST", parts.path, content, self.now())
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", parts.path, content, {**headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        told = {name: answer.headers.get(name, "") for name in (TIME_HEADER, SIGNATURE_HEADER)}
        signed = is_signed_answer(self.key, answer.status, headers[NONCE_HEADER], told, said, self.now())
        return answer.status, said if signed else None

    def try_call(self, url: str, body: object) -> None:
        """The same, and nothing where the bank is away."""
        with suppress(OSError, http.client.HTTPException):
            self.call(url, body)


P = TypeVar("P", bound=Partner)


class Outside(Generic[P]):
    """The server, and the post. `with SomeServer(partners) as server: server.address(code)`."""

    handler: type["Door"]

    def __init__(self, partners: list[P], port: int = 0) -> None:
        self.partners = {partner.code: partner for partner in partners}
        self.port = port
        self._post: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._due = threading.Condition()
        self._stopping = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def address(self, code: str) -> str:
        """Where a partner is reached."""
        return f"http://127.0.0.1:{self.port}/{code}"

    def start(self) -> None:
        """Listen; on the same port as before after `stop`."""
        handler = type("Handler", (self.handler,), {"outside": self})
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

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something after some seconds."""
        with self._due:
            heapq.heappush(self._post, (time.monotonic() + seconds, next(self._order), work))
            self._due.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            with self._due:
                wait = self._post[0][0] - time.monotonic() if self._post else 60.0
                if wait > 0:
                    self._due.wait(wait)
                    continue
                *_, work = heapq.heappop(self._post)
            work()


class Door(ABC, BaseHTTPRequestHandler):
    """Takes calls under /{code}/… and answers in the partner's name."""

    protocol_version = "HTTP/1.1"
    outside: Any

    def do_GET(self) -> None:
        """A call that carries nothing."""
        self.answer(b"")

    def do_POST(self) -> None:
        """A call with a body."""
        self.answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    @abstractmethod
    def answer(self, body: bytes) -> None:
        """What whoever is played here does with a call."""

    def split(self) -> tuple[Any, str]:
        """(the partner or None, the path within it)."""
        _, code, path = (*urlsplit(self.path).path.split("/", 2), "", "")[:3]
        return self.outside.partners.get(code), path

    def admitted(self, partner: Partner | None, body: bytes) -> bool:
        """Whether the call is signed with the partner's key; it is answered 401 where not."""
        if partner is not None and is_signed_call(
            partner.key, partner.key_id, self.command, self.path, dict(self.headers), body, partner.now()
        ):
            return True
        self.send(401, b'{"code":"signature"}', {})
        return False

    def sign(self, partner: Partner, status: int, content: object) -> None:
        """A signed answer; bytes as they are, anything else as JSON."""
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        nonce = self.headers.get(NONCE_HEADER, "")
        self.send(status, body, sign_answer(partner.key, status, nonce, body, partner.now()))

    def drop(self) -> None:
        """The effect is done and the answer never leaves."""
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """An answer as it is."""
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the standard library's name
        """Bodies hold personal data: nothing is logged."""


T = TypeVar("T")


def read_private(file: Path, kind: type[T]) -> list[T]:
    """What stands in a file of the instance's home; nothing before the demo is there."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[kind])  # type: ignore[valid-type]
    except FileNotFoundError:
        return []


def write_private(file: Path, rows: list[T]) -> None:
    """Write a file whole or not at all, readable by the owner only: it holds keys."""
    draft = file.with_name(f"{file.name}.new")
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(rows))
    draft.replace(file)

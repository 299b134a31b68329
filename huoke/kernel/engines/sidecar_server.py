"""The sidecar itself: ClickHouse's HTTP interface over chDB, run as `python -m huoke.kernel.engines.sidecar_server`.

It owns the store's folder (chDB allows one process per path). Every connection has a thread and a chDB session of its
own, in which parameters are set beforehand, since chDB mixes up those that concurrent queries bring along. Requests
need the token, memory is capped; HUOKE_SIDECAR_SETTINGS (`name=value&…`) adds settings of the engine. An insert goes
through a temporary file: chDB reads formats from files only.

A fork of this process would hang in chDB's locks; a forked child therefore ends at once with FORKED.
"""

import io
import os
import re
import signal
import sys
import tempfile
import threading
import time
from base64 import b64decode
from contextlib import suppress
from email.parser import BytesParser
from email.policy import HTTP
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, urlsplit

import chdb
import lz4.frame

FORKED = 70
SECOND_PROCESS = 71
BODY_BYTES_MAX = 2_000_000_000
STATEMENT_MAX = 64_000
CONNECTION_SECONDS = 600
THREAD_BYTES = 100_000_000
"""A statement gets a thread for each processor as long as so much is free for each; the engine asks for 1 GB."""

_TRANSPORT = frozenset(
    {
        "query",
        "session_id",
        "session_timeout",
        "session_check",
        "query_id",
        "quota_key",
        "compress",
        "decompress",
        "wait_end_of_query",
        "role",
        "buffer_size",
        "client_protocol_version",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "enable_http_compression",
        "cancel_http_readonly_queries_on_client_close",
        "user",
        "password",
    }
)
"""What speaks to the HTTP interface of a real server and must not reach the engine."""
_SETTING = re.compile(r"[A-Za-z_]\w*")
_PARAMETER = re.compile(r"param_[A-Za-z_]\w*")
_INSERT = re.compile(
    rb"\s*INSERT\s+INTO\s+(?P<into>.+?)\s+FORMAT\s+(?P<format>\w+)\s*?(?:\n|$)", re.IGNORECASE | re.DOTALL
)
_INPUT = re.compile(rb"\bFROM\s+input\(\s*'(?P<structure>[^']*)'\s*\)\s*$", re.IGNORECASE)
_ERROR = re.compile(r"Code: (\d+)")


class Answer:
    """What a statement answered, in the engine's own memory: copied out of it a large one would cost as much again.

    That memory is there only as long as this is.
    """

    def __init__(self, result: Any) -> None:
        self._result = result
        self.body: memoryview = result.get_memview().view()


class Session:
    """A chDB session of one thread; it remembers the database and settings in force, to change only what differs."""

    _parameters = threading.Lock()

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.database = "default"
        self.settings: dict[str, str] = {}
        self._told: set[str] = set()

    def run(self, sql: bytes, options: dict[str, str]) -> Answer:
        """Run one statement with the options of its request: database, settings, param_… values."""
        self._enter(options.get("database") or "default")
        self._set({name: value for name, value in options.items() if _is_setting(name)})
        parameters = {name[6:]: value for name, value in options.items() if _PARAMETER.fullmatch(name)}
        for name in self._told - parameters.keys():  # what an earlier request set must serve no other
            if f"{{{name}:".encode() in sql:
                raise ValueError(f"Code: 456. DB::Exception: Nothing is set for {name}. (UNKNOWN_QUERY_PARAMETER)")
        if not parameters:
            return self._query(sql)
        told = "SET " + ", ".join(f"param_{name} = {_quote(value)}" for name, value in parameters.items())
        if len(told) > STATEMENT_MAX:  # longer than the engine reads a statement: along with the query, one at a time
            with self._parameters:
                return self._query(sql, parameters)
        self._query(told.encode("utf-8", "surrogateescape"))
        self._told |= parameters.keys()
        return self._query(sql)

    def insert(self, into: bytes, format_name: str, rows: BinaryIO, options: dict[str, str], folder: Path) -> Answer:
        """Insert rows of `format_name` into the table (or through `SELECT … FROM input(structure)`)."""
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            while chunk := rows.read(1 << 20):
                file.write(chunk)
            file.flush()
            if through := _INPUT.search(into):
                structure = through["structure"].decode()
                source = f"FROM file('{file.name}', '{format_name}', '{structure}')".encode()
                return self.run(into[: through.start()].join([b"INSERT INTO ", source]), options)
            select = f" SELECT * FROM file('{file.name}', '{format_name}')".encode()
            return self.run(b"INSERT INTO " + into + select, options)

    def _enter(self, database: str) -> None:
        if database != self.database:
            self._query(f"USE {_quote_name(database)}".encode())
            self.database = database

    def _set(self, wanted: dict[str, str]) -> None:
        changed = [f"{name} = DEFAULT" for name in self.settings.keys() - wanted.keys()]
        changed += [f"{name} = {_quote(value)}" for name, value in wanted.items() if self.settings.get(name) != value]
        if changed:
            self._query(f"SET {', '.join(changed)}".encode())
        self.settings = wanted

    def _query(self, sql: bytes, parameters: dict[str, str] | None = None) -> Answer:
        said = sql.decode("utf-8", "surrogateescape")
        return Answer(self.connection.query(said, "TabSeparated", params=parameters or {}))


class Store:
    """The chDB store of this process: hands every thread its session."""

    def __init__(self, folder: Path, memory_bytes_max: int) -> None:
        self.scratch = folder / "scratch"
        self.scratch.mkdir(parents=True, exist_ok=True)
        for rest in self.scratch.iterdir():
            rest.unlink()
        means = f"max_server_memory_usage={memory_bytes_max}&max_threads_min_free_memory_per_thread={THREAD_BYTES}"
        more = os.environ.get("HUOKE_SIDECAR_SETTINGS", "")
        self._address = f"{folder / 'store'}?{means}{more and '&'}{more}"
        self._first = chdb.connect(self._address)  # keeps the store open while no thread has a session
        self._local = threading.local()

    def session(self) -> Session:
        """The session of the calling thread."""
        if not hasattr(self._local, "session"):
            self._local.session = Session(chdb.connect(self._address))
        session: Session = self._local.session
        return session

    def leave(self) -> None:
        """The calling thread ends: close its session."""
        if hasattr(self._local, "session"):
            self._local.session.connection.close()
            del self._local.session


class Server(ThreadingHTTPServer):
    """A thread per connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, store: Store, token: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.store = store
        self.token = token.encode()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.store.leave()


class Handler(BaseHTTPRequestHandler):
    """One request: check the token, run the statement, answer headers and body in a single write."""

    protocol_version = "HTTP/1.1"
    timeout = CONNECTION_SECONDS
    server: Server

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/ping":
            self._answer(200, f"{os.getpid()}\n".encode())
        else:
            self._run()

    def do_POST(self) -> None:
        self._run()

    def log_message(self, *_: object) -> None:
        """Requests are not logged: their addresses carry statements and values."""

    def _run(self) -> None:
        body = self._body()
        if body is None:
            return
        if not self._known():
            self._answer(
                403, b"Code: 516. DB::Exception: The token is missing or wrong. (AUTHENTICATION_FAILED)\n", 516
            )
            return
        options = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/form-data"):
            options, body = {**options, **_form(kind, body)}, io.BytesIO()
        try:
            found = self._statement(options, body)
            self._answer(200, found.body)
        except Exception as error:  # noqa: BLE001 - whatever the engine says is the answer
            text = str(error)
            code = _ERROR.search(text)
            self._answer(500, text.encode() + b"\n", int(code[1]) if code else 1002)

    def _statement(self, options: dict[str, str], body: BinaryIO) -> Answer:
        session = self.server.store.session()
        statement = options.get("query", "").encode()
        rows = body
        if not statement:
            statement, rows = _split(body)
        insert = _INSERT.match(statement)
        if insert is not None and insert.end() == len(statement):
            return session.insert(insert["into"], insert["format"].decode(), rows, options, self.server.store.scratch)
        return session.run(statement + rows.read(), options)

    def _known(self) -> bool:
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        secret = b""
        with suppress(ValueError):
            secret = b64decode(given).partition(b":")[2] if kind == "Basic" else given.encode()
        return compare_digest(secret, self.server.token)

    def _body(self) -> BinaryIO | None:
        file = tempfile.SpooledTemporaryFile(max_size=1 << 24, dir=str(self.server.store.scratch))  # noqa: SIM115 - returned
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                file.write(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
        else:
            remaining = int(self.headers.get("Content-Length") or 0)
            if remaining > BODY_BYTES_MAX:
                self.close_connection = True
                self._answer(413, b"Code: 307. DB::Exception: The body is too large. (TOO_MANY_BYTES)\n", 307)
                return None
            while remaining and (chunk := self.rfile.read(min(remaining, 1 << 20))):
                file.write(chunk)
                remaining -= len(chunk)
        file.seek(0)
        packed = self.headers.get("Content-Encoding") == "lz4"
        return cast("BinaryIO", lz4.frame.open(file) if packed else file)

    def _answer(self, status: int, body: bytes | memoryview, error: int | None = None) -> None:
        failed = f"X-ClickHouse-Exception-Code: {error}\r\n" if error is not None else ""
        head = (
            f"HTTP/1.1 {status} {self.responses[status][0]}\r\nContent-Length: {len(body)}\r\n{failed}"
            f"X-ClickHouse-Timezone: UTC\r\nX-ClickHouse-Summary: {{}}\r\n"
            f"Connection: {'close' if self.close_connection else 'keep-alive'}\r\n\r\n"
        )
        sent = self.connection.sendmsg([head.encode(), body])  # one write, and no copy of a large body
        self.connection.sendall(head.encode()[sent:])
        self.connection.sendall(memoryview(body)[max(sent - len(head), 0) :])


def _split(body: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The statement of a body that carries both: an insert's first line, else all of it."""
    start = body.read(1 << 16)
    insert = _INSERT.match(start)
    end = insert.end() if insert is not None else len(start)
    body.seek(end)
    return start[:end], body


def _form(kind: str, body: BinaryIO) -> dict[str, str]:
    """The fields of a form: so the driver sends a statement whose parameters are too long for an address."""
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    parts = BytesParser(policy=HTTP).parsebytes(head + body.read()).iter_parts()
    return {str(part.get_param("name", header="content-disposition")): _text(part) for part in parts}


def _text(part: Any) -> str:
    return cast("bytes", part.get_payload(decode=True)).decode()


def _is_setting(name: str) -> bool:
    return (
        name not in _TRANSPORT
        and name != "database"
        and not name.startswith("param_")
        and bool(_SETTING.fullmatch(name))
    )


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _quote_name(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def refuse_forks() -> None:
    """From now on a forked child of this process ends at once."""
    os.register_at_fork(after_in_child=lambda: os._exit(FORKED))


def main() -> None:
    """Serve until SIGTERM: `sidecar_server FOLDER PORT`, with the token and the memory cap in the environment."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    refuse_forks()
    store = _open(folder, time.monotonic() + float(os.environ["HUOKE_SIDECAR_PATIENCE"]))
    server = Server(port, store, os.environ["HUOKE_SIDECAR_TOKEN"])
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.2)
    os._exit(0)


def _open(folder: Path, deadline: float) -> Store:
    """The store, as soon as no other process has it."""
    while True:
        try:
            return Store(folder, int(os.environ["HUOKE_SIDECAR_MEMORY"]))
        except RuntimeError as error:
            if "Code: 36" not in str(error):
                raise
        if time.monotonic() > deadline:
            sys.stderr.write(f"Another process already uses the ClickHouse store at {folder}.\n")
            sys.exit(SECOND_PROCESS)
        time.sleep(0.1)


if __name__ == "__main__":
    main()

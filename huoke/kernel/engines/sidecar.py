"""The parent's side of the ClickHouse sidecar: start the server process, wait for it, stop it."""

import http.client
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from huoke.kernel.engines.ports import free_port
from huoke.kernel.engines.process import Child, spawn_module
from huoke.kernel.refusals import Outage

MEMORY_BYTES_MAX = 1_000_000_000
PATIENCE_SECONDS = 20.0
"""How long a start waits for an earlier process that still closes the store."""
USER = "huoke"


class Sidecar:
    """chDB behind ClickHouse's HTTP interface on 127.0.0.1, in a process of its own (spawned, never forked)."""

    def __init__(
        self,
        folder: Path,
        *,
        log: Path,
        memory_bytes_max: int = MEMORY_BYTES_MAX,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.folder = folder
        self.log = log
        self.port = free_port()
        self.token = secrets.token_urlsafe(24)
        self._environment = {
            "HUOKE_SIDECAR_TOKEN": self.token,
            "HUOKE_SIDECAR_MEMORY": str(memory_bytes_max),
            "HUOKE_SIDECAR_PATIENCE": str(patience_seconds),
        }
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """What CLICKHOUSE_URL would say: http://user:token@host:port."""
        return f"http://{USER}:{self.token}@127.0.0.1:{self.port}"

    def start(self, *, on_wait: Callable[[float], None] | None = None) -> Child:
        """Start the server process and return it when it answers; `Outage` with its last words when it ends instead."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.child = spawn_module(
            "clickhouse",
            "huoke.kernel.engines.sidecar_server",
            self.folder,
            str(self.port),
            log=self.log,
            environment=self._environment,
        )
        began = time.monotonic()
        while not self.ready:
            if not self.child.running:
                raise Outage(f"ClickHouse did not start: {self.child.last_words(lines=1)}")
            if on_wait is not None:
                on_wait(time.monotonic() - began)
            time.sleep(0.03)
        return self.child

    @property
    def ready(self) -> bool:
        """Whether our own server process answers at its port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/ping")
            return self.child is not None and connection.getresponse().read() == f"{self.child.pid}\n".encode()
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Let running queries end, close the store, end the process."""
        if self.child is not None:
            self.child.stop(timeout_seconds=20)
            self.child = None

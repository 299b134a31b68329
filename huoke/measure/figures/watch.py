"""Watching a board: one computation a campaign for all who watch it, and a message only when something changed."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.tx import Database
from huoke.measure.figures.board import board
from huoke.measure.figures.model import Board

EVERY_SECONDS = 1.0
"""Between two looks: with the shipper's own fraction of a second a board is at most two seconds old."""
HEARTBEAT_SECONDS = 15.0
WATCH_SECONDS_MAX = 600.0
"""A stream ends after this long, so that whoever watches shows again that they may."""

_log = structlog.get_logger(__name__)


class Update(msgspec.Struct, frozen=True):
    """One message: its id (what `Last-Event-ID` brings back) and the board as JSON (only its time if unchanged)."""

    id: str
    body: bytes
    data_at: datetime | None
    changed: bool = True


class _Watched:
    """One campaign's board, computed again and again while somebody watches."""

    def __init__(self, database: Database, clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID) -> None:
        self._database = database
        self._clickhouse = clickhouse
        self._tenant = tenant
        self._campaign_id = campaign_id
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.watchers = 0
        self.latest: Update | None = None

    def enter(self) -> None:
        """One more watcher."""
        self.watchers += 1
        if self._task is None:
            self._task = asyncio.create_task(self._compute())

    def leave(self) -> None:
        """One watcher less; the last one stops the work."""
        self.watchers -= 1
        if not self.watchers and self._task is not None:
            self._task.cancel()
            self._task = None

    async def wait(self, seconds: float) -> None:
        """Until the board changes, or that long."""
        changed = self._changed
        try:
            async with asyncio.timeout(seconds):
                await changed.wait()
        except TimeoutError:
            return

    async def _compute(self) -> None:
        while True:
            try:
                async with self._database.begin(self._tenant) as tx:
                    found = update_of(await board(tx, self._clickhouse, self._campaign_id))
                if self.latest is None or found.id != self.latest.id:
                    self.latest = found
                    self._changed.set()
                    self._changed = asyncio.Event()
                else:
                    self.latest = found
            except (Outage, OSError):
                _log.warning("board_waits", campaign_id=str(self._campaign_id))
            await asyncio.sleep(EVERY_SECONDS)


_watched: dict[tuple[int, TenantId, UUID], _Watched] = {}


async def watch(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    campaign_id: UUID,
    *,
    seen: str = "",
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[Update]:
    """Boards as they change, the present one first unless its id is `seen`; between changes signs of life.

    Ends after `WATCH_SECONDS_MAX`. A ClickHouse or PostgreSQL that is away for a while is waited for.
    """
    key = (id(database), tenant, campaign_id)
    watched = _watched.setdefault(key, _Watched(database, clickhouse, tenant, campaign_id))
    watched.enter()
    until = asyncio.get_running_loop().time() + WATCH_SECONDS_MAX
    try:
        while (left := until - asyncio.get_running_loop().time()) > 0:
            latest = watched.latest
            if latest is not None and latest.id != seen:
                seen = latest.id
                yield latest
                continue
            await watched.wait(min(heartbeat_seconds, left))
            if watched.latest is None or watched.latest.id == seen:
                yield sign_of_life(seen, watched.latest.data_at if watched.latest else None)
    finally:
        watched.leave()
        if not watched.watchers:
            _watched.pop(key, None)


def update_of(found: Board) -> Update:
    """A board as a message; its id is the hash of all but the data's time, which moves by itself."""
    still = msgspec.structs.replace(found, data_at=None)
    digest = hashlib.sha256(msgspec.json.encode(still)).hexdigest()[:16]
    return Update(digest, msgspec.json.encode(found), found.data_at)


def sign_of_life(seen: str, data_at: datetime | None) -> Update:
    """Nothing changed up to `data_at`."""
    return Update(seen, msgspec.json.encode({"data_at": data_at}), data_at, changed=False)

"""Messages put aside: look at them, try them again once a schema fits, or throw them away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.know.events import store_quarantine as store
from huoke.know.events import store_sources
from huoke.know.events.model import Arrived, Message, Quarantined, Reason, Replayed, Status
from huoke.know.events.take import retake

REPLAY_MAX = 2_000
"""Messages in one transaction; a longer quarantine is replayed by calling again with `after`."""
_SHAPES = {str: "text", bool: "boolean", int: "integer", float: "decimal", list: "list", dict: "object"}


class QuarantineMissing(NotFound):
    """No such message lies aside."""

    code = "events.quarantine_missing"


async def find(
    tx: Tx, *, name: str = "", before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Quarantined]:
    """Messages put aside, latest first. Values stay sealed: only the shape of the properties is told."""
    sources = await store_sources.names(tx)
    return [
        Quarantined(
            id=row["id"],
            name=row["name"],
            reason=Reason(row["reason"]),
            detail=row["detail"],
            property=row["property"],
            seq=row["seq"],
            source=sources.get(row["source_id"], ""),
            recorded_at=row["recorded_at"],
            shape=_shape(body),
        )
        for row, body in await store.find(tx, name=name, before=before, limit=limit)
    ]


async def counts(tx: Tx) -> dict[str, int]:
    """How many lie aside, by event name, most first."""
    return await store.counts(tx)


async def replay(tx: Tx, name: str = "", after: UUID | None = None) -> tuple[Replayed, UUID | None]:
    """Try messages again as of when they came, up to 2,000 by id after `after`: those of `name`, or all.

    Returns what became of them, and the id to go on after (None at the end). Bodies whose customer was forgotten are
    dropped.
    """
    taken = await store.take_out(tx, name, after, REPLAY_MAX)
    arrived = [
        Arrived(row["source_id"], row["id"], msgspec.json.decode(body, type=Message), row["recorded_at"])
        for row, body in taken
        if body is not None
    ]
    became = [outcome.status for outcome in await retake(tx, arrived)]
    last = max((row["id"] for row, _ in taken), default=None)
    return (
        Replayed(
            accepted=became.count(Status.ACCEPTED),
            waiting=became.count(Status.WAITING),
            duplicate=became.count(Status.DUPLICATE),
            still_unfit=became.count(Status.QUARANTINED),
        ),
        last if len(taken) == REPLAY_MAX else None,
    )


async def discard(tx: Tx, ids: Sequence[UUID]) -> list[UUID | QuarantineMissing]:
    """Throw messages away; in order the id, or the refusal of one that is not there."""
    gone = await store.discard(tx, ids)
    return [one if one in gone else QuarantineMissing("No such message lies aside.") for one in ids]


def _shape(body: str | None) -> dict[str, str]:
    if body is None:
        return {}
    message = msgspec.json.decode(body, type=Message)
    given: dict[str, Any] = {**(message.traits or {}), **(message.properties or {})}
    return {key: _SHAPES.get(type(value), "null") for key, value in given.items()}

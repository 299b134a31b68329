"""Messages put aside: look at them, try them again once a schema fits, or throw them away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.know.events import store_quarantine as store
from huoke.know.events import store_sources
from huoke.know.events.model import QUARANTINED_FOR, Arrived, Message, Status
from huoke.know.events.quarantine_model import (
    Clearance,
    Cleared,
    QuarantineCause,
    Quarantined,
    Reason,
    Replay,
    Replayed,
)
from huoke.know.events.store_quarantine import Matching
from huoke.know.events.take import TRAIT_REFUSED, retake

REPLAY_MAX = 2_000
"""Messages in one transaction; a longer quarantine is replayed by calling again with `after`."""
DISCARD_MAX = 10_000
TRAITS_TOLD = 20
CAUSES_MAX = 200
ALL = Replay()
_SHAPES = {str: "text", bool: "boolean", int: "integer", float: "decimal", list: "list", dict: "object"}


class QuarantineMissing(NotFound):
    """No such message lies aside."""

    code = "events.quarantine_missing"


async def find(
    tx: Tx,
    *,
    name: str = "",
    reason: Reason | None = None,
    property_: str | None = None,
    source_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Quarantined]:
    """Messages put aside, latest first. Values stay sealed: only the shape of the properties is told."""
    sources = await store_sources.names(tx)
    wanted = Matching(name=name, reason=reason, about=property_)
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
            expires_at=row["recorded_at"] + QUARANTINED_FOR,
        )
        for row, body in await store.find(tx, wanted, source_id=source_id, before=before, limit=limit)
    ]


async def counts(tx: Tx, *, name: str = "", source_id: UUID | None = None) -> dict[str, int]:
    """How many lie aside for each reason, most first."""
    return await store.counts(tx, name, source_id)


async def causes(tx: Tx) -> list[QuarantineCause]:
    """What there is to mend: messages by name, reason and property, the most first, at most 200."""
    sources = await store_sources.names(tx)
    return [
        QuarantineCause(
            **{field: row[field] for field in ("name", "property", "detail", "messages", "first_at", "last_at")},
            reason=Reason(row["reason"]),
            sources=sorted(sources.get(one, "") for one in row["source_ids"]),
        )
        for row in await store.causes(tx, CAUSES_MAX)
    ]


async def replay(tx: Tx, wanted: Replay = ALL, after: UUID | None = None) -> tuple[Replayed, UUID | None]:
    """Try messages again as of when they came, up to 2,000 by id after `after`.

    Returns what became of them, and the id to go on after (None at the end). Bodies whose customer was forgotten are
    dropped.
    """
    matching = Matching(name=wanted.name, reason=wanted.reason, about=wanted.property)
    taken = await store.take_out(tx, matching, wanted.ids, after, REPLAY_MAX)
    arrived = [
        Arrived(row["source_id"], row["id"], msgspec.json.decode(body, type=Message), row["recorded_at"])
        for row, body in taken
        if body is not None
    ]
    outcomes = await retake(tx, arrived)
    became = [outcome.status for outcome in outcomes]
    traits = [one.detail for one in outcomes if one.code == TRAIT_REFUSED]
    last = max((row["id"] for row, _ in taken), default=None)
    replayed = Replayed(
        accepted=became.count(Status.ACCEPTED),
        waiting=became.count(Status.WAITING),
        duplicate=became.count(Status.DUPLICATE),
        still_unfit=became.count(Status.QUARANTINED),
        traits_refused=len(traits),
        refused_traits=list(dict.fromkeys(traits))[:TRAITS_TOLD],
    )
    if taken:
        await _record(tx, "events.replay_quarantine", wanted.name, "", msgspec.to_builtins(replayed))
    return replayed, last if len(taken) == REPLAY_MAX else None


async def discard(tx: Tx, ids: Sequence[UUID], reason: str) -> list[UUID | QuarantineMissing]:
    """Throw messages away; in order the id, or the refusal of one that is not there. `audit.ReasonMissing`."""
    why = audit.require_reason(reason)
    gone = await store.discard(tx, ids)
    if gone:
        await _record(tx, "events.discard_quarantine", "", why, {"messages": len(gone)})
    return [one if one in gone else QuarantineMissing("No such message lies aside.") for one in ids]


async def clear(tx: Tx, wanted: Clearance) -> Cleared:
    """Throw away all messages that lie aside for one cause, up to 10,000 at once. `audit.ReasonMissing`."""
    why = audit.require_reason(wanted.reason)
    gone = await store.clear(tx, Matching(name=wanted.name, reason=wanted.cause, about=wanted.property), DISCARD_MAX)
    if gone:
        after = {"messages": gone, "cause": wanted.cause.value, "property": wanted.property}
        await _record(tx, "events.discard_quarantine", wanted.name, why, after)
    return Cleared(discarded=gone, more=gone == DISCARD_MAX)


async def _record(tx: Tx, action: str, name: str, reason: str, after: dict[str, Any]) -> None:
    entry = audit.AuditEntry(
        action=action, subject_kind="event_quarantine", subject_id=name, reason=reason, after=after
    )
    await audit.record(tx, entry)


def _shape(body: str | None) -> dict[str, str]:
    if body is None:
        return {}
    message = msgspec.json.decode(body, type=Message)
    given: dict[str, Any] = {**(message.traits or {}), **(message.properties or {})}
    return {key: _SHAPES.get(type(value), "null") for key, value in given.items()}

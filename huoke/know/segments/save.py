"""Saving segments in versions, and reading them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.ids import UnitId, new_id
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.know import consent
from huoke.know.segments import store
from huoke.know.segments.compile import compile_expression, uses_of
from huoke.know.segments.expression import Expression, content_hash, parse
from huoke.know.segments.model import (
    AttributeUse,
    NewSegment,
    Segment,
    SegmentChange,
    SegmentSaved,
    SegmentUnknown,
    SegmentVersion,
    Serves,
    UploadUnknown,
    VersionStale,
)
from huoke.know.segments.vocabulary import vocabulary

NAME_CHARACTERS_MAX = 80


class NameUnfit(Invalid):
    """A segment's name is 1 to 80 characters."""

    code = "segments.name"


async def save(tx: Tx, new: NewSegment, *, unit_id: UnitId | None = None) -> UUID:
    """Save a new segment; `unit_id` is the unit it belongs to, None the head office.

    Raises `ExpressionUnfit`, the refusals of compiling, `UploadUnknown`, `consent.PurposeUnknown`, `NameUnfit`.
    """
    expression = parse(new.expression)
    _check_name(new.name)
    if new.purpose not in {purpose.code for purpose in await consent.list_purposes(tx)}:
        raise consent.PurposeUnknown(f"There is no purpose '{new.purpose[:80]}'.", pointer="/purpose")
    await _check(tx, expression, new.serves, new.basis)
    segment_id = new_id()
    fields = {"name": new.name.strip(), "purpose": new.purpose, "serves": new.serves.value, "basis": new.basis,
              "unit_id": unit_id}  # fmt: skip
    await store.insert_segment(tx, segment_id, fields)
    await _keep_version(tx, segment_id, 1, expression)
    return segment_id


async def change(
    tx: Tx, segment_id: UUID, changed: SegmentChange, *, units: Collection[UnitId] | None = None
) -> Segment:
    """Save a new version of a segment in scope; the refusals of `save`, `SegmentUnknown`, `VersionStale`."""
    segment = await get(tx, segment_id, units=units)
    expression = parse(changed.expression)
    _check_name(changed.name)
    await _check(tx, expression, segment.serves, changed.basis, segment_id)
    if not await store.next_version(tx, segment_id, changed.expected_version, changed.name.strip(), changed.basis):
        raise VersionStale(
            f"The segment is at version {segment.version} by now; load it again.",
            pointer="/expected_version",
            version=segment.version,
        )
    await _keep_version(tx, segment_id, changed.expected_version + 1, expression)
    return await get(tx, segment_id)


async def get(tx: Tx, segment_id: UUID, *, units: Collection[UnitId] | None = None) -> Segment:
    """A segment at its latest version; `SegmentUnknown` outside the scope as well."""
    row = await store.get_segment(tx, segment_id)
    if row is None or (units is not None and row["unit_id"] is not None and row["unit_id"] not in units):
        raise SegmentUnknown("There is no such segment.")
    return msgspec.convert(dict(row), Segment)


async def find(
    tx: Tx,
    *,
    q: str = "",
    units: Collection[UnitId] | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[list[Segment], int]:
    """Segments by name, latest change first, and how many there are in scope."""
    rows = await store.find_segments(tx, q.strip(), units, after, limit)
    return [msgspec.convert(dict(row), Segment) for row in rows], await store.count_segments(tx, units)


async def versions(tx: Tx, segment_id: UUID) -> list[SegmentVersion]:
    """All versions, latest first."""
    return [msgspec.convert(dict(row), SegmentVersion) for row in await store.versions(tx, segment_id)]


async def uses(tx: Tx, expression: Expression | dict[str, Any]) -> list[AttributeUse]:
    """The attributes an expression names, each with its path to a deposit fact if it has one (rule B1)."""
    tree = parse(expression) if isinstance(expression, dict) else expression
    return uses_of(tree, await vocabulary(tx, tree))


async def _check(tx: Tx, expression: Expression, serves: Serves, basis: str | None, of: UUID | None = None) -> None:
    compiled = compile_expression(expression, await vocabulary(tx, expression, of=of), serves=serves, basis=basis)
    if missing := compiled.uploads - await store.known_uploads(tx, compiled.uploads):
        raise UploadUnknown(f"There is no uploaded list {min(missing)}.", pointer="/expression")


async def _keep_version(tx: Tx, segment_id: UUID, version: int, expression: Expression) -> None:
    await store.add_version(tx, segment_id, version, msgspec.to_builtins(expression), content_hash(expression))
    await audit.record(
        tx,
        audit.AuditEntry(
            action="segments.save",
            subject_kind="segment",
            subject_id=str(segment_id),
            after={"version": version, "hash": content_hash(expression).hex()},
        ),
    )
    tx.emit(SegmentSaved(segment_id=segment_id, segment_version=version))


def _check_name(name: str) -> None:
    if not 0 < len(name.strip()) <= NAME_CHARACTERS_MAX:
        raise NameUnfit(f"A segment's name is 1 to {NAME_CHARACTERS_MAX} characters.", pointer="/name")

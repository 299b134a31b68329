"""Saving segments in versions, and reading them."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit, people
from huoke.kernel.ids import UnitId, new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid
from huoke.kernel.sorting import Place, Rows, Sort, sort_of
from huoke.kernel.tx import Tx
from huoke.know import consent
from huoke.know.language import AttributeUse, Expression, Serves, compile_expression, content_hash, parse, uses_of
from huoke.know.segments import store
from huoke.know.segments.model import (
    NewSegment,
    NotYours,
    Segment,
    SegmentChange,
    SegmentSaved,
    SegmentUnknown,
    SegmentVersion,
    Sharing,
    UploadUnknown,
    VersionStale,
)
from huoke.know.segments.vocabulary import references, vocabulary

NAME_CHARACTERS_MAX = 80
LATEST = "-changed"


class NameUnfit(Invalid):
    """A segment's name is 1 to 80 characters."""

    code = "segments.name"


class Viewer(msgspec.Struct, frozen=True):
    """Who looks: their units (None: the whole bank), those above their own, and who they are."""

    units: Collection[UnitId] | None = None
    above: Collection[UnitId] = ()
    staff: str = ""


async def save(tx: Tx, new: NewSegment, *, unit_id: UnitId | None = None) -> UUID:
    """Save a new segment; `unit_id` is the unit it belongs to, None the head office.

    Raises `ExpressionUnfit`, the refusals of compiling, `UploadUnknown`, `consent.PurposeUnknown`, `NameUnfit`.
    """
    expression = parse(new.expression)
    _check_name(new.name)
    if new.purpose not in {purpose.code for purpose in await consent.list_purposes(tx)}:
        raise consent.PurposeUnknown(f"There is no purpose '{new.purpose[:80]}'.", pointer="/purpose")
    await _check(tx, expression, new.serves, new.basis, new.purpose)
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
    segment = await owned(tx, segment_id, units)
    expression = parse(changed.expression)
    _check_name(changed.name)
    await _check(tx, expression, segment.serves, changed.basis, segment.purpose, segment_id)
    if not await store.next_version(tx, segment_id, changed.expected_version, changed.name.strip(), changed.basis):
        raise VersionStale(
            f"The segment is at version {segment.version} by now; load it again.",
            pointer="/expected_version",
            version=segment.version,
        )
    await _keep_version(tx, segment_id, changed.expected_version + 1, expression)
    return await get(tx, segment_id)


async def revert(
    tx: Tx, segment_id: UUID, version: int, expected_version: int, *, units: Collection[UnitId] | None = None
) -> Segment:
    """Save an earlier version's rule as the next one; refusals of `change`, `SegmentUnknown` without the version."""
    segment = await owned(tx, segment_id, units)
    expression = await store.expression_at(tx, segment_id, version)
    if expression is None:
        raise SegmentUnknown(f"The segment has no version {version}.", pointer="/version")
    again = SegmentChange(
        name=segment.name, expression=expression, expected_version=expected_version, basis=segment.basis
    )
    return await change(tx, segment_id, again, units=units)


async def copy(tx: Tx, segment_id: UUID, name: str, *, viewer: Viewer, unit_id: UnitId | None) -> UUID:
    """Save the latest rule of a segment the viewer sees as a new segment of `unit_id`."""
    segment = await see(tx, segment_id, viewer)
    new = NewSegment(
        name=name, expression=segment.expression, purpose=segment.purpose, serves=segment.serves, basis=segment.basis
    )
    return await save(tx, new, unit_id=unit_id)


async def share(tx: Tx, segment_id: UUID, shared_with: Sharing, *, units: Collection[UnitId] | None = None) -> Segment:
    """Show a segment to its unit and those below, or to the whole bank; `NotYours`."""
    segment = await owned(tx, segment_id, units)
    await store.share(tx, segment_id, shared_with.value)
    await _record(tx, "segments.share", segment_id, {"shared_with": shared_with.value})
    return msgspec.structs.replace(segment, shared_with=shared_with)


async def archive(tx: Tx, segment_id: UUID, *, away: bool, units: Collection[UnitId] | None = None) -> None:
    """Put a segment away or take it back; audiences made of it stay. `NotYours`."""
    await owned(tx, segment_id, units)
    await store.archive(tx, segment_id, tx.now if away else None)
    await _record(tx, "segments.archive" if away else "segments.restore", segment_id, {})


async def viewer_of(tx: Tx, principal: Principal) -> Viewer:
    """How a principal sees segments: of their units, of those above, and what is shared with the bank."""
    path = next((unit.path for unit in await people.units.tree(tx) if unit.id == principal.unit_id), [])
    return Viewer(principal.units, tuple(path), principal.actor.id)


async def see(tx: Tx, segment_id: UUID, viewer: Viewer) -> Segment:
    """A segment at its latest version; `SegmentUnknown` where the viewer does not see it."""
    segment = await get(tx, segment_id)
    seen = viewer.units is None or segment.unit_id is None or segment.shared_with is Sharing.BANK
    if not seen and segment.unit_id not in {*(viewer.units or ()), *viewer.above}:
        raise SegmentUnknown("There is no such segment.")
    return segment


async def check_references(tx: Tx, principal: Principal, tree: dict[str, Any], segment_id: UUID | None = None) -> None:
    """A rule may name segments the caller sees, and those that the stored rule of `segment_id` names already.

    `SegmentUnknown` for any other.
    """
    named = references(parse(tree))
    if not named:
        return
    viewer = await viewer_of(tx, principal)
    if segment_id is not None:
        named -= references(parse((await see(tx, segment_id, viewer)).expression))
    for one in sorted(named):
        await see(tx, one, viewer)


async def owned(tx: Tx, segment_id: UUID, units: Collection[UnitId] | None) -> Segment:
    """A segment the caller may change; `NotYours` outside their units."""
    segment = await get(tx, segment_id)
    if units is not None and segment.unit_id not in units:
        if segment.unit_id is not None and segment.shared_with is not Sharing.BANK:
            raise SegmentUnknown("There is no such segment.")
        raise NotYours("The segment belongs to another unit: copy it to change it.", segment_id=str(segment_id))
    return segment


async def get(tx: Tx, segment_id: UUID, *, units: Collection[UnitId] | None = None) -> Segment:
    """A segment at its latest version; `SegmentUnknown` outside the scope as well."""
    row = await store.get_segment(tx, segment_id)
    if row is None:
        raise SegmentUnknown("There is no such segment.")
    segment = msgspec.convert(dict(row), Segment)
    if units is None or segment.unit_id is None or segment.unit_id in units or segment.shared_with is Sharing.BANK:
        return segment
    below = await people.units.descendants(tx, [segment.unit_id])
    if not below & set(units):
        raise SegmentUnknown("There is no such segment.")
    return segment


async def get_many(tx: Tx, segment_ids: Collection[UUID]) -> dict[UUID, Segment]:
    """Segments at their latest version by id, those that exist; whose they are is for the caller to ask."""
    rows = await store.get_segments(tx, segment_ids) if segment_ids else []
    return {row["id"]: msgspec.convert(dict(row), Segment) for row in rows}


async def find(
    tx: Tx,
    *,
    q: str = "",
    tab: str = "",
    viewer: Viewer | None = None,
    units: Collection[UnitId] | None = None,
    limit: int = 50,
) -> tuple[list[Segment], dict[str, int]]:
    """Segments by name, latest change first, and how many each tab has."""
    found = await listed(tx, q=q, tab=tab, viewer=viewer or Viewer(units), limit=limit)
    return list(found.rows), found.counts


def order_of(asked: str) -> Sort:
    """The order somebody asked for: a column of `SORTS`, a hyphen before it for the other way round."""
    return sort_of(store.SORTS, asked, row_id="s.id")


async def listed(
    tx: Tx,
    *,
    q: str = "",
    tab: str = "",
    viewer: Viewer,
    used: Mapping[UUID, int] | None = None,
    sort: str = LATEST,
    after: Place | None = None,
    limit: int = 50,
) -> Rows[Segment]:
    """A page of the list, with how many each tab has (`all` for none); `used` says what how many things use."""
    view = store.View(
        q=q.strip(), tab=tab, staff=viewer.staff, units=viewer.units, above=viewer.above, used=used or {}
    )  # fmt: skip
    rows = await store.find_segments(tx, view, order_of(sort), after, limit)
    return Rows(
        rows=[msgspec.convert(dict(row), Segment) for row in rows],
        keys=[row["sort_key"] for row in rows],
        counts=await store.count_segments(tx, view),
    )


async def versions(tx: Tx, segment_id: UUID) -> list[SegmentVersion]:
    """All versions, latest first."""
    return [msgspec.convert(dict(row), SegmentVersion) for row in await store.versions(tx, segment_id)]


async def uses(tx: Tx, expression: Expression | dict[str, Any]) -> list[AttributeUse]:
    """The attributes an expression names, each with its path to a deposit fact if it has one (rule B1)."""
    tree = parse(expression) if isinstance(expression, dict) else expression
    return uses_of(tree, await vocabulary(tx, tree))


async def _check(
    tx: Tx, expression: Expression, serves: Serves, basis: str | None, purpose: str, of: UUID | None = None
) -> None:
    words = await vocabulary(tx, expression, of=of)
    compiled = compile_expression(expression, words, serves=serves, basis=basis, purpose=purpose)
    if missing := compiled.uploads - await store.known_uploads(tx, compiled.uploads):
        raise UploadUnknown(f"There is no uploaded list {min(missing)}.", pointer="/expression")


async def _record(tx: Tx, action: str, segment_id: UUID, after: dict[str, Any]) -> None:
    entry = audit.AuditEntry(action=action, subject_kind="segment", subject_id=str(segment_id), after=after)
    await audit.record(tx, entry)


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

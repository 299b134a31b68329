"""What the approval pages show: the list with its tabs, one change with its progress, and what the reader may do."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern import people
from huoke.govern.approvals import store
from huoke.govern.approvals.model import (
    OPEN,
    ChangeState,
    ChangeUnknown,
    Check,
    Decision,
    FieldChange,
    Simulation,
    StoredChange,
    Verdict,
)
from huoke.kernel.principal import Principal
from huoke.kernel.tx import ActorKind, Tx

_NOBODY = UUID(int=0)


class View(StrEnum):
    """Whose changes to list."""

    ALL = "all"
    MINE = "mine"
    TO_DECIDE = "to_decide"


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A change in the list."""

    id: UUID
    number: str
    kind: str
    subject_id: str
    title: str
    state: ChangeState
    unit_id: int
    maker_id: UUID
    maker_name: str
    submitted_at: datetime
    due_at: datetime | None
    stage_name: str
    stage_name_en: str
    changed_count: int
    groups: list[str]
    fails: int
    warns: int
    can: list[str]


class DiffGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Fields that belong together."""

    key: str
    fields: list[FieldChange]


class StageView(msgspec.Struct, frozen=True, kw_only=True):
    """A stage: `state` is done, current, waiting or skipped."""

    key: str
    name: str
    name_en: str
    role: str
    state: str
    checker_id: UUID | None
    checker_name: str
    verdict: Verdict | None
    comment: str
    decided_at: datetime | None
    due_at: datetime | None


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """A change with all that its page needs. `why_not` says why the reader cannot decide; empty when they can."""

    id: UUID
    number: str
    kind: str
    subject_id: str
    title: str
    state: ChangeState
    unit_id: int
    maker_id: UUID
    maker_name: str
    office_no: str
    submitted_at: datetime
    apply_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    diff_hash: str
    changed_count: int
    unchanged_count: int
    groups: list[DiffGroup]
    simulation: Simulation
    checks: list[Check]
    stages: list[StageView]
    can: list[str]
    why_not: str


async def find(
    tx: Tx,
    principal: Principal,
    *,
    state: ChangeState | None = None,
    q: str = "",
    view: View = View.ALL,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[ChangeRow]:
    """Changes of the principal's units, newest first."""
    staff_id, held = await _reader(tx, principal)
    changes = await store.find(
        tx,
        state=state,
        text=q.strip(),
        unit_ids=_units(principal),
        view=view,
        staff_id=staff_id,
        held=held,
        before=before,
        limit=limit,
    )
    names = await people.staff.names(tx, {str(change.maker_id) for change in changes})
    decided = {row.id for row in changes if row.state is ChangeState.PENDING and _holds(row, staff_id, held)}
    return [_row(change, names, principal, change.id in decided) for change in changes]


async def count(tx: Tx, principal: Principal) -> dict[str, int]:
    """The numbers on the tabs: by state, `mine`, `to_decide`."""
    staff_id, held = await _reader(tx, principal)
    return await store.count(tx, _units(principal), staff_id, held)


async def get(tx: Tx, principal: Principal, change_id: UUID) -> ChangeView:
    """One change; `ChangeUnknown`, also outside the principal's units."""
    change = await find_change(tx, change_id)
    if not principal.covers(change.unit_id):
        raise ChangeUnknown("There is no such change.")
    staff_id, held = await _reader(tx, principal)
    decisions = {decision.stage: decision for decision in await store.decisions(tx, change_id)}
    ids = {str(change.maker_id), *(str(decision.checker_id) for decision in decisions.values())}
    names = await people.staff.names(tx, ids)
    why_not = _why_not(change, staff_id, held, {decision.checker_id for decision in decisions.values()})
    return _view(change, decisions, names, _can(change, staff_id, decide=not why_not), why_not)


async def approvers(tx: Tx, change_id: UUID) -> list[str]:
    """The names of those who approved a change, in the order of its stages."""
    ids = [str(one.checker_id) for one in await store.decisions(tx, change_id) if one.verdict is Verdict.APPROVE]
    names = await people.staff.names(tx, ids)
    return [names.get(staff_id, staff_id) for staff_id in ids]


async def find_change(tx: Tx, change_id: UUID) -> StoredChange:
    """A change as stored; `ChangeUnknown`."""
    change = await store.get(tx, change_id)
    if change is None:
        raise ChangeUnknown("There is no such change.")
    return change


async def _reader(tx: Tx, principal: Principal) -> tuple[UUID, list[tuple[str, int]]]:
    """Who reads, and every (role, unit) they hold, spread over the units below."""
    if principal.actor.kind is not ActorKind.STAFF:
        return _NOBODY, []
    person = await people.staff.get(tx, UUID(principal.actor.id))
    units = await people.units.descendants(tx, {held.unit_id for held in person.roles})
    return person.id, [(role, unit) for role in sorted({held.role for held in person.roles}) for unit in units]


def _holds(change: StoredChange, staff_id: UUID, held: list[tuple[str, int]]) -> bool:
    return staff_id != change.maker_id and (change.stages[change.stage].role, change.unit_id) in held


def _why_not(change: StoredChange, staff_id: UUID, held: list[tuple[str, int]], checkers: set[UUID]) -> str:
    if change.state is not ChangeState.PENDING:
        return "approvals.closed"
    if staff_id == change.maker_id:
        return "approvals.own_change"
    if staff_id in checkers:
        return "approvals.decided_before"
    return "" if _holds(change, staff_id, held) else "approvals.not_your_stage"


def _can(change: StoredChange, staff_id: UUID, *, decide: bool) -> list[str]:
    withdraw = staff_id == change.maker_id and change.state in OPEN
    return [*(["decide"] if decide else []), *(["withdraw"] if withdraw else [])]


def _row(change: StoredChange, names: dict[str, str], principal: Principal, decidable: bool) -> ChangeRow:
    stage = change.stages[change.stage] if change.stage < len(change.stages) else None
    staff_id = UUID(principal.actor.id) if principal.actor.kind is ActorKind.STAFF else _NOBODY
    verdicts = [check.verdict for check in change.checks]
    return ChangeRow(
        id=change.id,
        number=change.number,
        kind=change.kind,
        subject_id=change.subject_id,
        title=change.title,
        state=change.state,
        unit_id=change.unit_id,
        maker_id=change.maker_id,
        maker_name=names.get(str(change.maker_id), ""),
        submitted_at=change.submitted_at,
        due_at=change.due_at,
        stage_name=stage.name if stage else "",
        stage_name_en=stage.name_en if stage else "",
        changed_count=len(change.diff),
        groups=list(dict.fromkeys(field.group for field in change.diff)),
        fails=verdicts.count("fail"),  # type: ignore[arg-type]
        warns=verdicts.count("warn"),  # type: ignore[arg-type]
        can=_can(change, staff_id, decide=decidable),
    )


def _view(
    change: StoredChange, decisions: dict[int, Decision], names: dict[str, str], can: list[str], why_not: str
) -> ChangeView:
    groups: dict[str, list[FieldChange]] = {}
    for field in change.diff:
        groups.setdefault(field.group, []).append(field)
    return ChangeView(
        id=change.id,
        number=change.number,
        kind=change.kind,
        subject_id=change.subject_id,
        title=change.title,
        state=change.state,
        unit_id=change.unit_id,
        maker_id=change.maker_id,
        maker_name=names.get(str(change.maker_id), ""),
        office_no=change.office_no,
        submitted_at=change.submitted_at,
        apply_at=change.apply_at,
        due_at=change.due_at,
        closed_at=change.closed_at,
        diff_hash=change.diff_hash,
        changed_count=len(change.diff),
        unchanged_count=change.unchanged_count,
        groups=[DiffGroup(key=key, fields=fields) for key, fields in groups.items()],
        simulation=change.simulation,
        checks=list(change.checks),
        stages=[_stage(change, index, decisions.get(index), names) for index in range(len(change.stages))],
        can=can,
        why_not=why_not,
    )


def _stage(change: StoredChange, index: int, decision: Decision | None, names: dict[str, str]) -> StageView:
    stage = change.stages[index]
    current = index == change.stage and change.state is ChangeState.PENDING
    waiting = "waiting" if change.state in OPEN else "skipped"
    return StageView(
        key=stage.key,
        name=stage.name,
        name_en=stage.name_en,
        role=stage.role,
        state="done" if decision else "current" if current else waiting,
        checker_id=decision.checker_id if decision else None,
        checker_name=names.get(str(decision.checker_id), "") if decision else "",
        verdict=decision.verdict if decision else None,
        comment=decision.comment if decision else "",
        decided_at=decision.decided_at if decision else None,
        due_at=change.due_at if current else None,
    )


def _units(principal: Principal) -> list[int] | None:
    return None if principal.units is None else sorted(principal.units)

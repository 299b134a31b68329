"""Alarms of supply: what runs low or does not answer, raised once and cleared when it is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from huoke.kernel.events import Event
from huoke.kernel.tx import Tx
from huoke.reward.supply import store_alarm
from huoke.reward.supply.model import AlarmKind, Standing


class Alarm(Standing, frozen=True, kw_only=True):
    """An alarm as read; `cleared_at` None is one that still stands."""

    id: UUID
    raised_at: datetime
    cleared_at: datetime | None


class AlarmRaised(Event, frozen=True, kw_only=True):
    """Something ran low or stopped answering."""

    name: ClassVar[str] = "supply.alarm_raised"
    alarm_id: UUID
    kind: str
    subject: str
    supplier_id: UUID | None
    value: int
    threshold: int


class AlarmCleared(Event, frozen=True, kw_only=True):
    """What an alarm told is over."""

    name: ClassVar[str] = "supply.alarm_cleared"
    alarm_id: UUID
    kind: str


async def watch(tx: Tx, kinds: Sequence[AlarmKind], standing: Sequence[Standing]) -> int:
    """Given all of these kinds that is wrong now, raise what is new and clear what is over; says how many rose."""
    raised = await store_alarm.raise_(tx, standing)
    for alarm_id, one in raised:
        tx.emit(
            AlarmRaised(
                alarm_id=alarm_id,
                kind=one.kind.value,
                subject=one.subject,
                supplier_id=one.supplier_id,
                value=one.value,
                threshold=one.threshold,
            )
        )
    for row in await store_alarm.clear(tx, kinds, standing):
        tx.emit(AlarmCleared(alarm_id=row["id"], kind=row["kind"]))
    return len(raised)


async def alarms(tx: Tx, *, supplier_id: UUID | None = None, open_only: bool = True, limit: int = 100) -> list[Alarm]:
    """Alarms, those that stand first, then latest first."""
    rows = await store_alarm.find(tx, supplier_id, open_only=open_only, limit=limit)
    return [Alarm(**{**dict(row), "kind": AlarmKind(row["kind"])}) for row in rows]

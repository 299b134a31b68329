"""From draft to champion: proposed by one person, approved by another (rule D5); and retired."""

from typing import Any
from uuid import UUID

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import units
from huoke.kernel.tx import Tx
from huoke.know.models import store
from huoke.know.models.model import (
    CALIBRATION_ERROR_MAX,
    TASKS,
    ChampionChosen,
    Damaged,
    ModelUnknown,
    State,
    StateUnfit,
    TaskName,
    Version,
)
from huoke.know.models.score import opened
from huoke.know.models.worth import TOTAL_ERROR_MAX

KIND = "model"
_PROPOSED = (State.DRAFT, State.CHALLENGER)


async def get(tx: Tx, version_id: UUID) -> Version:
    """One version; `ModelUnknown`."""
    found = await store.versions(tx, ids=[version_id])
    if not found:
        raise ModelUnknown("There is no such model.")
    return found[0]


async def propose(tx: Tx, version_id: UUID) -> UUID:
    """Propose a draft or a challenger as champion; the change's id. `StateUnfit`, the refusals of approvals."""
    version = await get(tx, version_id)
    if not await store.move(tx, version_id, _PROPOSED, State.PENDING):
        raise StateUnfit(f"It is {version.state}: only a draft or a challenger can be proposed.", state=version.state)
    task = TASKS[version.task]
    change_id = await approvals.submit(
        tx,
        NewChange(
            kind=KIND,
            subject_id=str(version_id),
            title=f"启用模型「{task.label}」第 {version.number} 版 · {task.label_en}, version {version.number}",
            unit_id=await units.head_office(tx),
            diff=await _diff(tx, version),
        ),
    )
    await store.set_change(tx, version_id, change_id)
    return change_id


async def retire(tx: Tx, version_id: UUID) -> Version:
    """Put a version away for good; a champion's scores stay as they are, and none is told anew. `StateUnfit`."""
    version = await get(tx, version_id)
    if not await store.move(tx, version_id, (State.DRAFT, State.CHALLENGER, State.CHAMPION), State.RETIRED):
        raise StateUnfit(f"It is {version.state} and cannot be retired.", state=version.state)
    await _record(tx, "models.retire", version)
    return await get(tx, version_id)


class ModelApproval:
    """Serves approvals of kind `model`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How the version was judged, against the champion."""
        version = await get(tx, UUID(subject_id))
        before = await _champion(tx, version.task)
        shown = [
            (key, words)
            for key, words in _METRICS.items()
            if key in version.metrics
        ]  # fmt: skip
        return Simulation(
            rows=tuple(
                SimulationRow(
                    key=key, label=words[0], label_en=words[1], unit="count",
                    before=None if before is None else _shown(before.metrics.get(key)),
                    after=_shown(version.metrics[key]),
                )
                for key, words in shown
            )
        )  # fmt: skip

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whether what it tells is what is then seen, whether its text is the registered one, what stands."""
        version = await get(tx, UUID(subject_id))
        error = version.metrics.get("calibration_error", version.metrics.get("total_error", 1.0))
        most = TOTAL_ERROR_MAX if version.task is TaskName.VALUE else CALIBRATION_ERROR_MAX
        standing = [one.label for one in version.features if one.standing]
        return [
            Check(
                rule="models.calibration",
                verdict=CheckVerdict.PASS if error <= most else CheckVerdict.FAIL,
                detail=f"校准误差 {error:.2%}，上限 {most:.1%}",
                detail_en=f"What it tells is {error:.2%} from what was seen; {most:.1%} is allowed",
                data={"error": error, "most": most},
            ),
            await _text_check(tx, version),
            Check(
                rule="models.standing",
                verdict=CheckVerdict.WARN if standing else CheckVerdict.PASS,
                detail=f"按当前值取用的属性：{'、'.join(standing)}" if standing else "所有特征都只看截止日之前",
                detail_en=f"Attributes as they are now: {', '.join(standing)}"
                if standing
                else "Every feature looks before the cut-off alone",
                data={"standing": standing},
            ),
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Make it the champion; `approvals.Stale` when another became champion, or it was retired, meanwhile."""
        version = await get(tx, UUID(subject_id))
        if version.state is not State.PENDING or approvals.diff_hash(await _diff(tx, version)) != diff_hash:
            raise approvals.Stale("The champion, or the version itself, is no longer what was approved.")
        await store.crown(tx, version.id, version.task)
        await _record(tx, "models.approve", version)
        tx.emit(ChampionChosen(task=version.task.value, number=version.number))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved is a draft again."""
        del state
        await store.move(tx, UUID(subject_id), (State.PENDING,), State.DRAFT)


async def _text_check(tx: Tx, version: Version) -> Check:
    try:
        await opened(tx, version)
    except Damaged as refusal:
        return Check(rule="models.text", verdict=CheckVerdict.FAIL, detail=refusal.detail, detail_en=refusal.detail)
    return Check(
        rule="models.text", verdict=CheckVerdict.PASS, detail="模型文本与登记的哈希一致",
        detail_en="The text is the one that was registered", data={"sha256": version.text_hash},
    )  # fmt: skip


async def _champion(tx: Tx, task: TaskName) -> Version | None:
    found = await store.versions(tx, task=task, state=State.CHAMPION)
    return found[0] if found else None


async def _diff(tx: Tx, version: Version) -> tuple[FieldChange, ...]:
    before = await _champion(tx, version.task)
    rows: list[tuple[str, str, str, Any, Any]] = [
        ("version", "版本", "Version", before and before.number, version.number),
        ("algorithm", "算法", "Algorithm", before and before.algorithm, version.algorithm),
        (
            "judged_on",
            "评估截止日",
            "Judged from",
            before and before.judged_on.isoformat(),
            version.judged_on.isoformat(),
        ),
        ("text_hash", "模型文本 SHA-256", "Text, SHA-256", before and before.text_hash, version.text_hash),
        ("data_hash", "训练数据 SHA-256", "Data, SHA-256", before and before.data_hash, version.data_hash),
        ("code_version", "代码版本", "Code", before and before.code_version, version.code_version),
    ]
    return tuple(
        FieldChange(path=path, label=label, label_en=label_en, before=was, after=now, group="model")
        for path, label, label_en, was, now in rows
        if was != now
    )


async def _record(tx: Tx, action: str, version: Version) -> None:
    entry = audit.AuditEntry(
        action=action, subject_kind="model", subject_id=str(version.id),
        after={"task": version.task.value, "number": version.number},
    )  # fmt: skip
    await audit.record(tx, entry)


def _shown(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


_METRICS = {
    "auc": ("AUC（时间外）", "AUC, out of time"),
    "calibration_error": ("校准误差", "Calibration error"),
    "top_tenth_lift": ("前 10% 提升", "Lift of the top tenth"),
    "total_error": ("总额误差", "Error of the total"),
    "correlation": ("客户间相关系数", "Correlation over customers"),
}

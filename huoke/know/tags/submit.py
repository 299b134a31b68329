"""Approval of tags: versions are handed in together, and count once another person said yes (rule D5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import approvals, audit, tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import units
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know.tags import store
from huoke.know.tags.model import KEPT, Definition, TagsApproved
from huoke.know.tags.refusals import DefinitionUnfit, TagKept, TagNotThere, TagUnknown
from huoke.know.tags.save import AT_ONCE, check, save

KIND = "tags"
SHOWN = 40
ALONE = tenants.declare("tags.without_approval", bool, default=False, rule="D5")
"""Whether a version counts as soon as it is handed in. For banks whose tags are reviewed where their files are kept."""


async def submit(tx: Tx, names: Sequence[str], note: str = "") -> UUID | None:
    """Hand in the latest versions of at most `AT_ONCE` tags; the change's id, None where the bank needs none.

    `TagUnknown`; `TagNotThere` where the latest version waits or counts already; `TagKept`; the refusals of approvals.
    """
    if not 1 <= len(names) <= AT_ONCE:
        raise DefinitionUnfit(f"Hand in 1 to {AT_ONCE} tags at a time.", pointer="/names")
    rows = await store.by_names(tx, names)
    for place, name in enumerate(names):
        if name not in rows:
            raise TagUnknown(f"There is no tag '{name[:80]}'.", pointer=f"/names/{place}", name=name[:80])
        if (state := rows[name]["latest_state"]) != "draft":
            raise TagNotThere(
                f"The latest version of '{name}' is {state} already.", pointer=f"/names/{place}", name=name, state=state
            )
        if (category := rows[name]["category"].partition("/")[0]) in KEPT:
            raise TagKept(f"'{name}' is changed where the {category} is.", pointer=f"/names/{place}", name=name)
    pairs = sorted((row["number"], row["latest"]) for row in rows.values())
    submission_id = new_id()
    await store.add_submission(tx, submission_id, pairs, note.strip())
    if await tenants.setting(tx, ALONE):
        await _count(tx, submission_id)
        return None
    diff = await _diff(tx, pairs)
    row = rows[names[0]]
    only = (f"「{row['label']}」", row["label_en"]) if len(names) == 1 else (f"{len(names)} 个", str(len(names)))
    change_id = await approvals.submit(
        tx,
        NewChange(
            kind=KIND,
            subject_id=str(submission_id),
            title=f"标签定义{only[0]} · Tags: {only[1]}",
            unit_id=await units.head_office(tx),
            diff=diff,
        ),
    )
    await store.set_change(tx, submission_id, change_id)
    return change_id


async def enact(tx: Tx, definitions: Sequence[Definition]) -> None:
    """Save definitions and let them count at once: another module's approval stood for them (rule D5).

    Those that count already as they are stay; raises the refusals of `save`, and `TagNotThere` for one that waits.
    """
    for outcome in await save(tx, definitions):
        if isinstance(outcome, Refusal):
            raise outcome
    rows = await store.by_names(tx, [one.name for one in definitions])
    for row in rows.values():
        if row["latest_state"] == "pending":
            raise TagNotThere(f"A version of '{row['name']}' waits for its approval.", name=row["name"])
    pairs = sorted((row["number"], row["latest"]) for row in rows.values() if row["latest_state"] == "draft")
    if pairs:
        submission_id = new_id()
        await store.add_submission(tx, submission_id, pairs, "")
        await _count(tx, submission_id)


class TagsApproval:
    """Serves approvals of kind `tags`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many tags begin to count and how many change; who has which is worked out once they count."""
        rows = [row for row, _ in await _handed_in(tx, subject_id)]
        new = sum(row["version"] is None for row in rows)
        return Simulation(
            rows=(
                SimulationRow(key="new", label="新标签", label_en="New tags", unit="count", before=None, after=new),
                SimulationRow(
                    key="changed", label="变更的标签", label_en="Tags that change", unit="count", before=None,
                    after=len(rows) - new,
                ),
                SimulationRow(
                    key="uses", label="正在使用它们的对象", label_en="Things that use them now", unit="count",
                    before=None, after=sum(row["used"] for row in rows),
                ),
            )
        )  # fmt: skip

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whether every definition still fits the bank's vocabulary, and which of them look at deposit facts."""
        definitions = [one for _, one in await _handed_in(tx, subject_id)]
        found, refused = await check(tx, definitions)
        pairs = list(zip(definitions, refused, strict=True))
        unfit = [f"{one.name}: {refusal.detail}" for one, refusal in pairs if refusal is not None]
        deposits = [one.name for one, refusal in pairs if refusal is None and found.derivation(one.name).deposit_path]
        verdict = CheckVerdict.WARN if deposits else CheckVerdict.PASS
        listed = ", ".join(deposits[:SHOWN])
        return [
            Check(
                rule="tags.definition",
                verdict=CheckVerdict.FAIL if unfit else CheckVerdict.PASS,
                detail=unfit[0] if unfit else "定义都能执行",
                detail_en=unfit[0] if unfit else "Every definition can be worked out",
                data={"unfit": unfit[:SHOWN]},
            ),
            Check(
                rule="B1",
                verdict=verdict,
                detail=f"取自存款信息：{listed}" if deposits else "没有标签取自存款信息",
                detail_en=f"Taken from deposit facts: {listed}" if deposits else "None is taken from deposit facts",
                data={"tags": deposits},
            ),
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Let the versions count; `approvals.Stale` when they are no longer what was approved."""
        row = await store.submission(tx, UUID(subject_id))
        if row is None or approvals.diff_hash(await _diff(tx, _pairs(row))) != diff_hash:
            raise approvals.Stale("These tags are no longer what was approved.")
        await _count(tx, row["id"])

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved is a draft again."""
        del state
        row = await store.submission(tx, UUID(subject_id))
        if row is not None:
            await store.reopen(tx, row["id"], row["numbers"], row["versions"])


async def _count(tx: Tx, submission_id: UUID) -> None:
    handed_in = await _handed_in(tx, str(submission_id))
    traced, refused = await check(tx, [one for _, one in handed_in])
    for refusal in refused:
        if refusal is not None:
            raise refusal
    found = []
    for row, one in handed_in:
        derivation = traced.derivation(one.name)
        found.append(
            {
                "number": row["number"],
                "version": row["handed_in"],
                "definition": one,
                "data_class": derivation.data_class,
                "deposit_derived": bool(derivation.deposit_path),
            }
        )
    await store.approve(tx, submission_id, found)
    numbers = tuple(one["number"] for one in found)
    entry = audit.AuditEntry(
        action="tags.approve", subject_kind="tag", subject_id=str(submission_id), after={"numbers": list(numbers)}
    )
    await audit.record(tx, entry)
    tx.emit(TagsApproved(numbers=numbers))


async def _handed_in(tx: Tx, subject_id: str) -> list[tuple[dict[str, Any], Definition]]:
    row = await store.submission(tx, UUID(subject_id))
    if row is None:
        raise TagUnknown("There is no such submission.")
    pairs = dict(_pairs(row))
    rows = await store.by_numbers(tx, pairs)
    known = await store.definitions(tx, pairs.items())
    return [({**rows[number], "handed_in": version}, known[number]) for number, version in sorted(pairs.items())]


async def _diff(tx: Tx, pairs: Sequence[tuple[int, int]]) -> tuple[FieldChange, ...]:
    """Each tag that is handed in: what it was, and what it is to be."""
    rows = await store.by_numbers(tx, [number for number, _ in pairs])
    counting = await store.definitions(
        tx, [(number, row["version"]) for number, row in rows.items() if row["version"] is not None]
    )
    wanted = await store.definitions(tx, pairs)
    if len(pairs) == 1:
        number = pairs[0][0]
        was, now = _changed(counting.get(number), wanted[number])
        return tuple(
            FieldChange(
                path=name, label=_LABELS[name][0], label_en=_LABELS[name][1], group="tags", before=was.get(name),
                after=value,
            )
            for name, value in now.items()
        )  # fmt: skip
    changes: list[FieldChange] = []
    for number, _ in pairs:
        one = wanted[number]
        was, now = _changed(counting.get(number), one)
        changes.append(
            FieldChange(
                path=one.name, label=one.label, label_en=one.label_en, group="tags", before=was or None, after=now
            )
        )
    return tuple(changes)


def _changed(before: Definition | None, after: Definition) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are to be. Bands come with the measure they cut."""
    was = {} if before is None else msgspec.to_builtins(before)
    now = msgspec.to_builtins(after)
    names = [
        name for name, value in now.items() if was.get(name) != value and (was or value not in (None, "", [], False))
    ]
    if "values" in names and now["statistic"] is not None and "statistic" not in names:
        names.append("statistic")
    return {name: was[name] for name in names if was}, {name: now[name] for name in names}


def _pairs(row: Any) -> list[tuple[int, int]]:
    return sorted(zip(row["numbers"], row["versions"], strict=True))


_LABELS = {
    "name": ("标识", "Name"), "label": ("名称", "Label"), "label_en": ("英文名称", "English label"),
    "meaning": ("含义", "Meaning"), "meaning_en": ("英文含义", "English meaning"), "category": ("类目", "Category"),
    "kind": ("类型", "Kind"), "values": ("取值", "Values"), "statistic": ("统计口径", "Statistic"),
    "wording": ("客户可见文案", "What the customer reads"),
    "wording_en": ("客户可见英文文案", "What the customer reads, in English"),
    "owner": ("负责人", "Owner"), "steward": ("管理员", "Steward"), "purposes": ("可用目的", "Purposes"),
    "risk": ("风险标签", "Risk tag"), "schedule": ("更新频率", "Schedule"),
    "fresh_hours": ("新鲜度承诺（小时）", "Promise (hours)"), "when_stale": ("过期时", "When stale"),
    "history": ("保留历史", "Keeps history"), "announce": ("通知进出", "Announces"),
    "sunset_on": ("下线日期", "Sunset"),
}  # fmt: skip

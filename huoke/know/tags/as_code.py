"""Tags as code: definitions in YAML, what applying them would do, and doing it.

tags:
- name: quiet_30d
label: 近30天未登录
label_en: No sign-in for 30 days
meaning: …
category: activity/app
kind: statistic
statistic: {event: app.login, window_days: 30}
values: [{name: "yes", label: 是, label_en: "Yes", high: 1}]
archive: [old_tag]
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import yaml

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know.tags import store
from huoke.know.tags.model import Definition, Statistic, TagState, TagValue, check_definition, content
from huoke.know.tags.refusals import DefinitionUnfit, TagUnknown
from huoke.know.tags.save import AT_ONCE, check, save, set_state
from huoke.know.tags.submit import submit

TEXT_MAX = 8_000_000


class TagCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file says: definitions as they are to be, and tags to put away."""

    tags: tuple[Definition, ...] = ()
    archive: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that applying does: create, change or archive a tag; `fields` are those that differ."""

    verb: str
    name: str
    fields: list[str] = []


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What applying a file would do; `same` tags are as it says already."""

    steps: list[Step]
    same: int


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, and the change that waits for another person; None where nothing does."""

    steps: list[Step]
    same: int
    change_id: UUID | None


def from_yaml(text: str) -> TagCode:
    """Read a file; `DefinitionUnfit` says where it is wrong. References between its parts are not taken."""
    if len(text) > TEXT_MAX:
        raise DefinitionUnfit(f"The file has over {TEXT_MAX:,} characters: cut it.", pointer="/text")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
            raise DefinitionUnfit("Write every part out: YAML's references (&, *) are not taken.", pointer="/text")
        found = msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader) or {}, TagCode)
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError) as error:
        raise DefinitionUnfit(f"The file cannot be read: {error}.", pointer="/text") from None
    for place, one in enumerate(found.tags):
        try:
            check_definition(one)
        except Refusal as refusal:
            raise _placed(refusal, place, one.name) from None
    return found


def to_yaml(definitions: Iterable[Definition], archive: Sequence[str] = ()) -> str:
    """A file that says these definitions; what is as usual is left out."""
    said: dict[str, Any] = {"tags": [lean(one) for one in definitions]}
    if archive:
        said["archive"] = list(archive)
    text: str = yaml.dump(said, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)
    return text


def lean(one: Definition) -> dict[str, Any]:
    """A definition without what is as usual."""
    fields = _differing(one)
    fields["values"] = [_differing(value) for value in one.values]
    if one.statistic is not None:
        fields["statistic"] = _differing(one.statistic)
    return fields


async def definitions(tx: Tx, category: str = "") -> list[Definition]:
    """The latest definitions of the tags that are not put away, of a category and those below, by category and name."""
    rows = [
        row
        for row in await store.in_use(tx, ("draft", "active", "frozen"))
        if not category or row["category"] == category or row["category"].startswith(f"{category}/")
    ]
    known = await store.definitions(tx, [(row["number"], row["latest"]) for row in rows])
    return sorted(known.values(), key=lambda one: (one.category, one.name))


async def plan(tx: Tx, code: TagCode) -> Plan:
    """What applying would do; the refusals of saving, `TagUnknown` for a tag to put away that is not there."""
    rows = await store.by_names(tx, [*(one.name for one in code.tags), *code.archive])
    known = await store.definitions(tx, [(row["number"], row["latest"]) for row in rows.values()])
    steps: list[Step] = []
    for one in code.tags:
        row = rows.get(one.name)
        if row is None:
            steps.append(Step(verb="create", name=one.name))
        elif content(before := known[row["number"]]) != content(one):
            steps.append(Step(verb="change", name=one.name, fields=_fields(before, one)))
    same = len(code.tags) - len(steps)
    differing = {step.name for step in steps}
    wanted = {place: one for place, one in enumerate(code.tags) if one.name in differing}
    _, outcomes = await check(tx, list(wanted.values()))
    for (place, one), refusal in zip(wanted.items(), outcomes, strict=True):
        if refusal is not None:
            raise _placed(refusal, place, one.name)
    for name in code.archive:
        if name not in rows:
            raise TagUnknown(f"There is no tag '{name[:80]}' to put away.", pointer="/archive", name=name[:80])
        if rows[name]["state"] != TagState.ARCHIVED:
            steps.append(Step(verb="archive", name=name))
    return Plan(steps=steps, same=same)


async def apply(tx: Tx, code: TagCode, note: str = "") -> Applied:
    """Save what differs, hand it in for approval, put away what is named: all of it or, by a refusal, nothing.

    At most `AT_ONCE` definitions may differ at a time.
    """
    planned = await plan(tx, code)
    names = [step.name for step in planned.steps if step.verb != "archive"]
    if len(names) > AT_ONCE:
        raise DefinitionUnfit(
            f"{len(names)} definitions differ; at most {AT_ONCE} at a time: cut the file.", pointer="/text"
        )
    wanted = {one.name: one for one in code.tags}
    for place, outcome in enumerate(await save(tx, [wanted[name] for name in names])):
        if isinstance(outcome, Refusal):
            raise _placed(outcome, place, names[place])
    for step in planned.steps:
        if step.verb == "archive":
            row = (await store.by_names(tx, [step.name]))[step.name]
            await set_state(tx, row["id"], TagState.ARCHIVED)
    change_id = await submit(tx, names, note) if names else None
    return Applied(steps=planned.steps, same=planned.same, change_id=change_id)


def _fields(before: Definition, after: Definition) -> list[str]:
    return [name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name)]


def _differing(one: Definition | Statistic | TagValue) -> dict[str, Any]:
    """The fields of a part that are not as usual, as plain values."""
    usual = {field.name: field.default for field in msgspec.structs.fields(one)}
    plain: dict[str, Any] = msgspec.to_builtins(one)
    return {name: value for name, value in plain.items() if getattr(one, name) != usual[name]}


def _placed(refusal: Refusal, place: int, name: str) -> Refusal:
    refusal.pointer = f"/tags/{place}{refusal.pointer}"
    refusal.detail = f"{name}: {refusal.detail}"
    return refusal

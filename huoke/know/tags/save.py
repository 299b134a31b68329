"""Saving tags in versions, and their states: every definition is checked against the bank's vocabulary first."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, language
from huoke.know.language import Expression, Reference, Upload, Vocabulary, parse, walk
from huoke.know.tags import store
from huoke.know.tags.model import Definition, Kind, RefreshAsked, TagState, check_definition, codes_for, content
from huoke.know.tags.refusals import DefinitionUnfit, TagExists, TagInUse, TagNotThere, TagUnknown, TagVersionStale
from huoke.know.tags.using import uses_of_tag
from huoke.know.tags.words import Book, Entry, behaviour, book, entry_of, latest, named_tags

AT_ONCE = 500
_BASIS = "tags"
"""Selecting on a deposit fact needs a basis where the tag is used, not where it is defined (rule B1)."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a definition: the tag's latest version, and whether it is a new one."""

    name: str
    number: int
    version: int
    changed: bool


async def save(tx: Tx, definitions: Sequence[Definition]) -> list[Saved | Refusal]:
    """Save at most `AT_ONCE` definitions, new tags and versions of known ones; each its own outcome, in order.

    The same definition again is no new version. Refusals: `DefinitionUnfit`, those of compiling, `TagCircle`.
    """
    assert len(definitions) <= AT_ONCE, "more go in several transactions"
    await store.lock(tx)
    known = await store.by_names(tx, (one.name for one in definitions))
    fitting, refused = await _checked(tx, definitions, known)
    outcomes: list[Saved | Refusal | None] = list(refused)
    number = await store.next_number(tx)
    new: list[dict[str, Any]] = []
    more: list[dict[str, Any]] = []
    before = await store.definitions(tx, [(row["number"], row["latest"]) for row in known.values()])
    for place, one in enumerate(definitions):
        if outcomes[place] is not None:
            continue
        row = known.get(one.name)
        if row is not None and content(before[row["number"]]) == content(one):
            outcomes[place] = Saved(name=one.name, number=row["number"], version=row["latest"], changed=False)
            continue
        own, version = (number, 1) if row is None else (row["number"], row["latest"] + 1)
        found = fitting.derivation(one.name)
        fields = {
            "number": own,
            "definition": one,
            "version": version,
            "codes": dict(fitting.entries[one.name].codes),
            "data_class": found.data_class,
            "deposit_derived": bool(found.deposit_path),
        }
        (new if row is None else more).append(fields)
        number += row is None
        outcomes[place] = Saved(name=one.name, number=own, version=version, changed=True)
    await store.insert(tx, new)
    await store.next_versions(tx, more)
    await store.add_versions(
        tx, [(one["number"], one["version"], one["definition"], content(one["definition"])) for one in (*new, *more)]
    )
    await _record(tx, "tags.save", [one["definition"].name for one in (*new, *more)])
    return [_settled(outcome) for outcome in outcomes]


async def create(tx: Tx, one: Definition) -> UUID:
    """Save a tag that is not there yet; `TagExists` and the refusals of `save`."""
    if await store.by_names(tx, [one.name]):
        raise TagExists(f"There is a tag '{one.name}' already: change it, or choose another name.", pointer="/name")
    return await _one(tx, one)


async def change(tx: Tx, tag_id: UUID, one: Definition, expected_version: int) -> int:
    """Save a new version and say which; its name stays. `TagUnknown`, `TagVersionStale`, refusals of `save`."""
    row = await _row(tx, tag_id)
    if one.name != row["name"]:
        raise DefinitionUnfit(f"A tag keeps its name: '{row['name']}'.", pointer="/name")
    if row["latest"] != expected_version:
        raise TagVersionStale(
            f"The tag is at version {row['latest']} by now; load it again.",
            pointer="/expected_version",
            version=row["latest"],
        )
    await _one(tx, one)
    return int((await _row(tx, tag_id))["latest"])


async def set_state(tx: Tx, tag_id: UUID, state: TagState) -> None:
    """Freeze a tag, take it up again, or put it away; `TagNotThere`, and `TagInUse` for one that is still named."""
    row = await _row(tx, tag_id)
    if state not in _NEXT[TagState(row["state"])] or (state is TagState.ACTIVE and row["version"] is None):
        raise TagNotThere(f"A tag that is {row['state']} cannot become {state}.", pointer="/state", state=row["state"])
    if state is TagState.ARCHIVED and (uses := await uses_of_tag(tx, row["name"])):
        raise TagInUse(
            f"{len(uses)} things use the tag, such as {uses[0].kind} '{uses[0].name}': take it out there first.",
            uses=[msgspec.to_builtins(use) for use in uses[:10]],
        )
    await store.set_state(tx, row["number"], state.value)
    await _record(tx, f"tags.{state.value}", [row["name"]])
    if state is TagState.ACTIVE:
        tx.emit(RefreshAsked(numbers=(row["number"],)))


async def ask_refresh(tx: Tx, names: Sequence[str], *, whole: bool = False) -> None:
    """Ask for tags to be filled again in the background; `TagUnknown`, `TagNotThere` for one that is not active."""
    tx.emit(RefreshAsked(numbers=tuple(await numbers_of(tx, names)), whole=whole))


async def numbers_of(tx: Tx, names: Sequence[str]) -> list[int]:
    """The numbers of active tags by name; `TagUnknown`, `TagNotThere` for one that is not active."""
    rows = await store.by_names(tx, names)
    for name in names:
        if name not in rows:
            raise TagUnknown(f"There is no tag '{name[:80]}'.", pointer="/names", name=name[:80])
        if rows[name]["state"] != TagState.ACTIVE:
            raise TagNotThere(f"'{name}' is {rows[name]['state']}: it is not filled.", pointer="/names")
    return sorted(row["number"] for row in rows.values())


async def check(tx: Tx, definitions: Sequence[Definition]) -> tuple[Book, list[Refusal | None]]:
    """A book in which these definitions stand beside what they look at, and why each of them would not be saved."""
    return await _checked(tx, definitions, await store.by_names(tx, (one.name for one in definitions)))


async def _checked(
    tx: Tx, definitions: Sequence[Definition], known: Mapping[str, Any]
) -> tuple[Book, list[Refusal | None]]:
    outcomes: list[Refusal | None] = [None] * len(definitions)
    entries: dict[str, Entry] = {}
    purposes = {purpose.code for purpose in await consent.list_purposes(tx)}
    named: set[str] = set()
    for place, one in enumerate(definitions):
        try:
            check_definition(one)
            if one.name in entries:
                raise TagExists(f"'{one.name}' stands twice.", pointer="/name")
            if unknown := set(one.purposes) - purposes:
                raise consent.PurposeUnknown(f"There is no purpose '{min(unknown)[:80]}'.", pointer="/purposes")
            named |= named_tags(one)
        except Refusal as refusal:
            outcomes[place] = refusal
            continue
        row = known.get(one.name)
        codes = codes_for(one.values, row["codes"] if row is not None else {})
        entries[one.name] = (
            Entry(number=0, definition=one, codes=codes)
            if row is None
            else msgspec.structs.replace(entry_of(row, one), codes=codes)
        )
    found = await book(tx, {**await latest(tx, named), **entries})
    for place, one in enumerate(definitions):
        if outcomes[place] is None:
            try:
                compile_definition(one, found)
            except Refusal as refusal:
                outcomes[place] = refusal
    return found, outcomes


def compile_definition(one: Definition, found: Book) -> None:
    """Whether everything a definition names is there and may be looked at; pointers lead into the definition."""
    found.derivation(one.name)
    words = found.vocabulary(named_tags(one))
    if one.statistic is not None:
        try:
            language.compile_expression(behaviour(one.statistic), words, basis=_BASIS)
        except Refusal as refusal:
            refusal.pointer = refusal.pointer.replace("/expression", "/statistic", 1)
            raise
        return
    looks_at_tags = False
    for place, value in enumerate(one.values):
        if value.expression is not None:
            pointer = f"/values/{place}/expression"
            expression = parse(value.expression, pointer=pointer)
            looks_at_tags |= _check_leaves(expression, pointer)
            _compile_value(expression, words, pointer)
    if one.kind in (Kind.RULE, Kind.DERIVED) and looks_at_tags is not (one.kind is Kind.DERIVED):
        form = "looks at other tags" if one.kind is Kind.DERIVED else "looks at no other tag"
        raise DefinitionUnfit(f"A {one.kind} {form}.", pointer="/kind")


def _check_leaves(expression: Expression, pointer: str) -> bool:
    """Whether it looks at tags; segments and lists are made for one purpose and stand above tags."""
    tags = False
    for path, node in walk(expression):
        if isinstance(node, Reference | Upload):
            raise DefinitionUnfit("A tag looks at no segment and no list.", pointer=pointer + path)
        tags |= isinstance(node, language.Tag)
    return tags


def _compile_value(expression: Expression, words: Vocabulary, pointer: str) -> None:
    try:
        language.compile_expression(expression, words, basis=_BASIS)
    except Refusal as refusal:
        refusal.pointer = refusal.pointer.replace("/expression", pointer, 1)
        raise


async def _one(tx: Tx, one: Definition) -> UUID:
    (outcome,) = await save(tx, [one])
    if isinstance(outcome, Refusal):
        raise outcome
    rows = await store.by_names(tx, [one.name])
    tag_id: UUID = rows[one.name]["id"]
    return tag_id


async def _row(tx: Tx, tag_id: UUID) -> Any:
    row = await store.by_id(tx, tag_id)
    if row is None:
        raise TagUnknown("There is no such tag.")
    return row


async def _record(tx: Tx, action: str, names: Sequence[str]) -> None:
    if names:
        entry = audit.AuditEntry(
            action=action, subject_kind="tag", subject_id=names[0], after={"names": list(names[:AT_ONCE])}
        )
        await audit.record(tx, entry)


def _settled(outcome: Saved | Refusal | None) -> Saved | Refusal:
    assert outcome is not None, "every definition has its outcome"
    return outcome


_NEXT = {
    TagState.DRAFT: {TagState.ARCHIVED},
    TagState.ACTIVE: {TagState.FROZEN, TagState.ARCHIVED},
    TagState.FROZEN: {TagState.ACTIVE, TagState.ARCHIVED},
    TagState.ARCHIVED: {TagState.ACTIVE},
}

"""Tags as the console asks for them: the catalogue, one tag with everything around it, how refreshes went."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.sorting import Column, Place, Rows, sort_of
from huoke.kernel.tx import Tx
from huoke.know.language import AttributeUse
from huoke.know.tags import store, store_sets
from huoke.know.tags.grow_old import WARNED
from huoke.know.tags.model import Definition, Tag, TagFigure, TagRun, TagState, TagUse, TagVersion
from huoke.know.tags.refusals import TagUnknown
from huoke.know.tags.using import below, uses_of_tag
from huoke.know.tags.words import Entry, book, in_use, latest

FIGURES = 90
RUNS = 20
SORTS: Mapping[str, Column] = {
    "name": Column("t.name"),
    "label": Column('t.label COLLATE "C"'),
    "category": Column("(t.category || ' ' || t.name)"),
    "known": Column("t.known::bigint", "bigint"),
    "used": Column("t.used::bigint", "bigint"),
    "changed": Column("t.changed_at", "timestamptz"),
    "filled": Column("coalesce(t.data_at, timestamptz '1970-01-01 00:00:00+00')", "timestamptz"),
}


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category with how many tags it has itself, and how many of them are older than they promise."""

    path: str
    tags: int
    stale: int


class TagNode(msgspec.Struct, frozen=True, kw_only=True):
    """A tag in the picture of a lineage."""

    name: str
    label: str
    label_en: str
    kind: str
    deposit_derived: bool


class TagPage(msgspec.Struct, frozen=True, kw_only=True):
    """A tag with everything around it.

    `definition` is the one that counts, of a draft the latest. `looks_at` are attributes, events and tags, `tags_up`
    the tags among them and what those look at, `tags_down` the tags that look at it.
    """

    tag: Tag
    definition: Definition
    versions: list[TagVersion]
    looks_at: list[AttributeUse]
    deposit_path: tuple[str, ...]
    tags_up: list[TagNode]
    tags_down: list[TagNode]
    used_by: list[TagUse]
    figures: list[TagFigure]
    runs: list[TagRun]
    cost_ms: int
    can: list[str]


class Counting(msgspec.Struct, frozen=True, kw_only=True):
    """A tag in use: the definition that counts, when it was filled, and the attributes it comes from, through others
    too, by name.
    """

    number: int
    definition: Definition
    data_at: datetime | None
    deposit_path: tuple[str, ...]
    attributes: list[AttributeUse]


async def counting(tx: Tx, names: Iterable[str]) -> dict[str, Counting]:
    """The tags of some names that are in use."""
    wanted = frozenset(names)
    entries = await in_use(tx, wanted)
    traced = await book(tx, entries)

    def roots(name: str) -> dict[str, AttributeUse]:
        found: dict[str, AttributeUse] = {}
        for use in traced.derivation(name).uses:
            if use.tag:
                found |= roots(use.name)
            elif not use.event:
                found[use.name] = use
        return found

    return {
        name: Counting(
            number=entries[name].number,
            definition=entries[name].definition,
            data_at=entries[name].data_at,
            deposit_path=traced.derivation(name).deposit_path,
            attributes=[use for _, use in sorted(roots(name).items())],
        )
        for name in sorted(wanted & entries.keys())
    }


async def find(tx: Tx, wanted: store.Wanted, sort: str, after: Place | None, limit: int) -> Rows[Tag]:
    """A page of the catalogue."""
    order = sort_of(SORTS, sort, row_id="t.id")
    rows = await store.find(tx, wanted, order, after, limit)
    return Rows(
        rows=[_tag(row) for row in rows],
        keys=[row["sort_key"] for row in rows],
        counts=await store.count_states(tx, wanted),
    )


async def get(tx: Tx, tag_id: UUID) -> Tag:
    """One tag; `TagUnknown`."""
    row = await store.listed_by_id(tx, tag_id)
    if row is None:
        raise TagUnknown("There is no such tag.")
    return _tag(row)


async def page(tx: Tx, tag_id: UUID) -> TagPage:
    """One tag with everything around it; `TagUnknown`."""
    found = await get(tx, tag_id)
    row = await store.by_id(tx, tag_id)
    assert row is not None, "read above"
    definitions = await store.definitions(tx, [(found.number, found.version or found.latest)])
    traced = await book(tx, await latest(tx, [found.name]))
    derivation = traced.derivation(found.name)
    names = await below(tx, found.name)
    beneath = await latest(tx, names)
    return TagPage(
        tag=found,
        definition=definitions[found.number],
        versions=[_version(one) for one in await store.versions(tx, found.number)],
        looks_at=derivation.uses,
        deposit_path=derivation.deposit_path,
        tags_up=[
            _node(name, entry, deposit=bool(traced.derivation(name).deposit_path))
            for name, entry in sorted(traced.entries.items())
            if name != found.name
        ],
        tags_down=[
            _node(name, entry, deposit=bool(derivation.deposit_path))
            for name, entry in sorted(beneath.items())
            if name in names
        ],
        used_by=await uses_of_tag(tx, found.name),
        figures=[msgspec.convert(dict(one), TagFigure) for one in await store_sets.figures(tx, found.number, FIGURES)],
        runs=await runs(tx, number=found.number, limit=RUNS),
        cost_ms=row["cost_ms"],
        can=[],
    )


async def runs(tx: Tx, *, number: int | None = None, before: datetime | None = None, limit: int = RUNS) -> list[TagRun]:
    """Refreshes, of one tag or of all, latest first."""
    return [
        msgspec.convert(dict(one), TagRun, builtin_types=(UUID, datetime))
        for one in await store_sets.runs(tx, number, before, limit)
    ]


async def categories(tx: Tx) -> list[Category]:
    """The catalogue's tree."""
    return [msgspec.convert(dict(row), Category) for row in await store.categories(tx)]


def _tag(row: Record) -> Tag:
    warned = row["warned_at"]
    sunset = warned + WARNED if warned and row["state"] in (TagState.ACTIVE, TagState.FROZEN) else None
    return msgspec.convert({**dict(row), "sunset": sunset}, Tag, builtin_types=(UUID, datetime))


def _version(row: Record) -> TagVersion:
    return msgspec.convert(dict(row), TagVersion, builtin_types=(UUID, datetime, bytes))


def _node(name: str, entry: Entry, *, deposit: bool) -> TagNode:
    one = entry.definition
    return TagNode(name=name, label=one.label, label_en=one.label_en, kind=one.kind.value, deposit_derived=deposit)

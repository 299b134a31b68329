"""What the bank's vocabulary says of tags: their values and codes, how fresh they are, where they come from."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from huoke.kernel.events import DataClass
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers, events, language
from huoke.know.customers import Attribute
from huoke.know.events import EventSchema
from huoke.know.language import (
    AttributeUse,
    Behaviour,
    Expression,
    Measure,
    Op,
    Standing,
    TagWord,
    Vocabulary,
    Where,
    parse,
    walk,
)
from huoke.know.tags import store, store_sets
from huoke.know.tags.model import OF_NUMBERS, Definition, Derivation, Statistic, Taken, WhenStale
from huoke.know.tags.refusals import TagCircle

IN_USE = frozenset({"active", "frozen"})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A tag with the definition that is meant; the rest is how it was filled."""

    number: int
    definition: Definition
    codes: Mapping[str, int]
    state: str = "draft"
    data_version: int = 0
    data_at: datetime | None = None
    hidden: bytes = b""
    defined: int = 0
    """The version of the definition that counts."""


class Book:
    """Tags by name over a bank's attributes and events: compiles what a definition looks at, and traces lineage."""

    def __init__(
        self,
        attributes: Mapping[str, Attribute],
        schemas: Mapping[str, EventSchema],
        below: Mapping[int, frozenset[int]],
        entries: Mapping[str, Entry],
        now: datetime,
    ) -> None:
        self.entries = dict(entries)
        self._attributes, self._schemas, self._below, self._now = attributes, schemas, below, now
        self._derived: dict[str, Derivation] = {}

    def vocabulary(self, names: Iterable[str]) -> Vocabulary:
        """What expressions that name these tags may speak of."""
        words = {name: self.word(name) for name in names if name in self.entries}
        return Vocabulary(self._attributes, self._schemas, self._below, {}, words)

    def word(self, name: str) -> TagWord:
        """What an expression must know of a tag."""
        entry, derivation = self.entries[name], self.derivation(name)
        one = entry.definition
        return TagWord(
            number=entry.number,
            name=name,
            label=one.label,
            label_en=one.label_en,
            values={value.name: entry.codes[value.name] for value in one.values},
            version=0 if entry.data_at is None else entry.data_version,
            data_at=entry.data_at,
            standing=standing(entry, self._now),
            purposes=one.purposes,
            data_class=derivation.data_class,
            deposit_path=derivation.deposit_path,
            hidden=entry.hidden,
            defined=entry.defined,
        )

    def derivation(self, name: str, way: tuple[str, ...] = ()) -> Derivation:
        """What a tag looks at; `TagCircle` where it comes back to itself."""
        if name in way:
            circle = [*way[way.index(name) :], name]
            raise TagCircle(
                f"The tag comes back to itself: {' → '.join(circle)}. Take one of the steps out.",
                pointer="/values",
                circle=circle,
            )
        if name not in self._derived:
            one = self.entries[name].definition
            for further in named_tags(one):
                if further in self.entries:
                    self.derivation(further, (*way, name))
            self._derived[name] = self._trace(name, one)
        return self._derived[name]

    def _trace(self, name: str, one: Definition) -> Derivation:
        words = self.vocabulary(named_tags(one))
        found: dict[tuple[bool, bool, str], AttributeUse] = {}
        for expression in expressions(one):
            for use in language.uses_of(expression, words):
                found.setdefault((use.event, use.tag, use.name), use)
        uses = [found[key] for key in sorted(found)]
        path = next((use.deposit_path for use in uses if use.deposit_path), ())
        private = any(use.data_class == DataClass.C2 for use in uses)
        return Derivation(uses=uses, data_class="C2" if private else "C1", deposit_path=(name, *path) if path else ())


async def book(tx: Tx, entries: Mapping[str, Entry]) -> Book:
    """A book of these tags over the bank's vocabulary of now."""
    return Book(
        {one.name: one for one in await customers.list_attributes(tx)},
        {one.name: one for one in await events.schemas(tx)},
        await language.units_below(tx),
        entries,
        tx.now,
    )


async def words(
    tx: Tx,
    names: Iterable[str],
    attributes: Mapping[str, Attribute],
    schemas: Mapping[str, EventSchema],
) -> dict[str, TagWord]:
    """The words of those tags that are in use; names of none are left out."""
    wanted = frozenset(names)
    if not wanted:
        return {}
    entries = await in_use(tx, wanted)
    found = Book(attributes, schemas, {}, entries, tx.now)
    return {name: found.word(name) for name in wanted if name in entries}


async def in_use(tx: Tx, names: Iterable[str]) -> dict[str, Entry]:
    """Tags in use by name, with all that they look at through others, at the version that counts."""
    return await _closure(tx, names, "version")


async def latest(tx: Tx, names: Iterable[str]) -> dict[str, Entry]:
    """Tags by name whatever their state, with all that they look at, as they were saved last."""
    return await _closure(tx, names, "latest")


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A tag in use as a builder offers it. `deposit`: a deposit fact, or derived from one (rule B1)."""

    definition: Definition
    counts: Mapping[str, int]
    standing: Standing
    data_at: datetime | None
    deposit: bool


async def offered(tx: Tx) -> list[Offered]:
    """Every tag in use, by category and name."""
    rows = await store.in_use(tx)
    known = await store.definitions(tx, [(row["number"], row["version"]) for row in rows])
    found = [
        Offered(
            definition=known[row["number"]],
            counts=row["counts"],
            standing=standing(entry_of(row, known[row["number"]]), tx.now),
            data_at=row["data_at"],
            deposit=row["deposit_derived"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.definition.category, one.definition.name))


def standing(entry: Entry, now: datetime) -> Standing:
    """Whether a tag's sets may be used now."""
    one = entry.definition
    blocked = Standing.BLOCKED if one.when_stale is WhenStale.BLOCK else Standing.UNKNOWN
    if entry.data_version == 0 or entry.data_at is None:
        return blocked
    if entry.state == "frozen" or not one.fresh_hours or now - entry.data_at <= timedelta(hours=one.fresh_hours):
        return Standing.FRESH
    return Standing.LAST_GOOD if one.when_stale is WhenStale.LAST_GOOD else blocked


def expressions(one: Definition) -> list[Expression]:
    """What a definition looks at, as expressions; a statistic as a behaviour of the same events."""
    if one.statistic is not None:
        return [behaviour(one.statistic)]
    return [parse(value.expression, pointer="/expression") for value in one.values if value.expression is not None]


def behaviour(one: Statistic) -> Behaviour:
    """A behaviour that looks at the same events and properties: what may not be looked at is refused by it."""
    where = one.where
    if one.take is Taken.TOP:
        assert one.property is not None, "checked when it was saved"
        where = (*where, Where(property=one.property, op=Op.IS_KNOWN))
    numeric = one.take in OF_NUMBERS
    return Behaviour(
        name=one.event,
        op=Op.AT_LEAST,
        measure=Measure.MAX if numeric else Measure.COUNT,
        property=one.property if numeric else None,
        value=0,
        window_days=one.window_days,
        where=where,
    )


def named_tags(one: Definition) -> frozenset[str]:
    """The tags a definition names itself."""
    if one.statistic is not None:
        return frozenset()
    return names_in(expressions(one))


def names_in(found: Iterable[Expression]) -> frozenset[str]:
    """The tags that expressions name."""
    return frozenset(node.name for one in found for _, node in walk(one) if isinstance(node, language.Tag))


def entry_of(row: Any, definition: Definition, hidden: CustomerSet | None = None) -> Entry:
    """A tag's row with one of its definitions."""
    return Entry(
        number=row["number"],
        definition=definition,
        codes=row["codes"],
        state=row["state"],
        data_version=row["data_version"],
        data_at=row["data_at"],
        hidden=hidden.bitmap.serialize() if hidden else b"",
        defined=row["version"] or 0,
    )


async def _closure(tx: Tx, names: Iterable[str], which: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    wanted = frozenset(names)
    while wanted := wanted - found.keys():
        rows = {
            name: row
            for name, row in (await store.by_names(tx, wanted)).items()
            if which == "latest" or (row["state"] in IN_USE and row["version"] is not None)
        }
        known = await store.definitions(tx, [(row["number"], row[which]) for row in rows.values()])
        hidden = await store_sets.hidden(tx, known)
        more = {name: entry_of(row, known[row["number"]], hidden.get(row["number"])) for name, row in rows.items()}
        if not more:
            break
        found |= more
        wanted = frozenset[str]().union(*(named_tags(entry.definition) for entry in more.values()))
    return found

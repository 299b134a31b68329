"""One customer's tags: which values, since when and why, what the customer is shown, and what they deleted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import language
from huoke.know.consent import MARKETING
from huoke.know.events import EventSchema
from huoke.know.language import Subject, TagWord, Verdict
from huoke.know.tags import sql_sets, sql_statistic, store, store_sets
from huoke.know.tags.fill_statistics import measured_of
from huoke.know.tags.filling import Target
from huoke.know.tags.model import Definition, Kind, Statistic, TagHidden
from huoke.know.tags.refusals import TagNotThere, TagUnknown
from huoke.know.tags.words import Book, Entry, book, in_use, named_tags


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A tag of a customer: the value, None where nothing can be said, "" where none of the values is theirs.

    `since` is the day it has been so, where the tag keeps history (`at_least` where the history is no older). `share`
    is the part of all customers who have the value, 0 … 1: the smaller it is, the more the tag says of this one.
    """

    name: str
    label: str
    label_en: str
    category: str
    value: str | None
    value_label: str = ""
    value_label_en: str = ""
    data_at: datetime | None = None
    since: date | None = None
    at_least: bool = False
    wording: str = ""
    wording_en: str = ""
    share: float | None = None


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What of a customer's events is measured: the `take` of a property within a window; of `money` in fen.

    `where` are the texts that a property has to be, `percent` belongs to a percentile.
    """

    take: str
    window_days: int | None
    percent: int | None = None
    property_label: str = ""
    property_label_en: str = ""
    money: bool = False
    where: tuple[str, ...] = ()


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One step of why: what was asked (`threshold`) and what is (`value`), for one value of a tag."""

    tag_value: str
    path: str
    kind: str
    verdict: str
    name: str = ""
    label: str = ""
    label_en: str = ""
    op: str = ""
    threshold: Any = None
    value: Any = None
    masked: bool = False
    measured: Measured | None = None
    """Of events: what `threshold` and `value` are."""
    steps: list[language.StepExplanation] = []
    """Of a sequence: each step, and when it was done."""
    stopped: language.Stopped | None = None


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a customer has a value of a tag now: `held` as it was filled, `reasons` as things are at this moment."""

    held: Held
    reasons: list[Reason]


async def of_customer(tx: Tx, clickhouse: ClickHouse, seq: Seq, *, names: Iterable[str] | None = None) -> list[Held]:
    """The tags in use of which something can be said of a customer, by name; all, or those of some names."""
    rows = {row["name"]: row for row in await store.in_use(tx)}
    told = await told_names(tx)
    wanted = rows.keys() & (rows.keys() if names is None else set(names)) & (rows.keys() if told is None else told)
    entries = await in_use(tx, wanted)
    found = await book(tx, entries)
    words = [found.word(name) for name in sorted(wanted)]
    tagged = (await language.tagged(clickhouse, tx.tenant, [seq], words))[seq]
    kept = [(found.entries[name], value) for name, value in tagged.items() if found.entries[name].definition.history]
    since = await _since(tx, kept, seq)
    return [
        msgspec.structs.replace(_held(found.entries[name], value, since), share=_share(rows[name], value))
        for name, value in sorted(tagged.items())
    ]


def _share(row: Record, value: str | None) -> float | None:
    return row["counts"].get(value, 0) / row["universe"] if value and row["universe"] else None


async def why(tx: Tx, clickhouse: ClickHouse, seq: Seq, name: str) -> Why:
    """Why a customer has a value of a tag or not; `TagUnknown`, `customers.CustomerUnknown`."""
    entries = await in_use(tx, [name])
    told = await told_names(tx)
    if name not in entries or (told is not None and name not in told):
        raise TagUnknown(f"There is no tag '{name[:80]}' in use.", name=name[:80])
    found = await book(tx, entries)
    word = found.word(name)
    tagged = (await language.tagged(clickhouse, tx.tenant, [seq], [word]))[seq]
    value = tagged.get(name)
    held = _held(entries[name], value, await _since(tx, [(entries[name], value)], seq))
    if entries[name].definition.kind is Kind.STATISTIC:
        return Why(held=held, reasons=await _measure(tx, clickhouse, seq, entries[name], found))
    if entries[name].definition.kind in (Kind.RULE, Kind.DERIVED):
        return Why(held=held, reasons=await _rules(tx, clickhouse, seq, entries[name], found))
    return Why(held=held, reasons=[])


async def shown_to_customer(tx: Tx, clickhouse: ClickHouse, seq: Seq) -> list[Held]:
    """What a customer may read of themselves (rule P4): tags with words for them, never those of risk."""
    held = await of_customer(tx, clickhouse, seq, names=await shown_names(tx))
    return [one for one in held if one.value]


async def hide(tx: Tx, seq: Seq, name: str) -> None:
    """Delete a tag of a customer at their wish: they are in none of its sets from now on (rule P4).

    `TagUnknown` where there is none, `TagNotThere` for one that customers are not shown.
    """
    row = (await store.by_names(tx, [name])).get(name)
    if row is None:
        raise TagUnknown(f"There is no tag '{name[:80]}'.", name=name[:80])
    if name not in await shown_names(tx):
        raise TagNotThere("Customers delete what they are shown.", name=name)
    if await store_sets.hide(tx, row["number"], seq):
        tx.emit(TagHidden(tag=name), seq=seq)


async def restore(tx: Tx, seq: Seq, name: str) -> None:
    """Take a customer's deletion of a tag back at their wish: they are in its sets again. `TagUnknown`."""
    row = (await store.by_names(tx, [name])).get(name)
    if row is None:
        raise TagUnknown(f"There is no tag '{name[:80]}'.", name=name[:80])
    await store_sets.show_again(tx, row["number"], seq)


async def deleted(tx: Tx, seq: Seq) -> list[Held]:
    """The tags a customer deleted that they could take back, by name, without a value: nothing is known of it."""
    numbers = await store_sets.hidden_by(tx, seq)
    names = {row["name"] for row in (await store.by_numbers(tx, numbers)).values()} & await shown_names(tx)
    entries = await in_use(tx, names)
    return [_held(entries[name], None, {}) for name in sorted(names)]


async def shown_names(tx: Tx) -> frozenset[str]:
    """The tags in use that customers may see."""
    return frozenset(one.name for one in await _defined(tx) if one.shown)


async def told_names(tx: Tx) -> frozenset[str] | None:
    """The tags in use that whoever acts is told of a customer; None for every one.

    Who looks after customers is told what these may see themselves, and what was made for marketing.
    """
    if not tx.actor.own_customers:
        return None
    return frozenset(one.name for one in await _defined(tx) if one.shown or MARKETING in one.purposes)


async def _defined(tx: Tx) -> list[Definition]:
    rows = [row for row in await store.in_use(tx) if row["version"] is not None]
    return list((await store.definitions(tx, [(row["number"], row["version"]) for row in rows])).values())


async def members(tx: Tx, clickhouse: ClickHouse, name: str, value: str) -> CustomerSet:
    """Who has a value now, less those who deleted it; `TagUnknown`."""
    entry, code = await _coded(tx, name, value)
    standing = (await sql_sets.standing(clickhouse, tx.tenant, [entry.number]))[entry.number]
    _, erased = await sql_sets.everyone(clickhouse, tx.tenant)
    gone = BitMap.union(*erased.values()) if erased else BitMap()
    return _shown_of(tx, standing, code, entry) - CustomerSet(tx.tenant, gone, tx.now)


async def members_by_value(tx: Tx, clickhouse: ClickHouse, name: str) -> dict[str, CustomerSet]:
    """Who has each value of a tag now, less those who deleted it; `TagUnknown`."""
    entry = (await in_use(tx, [name])).get(name)
    if entry is None:
        raise TagUnknown(f"There is no tag '{name[:80]}' in use.", name=name[:80])
    await sql_sets.prepare(clickhouse, tx.tenant)
    standing = (await sql_sets.standing(clickhouse, tx.tenant, [entry.number]))[entry.number]
    return {value.name: _shown_of(tx, standing, entry.codes[value.name], entry) for value in entry.definition.values}


async def members_on(tx: Tx, clickhouse: ClickHouse, name: str, value: str, day: date) -> CustomerSet:
    """Who had a value at the end of a day; `TagUnknown`, `TagNotThere` for a tag or a day without history."""
    entry, code = await _coded(tx, name, value)
    first = (await store_sets.first_days(tx, [entry.number])).get(entry.number)
    if first is None or day < first:
        raise TagNotThere(f"'{name}' has no history of {day.isoformat()}.", pointer="/day", name=name)
    standing = (await sql_sets.standing(clickhouse, tx.tenant, [entry.number]))[entry.number]
    now = BitMap(_shown_of(tx, standing, code, entry).bitmap)
    for row in await store_sets.deltas_after(tx, entry.number, day):
        if row["value"] == code:
            now = (now - BitMap.deserialize(row["entered"])) | BitMap.deserialize(row["gone"])
    return CustomerSet(tx.tenant, now - BitMap.deserialize(entry.hidden) if entry.hidden else now, tx.now)


def _shown_of(tx: Tx, standing: sql_sets.Sets, code: int, entry: Entry) -> CustomerSet:
    parts = [bitmap for (_, value), bitmap in standing.items() if value == code]
    found = CustomerSet(tx.tenant, BitMap.union(*parts) if parts else BitMap(), entry.data_at or tx.now)
    return found - CustomerSet(tx.tenant, BitMap.deserialize(entry.hidden), tx.now) if entry.hidden else found


async def _coded(tx: Tx, name: str, value: str) -> tuple[Entry, int]:
    entry = (await in_use(tx, [name])).get(name)
    if entry is None or value not in entry.codes:
        raise TagUnknown(f"There is no value '{value[:60]}' of a tag '{name[:80]}' in use.", name=name[:80])
    return entry, entry.codes[value]


def _held(entry: Entry, value: str | None, known: Mapping[int, tuple[date, bool]]) -> Held:
    one = entry.definition
    labels = next(((each.label, each.label_en) for each in one.values if each.name == value), ("", ""))
    since, at_least = known.get(entry.number, (None, False))
    return Held(
        name=one.name,
        label=one.label,
        label_en=one.label_en,
        category=one.category,
        value=value,
        value_label=labels[0],
        value_label_en=labels[1],
        data_at=entry.data_at,
        since=since,
        at_least=at_least,
        wording=one.wording if one.shown else "",
        wording_en=one.wording_en if one.shown else "",
    )


async def _since(tx: Tx, held: Sequence[tuple[Entry, str | None]], seq: Seq) -> dict[int, tuple[date, bool]]:
    """Of tags that a customer has a value of, by number: the last day they came to it, and whether the history begins
    with it; those whose history says nothing of it are left out.
    """
    codes = {entry.number: entry.codes[value] for entry, value in held if value}
    found: dict[int, date] = {}
    for row in await store_sets.deltas_of(tx, codes, seq) if codes else []:
        if row["number"] not in found and seq in BitMap.deserialize(row["entered"]):
            found[row["number"]] = row["day"]
    first = await store_sets.first_days(tx, found) if found else {}
    return {number: (day, day == first[number]) for number, day in found.items()}


async def _measure(tx: Tx, clickhouse: ClickHouse, seq: Seq, entry: Entry, found: Book) -> list[Reason]:
    """What a customer's measure is, and the band of each value."""
    one = entry.definition
    assert one.statistic is not None, "asked of statistics only"
    row = (await store.by_names(tx, [one.name]))[one.name]
    measured = measured_of(Target(row=dict(row), one=one), found.vocabulary(()))
    today = language.day_of(tx.now)
    value: Any = None
    if await language.event_rows(clickhouse, tx.tenant) is not None:
        if one.statistic.ranked:
            measured = await sql_statistic.edges_by_rank(clickhouse, tx.tenant, measured, today)
        value = await sql_statistic.measure_of(clickhouse, tx.tenant, measured, today, int(seq))
    if value is None and measured.never_unknown:
        value = 0.0
    schema = measured.bound.schema
    chosen = None if value is None else sql_statistic.value_of(measured, value)
    told = _measured(schema, one.statistic, one.statistic.take.value, one.statistic.percent)
    return [
        Reason(
            tag_value=each.name, path="", kind=one.statistic.take.value, name=schema.name, label=schema.title,
            label_en=schema.title_en, op="=" if each.equals is not None else "between",
            threshold=each.equals if each.equals is not None else [each.low, each.high], value=value, measured=told,
            verdict=(Verdict.UNKNOWN if value is None else
                     Verdict.TRUE if chosen is not None and chosen.name == each.name else Verdict.FALSE).value,
        )
        for each in measured.values
    ]  # fmt: skip


def _measured(
    schema: EventSchema, of: Statistic | language.Behaviour, take: str, percent: int | None = None
) -> Measured:
    properties = {one.name: one for one in schema.properties}
    measured = properties.get(of.property or "")
    texts = [one.value for one in of.where if one.op in (language.Op.EQUAL, language.Op.IN)]
    each = [text for found in texts for text in (found if isinstance(found, list | tuple) else [found])]
    return Measured(
        take=take, window_days=of.window_days, percent=percent, money=of.property == language.AMOUNT,
        property_label=measured.label if measured else "", property_label_en=measured.label_en if measured else "",
        where=tuple(text for text in each if isinstance(text, str)),
    )  # fmt: skip


async def _rules(tx: Tx, clickhouse: ClickHouse, seq: Seq, entry: Entry, found: Book) -> list[Reason]:
    """Every node of every value's expression for one customer."""
    one = entry.definition
    words = found.vocabulary(named_tags(one))
    reasons: list[Reason] = []
    for value in one.values:
        compiled = language.compile_expression(language.parse(value.expression), words, basis="tags")
        subject = (await language.subjects(tx, clickhouse, compiled, [seq]))[seq]
        verdicts = language.evaluate(compiled, subject)
        reasons += [
            _reason(value.name, path, node, verdicts[path], compiled, subject)
            for path, node in language.walk(compiled.expression)
        ]
    return reasons


def _reason(
    value: str,
    path: str,
    node: language.Expression,
    verdict: Verdict,
    compiled: language.Compiled,
    subject: Subject,
) -> Reason:
    found = Reason(tag_value=value, path=path, kind=str(node.__struct_config__.tag), verdict=verdict.value)
    match node:
        case language.Attr(name=name, op=op, value=threshold):
            comparison = compiled.comparisons[path]
            seen = language.value_of(comparison, subject)
            masked = comparison.attribute.data_class == "C2"
            return msgspec.structs.replace(
                found, name=name, label=comparison.attribute.label, label_en=comparison.attribute.label_en, op=op.value,
                threshold=threshold, value=None if masked else _plain(seen), masked=masked and seen is not None,
            )  # fmt: skip
        case language.Behaviour(name=name, op=op, value=threshold):
            bound = compiled.behaviours[path]
            seen = language.shown(language.measure(bound, subject.happenings, subject.today))
            return msgspec.structs.replace(
                found, name=name, label=bound.schema.title, label_en=bound.schema.title_en, op=op.value,
                threshold=threshold, value=seen, measured=_measured(bound.schema, node, node.measure.value),
            )  # fmt: skip
        case language.Sequence_(steps=steps):
            chain = compiled.sequences[path]
            way = language.progress(chain, subject.happenings, subject.today)
            first = chain.steps[0].schema
            return msgspec.structs.replace(
                found, name=first.name, label=first.title, label_en=first.title_en, op=language.Op.AT_LEAST.value,
                threshold=len(steps), value=len(way.at),
                steps=language.steps_told(chain, way), stopped=way.stopped,
            )  # fmt: skip
        case language.Rank():
            rank = compiled.ranks[path]
            seen = language.value_ranked(rank, subject.attributes, subject.happenings, subject.today)
            top = rank.node.direction is language.Direction.TOP
            return msgspec.structs.replace(
                found, name=rank.attribute.name, label=rank.attribute.label, label_en=rank.attribute.label_en,
                op=(language.Op.AT_LEAST if top else language.Op.AT_MOST).value,
                threshold=_plain(language.shown(subject.edges.get(language.rank_digest(rank)))),
                value=_plain(language.shown(seen)),
            )  # fmt: skip
        case language.Tag(name=name, op=op, value=threshold):
            word: TagWord = compiled.tags[path].word
            return msgspec.structs.replace(
                found, name=name, label=word.label, label_en=word.label_en, op=op.value, threshold=threshold,
                value=subject.tags.get(name),
            )  # fmt: skip
        case _:
            return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)

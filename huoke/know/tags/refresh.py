"""Refreshing tags: in the order in which they look at each other, many at once, only whom something happened to.

A tag's sets are written before the catalogue says so: whoever reads the catalogue finds them. Cut off anywhere, the
next refresh works the same customers out again.
"""

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.sets import CustomerSet, from_rows, to_groups
from huoke.kernel.sets import decode_group as decoded
from huoke.kernel.tx import Database, Tx
from huoke.know import events, language
from huoke.know.language import KNOWN, Analytics, Vocabulary
from huoke.know.tags import fill_days, fill_rules, fill_statistics, sql_days, sql_sets, store, store_sets
from huoke.know.tags.fill_statistics import Moment
from huoke.know.tags.filling import Filling, Laid, Target, lay, levels
from huoke.know.tags.model import FILLED_HERE, Failure, Kind, TagEntered, TagLeft, TagsRefreshed, TagState, drift
from huoke.know.tags.sql_sets import Sets, Standing, Written
from huoke.know.tags.sql_statistic import Measured, Position
from huoke.know.tags.words import book, in_use, named_tags

Progress = Callable[[int, int], Awaitable[bool]]
"""(tags done, of how many) → whether to go on."""


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What a refresh did: how many tags were wanted and filled, how many of them for everybody, customers touched."""

    wanted: int
    filled: int
    whole: int
    touched: int
    rows: int
    failures: dict[str, Failure]


class _Work(NamedTuple):
    """How to begin a piece of work; one that may be done `beside` others like it holds its share of memory at most."""

    begin: Callable[[], Coroutine[Any, Any, list[Filling]]]
    beside: bool = False


class _Tally:
    """What a refresh has done so far."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.rows = self.whole = self.touched = 0
        self.failures: dict[int, Failure] = {}
        self.behind: set[tuple[str, Position]] = set()
        """Events whose days did not serve every statistic, and how far those were read."""

    def add(self, laid: Laid, rows: int) -> None:
        scope = laid.filling.scope
        self.numbers.append(laid.filling.target.number)
        self.rows += rows
        self.whole += scope is None
        self.touched += laid.known if scope is None else sum(map(len, scope.values()))


async def refresh(
    database: Database,
    analytics: Analytics,
    tenant: TenantId,
    numbers: Iterable[int] | None = None,
    *,
    whole: bool = False,
    job_id: UUID | None = None,
    progress: Progress | None = None,
) -> Ran:
    """Fill active tags again, all or those of some numbers; `whole` for everybody, whatever happened since.

    A tag that is refused (an attribute is gone, say) keeps what it had and is named in `failures`. Raises `Outage`.
    """
    run_id, began_at = new_id(), database.clock.now()
    await sql_sets.prepare(analytics.clickhouse, tenant)
    await sql_days.prepare(analytics.clickhouse, tenant)
    if whole:
        await sql_days.forget(analytics.clickhouse, tenant)
    lost = await sql_sets.is_empty(analytics.clickhouse, tenant)
    async with database.begin(tenant) as tx:
        if lost:
            await store_sets.forget_data(tx)
        targets = await _targets(tx, numbers)
        moment = await _moment(tx, analytics, targets)
    tally = _Tally()
    named = {target.number: named_tags(target.one) for target in targets}
    going, done = True, 0
    for level in levels(targets, named):
        works = _works(database, analytics, tenant, level, moment, tally, whole=whole)
        async with aclosing(_one_ahead(works)) as fillings:
            async for found in fillings:
                await _keep(database, analytics, tenant, found, moment, run_id, tally)
                done = len(tally.numbers) + len(tally.failures)
                going = progress is None or await progress(done, len(targets))
                if not going:
                    break
        if not going:
            break
    if going and not whole:
        await _keep_days(database, analytics, tenant, moment, tally.behind)
    ran = _ran(targets, tally)
    async with database.begin(tenant) as tx:
        await store_sets.note_failed(tx, tally.failures)
        fields = msgspec.structs.asdict(ran) | {
            "job_id": job_id, "began_at": began_at, "numbers": [target.number for target in targets],
        }  # fmt: skip
        await store_sets.add_run(tx, run_id, fields)
        if tally.numbers:
            tx.emit(TagsRefreshed(numbers=tuple(sorted(tally.numbers)), rows=tally.rows))
    return ran


async def _keep_days(
    database: Database, analytics: Analytics, tenant: TenantId, moment: Moment, behind: Collection[tuple[str, Position]]
) -> None:
    """Have the days of events lie there for the next refresh, as far as statistics were read now."""
    if not moment.events or sum(map(len, moment.everyone.values())) < fill_days.CUSTOMERS_MIN:
        return
    names = {event for event, _ in behind}
    async with database.begin(tenant) as tx:
        active = await _targets(tx, None)
        looking = [target for target in active if target.one.statistic and target.one.statistic.event in names]
        words = await _words(tx, looking)
    ones: dict[str, list[Measured]] = {name: [] for name in names}
    for target in looking:
        with suppress(Refusal):  # what it looks at is gone: it is not filled either
            one = fill_statistics.measured_of(target, words)
            ones[one.statistic.event].append(one)
    for event in sorted(names):
        wanted = fill_days.plan(ones[event])
        if wanted is not None:
            positions = {position for name, position in behind if name == event}
            await fill_days.keep(analytics.clickhouse, tenant, wanted, positions, moment.own)


async def _targets(tx: Tx, numbers: Iterable[int] | None) -> list[Target]:
    """The active tags that are wanted, by number."""
    if numbers is None:
        rows = {row["number"]: row for row in await store.in_use(tx, (TagState.ACTIVE.value,))}
    else:
        found = await store.by_numbers(tx, numbers)
        rows = {number: row for number, row in found.items() if row["state"] == TagState.ACTIVE}
    known = await store.definitions(tx, [(number, row["version"]) for number, row in rows.items()])
    return [Target(row=dict(rows[number]), one=known[number]) for number in sorted(rows)]


async def _moment(tx: Tx, analytics: Analytics, targets: Sequence[Target]) -> Moment:
    there, erased = await sql_sets.everyone(analytics.clickhouse, tx.tenant)
    looked = {name for target in targets if target.one.statistic for name in fill_statistics.properties(target)}
    own = await events.spread(analytics.clickhouse, tx.tenant, looked)
    rows = await language.event_rows(analytics.clickhouse, tx.tenant)
    return Moment(
        at=tx.now, today=language.day_of(tx.now), everyone=there, erased=erased, events=rows is not None, own=own
    )


async def _works(
    database: Database,
    analytics: Analytics,
    tenant: TenantId,
    level: Sequence[Target],
    moment: Moment,
    tally: _Tally,
    *,
    whole: bool,
) -> AsyncIterator[_Work]:
    """The pieces of work of one level; refused tags go to the tally."""
    async with database.begin(tenant) as tx:
        words = await _words(tx, level)
    fitting = [target for target in level if _fits(target, words, tally)]
    statistics = [target for target in fitting if target.one.kind is Kind.STATISTIC]
    pieces = fill_statistics.batches(analytics.clickhouse, tenant, statistics, moment, words, whole=whole)
    async for batches in pieces:
        tally.behind |= {(batch.event, batch.now) for batch in batches if batch.days is None}
        begin = partial(fill_statistics.fill, analytics.clickhouse, tenant, batches, moment, words)
        yield _Work(begin, beside=batches[0].days is not None)
    rules = [target for target in fitting if target.one.kind in (Kind.RULE, Kind.DERIVED)]
    for part in fill_rules.batches(rules):
        yield _Work(partial(_rules, database, analytics, tenant, part, words, moment, whole=whole))
    for target in fitting:
        if target.one.kind not in FILLED_HERE:
            yield _Work(partial(_put, database, analytics, tenant, target, moment))


async def _one_ahead(works: AsyncIterator[_Work]) -> AsyncGenerator[list[Filling], None]:
    """What the pieces of work come to, in order; of those that may be done beside each other the next is begun before.

    While one is added up and written the next is read, so that both processors have something to do.
    """
    begun: asyncio.Task[list[Filling]] | None = None
    beside = False
    try:
        async for work in works:
            if begun is not None and not (beside and work.beside):
                yield await begun
                begun = None
            before, begun, beside = begun, asyncio.create_task(work.begin()), work.beside
            if before is not None:
                yield await before
        if begun is not None:
            yield await begun
    finally:
        if begun is not None and not begun.done():
            begun.cancel()
            await asyncio.wait((begun,))


async def _words(tx: Tx, level: Sequence[Target]) -> Vocabulary:
    named = frozenset[str]().union(*(named_tags(target.one) for target in level))
    entries = await in_use(tx, named)
    return (await book(tx, entries)).vocabulary(named)


def _fits(target: Target, words: Vocabulary, tally: _Tally) -> bool:
    """Whether a tag can still be worked out: what it looks at may have gone since it was approved."""
    try:
        if target.one.kind is Kind.STATISTIC:
            fill_statistics.measured_of(target, words)
        elif target.one.kind in FILLED_HERE:
            for value in target.one.values:
                language.compile_expression(language.parse(value.expression), words, basis="tags")
    except Refusal as refusal:
        tally.failures[target.number] = Failure.of(refusal)
        return False
    return True


async def _rules(
    database: Database,
    analytics: Analytics,
    tenant: TenantId,
    part: Sequence[Target],
    words: Vocabulary,
    moment: Moment,
    *,
    whole: bool,
) -> list[Filling]:
    """Rules worked out anew; those whose every ingredient is what it was keep their sets as of now."""
    async with database.begin(tenant) as tx:
        question = await fill_rules.ask(tx, analytics, part, words)
        now = fill_rules.position_of(question)
        same = [] if whole else [target for target in part if _is_same(target, now)]
        rest = [target for target in part if target not in same]
        standing = await sql_sets.standing(
            analytics.clickhouse, tenant, [target.number for target in part if target.row["data_version"]]
        )
        if len(rest) < len(part) and rest:
            question = await fill_rules.ask(tx, analytics, rest, words)
        found = await fill_rules.fill(tx, analytics, rest, question, standing) if rest else []
    kept = [
        Filling(
            target=target, fresh={}, scope={}, standing=Standing.of(standing.get(target.number, {})), position=now,
            data_at=moment.at,
        )
        for target in same
    ]  # fmt: skip
    return [*(msgspec.structs.replace(one, position=now, data_at=moment.at) for one in found), *kept]


def _is_same(target: Target, now: Mapping[str, Any]) -> bool:
    row = target.row
    return bool(row["data_at"]) and row["data_of"] == row["version"] and row["position"] == now


async def _put(
    database: Database, analytics: Analytics, tenant: TenantId, target: Target, moment: Moment
) -> list[Filling]:
    """The sets of a tag that is put, as its rows say."""
    async with database.begin(tenant) as tx:
        rows = await store_sets.chunks(tx, target.number)
    fresh: Sets = {}
    for code in {row["value"] for row in rows}:
        members = from_rows(tenant, [row["members"] for row in rows if row["value"] == code])
        fresh |= {(group, code): decoded(payload) for group, payload in to_groups(members).items()}
    if not any(code == KNOWN for _, code in fresh):
        everybody = target.one.kind is not Kind.MODEL
        fresh |= {(group, KNOWN): there for group, there in (moment.everyone if everybody else {}).items()}
        for (group, code), held in list(fresh.items()):
            if code != KNOWN:
                fresh[group, KNOWN] = fresh.get((group, KNOWN), BitMap()) | held
    standing = await sql_sets.standing(
        analytics.clickhouse, tenant, [target.number] if target.row["data_version"] else []
    )
    kept = target.row["position"] or {}
    as_of = msgspec.convert(kept["as_of"], type(moment.at)) if kept.get("as_of") else moment.at
    return [
        Filling(
            target=target, fresh=fresh, scope=None, standing=Standing.of(standing.get(target.number, {})),
            position=kept, data_at=as_of,
        )
    ]  # fmt: skip


async def _keep(
    database: Database,
    analytics: Analytics,
    tenant: TenantId,
    fillings: Sequence[Filling],
    moment: Moment,
    run_id: UUID,
    tally: _Tally,
) -> None:
    """Write what changed, then say so in the catalogue."""
    if not fillings:
        return
    laid = await asyncio.to_thread(lambda: [lay(filling, moment.erased) for filling in fillings])
    written = [
        Written(
            number=one.filling.target.number, version=one.filling.target.row["data_version"] + 1, sets=one.written,
            came=one.came, went=one.went,
        )
        for one in laid
    ]  # fmt: skip
    await sql_sets.write(analytics.clickhouse, tenant, written, f"tags/{run_id}/{written[0].number}")
    for one in laid:
        tally.add(one, one.changes)
    async with database.begin(tenant) as tx:
        await store_sets.note_filled(tx, [_noted(one, moment) for one in laid])
        await _figure(tx, laid, moment)
    for one in laid:
        if one.changes and (_keeps_history(one) or one.filling.target.one.announce):
            async with database.begin(tenant) as tx:
                await _tell(tx, one)


def _noted(laid: Laid, moment: Moment) -> dict[str, Any]:
    row = laid.filling.target.row
    return {
        "number": row["number"],
        "data_version": row["data_version"] + (1 if laid.changes or not row["data_version"] else 0),
        "data_of": row["version"],
        "data_at": laid.filling.data_at,
        "position": laid.filling.position,
        "counts": laid.counts,
        "known": laid.known,
        "universe": sum(map(len, moment.everyone.values())),
        "cost_ms": laid.filling.cost_ms,
    }


async def _figure(tx: Tx, laid: Sequence[Laid], moment: Moment) -> None:
    day = language.day_of(tx.now)
    numbers = [one.filling.target.number for one in laid]
    before = await store_sets.figures_before(tx, numbers, day)
    rows = []
    for one in laid:
        noted, was = _noted(one, moment), before.get(one.filling.target.number)
        moved = None if was is None else drift(_whole(was["counts"], was["known"]), _whole(one.counts, one.known))
        rows.append({**noted, "drift": moved})
    await store_sets.put_figures(tx, day, rows)


def _whole(counts: Mapping[str, int], known: int) -> dict[str, int]:
    """A distribution with those who have none of the values."""
    return {**counts, "": max(known - sum(counts.values()), 0)}


async def _tell(tx: Tx, laid: Laid) -> None:
    """Keep who came and went of a tag with history, and tell the house of one that announces."""
    target = laid.filling.target
    day = language.day_of(tx.now)
    names = {code: value for value, code in target.codes.items()}
    for code in sorted(laid.moving):
        came, went = laid.moved(code)
        if not came and not went:
            continue
        if _keeps_history(laid):
            entered, gone = CustomerSet(tx.tenant, came, tx.now), CustomerSet(tx.tenant, went, tx.now)
            await store_sets.add_deltas(tx, target.number, code, day, entered, gone)
        if target.one.announce and code in names and target.row["data_version"]:
            if came:
                tx.emit(TagEntered(tag=target.one.name, value=names[code]), members=came.serialize())
            if went:
                tx.emit(TagLeft(tag=target.one.name, value=names[code]), members=went.serialize())


def _keeps_history(laid: Laid) -> bool:
    one = laid.filling.target.one
    return one.history or one.kind not in FILLED_HERE


def _ran(targets: Sequence[Target], tally: _Tally) -> Ran:
    names = {target.number: target.one.name for target in targets}
    return Ran(
        wanted=len(targets),
        filled=len(tally.numbers),
        whole=tally.whole,
        touched=tally.touched,
        rows=tally.rows,
        failures={names[number]: why for number, why in tally.failures.items()},
    )

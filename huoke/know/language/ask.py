"""Asking an expression: which stored sets it needs, fetched once and kept by the set server, then combined."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern.people import units
from huoke.kernel import sets
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, UnitId
from huoke.kernel.sets import CustomerSet, Evaluation, Plan, SetServer, Want
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.language.behaviour import day_of
from huoke.know.language.compile import Compiled
from huoke.know.language.expression import Op
from huoke.know.language.keys import (
    behaviour_key,
    event_prefix,
    hidden_key,
    known_key,
    rank_keys,
    sequence_key,
    units_key,
    upload_key,
)
from huoke.know.language.planner import Planner
from huoke.know.language.sql_behaviour import behaviour_source, event_rows
from huoke.know.language.sql_leaves import ACTIVE, DataVersion, data_version, leaf_source
from huoke.know.language.sql_rank import Among, rank_source
from huoke.know.language.sql_sequence import sequence_source
from huoke.know.language.sql_tags import tag_source
from huoke.know.language.tagged import KNOWN, check_standing, tag_key
from huoke.know.language.typed import UNIT_ATTRIBUTE, Comparison

Chunks = Callable[[UUID], Awaitable[Iterable[bytes]]]
"""Reads an uploaded list: its chunks as PostgreSQL keeps them (`sets.to_rows`)."""


async def _no_uploads(upload_id: UUID) -> Iterable[bytes]:
    raise AssertionError(f"an expression names list {upload_id}, and nobody reads lists here")


class Analytics(msgspec.Struct, frozen=True):
    """Where sets come from and where they are combined; `lag` is how old the events of an answer may be."""

    clickhouse: ClickHouse
    sets: SetServer
    lag: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        self.sets.borrow(self.clickhouse)


class Question(msgspec.Struct, frozen=True):
    """A compiled expression ready to be asked: its plans, the sets at hand, and how fresh the data is."""

    compiled: Compiled
    planner: Planner
    everyone: Plan
    universe: Plan
    suppressed: Plan
    at_hand: dict[str, CustomerSet]
    version: DataVersion
    events: "EventVersion"
    data_at: datetime
    units: frozenset[UnitId] | None
    uploads: Chunks
    beside: Mapping[str, Comparison] = {}
    """Further stored sets a plan over the question reads, by `leaf_key`."""


class EventVersion(msgspec.Struct, frozen=True):
    """How many events an answer takes in (None: nothing was shipped), when that was seen, and the bank's day."""

    rows: int | None
    seen_at: datetime
    today: date

    @property
    def prefix(self) -> str:
        """What stored sets of behaviours begin with."""
        return event_prefix(self.rows or 0, self.today)


async def ask(
    tx: Tx,
    analytics: Analytics,
    compiled: Compiled,
    *,
    units: frozenset[UnitId] | None = None,
    purpose: str | None = consent.MARKETING,
    uploads: Chunks = _no_uploads,
) -> Question:
    """What is needed to ask a compiled expression among the active customers of `units` (None: the whole bank).

    Only those with a basis for `purpose` are in the universe (rule P1); without a purpose, everybody active is.
    Raises `TagStale`.
    """
    check_standing(compiled.tags.values())
    version = await data_version(analytics.clickhouse, tx.tenant)
    latest_xid, _ = await customers.latest_change(tx)
    data_at = tx.now if version.xid >= latest_xid or version.at is None else min(version.at, tx.now)
    happened = await _event_version(tx, analytics, compiled)
    if compiled.events:
        data_at = min(data_at, happened.seen_at)
    data_at = min([data_at, *(one.word.data_at for one in compiled.tags.values() if one.word.data_at)])
    everyone: Plan = sets.Leaf(key=version.prefix + ACTIVE)
    if units is not None:
        everyone = sets.All(parts=(everyone, sets.Leaf(key=version.prefix + units_key(units))))
    suppressed = _hand("suppressed", await consent.suppressed(tx))
    basis = _hand("basis", await consent.selectable(tx, purpose)) if purpose is not None else {}
    universe = sets.All(parts=(everyone, *(sets.Leaf(key=key) for key in basis)))
    return Question(
        compiled,
        Planner(compiled, universe, version.prefix, happened.prefix, units),
        everyone,
        universe,
        sets.Leaf(key=next(iter(suppressed))),
        basis | suppressed | _hidden(tx, compiled),
        version,
        happened,
        data_at,
        units,
        uploads,
    )


async def evaluate_plan(
    tx: Tx, analytics: Analytics, question: Question, plan: Plan, want: Want | None = None
) -> Evaluation:
    """What a plan over the question's sets comes to; sets that nobody holds yet are fetched in one scan."""

    async def load(absent: Sequence[str]) -> Mapping[str, bytes]:
        return await _load(tx, analytics, question, absent)

    return await analytics.sets.resolve(tx.tenant, plan, load, want or Want())


async def units_below(tx: Tx) -> dict[int, frozenset[int]]:
    """For every unit, itself and all below it."""
    below: dict[int, set[int]] = {}
    for unit in await units.tree(tx):
        for step in unit.path:
            below.setdefault(step, set()).add(unit.id)
    return {unit_id: frozenset(inside) for unit_id, inside in below.items()}


async def members(tx: Tx, analytics: Analytics, question: Question) -> CustomerSet:
    """The customers for whom the question's expression is true, as of the data's time."""
    plan = question.planner.yes(question.compiled.expanded)
    found = (await evaluate_plan(tx, analytics, question, plan, Want(members=True))).members
    assert found is not None, "members were wanted"
    return CustomerSet(tx.tenant, found.bitmap, question.data_at)


async def _load(tx: Tx, analytics: Analytics, question: Question, absent: Sequence[str]) -> dict[str, bytes]:
    """Have the set server fetch what ClickHouse gives; the rest is handed to it."""
    given = {key: question.at_hand[key] for key in absent if key in question.at_hand}
    for upload_id in question.compiled.uploads:
        if (key := question.version.prefix + upload_key(upload_id)) in absent:
            given[key] = sets.from_rows(tx.tenant, await question.uploads(upload_id), as_of=tx.now)
    sources = _sources(question, absent)
    if sources:
        await analytics.sets.fetch(tx.tenant, sources, as_of=question.data_at)
    fetched = {key for source in sources for key in source.keys.values()}
    nobody = CustomerSet.empty(tx.tenant)
    given |= {key: nobody for key in absent if key not in given and key not in fetched}
    return {key: members.to_bytes() for key, members in given.items()}


def _sources(question: Question, absent: Sequence[str]) -> list[sets.Source]:
    """The scans that give the sets that are absent: one of customers, one for each behaviour."""
    prefix = question.version.prefix
    leaves: dict[str, Comparison | None] = {**question.compiled.leaves, **question.beside}
    leaves[ACTIVE] = None
    if question.units is not None:
        leaves[units_key(question.units)] = Comparison(UNIT_ATTRIBUTE, Op.IN, tuple(sorted(question.units)))
    wanted = {prefix + key: leaf for key, leaf in leaves.items() if prefix + key in absent}
    sources = [leaf_source(question.version, wanted)] if wanted and question.version.columns else []
    tags = {
        key: (one.word.number, code)
        for one in question.compiled.tags.values()
        for code in (KNOWN, *one.codes)
        if (key := tag_key(one.word, code)) in absent
    }
    if tags:
        sources.append(tag_source(tags))
    return [*sources, *_event_sources(question, set(absent)), *_rank_sources(question, set(absent))]


def _event_sources(question: Question, absent: set[str]) -> list[sets.Source]:
    """A scan for each behaviour and each sequence."""
    events = question.events
    if events.rows is None:
        return []
    behaviours = {
        events.prefix + behaviour_key(bound): bound
        for bound in question.compiled.behaviours.values()
        if {events.prefix + behaviour_key(bound), events.prefix + known_key(bound)} & absent
    }
    sequences = {events.prefix + sequence_key(bound): bound for bound in question.compiled.sequences.values()}
    return [
        *(behaviour_source(bound, events.today, events.prefix) for bound in behaviours.values()),
        *(sequence_source(bound, events.today, events.prefix) for key, bound in sequences.items() if key in absent),
    ]


def _rank_sources(question: Question, absent: set[str]) -> list[sets.Source]:
    """A query for each rank, among the customers of who asks."""
    version, events = question.version, question.events
    among = Among(version.columns, events.today, question.units)
    ranks = {
        rank_keys(bound, version.prefix, events.prefix, question.units): bound
        for bound in question.compiled.ranks.values()
        if version.columns and not (bound.behaviour and events.rows is None)
    }
    return [rank_source(bound, among, keys) for keys, bound in ranks.items() if absent.intersection(keys)]


_seen: dict[TenantId, EventVersion] = {}


async def _event_version(tx: Tx, analytics: Analytics, compiled: Compiled) -> EventVersion:
    """The events an answer takes in: those of a moment ago where a lag is allowed and the day is the same."""
    today = day_of(tx.now)
    if not compiled.events:
        return EventVersion(None, tx.now, today)
    seen = _seen.get(tx.tenant)
    if seen and seen.today == today and timedelta(0) <= tx.now - seen.seen_at < analytics.lag:
        return seen
    seen = _seen[tx.tenant] = EventVersion(await event_rows(analytics.clickhouse, tx.tenant), tx.now, today)
    return seen


def _hidden(tx: Tx, compiled: Compiled) -> dict[str, CustomerSet]:
    words = [one.word for one in compiled.tags.values() if one.word.hidden]
    return {hidden_key(word): CustomerSet(tx.tenant, word.hidden_seqs, tx.now) for word in words}


def _hand(name: str, members: CustomerSet) -> dict[str, CustomerSet]:
    return {f"{name}/{hashlib.sha256(members.bitmap.serialize()).hexdigest()}": members}

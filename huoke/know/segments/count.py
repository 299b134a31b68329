"""Counting live: which sets an expression needs, fetched once and kept by the set server, then combined."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from huoke.kernel import sets
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, TenantId, UnitId
from huoke.kernel.sets import CustomerSet, Evaluation, Plan, SetServer, Want
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.segments import store
from huoke.know.segments.behaviour import day_of
from huoke.know.segments.compile import (
    NO,
    YES,
    Compiled,
    Planner,
    behaviour_key,
    compile_expression,
    event_prefix,
    known_key,
    upload_key,
)
from huoke.know.segments.expression import Expression, Op, walk
from huoke.know.segments.model import Count, NodeCount, Serves, UploadUnknown
from huoke.know.segments.sql_behaviour import behaviour_source, event_rows
from huoke.know.segments.sql_leaves import ACTIVE, DataVersion, data_version, leaf_source
from huoke.know.segments.typed import UNIT_ATTRIBUTE, Comparison
from huoke.know.segments.vocabulary import vocabulary

LIVE_LAG = timedelta(seconds=15)
"""How old the events of a count may be while somebody is typing: what they leave alone is then not read again."""
SAMPLE_SALT = "segments.sample"


class Analytics(msgspec.Struct, frozen=True):
    """Where sets come from and where they are combined; `lag` is how old the events of an answer may be."""

    clickhouse: ClickHouse
    sets: SetServer
    lag: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        self.sets.borrow(self.clickhouse)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Within which customers an expression is meant: the caller's units (None: the whole bank), a purpose (P1)."""

    units: frozenset[UnitId] | None = None
    segment_id: UUID | None = None
    """Whose rule the expression is to be, where it is a segment's: it cannot refer to itself."""
    purpose: str = consent.MARKETING
    serves: Serves = Serves.SELECTION
    basis: str | None = None


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


class EventVersion(msgspec.Struct, frozen=True):
    """How many events an answer takes in (None: nothing was shipped), when that was seen, and the bank's day."""

    rows: int | None
    seen_at: datetime
    today: date

    @property
    def prefix(self) -> str:
        """What stored sets of behaviours begin with."""
        return event_prefix(self.rows or 0, self.today)


async def ask(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> Question:
    """Compile an expression for a scope; refusals as `compile_expression`, and `UploadUnknown`."""
    words = await vocabulary(tx, expression, of=scope.segment_id)
    compiled = compile_expression(expression, words, serves=scope.serves, basis=scope.basis)
    if missing := compiled.uploads - await store.known_uploads(tx, compiled.uploads):
        raise UploadUnknown(f"There is no uploaded list {min(missing)}.", pointer="/expression")
    version = await data_version(analytics.clickhouse, tx.tenant)
    latest_xid, _ = await customers.latest_change(tx)
    data_at = tx.now if version.xid >= latest_xid or version.at is None else min(version.at, tx.now)
    happened = await _event_version(tx, analytics, compiled)
    if compiled.behaviours:
        data_at = min(data_at, happened.seen_at)
    at_hand = {}
    for name, members in (
        ("basis", await consent.selectable(tx, scope.purpose)),
        ("suppressed", await consent.suppressed(tx)),
    ):
        at_hand[f"{name}/{hashlib.sha256(members.bitmap.serialize()).hexdigest()}"] = members
    basis, suppressed = at_hand
    everyone: Plan = sets.Leaf(key=version.prefix + ACTIVE)
    if scope.units is not None:
        everyone = sets.All(parts=(everyone, sets.Leaf(key=version.prefix + _units_key(scope.units))))
    universe = sets.All(parts=(everyone, sets.Leaf(key=basis)))
    return Question(
        compiled,
        Planner(compiled, universe, version.prefix, happened.prefix),
        everyone,
        universe,
        sets.Leaf(key=suppressed),
        at_hand,
        version,
        happened,
        data_at,
    )


async def evaluate_plan(
    tx: Tx, analytics: Analytics, question: Question, scope: Scope, plan: Plan, want: Want | None = None
) -> Evaluation:
    """What a plan over the question's sets comes to; sets that nobody holds yet are fetched in one scan."""

    async def load(absent: Sequence[str]) -> Mapping[str, bytes]:
        return await _load(tx, analytics, question, scope, absent)

    return await analytics.sets.resolve(tx.tenant, plan, load, want or Want())


async def count(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> Count:
    """How many customers an expression gives, node by node."""
    question = await ask(tx, analytics, expression, scope)
    yes = question.planner.yes(question.compiled.expanded)
    beside = {
        "everyone": question.everyone,
        "universe": question.universe,
        "suppressed": sets.All(parts=(yes, question.suppressed)),
    }
    named = [sets.Any_(name=name, parts=(plan,)) for name, plan in beside.items()]
    plan = sets.Any_(parts=(question.planner.counting(), *named))
    counts = (await evaluate_plan(tx, analytics, question, scope, plan)).counts
    universe = counts["universe"]
    return Count(
        total=counts[YES],
        universe=universe,
        without_basis=counts["everyone"] - universe,
        suppressed=counts["suppressed"],
        nodes=[
            NodeCount(path=path, count=counts[YES + path], unknown=universe - counts[YES + path] - counts[NO + path])
            for path, _ in walk(expression)
        ],
        uses=question.compiled.uses,
        data_at=question.data_at,
    )


async def sample(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope, size: int, salt: str) -> list[Seq]:
    """A fair sample of the customers an expression gives; another `salt` gives another one."""
    question = await ask(tx, analytics, expression, scope)
    want = Want(sample=size, sample_salt=f"{SAMPLE_SALT}/{salt}")
    found = await evaluate_plan(tx, analytics, question, scope, question.planner.yes(question.compiled.expanded), want)
    return [Seq(seq) for seq in found.sample or ()]


async def members_of(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> CustomerSet:
    """The customers an expression gives, as of the data's time."""
    question = await ask(tx, analytics, expression, scope)
    plan = question.planner.yes(question.compiled.expanded)
    found = (await evaluate_plan(tx, analytics, question, scope, plan, Want(members=True))).members
    assert found is not None, "members were wanted"
    return CustomerSet(tx.tenant, found.bitmap, question.data_at)


async def _load(
    tx: Tx, analytics: Analytics, question: Question, scope: Scope, absent: Sequence[str]
) -> dict[str, bytes]:
    """Have the set server fetch what ClickHouse gives; the rest is handed to it."""
    given = {key: question.at_hand[key] for key in absent if key in question.at_hand}
    for upload_id in question.compiled.uploads:
        if (key := upload_key(upload_id)) in absent:
            given[key] = sets.from_rows(tx.tenant, await store.upload_chunks(tx, upload_id), as_of=tx.now)
    sources = _sources(question, scope, absent)
    if sources:
        await analytics.sets.fetch(tx.tenant, sources, as_of=question.data_at)
    fetched = {key for source in sources for key in source.keys.values()}
    nobody = CustomerSet.empty(tx.tenant)
    given |= {key: nobody for key in absent if key not in given and key not in fetched}
    return {key: members.to_bytes() for key, members in given.items()}


def _sources(question: Question, scope: Scope, absent: Sequence[str]) -> list[sets.Source]:
    """The scans that give the sets that are absent: one of customers, one for each behaviour."""
    prefix, events = question.version.prefix, question.events
    leaves: dict[str, Comparison | None] = dict(question.compiled.leaves)
    leaves[ACTIVE] = None
    if scope.units is not None:
        leaves[_units_key(scope.units)] = Comparison(UNIT_ATTRIBUTE, Op.IN, tuple(sorted(scope.units)))
    wanted = {prefix + key: leaf for key, leaf in leaves.items() if prefix + key in absent}
    sources = [leaf_source(question.version, wanted)] if wanted and question.version.columns else []
    if events.rows is None:
        return sources
    behaviours = {
        events.prefix + behaviour_key(bound): bound
        for bound in question.compiled.behaviours.values()
        if {events.prefix + behaviour_key(bound), events.prefix + known_key(bound)} & set(absent)
    }
    return [*sources, *(behaviour_source(bound, events.today, events.prefix) for bound in behaviours.values())]


_seen: dict[TenantId, EventVersion] = {}


async def _event_version(tx: Tx, analytics: Analytics, compiled: Compiled) -> EventVersion:
    """The events an answer takes in: those of a moment ago where a lag is allowed and the day is the same."""
    today = day_of(tx.now)
    if not compiled.behaviours:
        return EventVersion(None, tx.now, today)
    seen = _seen.get(tx.tenant)
    if seen and seen.today == today and timedelta(0) <= tx.now - seen.seen_at < analytics.lag:
        return seen
    seen = _seen[tx.tenant] = EventVersion(await event_rows(analytics.clickhouse, tx.tenant), tx.now, today)
    return seen


def _units_key(scope: Iterable[int]) -> str:
    return "units/" + hashlib.sha256(repr(sorted(scope)).encode()).hexdigest()[:32]

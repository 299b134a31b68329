"""Counting live: which sets an expression needs, fetched once and kept by the set server, then combined."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from huoke.govern.people import units
from huoke.kernel import sets
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet, Evaluation, Plan, SetServer, Want
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.segments import store
from huoke.know.segments.compile import NO, YES, Compiled, Planner, compile_expression, upload_key
from huoke.know.segments.expression import Expression, Op, walk
from huoke.know.segments.model import Count, NodeCount, Serves, UploadUnknown
from huoke.know.segments.sql_leaves import ACTIVE, DataVersion, data_version, leaf_sets
from huoke.know.segments.typed import UNIT_ATTRIBUTE, Comparison

SAMPLE_SALT = "segments.sample"


class Analytics(msgspec.Struct, frozen=True):
    """Where sets come from and where they are combined."""

    clickhouse: ClickHouse
    sets: SetServer


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Within which customers an expression is meant: the caller's units (None: the whole bank), a purpose (P1)."""

    units: frozenset[UnitId] | None = None
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
    data_at: datetime


async def ask(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> Question:
    """Compile an expression for a scope; refusals as `compile_expression`, and `UploadUnknown`."""
    attributes = await customers.list_attributes(tx)
    below = await units_below(tx)
    compiled = compile_expression(expression, attributes, below, serves=scope.serves, basis=scope.basis)
    if missing := compiled.uploads - await store.known_uploads(tx, compiled.uploads):
        raise UploadUnknown(f"There is no uploaded list {min(missing)}.", pointer="/expression")
    version = await data_version(analytics.clickhouse, tx.tenant)
    latest_xid, _ = await customers.latest_change(tx)
    data_at = tx.now if version.xid >= latest_xid or version.at is None else min(version.at, tx.now)
    at_hand = {}
    for name, members in (
        ("basis", await consent.members(tx, scope.purpose)),
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
        Planner(compiled, universe, version.prefix),
        everyone,
        universe,
        sets.Leaf(key=suppressed),
        at_hand,
        version,
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
    yes = question.planner.yes(expression)
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
    found = await evaluate_plan(tx, analytics, question, scope, question.planner.yes(expression), want)
    return [Seq(seq) for seq in found.sample or ()]


async def members_of(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> CustomerSet:
    """The customers an expression gives, as of the data's time."""
    question = await ask(tx, analytics, expression, scope)
    plan = question.planner.yes(expression)
    found = (await evaluate_plan(tx, analytics, question, scope, plan, Want(members=True))).members
    assert found is not None, "members were wanted"
    return CustomerSet(tx.tenant, found.bitmap, question.data_at)


async def _load(
    tx: Tx, analytics: Analytics, question: Question, scope: Scope, absent: Sequence[str]
) -> dict[str, bytes]:
    loaded = {key: question.at_hand[key] for key in absent if key in question.at_hand}
    for upload_id in question.compiled.uploads:
        if (key := upload_key(upload_id)) in absent:
            loaded[key] = sets.from_rows(tx.tenant, await store.upload_chunks(tx, upload_id), as_of=tx.now)
    prefix = question.version.prefix
    leaves: dict[str, Comparison | None] = dict(question.compiled.leaves)
    leaves[ACTIVE] = None
    if scope.units is not None:
        leaves[_units_key(scope.units)] = Comparison(UNIT_ATTRIBUTE, Op.IN, tuple(sorted(scope.units)))
    wanted = {key: leaf for key, leaf in leaves.items() if prefix + key in absent}
    scanned = await leaf_sets(analytics.clickhouse, tx.tenant, question.version, wanted)
    loaded |= {prefix + key: members for key, members in scanned.items()}
    return {key: members.to_bytes() for key, members in loaded.items()}


async def units_below(tx: Tx) -> dict[int, frozenset[int]]:
    """For every unit, itself and all below it."""
    below: dict[int, set[int]] = {}
    for unit in await units.tree(tx):
        for step in unit.path:
            below.setdefault(step, set()).add(unit.id)
    return {unit_id: frozenset(inside) for unit_id, inside in below.items()}


def _units_key(scope: Iterable[int]) -> str:
    return "units/" + hashlib.sha256(repr(sorted(scope)).encode()).hexdigest()[:32]

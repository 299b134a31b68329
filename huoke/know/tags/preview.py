"""What a definition would give, before it is saved: live, for the editor."""

from collections.abc import Mapping

import msgspec

from huoke.kernel import sets
from huoke.kernel.engines import ClickHouse
from huoke.kernel.sets import CustomerSet, Want, decode_group
from huoke.kernel.tx import Tx
from huoke.know import language
from huoke.know.language import Analytics, AttributeUse
from huoke.know.tags import fill_rules, sql_sets, sql_statistic
from huoke.know.tags.fill_statistics import measured_of
from huoke.know.tags.filling import Target
from huoke.know.tags.model import Definition, Kind
from huoke.know.tags.save import check
from huoke.know.tags.sql_statistic import GROUPS, SETTINGS, Key, Reach
from huoke.know.tags.words import Book, named_tags

LOOKED_AT_MAX = 1 << 20


class ValueCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers would have a value."""

    name: str
    count: int


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a definition would give of `universe` customers: a large bank's first million stand for all (`part`).

    Null are the numbers to whoever sees some units only.
    """

    values: list[ValueCount] | None
    known: int | None
    universe: int | None
    part: bool
    uses: list[AttributeUse]
    data_class: str
    deposit_path: tuple[str, ...]


async def preview(tx: Tx, analytics: Analytics, one: Definition) -> Preview:
    """Counts by value; the refusals of saving. A tag that is put has none."""
    found, (refusal,) = await check(tx, [one])
    if refusal is not None:
        raise refusal
    everyone, _ = await sql_sets.everyone(analytics.clickhouse, tx.tenant)
    there = sum(map(len, everyone.values()))
    counts: Mapping[str, int] = {}
    known, part = 0, False
    if one.kind is Kind.STATISTIC:
        part = max(everyone, default=0) > 0
        there = len(everyone.get(0, ())) if part else there
        counts, known = await _statistic(tx, analytics.clickhouse, one, found, there, part=part)
    elif one.kind in (Kind.RULE, Kind.DERIVED):
        counts, known, there = await _rule(tx, analytics, one, found)
    derivation = found.derivation(one.name)
    return Preview(
        values=[ValueCount(name=value.name, count=counts.get(value.name, 0)) for value in one.values],
        known=known,
        universe=there,
        part=part,
        uses=derivation.uses,
        data_class=derivation.data_class,
        deposit_path=derivation.deposit_path,
    )


async def sketch(tx: Tx, analytics: Analytics, one: Definition) -> dict[str, CustomerSet]:
    """Who would have each value of a rule that is not saved; the refusals of saving."""
    assert one.kind in (Kind.RULE, Kind.DERIVED), "what is measured or put is not worked out from expressions"
    found, (refusal,) = await check(tx, [one])
    if refusal is not None:
        raise refusal
    question = await fill_rules.ask(tx, analytics, [_target(one)], found.vocabulary(named_tags(one)))
    _, *values = fill_rules.plans(question.planner, [_target(one)])[0]
    sketched = {}
    for value, plan in zip(one.values, values, strict=True):
        evaluation = await language.evaluate_plan(tx, analytics, question, plan, Want(members=True))
        assert evaluation.members is not None, "members were wanted"
        sketched[value.name] = evaluation.members
    return sketched


async def _statistic(
    tx: Tx, clickhouse: ClickHouse, one: Definition, found: Book, there: int, *, part: bool
) -> tuple[dict[str, int], int]:
    measured = measured_of(_target(one), found.vocabulary(()))
    today = language.day_of(tx.now)
    counted: dict[Key, int] = {}
    if await language.event_rows(clickhouse, tx.tenant) is not None:
        if one.statistic is not None and one.statistic.ranked:
            measured = await sql_statistic.edges_by_rank(clickhouse, tx.tenant, measured, today)
        scan = sql_statistic.scan([measured], today, Reach(low=0, high=LOOKED_AT_MAX) if part else Reach())
        for place, payload in await clickhouse.get_bitmaps(tx.tenant, scan.sql, scan.params, settings=SETTINGS):
            key = scan.keys[place // GROUPS]
            counted[key] = counted.get(key, 0) + len(decode_group(payload))
    counts = {value.name: counted.get((0, value.name), 0) for value in one.values}
    if not measured.never_unknown:
        return counts, counted.get((0, sql_statistic.KNOWN), 0)
    if measured.zero is not None:
        counts[measured.zero.name] += max(there - counted.get((0, sql_statistic.SEEN), 0), 0)
    return counts, there


async def _rule(tx: Tx, analytics: Analytics, one: Definition, found: Book) -> tuple[dict[str, int], int, int]:
    question = await fill_rules.ask(tx, analytics, [_target(one)], found.vocabulary(named_tags(one)))
    known, *values = fill_rules.plans(question.planner, [_target(one)])[0]
    named = [sets.Any_(name=value.name, parts=(plan,)) for value, plan in zip(one.values, values, strict=True)]
    plan = sets.Any_(
        parts=(
            sets.Any_(name="", parts=tuple(named)),
            sets.Any_(name=".known", parts=(known,)),
            sets.Any_(name=".universe", parts=(question.universe,)),
        )
    )
    counts = (await language.evaluate_plan(tx, analytics, question, plan)).counts
    return {value.name: counts[value.name] for value in one.values}, counts[".known"], counts[".universe"]


def _target(one: Definition) -> Target:
    codes = {value.name: number for number, value in enumerate(one.values, start=1)}
    return Target(row={"number": 0, "codes": codes}, one=one)

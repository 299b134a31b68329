"""ClickHouse SQL of ranks: the value of each who is ranked, the edge of each group, and who reaches it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import Source
from huoke.know.customers import CUSTOMERS, column_of
from huoke.know.language.expression import Direction, Within
from huoke.know.language.ranks import WHOLE_BANK, BoundRank, edge_read
from huoke.know.language.sql_behaviour import measured
from huoke.know.language.sql_values import Parameters, shipped
from huoke.know.language.typed import Value


class Among(msgspec.Struct, frozen=True):
    """The customers among whom is ranked: the columns there are, the day, and the units of who asks (None: all)."""

    columns: frozenset[str]
    today: date
    units: frozenset[int] | None = None


class Edge(msgspec.Struct, frozen=True):
    """The edge of a group: the value of the last one taken; `ranked` customers have a place, `better` a better one."""

    value: Value
    ranked: int
    better: int = 0


def rank_source(bound: BoundRank, among: Among, keys: tuple[str, str]) -> Source:
    """One query that gives the set of those a rank takes, and of those it ranks."""
    parameters = Parameters()
    ranked = _ranked(bound, among, parameters)
    sql = (
        f"SELECT key, bitmap FROM (SELECT [groupBitmapStateIf(seq, {_reaches(bound)}), groupBitmapState(seq)] AS found"
        f" FROM ({ranked}) AS r INNER JOIN ({_edges(bound, ranked)}) AS e USING (place))"
        " ARRAY JOIN found AS bitmap, arrayEnumerate(found) AS key"
    )
    return Source(sql, {1: keys[0], 2: keys[1]}, parameters.values)


def rank_condition(bound: BoundRank, among: Among, parameters: Parameters) -> str:
    """A rank as a condition on `seq` of a customer: true, false, or NULL where the value is unknown."""
    ranked = _ranked(bound, among, parameters)
    edges = _edges(bound, ranked)
    those = f"SELECT seq FROM ({ranked}) AS r INNER JOIN ({edges}) AS e USING (place) WHERE {_reaches(bound)}"
    if bound.nothing_is_out:
        return f"(seq IN ({those}))"
    return f"if(seq IN (SELECT seq FROM ({ranked})), seq IN ({those}), CAST(NULL AS Nullable(UInt8)))"


async def edges(
    clickhouse: ClickHouse,
    tenant: TenantId,
    bound: BoundRank,
    among: Among,
    groups: Iterable[int],
    beside: Value | None = None,
) -> dict[int, Edge]:
    """The edge of each of some groups that has anybody; `better` are those before the value `beside`."""
    if not among.columns:
        return {}
    parameters = Parameters()
    ranked = _ranked(bound, among, parameters)
    wanted = parameters.add(sorted(set(groups)), "Array(UInt32)")
    sign = ">" if bound.node.direction is Direction.TOP else "<"
    better = "0" if beside is None else f"countIf(v {sign} {_beside(beside, parameters)})"
    found = await clickhouse.query(
        tenant,
        f"SELECT place, toString(edge) AS edge, ranked, better FROM ({_edges(bound, ranked, better)})"
        f" WHERE has({wanted}, place)",
        parameters.values,
    )
    return {
        row["place"]: Edge(edge_read(bound, row["edge"]), row["ranked"], row["better"]) for row in found.to_pylist()
    }


def _ranked(bound: BoundRank, among: Among, parameters: Parameters) -> str:
    """Those who are ranked: `seq`, the group as `place`, and the value `v`."""
    if bound.behaviour is None:
        column = column_of(bound.attribute)
        value = f"assumeNotNull({column}) AS v" if column in among.columns else "toInt64(0) AS v"
        there = f"isNotNull({column})" if column in among.columns else "0"
        return f"SELECT seq, {_place(bound, parameters)} AS place, {value} FROM {_customers(among, parameters, there)}"
    events = measured(bound.behaviour, among.today, parameters)
    people = f"SELECT seq, {_place(bound, parameters)} AS place FROM {_customers(among, parameters)}"
    return (
        f"SELECT c.seq AS seq, c.place AS place, assumeNotNull(m.m) AS v FROM ({people}) AS c"
        f" INNER JOIN ({events}) AS m ON c.seq = m.seq WHERE isNotNull(m.m)"
    )


def _customers(among: Among, parameters: Parameters, there: str = "1") -> str:
    scope = ""
    if among.units is not None:
        scope = f" AND has({parameters.add(sorted(among.units), 'Array(UInt32)')}, unit_id)"
    return f"{CUSTOMERS.name} FINAL WHERE status = 'active' AND {there}{scope}"


def _place(bound: BoundRank, parameters: Parameters) -> str:
    match bound.node.within:
        case Within.BANK:
            return f"toUInt32({WHOLE_BANK})"
        case Within.UNIT:
            return "toUInt32(unit_id)"
    if not bound.groups:
        return "toUInt32(unit_id)"
    units = parameters.add(sorted(bound.groups), "Array(UInt32)")
    branches = parameters.add([bound.groups[unit] for unit in sorted(bound.groups)], "Array(UInt32)")
    return f"transform(toUInt32(unit_id), {units}, {branches}, toUInt32(unit_id))"


def _edges(bound: BoundRank, ranked: str, better: str = "0") -> str:
    """The edge of each group: the value of the last one taken, counted out exactly."""
    percent, count = bound.node.take.percent, bound.node.take.count
    taken = f"least(count(), {count})" if percent is None else f"intDiv(count() * {percent} + 99, 100)"
    sort = "arrayReverseSort" if bound.node.direction is Direction.TOP else "arraySort"
    return (
        f"SELECT place, {sort}(groupArray(v))[{taken}] AS edge, count() AS ranked, {better} AS better"
        f" FROM ({ranked}) GROUP BY place"
    )


def _reaches(bound: BoundRank) -> str:
    return "v >= edge" if bound.node.direction is Direction.TOP else "v <= edge"


def _beside(value: Value, parameters: Parameters) -> str:
    told: Any = shipped(value)
    return parameters.add(told, "Date32" if isinstance(value, date) else "Int128")

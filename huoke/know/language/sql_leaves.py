"""ClickHouse SQL of expressions: one scan gives the sets of all leaves; a whole tree as one condition, to look at."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import Source
from huoke.know.customers import CUSTOMERS, column_of
from huoke.know.language.compile import Compiled
from huoke.know.language.expression import (
    UNIT,
    All,
    Any_,
    Attr,
    Behaviour,
    Bucket,
    Expression,
    Not,
    Op,
    Rank,
    Sequence_,
    Tag,
    Upload,
)
from huoke.know.language.sql_behaviour import customer_condition
from huoke.know.language.sql_rank import Among, rank_condition
from huoke.know.language.sql_sequence import sequence_condition
from huoke.know.language.sql_tags import tag_condition
from huoke.know.language.sql_values import TYPES, Parameters, compared_sql
from huoke.know.language.typed import Comparison

TABLE = CUSTOMERS.name
ACTIVE = "active"


class DataVersion(msgspec.Struct, frozen=True):
    """How far a bank's customers have come in ClickHouse: the place of the last shipped change, and its time."""

    xid: int
    ordinal: int
    at: datetime | None
    columns: frozenset[str]

    @property
    def prefix(self) -> str:
        """What stored sets of this data begin with."""
        return f"{self.xid}.{self.ordinal}/"


async def data_version(clickhouse: ClickHouse, tenant: TenantId) -> DataVersion:
    """What of the bank's customers is in ClickHouse now; nothing at all before the first shipment."""
    found = await clickhouse.query(
        tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
        {"table": TABLE},
    )
    columns = frozenset(found.column("name").to_pylist())
    if not columns:
        return DataVersion(0, 0, None, columns)
    place = await clickhouse.query(
        tenant,
        "SELECT tupleElement(p, 1) AS xid, tupleElement(p, 2) AS ordinal, at"
        f" FROM (SELECT max((xid, ordinal)) AS p, max(changed_at) AS at FROM {TABLE})",
    )
    row = place.to_pylist()[0]
    return DataVersion(int(row["xid"]), int(row["ordinal"]), row["at"] if row["xid"] else None, columns)


def leaf_source(version: DataVersion, leaves: Mapping[str, Comparison | None]) -> Source:
    """One scan that gives, under each key, the active customers for whom its leaf is true; None is all of them."""
    assert version.columns, "nothing was shipped"
    parameters = Parameters()
    states = []
    for comparison in leaves.values():
        condition = "1" if comparison is None else column_condition(comparison, version.columns, parameters)
        states.append(f"groupBitmapStateIf(seq, assumeNotNull(ifNull({condition}, 0)))")
    sql = (
        f"SELECT key, bitmap FROM (SELECT [{', '.join(states)}] AS found FROM {TABLE} FINAL"
        f" WHERE status = 'active') ARRAY JOIN found AS bitmap, arrayEnumerate(found) AS key"
    )
    return Source(sql, dict(enumerate(leaves, start=1)), parameters.values)


async def select_whole(
    clickhouse: ClickHouse,
    tenant: TenantId,
    compiled: Compiled,
    uploads: Mapping[UUID, Iterable[int]],
    today: date = date.min,
) -> list[int]:
    """The active customers for whom the whole tree is true, by one condition without any set, ascending."""
    version = await data_version(clickhouse, tenant)
    if not version.columns:
        return []
    parameters = Parameters()
    condition = whole_condition(compiled, version.columns, parameters, uploads, today)
    found = await clickhouse.query(
        tenant,
        f"SELECT seq FROM {TABLE} FINAL WHERE status = 'active' AND ifNull({condition}, 0) ORDER BY seq",
        parameters.values,
    )
    seqs: list[int] = found.column("seq").to_pylist()
    return seqs


def whole_condition(
    compiled: Compiled,
    columns: frozenset[str],
    parameters: Parameters,
    uploads: Mapping[UUID, Iterable[int]],
    today: date,
) -> str:
    """The tree as one SQL condition; SQL's own AND, OR and NOT over NULL are the language's."""

    def condition(node: Expression, path: str) -> str:
        match node:
            case All(of=parts):
                return _join(" AND ", [condition(part, f"{path}/of/{n}") for n, part in enumerate(parts)], "1")
            case Any_(of=parts):
                return _join(" OR ", [condition(part, f"{path}/of/{n}") for n, part in enumerate(parts)], "0")
            case Not(of=part):
                return f"NOT ({condition(part, f'{path}/of')})"
            case Upload(upload_id=upload_id):
                members = parameters.add(sorted(uploads[upload_id]), "Array(UInt32)")
                return f"has({members}, seq)"
            case _:
                return _leaf(compiled, node, path, columns, parameters, today)

    return condition(compiled.expanded, "")


def _leaf(
    compiled: Compiled,
    node: Expression,
    path: str,
    columns: frozenset[str],
    parameters: Parameters,
    today: date,
) -> str:
    match node:
        case Attr():
            return column_condition(compiled.comparisons[path], columns, parameters)
        case Behaviour():
            return customer_condition(compiled.behaviours[path], parameters, today)
        case Sequence_():
            return sequence_condition(compiled.sequences[path], parameters, today)
        case Rank():
            return rank_condition(compiled.ranks[path], Among(columns, today), parameters)
        case Tag():
            return tag_condition(compiled.tags[path], parameters)
        case Bucket():
            return _bucket(node, parameters)
        case _:
            raise AssertionError("groups are no leaves, and references were expanded")


def _join(word: str, parts: Sequence[str], nothing: str) -> str:
    return word.join(f"({part})" for part in parts) or nothing


def column_condition(comparison: Comparison, columns: frozenset[str], parameters: Parameters) -> str:
    """A condition on a column of customers: true, false, or NULL where the value is unknown."""
    attribute, op = comparison.attribute, comparison.op
    column = "unit_id" if attribute.name == UNIT else column_of(attribute)
    if column not in columns:
        known = "0" if op is Op.IS_KNOWN else "1" if op is Op.IS_UNKNOWN else "NULL"
        return f"CAST({known} AS Nullable(UInt8))"
    kind = "UInt32" if attribute.name == UNIT else TYPES[attribute.type]
    return compared_sql(column, comparison, kind, parameters)


def _bucket(node: Bucket, parameters: Parameters) -> str:
    """The bucket of `kernel.sets.bucket_numbers` in SQL: UInt64 arithmetic wraps as it does there."""
    key = int.from_bytes(hashlib.sha256(node.salt.encode()).digest()[:8], "little")
    mixed = f"bitXor(toUInt64(seq), {parameters.add(key, 'UInt64')})"
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = f"bitXor({mixed}, bitShiftRight({mixed}, {shift})) * toUInt64({factor})"
    mixed = f"bitXor({mixed}, bitShiftRight({mixed}, 31))"
    place = f"bitShiftRight(bitShiftRight({mixed}, 32) * toUInt64(1000000), 32)"
    low, high = parameters.add(node.low_ppm, "UInt64"), parameters.add(node.high_ppm, "UInt64")
    return f"({place} >= {low} AND {place} < {high})"

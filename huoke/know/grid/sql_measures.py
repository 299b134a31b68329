"""The ClickHouse SQL of what is measured: assets and products of customers, their temperatures."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know import customers, temperature
from huoke.know.customers import Attribute, AttributeType

_FEN = {
    AttributeType.DECIMAL: f"intDiv({{}}, {customers.DECIMAL_SCALE // 100})",
    AttributeType.INTEGER: "({} * 100)",
}
"""Yuan of an attribute, as it is shipped, in fen."""
Attributes = Mapping[str, Attribute]
"""The bank's attributes by name."""


class People(msgspec.Struct, frozen=True):
    """Active customers ascending by seq, as columns. `aum_fen` counts where `valued`."""

    seq: NDArray[np.uint32]
    unit: NDArray[np.uint32]
    aum_fen: NDArray[np.int64]
    valued: NDArray[np.uint8]
    products: NDArray[np.int64]


class Expressions(msgspec.Struct, frozen=True):
    """What assets, their being known, and products are in a bank's table of customers."""

    aum: str
    valued: str
    products: str


async def seq_end(clickhouse: ClickHouse, tenant: TenantId) -> int:
    """One above the largest customer number; 0 for a bank without customers."""
    if not await is_there(clickhouse, tenant):
        return 0
    found = await clickhouse.query(
        tenant, f"SELECT toUInt64(max(seq)) + (count() > 0) AS n FROM {customers.CUSTOMERS.name}"
    )
    return int(found.column("n")[0].as_py())


async def expressions(
    clickhouse: ClickHouse, tenant: TenantId, attributes: Attributes, aum: Sequence[str], products: Sequence[str]
) -> Expressions:
    """How to sum attributes up; those a bank does not have count nothing.

    Of an attribute that is sealed only the lower bound of its band is known: assets are then at least so much.
    """
    there = await _columns(clickhouse, tenant, attributes)
    listed = [attributes[name] for name in aum if name in there]
    amounts = [(there[one.name], _fen(there[one.name], one)) for one in listed if one.type in _FEN]
    held = [there[name] for name in products if name in there and attributes[name].type is AttributeType.BOOLEAN]
    return Expressions(
        aum=" + ".join(f"ifNull({fen}, 0)" for _, fen in amounts) or "0",
        valued=" OR ".join(f"isNotNull({column})" for column, _ in amounts) or "0",
        products=" + ".join(f"toInt64(ifNull({column}, 0))" for column in held) or "0",
    )


async def people(clickhouse: ClickHouse, tenant: TenantId, read: Expressions, first: int, end: int) -> People:
    """The active customers with numbers in [first, end)."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, unit_id, toInt64({read.aum}) AS aum, toUInt8({read.valued}) AS valued,"
        f" toInt64({read.products}) AS products FROM {customers.CUSTOMERS.name} FINAL"
        " WHERE status = 'active' AND seq >= {first:UInt64} AND seq < {end:UInt64} ORDER BY seq",
        {"first": first, "end": end},
    )
    return People(*(found.column(name).to_numpy() for name in ("seq", "unit_id", "aum", "valued", "products")))


async def temperatures(
    clickhouse: ClickHouse, tenant: TenantId, day: date, first: int, end: int
) -> tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.uint8]]:
    """Readings of a day: seq ascending, temperature, stage (coldest 0)."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, temperature, stage FROM {temperature.TABLE} WHERE day = {{day:Date}}"
        " AND seq >= {first:UInt64} AND seq < {end:UInt64} ORDER BY seq",
        {"day": day, "first": first, "end": end},
    )
    seq, warmth, stage = (found.column(name).to_numpy() for name in ("seq", "temperature", "stage"))
    return seq, warmth, stage


async def lacking(
    clickhouse: ClickHouse, tenant: TenantId, attributes: Attributes, names: Sequence[str], seqs: Sequence[int]
) -> dict[int, list[str]]:
    """Which of some attributes each of some customers lacks, by seq; one that was never shipped is lacked by all."""
    there = await _columns(clickhouse, tenant, attributes)
    tests = [f"isNull({there[name]})" if name in there else "1" for name in names]
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, [{', '.join(f'toUInt8({test})' for test in tests) or 'toUInt8(0)'}] AS gone"
        f" FROM {customers.CUSTOMERS.name} FINAL WHERE seq IN {{seqs:Array(UInt32)}}",
        {"seqs": list(seqs)},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return {row["seq"]: [name for name, gone in zip(names, row["gone"], strict=False) if gone] for row in rows}


async def is_there(clickhouse: ClickHouse, tenant: TenantId) -> bool:
    """Whether the bank has a table of customers yet."""
    found = await clickhouse.query(
        tenant,
        "SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = {table:String}",
        {"table": customers.CUSTOMERS.name},
    )
    return len(found) > 0


def _fen(column: str, attribute: Attribute) -> str:
    """An attribute in fen. The lowest band of a sealed one has no lower edge: nothing at all is known to be there."""
    fen = _FEN[attribute.type].format(column)
    if not attribute.bands:
        return fen
    scale = customers.DECIMAL_SCALE if attribute.type is AttributeType.DECIMAL else 1
    return f"if({column} < {int(min(map(Decimal, attribute.bands)) * scale)}, 0, {fen})"


async def _columns(clickhouse: ClickHouse, tenant: TenantId, attributes: Attributes) -> dict[str, str]:
    """The column of every attribute that was shipped."""
    found = await clickhouse.query(
        tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
        {"table": customers.CUSTOMERS.name},
    )
    shipped = set(found.column("name").to_pylist())
    columns = {name: customers.column_of(one) for name, one in attributes.items()}
    return {name: column for name, column in columns.items() if column in shipped}

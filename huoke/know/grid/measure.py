"""What is measured of customers beside where they stand: activity, temperature, what their benefits cost."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know import metrics
from huoke.know.grid import sql_measures
from huoke.know.grid.model import BASE
from huoke.know.grid.sql_measures import Expressions, People
from huoke.know.grid.store import MEASURED

ACTIVE = "active_month"
DAYS = 30
"""Activity and cost are those of so many days."""
AUM = tenants.declare("grid.aum_attributes", list[str], default=["deposit_average", "wealth_balance"])
"""The attributes, in yuan, that together are a customer's assets."""
PRODUCTS = tenants.declare(
    "grid.product_attributes", list[str], default=["has_card", "has_fund", "has_wealth", "has_loan"]
)
"""The yes-or-no attributes that each say of one product whether a customer holds it."""
Cost = Callable[[ClickHouse, TenantId, NDArray[np.uint32], datetime, datetime], Awaitable[NDArray[np.float64]]]
"""What benefits of customers ascending by seq cost within [begin, end), in fen."""
_CELLS = BASE**3
_served: dict[str, Cost] = {}


def register_cost(cost: Cost) -> None:
    """Say who knows what benefits cost."""
    _served["cost"] = cost


class Sums:
    """What was measured by unit and cell, added up group by group."""

    def __init__(self) -> None:
        self._rows: dict[int, NDArray[np.float64]] = {}

    def add(self, cells: NDArray[np.uint16], units: NDArray[np.uint32], columns: NDArray[np.float64]) -> None:
        """Add customers; `columns` are those of `MEASURED`, one row each."""
        keys, where = np.unique(units.astype(np.int64) * _CELLS + cells, return_inverse=True)
        found = np.stack([np.bincount(where, column, len(keys)) for column in columns], axis=1)
        for key, row in zip(keys.tolist(), found, strict=True):
            self._rows[key] = self._rows[key] + row if key in self._rows else row

    def rows(self) -> list[dict[str, int | float]]:
        """By unit and cell, as they are stored."""
        return [
            {
                "unit_id": key // _CELLS,
                "cell": key % _CELLS,
                **{
                    name: float(value) if name == "warmth" else round(value)
                    for name, value in zip(MEASURED, row.tolist(), strict=True)
                },
            }
            for key, row in sorted(self._rows.items())
        ]


class Measuring(msgspec.Struct, frozen=True, kw_only=True):
    """One bank's measuring until the end of a day. `read_on`: the day of the temperatures, None for none.

    Assets and products are told of today only: a month brought from elsewhere has none.
    """

    clickhouse: ClickHouse
    tenant: TenantId
    read: Expressions
    day: date
    read_on: date | None
    of_today: bool

    async def of(self, people: People, first: int, end: int) -> NDArray[np.float64]:
        """The columns of `MEASURED` for some customers."""
        count = len(people.seq)
        until = datetime.combine(self.day + timedelta(days=1), time(), CHINA)
        since = until - timedelta(days=DAYS)
        active = await metrics.values(self.clickhouse, self.tenant, metrics.get(ACTIVE), people.seq, since, until)
        cost = _served.get("cost")
        spent = await cost(self.clickhouse, self.tenant, people.seq, since, until) if cost else np.zeros(count)
        warmth, stages = await self._warmth(people.seq, first, end)
        own = np.stack([people.aum_fen * people.valued, people.valued, people.products])
        aum, valued, products = own if self.of_today else np.zeros_like(own)
        columns = [np.ones(count), aum, valued, active, products, warmth, *stages, spent]
        return np.stack([np.asarray(column, np.float64) for column in columns])

    async def _warmth(
        self, seqs: NDArray[np.uint32], first: int, end: int
    ) -> tuple[NDArray[np.float64], list[NDArray[np.bool_]]]:
        """Temperatures, 0 where not known, and who is hot, warm, cool, cold."""
        warmth, stage = np.zeros(len(seqs)), np.full(len(seqs), 9, np.uint8)
        if self.read_on is not None:
            who, degrees, stages = await sql_measures.temperatures(
                self.clickhouse, self.tenant, self.read_on, first, end
            )
            _, mine, theirs = np.intersect1d(seqs, who, assume_unique=True, return_indices=True)
            warmth[mine], stage[mine] = degrees[theirs], stages[theirs]
        return warmth, [stage == place for place in (3, 2, 1, 0)]

"""What customers will pay in the coming year: how often they come back and what a day of payment brings, learned on the
bank's own payments and judged on the latest quarter, which it did not see.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke import __version__
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know.models import sql_matrix
from huoke.know.models.lifetime import Comeback, Purchases, Worth, fit_comeback, fit_worth, lifetime_value
from huoke.know.models.model import Group, Task, Weighed
from huoke.know.models.sql_matrix import Paid, Reach, Seqs

ALGORITHM = "comeback"
HOLDOUT_WEEKS = 13
WEEKLY_DISCOUNT = 0.001
TOTAL_ERROR_MAX = 0.15
"""How far the sum told of the quarter held out may be from the one seen."""
FITTED_MAX = 40_000
GROUPS = 10


class Lifetime(msgspec.Struct, frozen=True, kw_only=True):
    """The whole model; times in weeks, money in fen."""

    comeback: Comeback
    worth: Worth

    def value(self, paid: Paid, weeks: int) -> NDArray[np.float64]:
        """What each customer pays in the next weeks, discounted."""
        return lifetime_value(
            self.comeback, self.worth, purchases(paid), paid.mean, steps=weeks, step=1.0, discount=WEEKLY_DISCOUNT
        )


def purchases(paid: Paid) -> Purchases:
    """Days of payment as repeats after the first."""
    return Purchases(repeats=paid.days - 1, recency=paid.first - paid.last, age=paid.first)


async def learn_value(database: Database, clickhouse: ClickHouse, tenant: TenantId, task: Task) -> list[dict[str, Any]]:
    """One row for the registry; `TooFew`."""
    now = database.clock.now().astimezone(CHINA)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    judged_on = today - timedelta(weeks=HOLDOUT_WEEKS)
    everybody = await sql_matrix.last_seq(clickhouse, tenant) + 1
    reach = Reach(per_mille=min(1_000, max(1, round(1_000 * FITTED_MAX / max(everybody, 1)))))
    paid = await sql_matrix.payments(clickhouse, tenant, judged_on, reach)
    bought = purchases(paid)
    model = Lifetime(comeback=fit_comeback(bought), worth=fit_worth(bought.repeats, paid.mean))
    seqs, fen = await sql_matrix.paid_between(clickhouse, tenant, judged_on, today, reach)
    seen = np.zeros(len(paid.seqs))
    known = np.isin(seqs, paid.seqs)
    seen[np.searchsorted(paid.seqs, seqs[known])] = fen[known]
    told = model.value(paid, HOLDOUT_WEEKS)
    metrics = _judge(told, seen)
    text = msgspec.json.encode(model).decode()
    return [
        {
            "task": task.name.value, "algorithm": ALGORITHM, "text": text,
            "text_hash": hashlib.sha256(text.encode()).hexdigest(), "features": _FEATURES,
            "groups": _groups(told, seen), "metrics": metrics, "rows": len(paid.seqs),
            "outcomes": int(np.count_nonzero(bought.repeats)), "cut_offs": [judged_on.date()],
            "judged_on": judged_on.date(), "data_hash": _hash(paid), "code_version": __version__,
            "recommended": metrics["total_error"] <= TOTAL_ERROR_MAX,
        }
    ]  # fmt: skip


async def values_of(
    clickhouse: ClickHouse, tenant: TenantId, model: Lifetime, at: datetime, weeks: int, reach: Reach
) -> tuple[Seqs, NDArray[np.float64]]:
    """What each customer who ever paid will pay in the next weeks."""
    paid = await sql_matrix.payments(clickhouse, tenant, at, reach)
    return paid.seqs, model.value(paid, weeks) if len(paid.seqs) else np.array([])


def _judge(told: NDArray[np.float64], seen: NDArray[np.float64]) -> dict[str, float]:
    total = float(seen.sum())
    moves = told.std() > 0 and seen.std() > 0
    return {
        "total_error": abs(float(told.sum()) - total) / max(total, 1.0),
        "correlation": float(np.corrcoef(told, seen)[0, 1]) if moves else 0.0,
        "judged_rows": len(told),
        "judged_outcomes": int(np.count_nonzero(seen)),
    }


def _groups(told: NDArray[np.float64], seen: NDArray[np.float64]) -> list[Group]:
    parts = np.array_split(np.argsort(told, kind="stable"), GROUPS)
    return [Group(told=float(told[part].mean()), seen=float(seen[part].mean()), rows=len(part)) for part in parts]


def _hash(paid: Paid) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(paid.seqs).tobytes())
    for column in (paid.days, paid.first, paid.last, paid.mean):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


_FEATURES = [
    Weighed(name=name, label=label, label_en=label_en, unit=unit, standing=False, share=0.25)
    for name, label, label_en, unit in (
        ("payment_days", "有支付的天数", "days with payments", "days"),
        ("weeks_since_last", "距上次支付的周数", "weeks since the last payment", "number"),
        ("weeks_since_first", "距首次支付的周数", "weeks since the first payment", "number"),
        ("payment_average", "日均支付金额", "average paid on a day", "fen"),
    )
]

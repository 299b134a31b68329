"""A campaign with a planted effect: customers, both groups, and what they did before and after."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.decide import experiments
from huoke.kernel.sets import from_rows
from huoke.know import events
from tests.make import campaigns as make

CUSTOMERS = 2_400


class Planted(msgspec.Struct, frozen=True):
    """The campaign and who is in its groups."""

    campaign_id: UUID
    treated: NDArray[np.uint32]
    control: NDArray[np.uint32]
    began: datetime


async def planted(world: make.World, *, control_percent: int = 30, **changes: object) -> Planted:
    """A push campaign measured by payments over 14 days, run and shipped."""
    told = {"metric": "payment", "metric_days": 14, "control_percent": control_percent, "stock": CUSTOMERS}
    told["budget_fen"] = 1_980 * CUSTOMERS
    campaign_id = await make.live(world, **told | changes)
    await make.run(world, campaign_id)
    async with world.begin() as tx:
        control = (await experiments.control_members(tx, campaign_id)).array()
        rows = await tx.fetch("SELECT members FROM campaigns.reach_chunk WHERE campaign_id = $1", campaign_id)
        treated = from_rows(world.tenant, [row["members"] for row in rows]).array()
        began = await tx.fetch_value("SELECT started_at FROM campaigns.campaign WHERE id = $1", campaign_id)
    return Planted(campaign_id, treated, control, began)


async def happened(
    world: make.World, name: str, seqs: NDArray[np.uint32] | list[int], at: datetime, amount_fen: int = 0, **more: str
) -> None:
    """One event of a name for each of some customers, a second apart."""
    if not len(seqs):
        return
    entry_code = more.pop("entry_code", "")
    instants = [at + timedelta(seconds=n) for n in range(len(seqs))]
    columns = {
        "seq": pa.array(np.asarray(seqs, np.uint32)),
        "name": pa.array([name] * len(seqs)),
        "at": pa.array(instants, pa.timestamp("ms", tz="UTC")),
        "amount_fen": pa.array([amount_fen] * len(seqs), pa.int64()),
        "entry_code": pa.array([entry_code] * len(seqs)),
    }
    columns |= {f"p_{key}": pa.array([value] * len(seqs)) for key, value in more.items()}
    await events.load_archive(world.database, world.analytics.clickhouse, world.tenant, pa.table(columns))

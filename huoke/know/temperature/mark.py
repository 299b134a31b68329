"""Stage and lifecycle as tags of the bank, where it has them: in every segment, condition and portrait."""

from datetime import date, datetime, time, timedelta

import numpy as np

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Database
from huoke.know import tags
from huoke.know.temperature.engine import Codes, Reading
from huoke.know.temperature.model import LIFECYCLES, STAGES

STAGE_TAG, LIFECYCLE_TAG = "temperature_stage", "lifecycle"
SOURCE = "temperature"


async def mark_tags(
    database: Database, tenant: TenantId, seqs: "np.typing.NDArray[np.uint32]", reading: Reading, day: date
) -> None:
    """Put both tags for everybody; a bank that has no such tag, or has put it away, goes without."""
    as_of = datetime.combine(day + timedelta(days=1), time(), CHINA)
    codes: list[tuple[str, list[str], Codes]] = [
        (STAGE_TAG, [one.value for one in STAGES], reading.stage),
        (LIFECYCLE_TAG, [one.value for one in LIFECYCLES], reading.lifecycle),
    ]
    for name, values, found in codes:
        async with database.begin(tenant) as tx:
            sets = {value: CustomerSet.of(tenant, seqs[found == place], tx.now) for place, value in enumerate(values)}
            try:
                await tags.put(tx, name, sets, as_of=as_of, source=SOURCE)
            except (tags.TagUnknown, tags.TagNotThere):
                continue

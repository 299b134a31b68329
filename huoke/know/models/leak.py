"""The check that no feature looks past its cut-off: worked out with and without what came after, nothing may differ."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.models import sql_matrix
from huoke.know.models.features import Feature
from huoke.know.models.model import FeatureLeaks
from huoke.know.models.sql_matrix import Reach


async def check_leak(
    clickhouse: ClickHouse,
    tenant: TenantId,
    features: Sequence[Feature],
    cut_off: datetime,
    until: datetime,
    reach: Reach,
) -> int:
    """Compare the matrix of a cut-off as it was with the same one when events up to `until` lie there too.

    Returns how many customers were compared; raises `FeatureLeaks` with the first feature that differs.
    """
    before = await sql_matrix.matrix(clickhouse, tenant, features, cut_off, reach)
    after = await sql_matrix.matrix(clickhouse, tenant, features, cut_off, reach, until=until)
    seqs = np.union1d(before.seqs, after.seqs).astype(np.uint32)
    same = np.isclose(before.of(seqs, features), after.of(seqs, features), rtol=1e-5, atol=1e-6, equal_nan=True)
    for feature, column in zip(features, same.T, strict=True):
        if not feature.standing and not column.all():
            raise FeatureLeaks(
                f"'{feature.label_en}' looks past its cut-off: {int((~column).sum()):,} customers differ by what"
                " happened after it. Bound it with ago > 0.",
                pointer=f"/features/{feature.name}",
                feature=feature.name,
            )
    return len(seqs)

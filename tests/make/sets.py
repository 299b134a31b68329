"""Sets for tests."""

import numpy as np

from huoke.kernel.ids import TenantId
from huoke.kernel.sets import CustomerSet


def of(tenant: int, *seqs: int) -> CustomerSet:
    """A set of the given seqs."""
    return CustomerSet.of(TenantId(tenant), seqs)


def spread(tenant: int, count: int, *, among: int, seed: int = 1) -> CustomerSet:
    """A set of `count` seqs drawn from 0 … among-1, the same for the same seed."""
    chosen = np.random.default_rng(seed).choice(among, count, replace=False)
    return CustomerSet.of(TenantId(tenant), chosen.astype(np.uint32))

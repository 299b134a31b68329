"""A fair fiftieth of all customers, kept beside every set: what profiles of large segments are first read from."""

from functools import lru_cache

import numpy as np
from pyroaring import BitMap

from huoke.kernel.sets import PPM, bucket_numbers

SALT = "tags.sample"
SHARE_PPM = 20_000
_GROUP = 1 << 20


def sampled(group: int, members: BitMap) -> BitMap:
    """The members of a group who are in the sample."""
    return members & _chosen(group)


def share() -> float:
    """The part of all customers who are in the sample."""
    return SHARE_PPM / PPM


@lru_cache(maxsize=64)
def _chosen(group: int) -> BitMap:
    seqs = np.arange(group * _GROUP, (group + 1) * _GROUP, dtype=np.uint32)
    return BitMap(seqs[bucket_numbers(SALT, seqs) < SHARE_PPM])

"""A set of one bank's customers, as a roaring bitmap of their seqs."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.ids import TenantId
from huoke.kernel.sets.buckets import PPM, bucket_numbers, sample_numbers

CHUNK_BITS = 16
"""A chunk is the 65,536 customers with the same `seq >> 16`: the unit of ownership, and one roaring container."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEADER = Struct("<4siq")
_MAGIC = b"HKS1"


class ForeignSet(AssertionError):  # noqa: N818 - named for what is wrong
    """Two sets of different banks met in one operation: a bug, never an answer."""


class CustomerSet:
    """Which customers of `tenant`, as they were at `as_of`.

    Sets are values: operators make new ones, and the bitmap of a set is never changed. `& | - ^` refuse sets of two
    banks; the result is as old as the older of the two. Work on millions holds the interpreter for milliseconds, so
    processes that serve requests hand it to the set server (`huoke.kernel.sets.SetServer`).
    """

    __slots__ = ("as_of", "bitmap", "tenant")

    def __init__(self, tenant: TenantId, bitmap: BitMap, as_of: datetime = EPOCH) -> None:
        self.tenant = tenant
        self.bitmap = bitmap
        self.as_of = as_of

    @classmethod
    def of(cls, tenant: TenantId, seqs: Iterable[int] | NDArray[Any], as_of: datetime = EPOCH) -> "CustomerSet":
        """The set of the given seqs (any order, repeats allowed); arrays are taken whole."""
        if isinstance(seqs, np.ndarray):
            return cls(tenant, BitMap(np.ascontiguousarray(seqs, dtype=np.uint32)), as_of)
        return cls(tenant, BitMap(seqs), as_of)

    @classmethod
    def empty(cls, tenant: TenantId, as_of: datetime = EPOCH) -> "CustomerSet":
        """The set of nobody."""
        return cls(tenant, BitMap(), as_of)

    def __and__(self, other: "CustomerSet") -> "CustomerSet":
        return CustomerSet(self._shared(other), self.bitmap & other.bitmap, min(self.as_of, other.as_of))

    def __or__(self, other: "CustomerSet") -> "CustomerSet":
        return CustomerSet(self._shared(other), self.bitmap | other.bitmap, min(self.as_of, other.as_of))

    def __sub__(self, other: "CustomerSet") -> "CustomerSet":
        return CustomerSet(self._shared(other), self.bitmap - other.bitmap, min(self.as_of, other.as_of))

    def __xor__(self, other: "CustomerSet") -> "CustomerSet":
        return CustomerSet(self._shared(other), self.bitmap ^ other.bitmap, min(self.as_of, other.as_of))

    def __len__(self) -> int:
        return len(self.bitmap)

    def __bool__(self) -> bool:
        return bool(self.bitmap)

    def __contains__(self, seq: int) -> bool:
        return seq in self.bitmap

    def __iter__(self) -> Iterator[int]:
        return iter(self.bitmap)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CustomerSet) and self.tenant == other.tenant and self.bitmap == other.bitmap

    def __hash__(self) -> int:
        return hash((self.tenant, len(self.bitmap)))

    def __repr__(self) -> str:
        return f"CustomerSet(tenant={self.tenant}, {len(self.bitmap)} customers, as of {self.as_of.isoformat()})"

    def array(self) -> NDArray[np.uint32]:
        """The seqs, ascending."""
        return to_array(self.bitmap)

    def chunks(self) -> Iterator[tuple[int, BitMap]]:
        """Each chunk's number and its members (whole seqs), ascending; empty chunks are left out."""
        yield from split(self.bitmap, CHUNK_BITS)

    def bucket(self, salt: str, low: int, high: int) -> "CustomerSet":
        """The members whose bucket under `salt` is at least `low` and below `high`, in parts per million."""
        assert 0 <= low <= high <= PPM, "buckets are parts per million"
        seqs = self.array()
        buckets = bucket_numbers(salt, seqs)
        return CustomerSet.of(self.tenant, seqs[(buckets >= low) & (buckets < high)], self.as_of)

    def sample(self, count: int, salt: str) -> "CustomerSet":
        """A fair subset of `count` members (all when there are fewer): the same every time for the same salt."""
        return CustomerSet.of(self.tenant, sample_numbers(salt, self.array(), count), self.as_of)

    def to_bytes(self) -> bytes:
        """The set as bytes: a header with bank and as-of, then the roaring bitmap in its portable format."""
        self.bitmap.run_optimize()  # the same members, packed tighter where they stand in rows
        as_of_us = (self.as_of - EPOCH) // timedelta(microseconds=1)
        return _HEADER.pack(_MAGIC, self.tenant, as_of_us) + self.bitmap.serialize()

    @classmethod
    def from_bytes(cls, payload: bytes, *, erased: "CustomerSet | None" = None) -> "CustomerSet":
        """Read what `to_bytes` wrote, without the customers in `erased`; `ValueError` for anything else."""
        tenant, as_of, bitmap = head_of(payload)
        return cls(tenant, BitMap.deserialize(bitmap), as_of).without(erased)

    def without(self, erased: "CustomerSet | None") -> "CustomerSet":
        """This set less the bank's erased customers: every load goes through here."""
        if erased is None or not erased:
            return self
        return CustomerSet(self._shared(erased), self.bitmap - erased.bitmap, self.as_of)

    def _shared(self, other: "CustomerSet") -> TenantId:
        if self.tenant != other.tenant:
            raise ForeignSet(f"a set of bank {self.tenant} met a set of bank {other.tenant}")
        return self.tenant


def head_of(payload: bytes) -> tuple[TenantId, datetime, bytes]:
    """Whose set `CustomerSet.to_bytes` wrote, its as-of, its bitmap's bytes; `ValueError` for anything else."""
    if len(payload) < _HEADER.size or not payload.startswith(_MAGIC):
        raise ValueError("these bytes are no customer set")
    _, tenant, as_of_us = _HEADER.unpack_from(payload)
    return TenantId(tenant), EPOCH + timedelta(microseconds=as_of_us), payload[_HEADER.size :]


def to_array(bitmap: BitMap) -> NDArray[np.uint32]:
    """The members of a bitmap, ascending."""
    return np.array(bitmap.to_array(), dtype=np.uint32)


def split(bitmap: BitMap, bits: int) -> Iterator[tuple[int, BitMap]]:
    """Cut a bitmap into the parts that share `member >> bits`: their number and their members, ascending."""
    start = 0
    while True:
        try:
            first = bitmap.next_set_bit(start)
        except ValueError:
            return
        number = first >> bits
        start = (number + 1) << bits
        yield number, bitmap & BitMap(range(number << bits, min(start, 1 << 32)))
        if start >= 1 << 32:
            return

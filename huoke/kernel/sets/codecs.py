"""How sets lie in the engines: one bytea per chunk in PostgreSQL, one groupBitmap per group in ClickHouse.

Bytes of ClickHouse's `AggregateFunction(groupBitmap, UInt32)` (as in RowBinary and Native):

    00  count (1 byte)      members, 4 bytes little-endian each      up to 32 members
    01  length (varint)     the roaring portable format              any number of members
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
from pyroaring import BitMap

from huoke.kernel.ids import TenantId
from huoke.kernel.sets.customer_set import EPOCH, CustomerSet, split

GROUP_BITS = 20
"""A ClickHouse group is the 1,048,576 customers with the same `seq >> 20`: one row of `tag_bitmap`."""
SMALL_COUNT_MAX = 32
Payload = bytes | memoryview


def to_rows(members: CustomerSet) -> dict[int, bytes]:
    """The set as PostgreSQL keeps it: chunk number → portable roaring bytes of the whole seqs in that chunk."""
    return {chunk: bitmap.serialize() for chunk, bitmap in members.chunks()}


def from_rows(
    tenant: TenantId, rows: Iterable[bytes], *, as_of: datetime = EPOCH, erased: CustomerSet | None = None
) -> CustomerSet:
    """The union of chunks' bytes, in any order, without the customers in `erased`."""
    parts = [BitMap.deserialize(row) for row in rows]
    return CustomerSet(tenant, BitMap.union(*parts) if parts else BitMap(), as_of).without(erased)


def to_groups(members: CustomerSet) -> dict[int, bytes]:
    """The set as ClickHouse keeps it: group number → groupBitmap bytes of the whole seqs in that group."""
    return {group: encode_group(bitmap) for group, bitmap in split(members.bitmap, GROUP_BITS)}


def from_groups(
    tenant: TenantId,
    groups: Mapping[int, Payload] | Iterable[Payload],
    *,
    as_of: datetime = EPOCH,
    erased: CustomerSet | None = None,
) -> CustomerSet:
    """The union of groups' bytes, in any order, without the customers in `erased`."""
    payloads = groups.values() if isinstance(groups, Mapping) else groups
    parts = [decode_group(payload) for payload in payloads]
    return CustomerSet(tenant, BitMap.union(*parts) if parts else BitMap(), as_of).without(erased)


def encode_group(bitmap: BitMap) -> bytes:
    """The groupBitmap bytes of a bitmap, in the form that ClickHouse itself would write."""
    if len(bitmap) <= SMALL_COUNT_MAX:
        return bytes((0, len(bitmap))) + np.array(bitmap.to_array(), dtype="<u4").tobytes()
    payload = bitmap.serialize()
    return b"\x01" + _varint(len(payload)) + payload


def decode_group(payload: Payload) -> BitMap:
    """The bitmap of groupBitmap bytes in either form; `ValueError` for anything else."""
    return BitMap.deserialize(unwrap_group(payload))  # type: ignore[arg-type]  # any buffer will do; the stub is too narrow


def unwrap_group(payload: Payload) -> Payload:
    """The roaring portable bytes of groupBitmap bytes in either form; `ValueError` for anything else."""
    if len(payload) < 2 or payload[0] > 1:
        raise ValueError("these bytes are no groupBitmap")
    if payload[0] == 0:
        count = payload[1]
        if len(payload) != 2 + 4 * count:
            raise ValueError("a small groupBitmap of the wrong length")
        return BitMap(np.frombuffer(payload, dtype="<u4", offset=2).astype(np.uint32)).serialize()
    length, start = _read_varint(payload, 1)
    if len(payload) != start + length:
        raise ValueError("a large groupBitmap of the wrong length")
    return payload[start:]


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _read_varint(payload: bytes | memoryview, start: int) -> tuple[int, int]:
    number = shift = 0
    for position in range(start, min(start + 10, len(payload))):
        byte = payload[position]
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, position + 1
    raise ValueError("a groupBitmap that ends inside its length")

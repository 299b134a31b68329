"""What an archive is, and what may be refused."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Conflict

ROWS_MAX = 500_000
"""Of one archive: its file stays well under what the file store takes."""
BYTES_MAX = 256 << 20
"""Of one closed month's archive, uncompressed, give or take a page."""
CLOSE_AFTER = timedelta(days=7)
"""How long a month rests before it is closed."""
KEPT = timedelta(days=36_500)
LOG = "log"
"""The origin of archives that a closed month of the log became."""


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of `source` in one Parquet file, `sha256` of its bytes; `origin` is "log" or where they were loaded from."""

    id: UUID
    tenant: TenantId
    source: str
    origin: str
    month: date
    rows: int
    sha256: bytes
    file_id: UUID
    first_at: datetime
    last_at: datetime
    made_at: datetime
    load_id: UUID | None = None
    numbers: tuple[tuple[int, int], ...] = ()
    """Which events of the bank's chain its rows are, as [from, to): ascending and apart; empty where none is."""


def free_numbers(taken: Sequence[tuple[int, int]]) -> Iterator[int]:
    """1, 2, 3 … without those in `taken`, ranges [from, to) in any order."""
    number = 1
    for begin, end in sorted(taken):
        yield from range(number, begin)
        number = max(number, end)
    yield from count(number)


def ranges_of(numbers: NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
    """Ascending numbers as ranges [from, to)."""
    breaks = np.flatnonzero(np.diff(numbers) != 1) + 1
    return tuple((int(one[0]), int(one[-1]) + 1) for one in np.split(numbers, breaks))


def place_of(load_id: UUID) -> int:
    """The number of a load's rows in ClickHouse, beyond every transaction id (its first bit is set: RFC 9562)."""
    return int.from_bytes(load_id.bytes[8:], "big")


class MonthOpen(Conflict):
    """The month is not over for long enough, or not everybody has read it: shipper, sealer, subscribers."""

    code = "archives.month_open"


class ArchiveDamaged(Conflict):
    """An archive's file is not the one that was written."""

    code = "archives.damaged"


def to_parquet(rows: pa.Table) -> bytes:
    """Rows as the bytes of a Parquet file; the same rows give the same bytes."""
    out = io.BytesIO()
    pq.write_table(rows, out, compression="zstd", use_dictionary=True, store_schema=True)
    return out.getvalue()


def from_parquet(archive: Archive, body: bytes) -> pa.Table:
    """The rows again; `ArchiveDamaged` when the bytes are not those that were hashed."""
    if sha256(body).digest() != archive.sha256:
        raise ArchiveDamaged(f"Archive {archive.id} of {archive.month:%Y-%m} is not as it was written; restore it.")
    return pq.read_table(pa.BufferReader(body))

"""What an archive is, and what may be refused."""

import io
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Conflict

ROWS_MAX = 500_000
"""Of one archive: its file stays well under what the file store takes."""
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


def place_of(load_id: UUID) -> int:
    """The number of a load's rows in ClickHouse, beyond every transaction id (its first bit is set: RFC 9562)."""
    return int.from_bytes(load_id.bytes[8:], "big")


class MonthOpen(Conflict):
    """The month is not over for long enough, or its rows have not all been shipped."""

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

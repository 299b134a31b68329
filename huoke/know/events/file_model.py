"""Files of events: what each column is, how the file was read, and what became of its rows."""

from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from huoke.know.events.model import Malformed

TIMEZONE = "Asia/Shanghai"


class FileFormat(StrEnum):
    """How a file of events is made."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class ColumnTarget(StrEnum):
    """What a column of the file is."""

    CUSTOMER_NO = "customer_no"
    EVENT = "event"
    TIMESTAMP = "timestamp"
    MESSAGE_ID = "message_id"
    AMOUNT_FEN = "amount_fen"
    AMOUNT_YUAN = "amount_yuan"
    """Yuan with at most two decimals."""
    ENTRY_CODE = "entry_code"
    PROPERTY = "property"
    IGNORE = "ignore"


class FileColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the file by its header; `property` names the property where it is one."""

    column: str
    to: ColumnTarget
    property: str = ""


class FileMapping(msgspec.Struct, frozen=True, kw_only=True):
    """What the columns are; NDJSON in the spec's shape needs none.

    `event` is the event of every row where no column says it. Times without a zone are of `timezone`.
    """

    columns: list[FileColumn] = []
    event: str = ""
    timezone: str = TIMEZONE

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times that name none; `Malformed` when there is none of that name."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Malformed(
                f"There is no time zone '{self.timezone[:40]}'; write it as {TIMEZONE}.", pointer="/mapping/timezone"
            ) from None


class Flaw(msgspec.Struct, frozen=True):
    """Why a row was refused, or in part; the first row of a file is 1."""

    row: int
    code: str
    detail: str


class FileLoaded(msgspec.Struct, kw_only=True):
    """What became of a file's rows; `share` is how much of the file was read, 0 … 1.

    `waiting` rows name customers the bank does not have yet. `traits_refused` rows were loaded but for a trait.
    """

    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    waiting: int = 0
    refused: int = 0
    traits_refused: int = 0
    share: float = 0.0


class FileLook(msgspec.Struct, frozen=True, kw_only=True):
    """How a file was read, its first rows (class C2 withheld), a mapping, and what would become of the first rows."""

    format: FileFormat
    encoding: str
    separator: str
    header: list[str]
    sample: list[list[str]]
    mapping: FileMapping
    unregistered: list[str]
    """Columns that no registered property goes by; the mapping leaves them out."""
    checked: FileLoaded
    flaws: list[Flaw]

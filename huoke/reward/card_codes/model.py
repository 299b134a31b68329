"""A card code, a batch of them, and what becomes of each line of an uploaded file."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

CODE_CHARACTERS_MAX = 128
FILE_BYTES_MAX = 32 << 20
LISTS_KEPT_DAYS = 30


class CodeState(StrEnum):
    """Free: stock. Drawn: set aside for a grant. Seen: its customer has it. Void: expired or called back."""

    FREE = "free"
    DRAWN = "drawn"
    SEEN = "seen"
    VOID = "void"


class BatchState(StrEnum):
    """Queued and reading end in done or failed; a batch called back is void."""

    QUEUED = "queued"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    VOID = "void"


class Verdict(StrEnum):
    """What became of a line: taken in; cannot be a code; known to the brand already; repeated in this file."""

    SUCCESS = "success"
    FAILED = "failed"
    EXISTS = "exists"
    DUPLICATE = "duplicate"


LISTS = tuple(Verdict)
"""The four lists that can be downloaded for each batch."""


class NewBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A file of codes for one SKU; `expires_on` is the last day they are good, in the bank's time zone."""

    sku_id: UUID
    file_id: UUID
    file_name: str
    expires_on: date
    unit_id: int


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch as it stands: how many lines became what, how many codes are left, and the lists by verdict."""

    id: UUID
    sku_id: UUID
    unit_id: int
    file_name: str
    expires_on: date
    state: BatchState
    success: int
    failed: int
    exists: int
    duplicate: int
    free: int
    drawn: int
    seen: int
    void: int
    lists: dict[str, UUID]
    error: str
    uploaded_by: str
    uploaded_at: datetime


class CardCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code in clear, with its password where it has one."""

    code: str
    pin: str = ""
    expires_on: date


class BatchQueued(Event, frozen=True, kw_only=True):
    """A file of codes waits to be read."""

    name: ClassVar[str] = "card_codes.batch_queued"
    batch_id: UUID


class CodesStocked(Event, frozen=True, kw_only=True):
    """Free codes of a SKU came (quantity > 0) or went without being drawn (< 0)."""

    name: ClassVar[str] = "card_codes.stocked"
    sku_id: UUID
    unit_id: int
    quantity: int


class BatchUnfit(Invalid):
    """A file, SKU or expiry that cannot be."""

    code = "card_codes.batch_unfit"


class BatchUnknown(NotFound):
    """There is no such batch in this bank."""

    code = "card_codes.batch_unknown"


class CodeMissing(Conflict):
    """No code was drawn for this grant."""

    code = "card_codes.missing"


def check_code(code: str, pin: str) -> str:
    """Why a line cannot be a code, as a sentence; empty where it can."""
    if not code:
        return "The line has no code."
    if max(len(code), len(pin)) > CODE_CHARACTERS_MAX:
        return f"A code has at most {CODE_CHARACTERS_MAX} characters."
    if not (code + pin).isprintable():
        return "The code has characters that cannot be shown."
    return ""

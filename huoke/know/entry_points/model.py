"""What an entry point is: a short code that names its bank and leads to a target."""

import secrets
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Conflict, NotFound

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
"""No character that is mistaken for another on paper."""
RANDOM_LENGTH = 8
TENANT_LENGTH = 4


class EntryPointKind(StrEnum):
    """How a customer meets the code."""

    LINK = "link"
    QR = "qr"
    POSTER = "poster"


class NewEntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """An entry point to a target, such as a campaign's landing page."""

    kind: EntryPointKind
    name: str
    target_kind: str
    target_id: UUID


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A link or QR code; closed ones lead nowhere."""

    id: UUID
    code: str
    kind: EntryPointKind
    name: str
    target_kind: str
    target_id: UUID
    created_at: datetime
    closed_at: datetime | None


class EntryPointUnknown(NotFound):
    """No such code, or it was closed."""

    code = "entry_points.unknown"


class PdfUnavailable(Conflict):
    """This machine lacks what draws a PDF; the package to install is named."""

    code = "entry_points.pdf_unavailable"


class PngUnavailable(Conflict):
    """A sign of the poster is in no font of the product or the machine."""

    code = "entry_points.png_unavailable"


def path_of(code: str) -> str:
    """The path that a link, QR code or poster with this code leads through."""
    return f"/e/{code}"


def make_code(tenant: TenantId) -> str:
    """A code that names its bank: `TENANT_LENGTH` signs for the bank, then 8 random ones (39 bits)."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return _spell(tenant) + random


def tenant_of(code: str) -> TenantId | None:
    """The bank a code names; None for what is no code at all."""
    head, tail = code[:TENANT_LENGTH], code[TENANT_LENGTH:]
    if len(tail) != RANDOM_LENGTH or not set(code) <= set(ALPHABET):
        return None
    number = 0
    for sign in head:
        number = number * len(ALPHABET) + ALPHABET.index(sign)
    return TenantId(number)


def _spell(number: int) -> str:
    signs = ""
    for _ in range(TENANT_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs = ALPHABET[place] + signs
    assert number == 0, "more banks in one cell than a code can name"
    return signs

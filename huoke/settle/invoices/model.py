"""How a statement's lines are taxed and which input invoices stand behind them (rules V1, V2); pure."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.reward.catalogue import Handover, Sku, SkuKind
from huoke.settle.invoices.refusals import InvoiceUnfit, PaperUnfit

PPM = 1_000_000
AMOUNT_FEN_MAX = 10_000_000_000_00
LINES_MAX = 500
PLACE_MAX = 1_000_000
_DIGITAL = re.compile(r"[0-9]{20}")
_NUMBER = re.compile(r"[0-9]{8}")
_CODE = re.compile(r"[0-9]{10}(?:[0-9]{2})?")


class VatKind(StrEnum):
    """How value-added tax looks at what a line paid for.

    Goods given free are deemed sold; vouchers, top-ups and card codes are sold ahead of their use.
    """

    DEEMED_SALE = "deemed_sale"
    PREPAID_SALE = "prepaid_sale"
    SERVICE = "service"
    NONE = "none"


class VatBasis(StrEnum):
    """Why a line has its kind: what its benefit is, or that somebody changed it."""

    PHYSICAL = "physical"
    VOUCHER = "voucher"
    CARD_CODE = "card_code"
    TOPUP = "topup"
    POINTS = "points"
    FINANCIAL = "financial"
    DIFFERENCE = "difference"
    CHANGED = "changed"


class Slot(StrEnum):
    """Place of an invoice at a line: what was sold; or, for the prepaid, the non-taxed purchase and the real use."""

    SALE = "sale"
    PURCHASE = "purchase"
    USE = "use"
    NONE = "none"


class LineState(StrEnum):
    """A reversed line may be asked for again. `none`: no invoice is due."""

    OPEN = "open"
    REQUESTED = "requested"
    RECEIVED = "received"
    REVERSED = "reversed"
    NONE = "none"


WAITING = frozenset({LineState.OPEN, LineState.REQUESTED, LineState.REVERSED})
"""States in which an invoice may come."""

KINDS = {
    SkuKind.PHYSICAL: (VatKind.DEEMED_SALE, VatBasis.PHYSICAL),
    SkuKind.VOUCHER: (VatKind.PREPAID_SALE, VatBasis.VOUCHER),
    SkuKind.TOPUP: (VatKind.PREPAID_SALE, VatBasis.TOPUP),
    SkuKind.POINTS: (VatKind.NONE, VatBasis.POINTS),
    SkuKind.FINANCIAL: (VatKind.NONE, VatBasis.FINANCIAL),
}
SLOTS = {
    VatKind.DEEMED_SALE: (Slot.SALE,),
    VatKind.PREPAID_SALE: (Slot.PURCHASE, Slot.USE),
    VatKind.SERVICE: (Slot.SALE,),
    VatKind.NONE: (Slot.NONE,),
}


def kind_of(sku: Sku | None) -> tuple[VatKind, VatBasis]:
    """How a benefit is taxed, and why (rule V1); what only the supplier knows is a service until somebody says more."""
    if sku is None:
        return VatKind.SERVICE, VatBasis.DIFFERENCE
    kind, basis = KINDS[sku.kind]
    return (kind, VatBasis.CARD_CODE) if sku.handover is Handover.CARD_CODE else (kind, basis)


class LineRef(msgspec.Struct, frozen=True, kw_only=True):
    """One slot of one line of a statement."""

    statement_id: UUID
    place: int
    slot: Slot


class NewInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """An input invoice to enter for lines of one supplier.

    A digital invoice has a number of 20 digits and no code; others a code of 10 or 12 and a number of 8. `amount_fen`
    is the total with tax and equals the lines; `rate_ppm` is millionths.
    """

    lines: list[LineRef]
    number: str
    code: str = ""
    issued_on: date
    amount_fen: int
    rate_ppm: int
    tax_fen: int
    request_no: str | None = None


class PaperFormat(StrEnum):
    """What invoices come as: a printed picture, or the two formats of digital ones."""

    PDF = "pdf"
    OFD = "ofd"
    XML = "xml"


PAPER_BYTES_MAX = 10_000_000


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A kept file of an invoice: its name, format, size and hash."""

    id: UUID
    name: str
    format: PaperFormat
    size_bytes: int
    sha256: str
    kept_by: str
    kept_at: datetime


def format_of(content: bytes, number: str) -> PaperFormat:
    """What a file is by its own bytes, not by its name; `PaperUnfit` for anything else, or another invoice's XML.

    An OFD is a zip archive with an `OFD.xml` (GB/T 33190); an XML declares no types of its own, and names its number.
    """
    if not 0 < len(content) <= PAPER_BYTES_MAX:
        raise PaperUnfit(f"A file has 1 byte to {PAPER_BYTES_MAX // 1_000_000} MB.", pointer="/content")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2_048:]:
        return PaperFormat.PDF
    if content.startswith(b"PK\x03\x04") and _has_ofd(content):
        return PaperFormat.OFD
    head = content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<") and b"<!DOCTYPE" not in content and b"<!ENTITY" not in content:
        if number.encode() not in content:
            raise PaperUnfit("This XML is of another invoice: it does not name the number.", pointer="/number")
        return PaperFormat.XML
    raise PaperUnfit("The file is no PDF, OFD or XML of an invoice.", pointer="/content")


def _has_ofd(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "OFD.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """What of one supplier's lines has no invoice yet, in lines and fen; `papers` counts invoices without any file."""

    supplier_id: UUID
    supplier: str
    supplier_en: str
    lines: int
    received: int
    waiting: int
    amount_fen: int
    received_fen: int
    waiting_fen: int
    papers: int
    oldest_on: date | None


class KindChange(msgspec.Struct, frozen=True, kw_only=True):
    """Another kind of tax for a line, and why."""

    statement_id: UUID
    place: int
    vat_kind: VatKind
    reason: str


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """An input invoice as entered; `reversed_at` once it was taken back."""

    id: UUID
    code: str
    number: str
    issued_on: date
    amount_fen: int
    rate_ppm: int
    tax_fen: int
    received_by: str
    received_at: datetime
    reversed_at: datetime | None
    reason: str
    papers: list[Paper] = []


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One slot of one line of a confirmed statement; `amount_fen` is the line's, `why` what was said at a change."""

    id: str
    statement_id: UUID
    place: int
    slot: Slot
    number: str
    supplier_id: UUID
    supplier: str
    supplier_en: str
    until_on: date
    title: str
    title_en: str
    campaign: str
    quantity: int
    amount_fen: int
    vat_kind: VatKind
    basis: VatBasis
    why: str
    state: LineState
    invoice: Invoice | None
    can: list[str]


class InvoicesRequested(Event, frozen=True, kw_only=True):
    """Suppliers were asked for the invoices of lines."""

    name: ClassVar[str] = "invoices.requested"
    statement_id: UUID
    lines: int


class InvoiceReceived(Event, frozen=True, kw_only=True):
    """An input invoice was entered."""

    name: ClassVar[str] = "invoices.received"
    invoice_id: UUID
    supplier_id: UUID
    amount_fen: int
    tax_fen: int


class PaperKept(Event, frozen=True, kw_only=True):
    """A file of an invoice is kept."""

    name: ClassVar[str] = "invoices.paper_kept"
    invoice_id: UUID
    format: PaperFormat
    sha256: str


class InvoiceReversed(Event, frozen=True, kw_only=True):
    """An input invoice was taken back; its lines wait for another."""

    name: ClassVar[str] = "invoices.reversed"
    invoice_id: UUID


class LineReclassified(Event, frozen=True, kw_only=True):
    """A line is taxed in another way."""

    name: ClassVar[str] = "invoices.reclassified"
    statement_id: UUID
    place: int
    vat_kind: VatKind


def tax_fits(amount_fen: int, rate_ppm: int, tax_fen: int) -> bool:
    """Whether tax is what lies within an amount that includes it, to the nearest fen; half a fen goes either way.

    >>> tax_fits(11_300, 130_000, 1_300), tax_fits(11_300, 130_000, 1_301)
    (True, False)
    """
    return 2 * abs(tax_fen * (PPM + rate_ppm) - amount_fen * rate_ppm) <= PPM + rate_ppm


def check_invoice(new: NewInvoice, today: date) -> None:
    """Raise `InvoiceUnfit` for an invoice that cannot be by itself."""
    if new.code:
        if not _CODE.fullmatch(new.code):
            raise InvoiceUnfit("An invoice code has 10 or 12 digits; a digital invoice has none.", pointer="/code")
        if not _NUMBER.fullmatch(new.number):
            raise InvoiceUnfit("Beside a code the number has 8 digits.", pointer="/number")
    elif not _DIGITAL.fullmatch(new.number):
        raise InvoiceUnfit("A digital invoice has a number of 20 digits; others need their code.", pointer="/number")
    if not date(2000, 1, 1) <= new.issued_on <= today:
        raise InvoiceUnfit("The day of issue is today or earlier.", pointer="/issued_on")
    if not 0 < new.amount_fen <= AMOUNT_FEN_MAX:
        raise InvoiceUnfit(f"amount_fen is 1 to {AMOUNT_FEN_MAX}.", pointer="/amount_fen")
    if not 0 <= new.rate_ppm < PPM:
        raise InvoiceUnfit("rate_ppm is 0 to 999999; 13 % is 130000.", pointer="/rate_ppm")
    if not tax_fits(new.amount_fen, new.rate_ppm, new.tax_fen):
        fit = (new.amount_fen * new.rate_ppm * 2 + PPM + new.rate_ppm) // (2 * (PPM + new.rate_ppm))
        raise InvoiceUnfit(
            f"At this rate the tax within the amount is {fit} fen; look at both again.",
            pointer="/tax_fen",
            tax_fen=fit,
        )
    check_refs(new.lines)


def check_refs(refs: Sequence[LineRef]) -> None:
    """Raise `InvoiceUnfit` for no lines, too many, or one twice."""
    if not 1 <= len(refs) <= LINES_MAX:
        raise InvoiceUnfit(f"Choose 1 to {LINES_MAX} lines.", pointer="/lines")
    if any(not 1 <= ref.place <= PLACE_MAX for ref in refs):
        raise InvoiceUnfit(f"A line's place is 1 to {PLACE_MAX}.", pointer="/lines")
    if len({(ref.statement_id, ref.place, ref.slot) for ref in refs}) != len(refs):
        raise InvoiceUnfit("Each line is named once.", pointer="/lines")


def check_cover(new: NewInvoice, suppliers: Iterable[UUID], amount_fen: int) -> None:
    """Raise `InvoiceUnfit` where one invoice cannot cover its lines: supplier, sum, taxed beside non-taxed (V2)."""
    if len(set(suppliers)) != 1:
        raise InvoiceUnfit("One invoice covers lines of one supplier.", pointer="/lines")
    if amount_fen != new.amount_fen:
        raise InvoiceUnfit(
            f"The lines come to {amount_fen} fen; the invoice must equal them.",
            pointer="/amount_fen",
            lines_fen=amount_fen,
        )
    purchases = sum(ref.slot is Slot.PURCHASE for ref in new.lines)
    if purchases and purchases < len(new.lines):
        raise InvoiceUnfit(
            "A non-taxed purchase has an invoice of its own; enter the others apart (rule V2).",
            pointer="/lines",
            rule="V2",
        )
    if purchases and new.rate_ppm:
        raise InvoiceUnfit(
            "The purchase of something prepaid is not taxed: the rate is 0 (rule V2).", pointer="/rate_ppm", rule="V2"
        )

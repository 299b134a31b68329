"""A supplier and what may be said of one."""

import re
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

SETTLEMENT_DAYS_MAX = 365

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_TAX_NO = re.compile(r"[0-9A-Z]{15}|[0-9A-HJ-NPQRTUWXY]{18}|[0-9A-Z]{20}")
"""Taxpayer number: 15 or 20 characters of old certificates, or the 18 of GB 32100 (no I, O, S, V, Z)."""


class SupplierStatus(StrEnum):
    """A retired supplier keeps its statements but gets no new SKU."""

    ACTIVE = "active"
    RETIRED = "retired"


class NewSupplier(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier to add. `settlement_days` is how long after the end of a period the bank pays."""

    code: str
    name: str
    name_en: str = ""
    tax_no: str = ""
    settlement_days: int = 30
    contact_name: str = ""
    contact_phone: str = ""
    request_no: str | None = None


class SupplierChange(msgspec.Struct, frozen=True, kw_only=True):
    """New values for a supplier; a contact that is None stays as it is."""

    id: UUID
    name: str
    name_en: str = ""
    tax_no: str = ""
    settlement_days: int = 30
    contact_name: str | None = None
    contact_phone: str | None = None


class Supplier(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier as read: the contact is masked (rule F2)."""

    id: UUID
    code: str
    name: str
    name_en: str
    tax_no: str
    settlement_days: int
    contact_name: str
    contact_phone: str
    status: SupplierStatus
    added_at: datetime


class AlarmKind(StrEnum):
    """What is wrong: money paid ahead, stock (ours, the supplier's, an outlet's), no answers, orders unknown for long,
    books that differ.
    """

    LOW_PREPAYMENT = "low_prepayment"
    LOW_STOCK = "low_stock"
    NO_ANSWER = "no_answer"
    OLD_UNKNOWN = "old_unknown"
    LOW_OUTLET = "low_outlet"
    DIFFERENCES = "differences"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong now. `subject` names it within its kind; `value` is at or below (above) `threshold`."""

    kind: AlarmKind
    subject: str
    supplier_id: UUID | None
    title: str
    value: int
    threshold: int


class SuppliersChanged(Event, frozen=True, kw_only=True):
    """Suppliers were added, changed or retired."""

    name: ClassVar[str] = "supply.suppliers_changed"
    supplier_ids: tuple[UUID, ...]
    change: str
    """added, changed or retired."""


class SupplierUnfit(Invalid):
    """A code, name, tax number or term that cannot be."""

    code = "supply.supplier_unfit"


class SupplierCodeTaken(Conflict):
    """Another supplier of this bank has the code."""

    code = "supply.code_taken"


class SupplierUnknown(NotFound):
    """There is no such supplier in this bank."""

    code = "supply.supplier_unknown"


def check_new(new: NewSupplier) -> None:
    """Raise `SupplierUnfit` where a new supplier cannot be."""
    if not _CODE.fullmatch(new.code):
        raise SupplierUnfit("A code has 1 to 32 of A-Z, a-z, 0-9, dot, dash, underscore.", pointer="/code")
    check_terms(new)


def check_terms(wanted: NewSupplier | SupplierChange) -> None:
    """Raise `SupplierUnfit` for a name, tax number, term or contact that cannot be."""
    if not 1 <= len(wanted.name.strip()) <= 80 or len(wanted.name_en) > 120:
        raise SupplierUnfit("A name has 1 to 80 characters, an English one at most 120.", pointer="/name")
    if wanted.tax_no and not _TAX_NO.fullmatch(wanted.tax_no):
        raise SupplierUnfit("A taxpayer number has 15, 18 or 20 digits and capital letters.", pointer="/tax_no")
    if not 0 <= wanted.settlement_days <= SETTLEMENT_DAYS_MAX:
        raise SupplierUnfit(f"Settlement days are 0 to {SETTLEMENT_DAYS_MAX}.", pointer="/settlement_days")
    if len(wanted.contact_name or "") > 40 or len(wanted.contact_phone or "") > 24:
        raise SupplierUnfit("A contact's name has at most 40 characters, the phone 24.", pointer="/contact_name")

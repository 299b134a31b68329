"""Brands, items and SKUs: what they hold, the terms of a SKU, and when those terms can be published."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

AMOUNT_FEN_MAX = 100_000_000_00
"""One hundred million yuan: no single benefit is worth more, and sums over a campaign stay within a bigint."""
POINTS_MAX = 1_000_000_000
VALID_DAYS_MAX = 3_660

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


class Status(StrEnum):
    """A retired brand or item gets nothing new below it."""

    ACTIVE = "active"
    RETIRED = "retired"


class SkuStatus(StrEnum):
    """Draft: never published. Published: the newest version is for use; a draft beside it may be in the making."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class SkuKind(StrEnum):
    """A voucher is redeemed at a counter or store; points are credited to the customer's account."""

    VOUCHER = "voucher"
    POINTS = "points"


class TaxCode(StrEnum):
    """How individual income tax looks at the benefit (rule T1).

    A random gift or an extra chance is occasional income at 20 %; points for spending, a gift with a purchase and a
    discount coupon are not taxed.
    """

    OCCASIONAL_INCOME = "occasional_income"
    SPENDING_POINTS = "spending_points"
    PURCHASE_GIFT = "purchase_gift"
    DISCOUNT_COUPON = "discount_coupon"


WITHHOLDING_PPM: Mapping[TaxCode, int] = {
    TaxCode.OCCASIONAL_INCOME: 200_000,
    TaxCode.SPENDING_POINTS: 0,
    TaxCode.PURCHASE_GIFT: 0,
    TaxCode.DISCOUNT_COUPON: 0,
}
"""Tax to withhold, in millionths of the benefit's value."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a SKU is worth, costs and promises.

    Money in fen. `points` is the amount credited (kind points only). Exactly one of `valid_days` (counted from the
    claim) and `valid_until` (the last day, in the bank's time zone) is set. `acceptance` says where it may be used,
    `regions` are the administrative codes (GB/T 2260, 6 digits) it is limited to; empty means everywhere.
    """

    name: str
    name_en: str = ""
    face_value_fen: int = 0
    cost_fen: int = 0
    points: int = 0
    supplier_id: UUID | None = None
    valid_days: int | None = None
    valid_until: date | None = None
    tax_code: TaxCode = TaxCode.DISCOUNT_COUPON
    regions: list[str] = []
    acceptance: str = ""
    acceptance_en: str = ""


class Sku(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as published: this version never changes."""

    id: UUID
    version: int
    kind: SkuKind
    code: str
    item_id: UUID
    brand_id: UUID
    brand_name: str
    brand_name_en: str
    category: str
    name: str
    name_en: str
    face_value_fen: int
    cost_fen: int
    points: int
    supplier_id: UUID | None
    valid_days: int | None
    valid_until: date | None
    tax_code: TaxCode
    regions: list[str]
    acceptance: str
    acceptance_en: str

    def days_from(self, on: date) -> int:
        """For how many days from `on` a claim is good: at least 0."""
        if self.valid_days is not None:
            return self.valid_days
        assert self.valid_until is not None, "published terms have a validity"
        return max((self.valid_until - on).days + 1, 0)

    @property
    def withholding_ppm(self) -> int:
        """Tax to withhold, in millionths of the value (rule T1)."""
        return WITHHOLDING_PPM[self.tax_code]


class NewBrand(msgspec.Struct, frozen=True, kw_only=True):
    """A brand to add."""

    code: str
    name: str
    name_en: str = ""
    request_no: str | None = None


class BrandChange(msgspec.Struct, frozen=True, kw_only=True):
    """New names for a brand."""

    id: UUID
    name: str
    name_en: str = ""


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """Whose benefit it is, as customers know it."""

    id: UUID
    code: str
    name: str
    name_en: str
    status: Status
    added_at: datetime


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item to add; `category` is one word such as dining, travel, topup, retail, finance."""

    brand_id: UUID
    code: str
    name: str
    name_en: str = ""
    category: str = "other"
    request_no: str | None = None


class ItemChange(msgspec.Struct, frozen=True, kw_only=True):
    """New names or another category for an item."""

    id: UUID
    name: str
    name_en: str = ""
    category: str = "other"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of a brand that comes in SKUs: the coffee, of which the medium cup is one."""

    id: UUID
    brand_id: UUID
    brand_name: str
    code: str
    name: str
    name_en: str
    category: str
    status: Status
    added_at: datetime


class NewSku(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU to add, as a draft."""

    item_id: UUID
    code: str
    kind: SkuKind
    terms: Terms
    request_no: str | None = None


class SkuChange(msgspec.Struct, frozen=True, kw_only=True):
    """New terms: they replace the draft, and become a version of their own when published."""

    id: UUID
    terms: Terms


class SkuRow(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as the catalogue lists it: the published terms, and the draft if one is in the making."""

    id: UUID
    item_id: UUID
    item_name: str
    brand_id: UUID
    brand_name: str
    category: str
    code: str
    kind: SkuKind
    status: SkuStatus
    version: int
    terms: Terms | None
    draft: Terms | None
    added_at: datetime


class SkuVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One published version."""

    version: int
    terms: Terms
    published_at: datetime
    published_by: str


class BrandsChanged(Event, frozen=True, kw_only=True):
    """A brand was added, changed or retired."""

    name: ClassVar[str] = "catalogue.brands_changed"
    brand_id: UUID
    change: str


class ItemsChanged(Event, frozen=True, kw_only=True):
    """An item was added, changed or retired."""

    name: ClassVar[str] = "catalogue.items_changed"
    item_id: UUID
    change: str


class SkuDrafted(Event, frozen=True, kw_only=True):
    """A SKU was added, or its draft written again."""

    name: ClassVar[str] = "catalogue.sku_drafted"
    sku_id: UUID


class SkuPublished(Event, frozen=True, kw_only=True):
    """A version of a SKU is for use."""

    name: ClassVar[str] = "catalogue.sku_published"
    sku_id: UUID
    published_version: int


class SkuRetired(Event, frozen=True, kw_only=True):
    """A SKU takes no new campaigns."""

    name: ClassVar[str] = "catalogue.sku_retired"
    sku_id: UUID


class CatalogueUnfit(Invalid):
    """A code, name or term that cannot be."""

    code = "catalogue.unfit"


class CodeTaken(Conflict):
    """Another brand, item or SKU of this bank has the code."""

    code = "catalogue.code_taken"


class Unknown(NotFound):
    """There is no such brand, item or SKU in this bank."""

    code = "catalogue.unknown"


class NotPublished(Conflict):
    """The SKU has no published version, or no draft to publish."""

    code = "catalogue.not_published"


class Retired(Conflict):
    """The brand, item or SKU is retired."""

    code = "catalogue.retired"


def check_label(code: str | None, name: str, name_en: str) -> None:
    """Raise `CatalogueUnfit` for a code (None: not asked) or a name that cannot be."""
    if code is not None and not _CODE.fullmatch(code):
        raise CatalogueUnfit("A code has 1 to 32 of A-Z, a-z, 0-9, dot, dash, underscore.", pointer="/code")
    if not 1 <= len(name.strip()) <= 60 or len(name_en) > 100:
        raise CatalogueUnfit("A name has 1 to 60 characters, an English one at most 100.", pointer="/name")


def check_terms(kind: SkuKind, terms: Terms) -> None:
    """Raise `CatalogueUnfit` for terms that contradict themselves or their kind; a draft must already pass."""
    check_label(None, terms.name, terms.name_en)
    for field in ("face_value_fen", "cost_fen"):
        if not 0 <= getattr(terms, field) <= AMOUNT_FEN_MAX:
            raise CatalogueUnfit(f"{field} is 0 to {AMOUNT_FEN_MAX} fen.", pointer=f"/terms/{field}")
    if (terms.valid_days is None) == (terms.valid_until is None):
        raise CatalogueUnfit("Give either valid_days or valid_until.", pointer="/terms/valid_days")
    if terms.valid_days is not None and not 1 <= terms.valid_days <= VALID_DAYS_MAX:
        raise CatalogueUnfit(f"valid_days is 1 to {VALID_DAYS_MAX}.", pointer="/terms/valid_days")
    if any(not re.fullmatch(r"[0-9]{6}", region) for region in terms.regions) or len(terms.regions) > 400:
        raise CatalogueUnfit("A region is a code of 6 digits (GB/T 2260), such as 330200.", pointer="/terms/regions")
    if max(len(terms.acceptance), len(terms.acceptance_en)) > 2_000:
        raise CatalogueUnfit("The acceptance text has at most 2,000 characters.", pointer="/terms/acceptance")
    _check_kind(kind, terms)


def _check_kind(kind: SkuKind, terms: Terms) -> None:
    if kind is SkuKind.POINTS:
        if not 1 <= terms.points <= POINTS_MAX:
            raise CatalogueUnfit(f"Points are 1 to {POINTS_MAX}.", pointer="/terms/points")
    elif terms.points:
        raise CatalogueUnfit("Only the kind points has an amount of points.", pointer="/terms/points")
    if terms.tax_code is TaxCode.SPENDING_POINTS and kind is not SkuKind.POINTS:
        raise CatalogueUnfit("Tax code spending_points is for points.", pointer="/terms/tax_code")


def check_publishable(kind: SkuKind, terms: Terms, on: date) -> None:
    """Raise `CatalogueUnfit` where a draft lacks what a customer or the settlement desk needs."""
    if kind is SkuKind.VOUCHER and terms.supplier_id is None:
        raise CatalogueUnfit("A voucher needs the supplier who is paid for it.", pointer="/terms/supplier_id")
    if terms.valid_until is not None and terms.valid_until < on:
        raise CatalogueUnfit("valid_until lies in the past.", pointer="/terms/valid_until")
    if not terms.acceptance.strip():
        raise CatalogueUnfit("Say where it may be used (rule L4).", pointer="/terms/acceptance")

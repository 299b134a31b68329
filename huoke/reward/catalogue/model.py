"""Brands, items and SKUs: what they hold and what they tell the log."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.reward.catalogue.terms import WITHHOLDING_PPM, Details, Handover, SkuKind, TaxCode, Terms, handover_of


class Status(StrEnum):
    """A retired brand or item gets nothing new below it."""

    ACTIVE = "active"
    RETIRED = "retired"


class SkuStatus(StrEnum):
    """Draft: never published. Published: the newest version is for use; a draft beside it may be in the making."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


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
    details: Details | None = None
    supplier_id: UUID | None
    valid_days: int | None
    valid_until: date | None
    tax_code: TaxCode
    regions: list[str]
    acceptance: str
    acceptance_en: str
    picture_id: UUID | None = None

    def days_from(self, on: date) -> int:
        """For how many days from `on` a claim is good: at least 0."""
        if self.valid_days is not None:
            return self.valid_days
        assert self.valid_until is not None, "published terms have a validity"
        return max((self.valid_until - on).days + 1, 0)

    def holds_in(self, region: str) -> bool:
        """Whether it can be used in a region (GB/T 2260); one of its codes may be a whole province or city."""
        return not self.regions or any(region.startswith(region_prefix(code)) for code in self.regions)

    @property
    def handover(self) -> Handover:
        """How it gets to the customer."""
        return handover_of(self.kind, self.details)

    @property
    def withholding_ppm(self) -> int:
        """Tax to withhold, in millionths of the value (rule T1)."""
        return WITHHOLDING_PPM[self.tax_code]


def region_prefix(code: str) -> str:
    """How codes of all that lies in a region begin: 330000 is a province, 330200 a city (GB/T 2260)."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


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
    brand_name_en: str
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
    item_name_en: str
    brand_id: UUID
    brand_name: str
    brand_name_en: str
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

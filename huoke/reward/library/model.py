"""A listing of the library, what may be asked of the library, and what comes back."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.reward.catalogue import SkuKind

NUMBER_MAX = 2**31 - 1
SHOWN_MAX = 200
REACH_MAX = 10_000
"""So far does one page on; who has not found it among ten thousand asks more narrowly."""
COMPARED_MAX = 6
PRICE_BANDS_FEN = (1_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Lower edges of the bands by what a listing is worth to its customer; the first begins at 0."""
ANY_STOCK = -1
"""A stock nobody counts."""


class ListingStatus(StrEnum):
    """A listing that its supplier took out of the catalogue is gone; it may come back under its number."""

    LISTED = "listed"
    GONE = "gone"


class Sort(StrEnum):
    """The order of hits: best first, by what they are worth, by what they cost, by name, latest first."""

    BEST = "best"
    WORTH = "worth"
    WORTH_DOWN = "worth_down"
    COST = "cost"
    COST_DOWN = "cost_down"
    NEWEST = "newest"


class Facet(StrEnum):
    """What hits are counted by."""

    BRAND = "brand"
    CATEGORY = "category"
    KIND = "kind"
    SUPPLIER = "supplier"
    REGION = "region"
    PRICE = "price"


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier offers under a code of its own, or a SKU of the bank's own. Money in fen.

    `number` is dense within the bank and never reused. `stock` -1 is a stock nobody counts. `sku_id` is the SKU of the
    catalogue it was taken into; two listings of one SKU are two suppliers of it, the smaller `priority` first.
    """

    number: int
    supplier_id: UUID | None
    code: str
    name: str
    name_en: str
    brand: str
    item: str
    category: str
    kind: SkuKind
    status: ListingStatus
    face_value_fen: int
    cost_fen: int
    regions: list[str]
    valid_days: int | None
    valid_until: date | None
    stock: int
    sku_id: UUID | None
    priority: int
    popularity: int
    added_at: datetime
    changed_at: datetime

    def can_be_had(self, on: date) -> bool:
        """Whether its supplier still offers it on a day, as far as its catalogue says."""
        until = self.valid_until
        return self.status is ListingStatus.LISTED and self.stock != 0 and (until is None or until >= on)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. Prices are face values in fen, both ends included; `region` is a GB/T 2260 code of 6 digits.

    `region` finds what holds there, which includes what holds everywhere. `valid_on` finds what may still be claimed
    on a day. `after` counts the hits already shown.
    """

    q: str = ""
    brand: str | None = None
    category: str | None = None
    kind: SkuKind | None = None
    supplier_id: UUID | None = None
    region: str | None = None
    price_min: int | None = None
    price_max: int | None = None
    valid_on: date | None = None
    in_stock: bool = False
    taken: bool | None = None
    gone: bool = False
    sort: Sort = Sort.BEST
    after: int = 0
    limit: int = 50


class FacetCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many hits have one value; of a price band the value is its lower edge in fen."""

    facet: Facet
    value: str
    count: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Hits in order, how many there are in all, and how they divide (most first, at most 50 values a facet)."""

    listings: list[Listing]
    total: int
    facets: list[FacetCount]


class ListingsChanged(Event, frozen=True, kw_only=True):
    """Listings were taken into the catalogue, or given another place among the suppliers of a SKU."""

    name: ClassVar[str] = "library.listings_changed"
    numbers: tuple[int, ...]
    change: str


class ListingUnknown(NotFound):
    """There is no such listing in this bank."""

    code = "library.unknown"


class SearchUnfit(Invalid):
    """A search that cannot be."""

    code = "library.search_unfit"


class ListingsDiffer(Conflict):
    """The listings named are not those of the SKU."""

    code = "library.listings_differ"


class ListingTaken(Conflict):
    """The listing was taken into the catalogue before, or is gone."""

    code = "library.taken"


def check_asked(asked: Asked) -> None:
    """Raise `SearchUnfit` for a page, region or price range that cannot be."""
    if not 1 <= asked.limit <= SHOWN_MAX:
        raise SearchUnfit(f"A page has 1 to {SHOWN_MAX} hits.", pointer="/limit")
    if not 0 <= asked.after <= REACH_MAX:
        raise SearchUnfit(f"One pages through {REACH_MAX} hits at most; ask more narrowly.", pointer="/after")
    if asked.region is not None and not (len(asked.region) == 6 and asked.region.isascii() and asked.region.isdigit()):
        raise SearchUnfit("A region is a code of 6 digits (GB/T 2260), such as 330200.", pointer="/region")
    if asked.price_min is not None and asked.price_max is not None and asked.price_min > asked.price_max:
        raise SearchUnfit("The lower price is above the upper one.", pointer="/price_min")

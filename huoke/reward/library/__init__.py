"""The library: everything suppliers offer and the bank has, found in a blink.

found = await library.search(tx, clickhouse, Asked(q="星巴", category="dining"))    hits, how many, facets
listing = await library.get_one(tx, number)                                        dense within the bank
import_id = await library.start(tx, NewCatalogue(supplier_id=…, file_id=…))        read and compared by a job
await library.apply(tx, import_id)                                                 carried in, but for prices
change_id = await library.submit_prices(tx, import_id, unit_id)                    which two people decide
"""

from huoke.reward.library.applying import apply, cancel, run_apply, run_undo, undo
from huoke.reward.library.finding import get, get_one, search
from huoke.reward.library.import_model import (
    Bounds,
    BoundsUnfit,
    CatalogueFileUnfit,
    CatalogueImport,
    Cause,
    Change,
    Counts,
    Difference,
    ImportAtWork,
    ImportState,
    ImportUnknown,
    NewCatalogue,
    PriceState,
    StepUnfit,
)
from huoke.reward.library.import_read import Which, differences, find_imports, get_import
from huoke.reward.library.model import (
    COMPARED_MAX,
    NUMBER_MAX,
    PRICE_BANDS_FEN,
    REACH_MAX,
    Asked,
    Facet,
    FacetCount,
    Found,
    Listing,
    ListingsChanged,
    ListingsDiffer,
    ListingStatus,
    ListingTaken,
    ListingUnknown,
    SearchUnfit,
    Sort,
)
from huoke.reward.library.own import follow
from huoke.reward.library.prices import PriceApproval, run_prices, submit_prices
from huoke.reward.library.reading import read, start
from huoke.reward.library.streams import LISTINGS
from huoke.reward.library.taking import Ordering, Taking, offers, offers_of, order, take

__all__ = [
    "COMPARED_MAX",
    "LISTINGS",
    "NUMBER_MAX",
    "PRICE_BANDS_FEN",
    "REACH_MAX",
    "Asked",
    "Bounds",
    "BoundsUnfit",
    "CatalogueFileUnfit",
    "CatalogueImport",
    "Cause",
    "Change",
    "Counts",
    "Difference",
    "Facet",
    "FacetCount",
    "Found",
    "ImportAtWork",
    "ImportState",
    "ImportUnknown",
    "Listing",
    "ListingStatus",
    "ListingTaken",
    "ListingUnknown",
    "ListingsChanged",
    "ListingsDiffer",
    "NewCatalogue",
    "Ordering",
    "PriceApproval",
    "PriceState",
    "SearchUnfit",
    "Sort",
    "StepUnfit",
    "Taking",
    "Which",
    "apply",
    "cancel",
    "differences",
    "find_imports",
    "follow",
    "get",
    "get_import",
    "get_one",
    "offers",
    "offers_of",
    "order",
    "read",
    "run_apply",
    "run_prices",
    "run_undo",
    "search",
    "start",
    "submit_prices",
    "take",
    "undo",
]

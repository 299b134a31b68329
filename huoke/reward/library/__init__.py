"""The library: everything suppliers offer and the bank has, found in a blink.

found = await library.search(tx, clickhouse, Asked(q="星巴", category="dining"))    hits, how many, facets
listing = await library.get_one(tx, number)                                        dense within the bank
"""

from huoke.reward.library.finding import get, get_one, search
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
    ListingStatus,
    ListingTaken,
    ListingUnknown,
    SearchUnfit,
    Sort,
)
from huoke.reward.library.own import follow
from huoke.reward.library.streams import LISTINGS

__all__ = [
    "COMPARED_MAX",
    "LISTINGS",
    "NUMBER_MAX",
    "PRICE_BANDS_FEN",
    "REACH_MAX",
    "Asked",
    "Facet",
    "FacetCount",
    "Found",
    "Listing",
    "ListingStatus",
    "ListingTaken",
    "ListingUnknown",
    "ListingsChanged",
    "SearchUnfit",
    "Sort",
    "follow",
    "get",
    "get_one",
    "search",
]

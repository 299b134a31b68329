"""Routes of the library."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import Parameter

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import decode_cursor, encode_cursor, page_limit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import library, supply
from huoke.reward.catalogue import SkuKind
from huoke.reward.library import COMPARED_MAX, Asked, Facet, FacetCount, Listing, SearchUnfit, Sort, http_imports

TAGS = ["library"]
READ = {"permission": "benefit.read"}


class ListingView(Listing, frozen=True, kw_only=True):
    """A listing with its supplier's name and what may be done with it."""

    supplier: str
    supplier_en: str
    can: list[str]


class FacetView(FacetCount, frozen=True, kw_only=True):
    """A value hits are counted by; of a supplier with its name, else names are empty."""

    name: str = ""
    name_en: str = ""


class LibraryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Hits, how many there are in all, and how they divide; `next_cursor` is None on the last page."""

    items: list[ListingView]
    total: int
    facets: list[FacetView]
    next_cursor: str | None = None


@get(
    "/v1/library",
    operation_id="search_library",
    tags=TAGS,
    summary="Listings by name, brand, code or pinyin, with facets",
    opt=READ,
)
async def search_library(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    q: str = "",
    brand: str | None = None,
    category: str | None = None,
    kind: SkuKind | None = None,
    supplier_id: UUID | None = None,
    region: str | None = None,
    price_min: Annotated[int | None, Parameter(ge=0)] = None,
    price_max: Annotated[int | None, Parameter(ge=0)] = None,
    valid_on: date | None = None,
    in_stock: bool = False,
    taken: bool | None = None,
    gone: bool = False,
    sort: Sort = Sort.BEST,
    cursor: str | None = None,
    limit: int | None = None,
) -> LibraryPage:
    """What is typed is found wherever it stands; `region` finds what holds there. Prices in fen, of the face value."""
    size = page_limit(limit)
    place: tuple[int] | None = decode_cursor(cursor, tuple[int])
    asked = Asked(
        q=q,
        brand=brand,
        category=category,
        kind=kind,
        supplier_id=supplier_id,
        region=region,
        price_min=price_min,
        price_max=price_max,
        valid_on=valid_on,
        in_stock=in_stock,
        taken=taken,
        gone=gone,
        sort=sort,
        after=place[0] if place else 0,
        limit=size,
    )
    found = await library.search(tx, clickhouse, asked)
    names = await supply.names(
        tx,
        {one.supplier_id for one in found.listings if one.supplier_id}
        | {UUID(one.value) for one in found.facets if one.facet is Facet.SUPPLIER and one.value},
    )
    shown = asked.after + size
    return LibraryPage(
        items=[_view(one, names, principal) for one in found.listings],
        total=found.total,
        facets=[_facet(one, names) for one in found.facets],
        next_cursor=encode_cursor(shown) if shown < min(found.total, library.REACH_MAX) else None,
    )


@get(
    "/v1/library/listings",
    operation_id="get_listings",
    tags=TAGS,
    summary="Listings by number, beside each other",
    opt=READ,
)
async def get_listings(
    tx: Tx, principal: Principal, number: Annotated[list[int], Parameter(min_items=1, max_items=COMPARED_MAX)]
) -> list[ListingView]:
    """At most six; a number nobody has is left out."""
    if any(not 0 <= one <= library.NUMBER_MAX for one in number):
        raise SearchUnfit("A number of the library is 0 or more.", pointer="/number")
    found = await library.get(tx, number)
    names = await supply.names(tx, {one.supplier_id for one in found if one.supplier_id})
    return [_view(one, names, principal) for one in found]


def _view(one: Listing, names: dict[UUID, tuple[str, str]], principal: Principal) -> ListingView:
    name, name_en = names.get(one.supplier_id, ("", "")) if one.supplier_id else ("", "")
    takes = principal.may("benefit.write") and one.sku_id is None and one.status is library.ListingStatus.LISTED
    return ListingView(**msgspec.structs.asdict(one), supplier=name, supplier_en=name_en, can=["take"] if takes else [])


def _facet(one: FacetCount, names: dict[UUID, tuple[str, str]]) -> FacetView:
    known = names.get(UUID(one.value), ("", "")) if one.facet is Facet.SUPPLIER and one.value else ("", "")
    return FacetView(**msgspec.structs.asdict(one), name=known[0], name_en=known[1])


routes = [search_library, get_listings, *http_imports.routes]

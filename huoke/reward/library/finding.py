"""Searching the library: ClickHouse says which and how many, PostgreSQL says what each is now."""

import asyncio
from typing import Any

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.reward.library import sql_search, store
from huoke.reward.library.model import Asked, Facet, FacetCount, Found, Listing, ListingUnknown, check_asked
from huoke.reward.library.sql_search import Question

APART_MAX = 20_000
"""So many listings changed since the last merge cost a search some ten milliseconds."""
TRIES = 3


async def search(tx: Tx, clickhouse: ClickHouse, asked: Asked) -> Found:
    """Listings that hold every typed word in names, brand, code or pinyin, with how all hits divide. `SearchUnfit`.

    A change shows within the seconds the shipper takes. Facets count under all filters asked for.
    """
    check_asked(asked)
    numbers, counted = await _settled(clickhouse, tx.tenant, asked)
    return Found(
        listings=await get(tx, numbers),
        total=sum(row["n"] for row in counted if not row["facet"]),
        facets=[
            FacetCount(facet=Facet(row["facet"]), value=row["value"], count=row["n"]) for row in counted if row["facet"]
        ],
    )


async def _settled(clickhouse: ClickHouse, tenant: TenantId, asked: Asked) -> tuple[list[int], list[dict[str, Any]]]:
    """The numbers of the page, and the counts. Where no place in the log is read and the largest part was merged away
    meanwhile, listings that changed would count twice: then both are asked again.
    """
    parts = await _parts(clickhouse, tenant)
    for left in range(TRIES, 0, -1):
        if not parts:
            break
        lying = sql_search.apart(parts)
        numbers, counted = await asyncio.gather(
            _page(clickhouse, tenant, asked, lying), _ask(clickhouse, tenant, sql_search.counts(asked, lying))
        )
        if lying.others is not sql_search.Others.ONE_NEWER or left == 1:
            return numbers, counted
        parts = await _parts(clickhouse, tenant)
        if lying.largest in {part["part"] for part in parts}:
            return numbers, counted
    return [], []


async def get(tx: Tx, numbers: list[int]) -> list[Listing]:
    """Listings by number, in that order; numbers nobody has are left out."""
    return [msgspec.convert(dict(row), Listing) for row in await store.get(tx, numbers)]


async def get_one(tx: Tx, number: int) -> Listing:
    """One listing; `ListingUnknown`."""
    found = await get(tx, [number])
    if not found:
        raise ListingUnknown("There is no such listing in this bank.")
    return found[0]


async def _page(clickhouse: ClickHouse, tenant: TenantId, asked: Asked, lying: sql_search.Apart) -> list[int]:
    """The numbers of one page, in order."""
    numbers: list[int] = []
    for question in sql_search.hits(asked, lying):
        if len(numbers) < asked.after + asked.limit:
            numbers += [row["number"] for row in await _ask(clickhouse, tenant, question)]
    return numbers[asked.after : asked.after + asked.limit]


async def _ask(clickhouse: ClickHouse, tenant: TenantId, question: Question) -> list[dict[str, Any]]:
    found = await clickhouse.query(tenant, question.sql, question.params)
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


async def merge(clickhouse: ClickHouse, tenant: TenantId) -> bool:
    """Make one part of many where more than `APART_MAX` listings lie outside the largest; says whether it did."""
    parts = await _parts(clickhouse, tenant)
    if sum(part["n"] for part in parts[1:]) <= APART_MAX:
        return False
    await clickhouse.merge(tenant, "listing")
    return True


async def _parts(clickhouse: ClickHouse, tenant: TenantId) -> list[dict[str, Any]]:
    return await _ask(clickhouse, tenant, Question(sql_search.PARTS, {}))

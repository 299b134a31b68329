"""Bands of sealed values over HTTP."""

from uuid import UUID

from litestar import get, post

from huoke.kernel.http import Page, Result, each
from huoke.kernel.tx import Tx
from huoke.know.customers import bands
from huoke.know.customers.bands import BandsRequest, NewBands

TAGS = ["customers"]


@get(
    "/v1/attribute-bands",
    operation_id="list_bands_requests",
    opt={"permission": "segment.read"},
    tags=TAGS,
    summary="Bands that were asked for, latest first",
)
async def list_bands_requests(tx: Tx) -> Page[BandsRequest]:
    """With how each request ended."""
    found = await bands.band_requests(tx)
    return Page(items=found, total=len(found))


@post(
    "/v1/attribute-bands",
    operation_id="request_bands",
    opt={"permission": "customer.import"},
    tags=TAGS,
    summary="Ask for the bands of sealed values: another person decides",
)
async def request_bands(tx: Tx, data: list[NewBands]) -> list[Result]:
    """One request an attribute."""

    async def ask(inner: Tx, new: NewBands) -> UUID:
        return await bands.request_bands(inner, new)

    return await each(tx, data, ask)


routes = [list_bands_requests, request_bands]

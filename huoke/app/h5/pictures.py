"""Pictures of benefits for any browser: they say nothing of a customer, never change, and may be kept for good."""

import re
from uuid import UUID

import msgspec
from litestar import Response, get

from huoke.govern import tenants
from huoke.kernel.tx import Database
from huoke.reward import catalogue
from huoke.reward.catalogue import PICTURE_WIDTHS, Sku

_NAME = re.compile(r"([0-9a-f]{32})-([0-9]{1,4})\.webp")
KEEP = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """Where a benefit's picture lies: in the small width, and in all of them."""

    src: str
    srcset: str


def photo_of(sku: Sku | None, home: str) -> Photo | None:
    """The picture of a benefit, `home` being where its bank's pages live; None where its icon stands for it."""
    if sku is None or sku.picture_id is None:
        return None
    by_width = {width: f"{home}/pictures/{sku.picture_id.hex}-{width}.webp" for width in PICTURE_WIDTHS}
    return Photo(
        src=by_width[PICTURE_WIDTHS[0]],
        srcset=", ".join(f"{address} {width}w" for width, address in by_width.items()),
    )


@get("/pictures/{name:str}", operation_id="show_picture", opt={"public": True}, include_in_schema=False)
async def show_picture(database: Database, bank: str, name: str) -> Response[bytes]:
    """A picture in one width; its address is made of its bytes."""
    tenant = await tenants.find(database, bank)
    asked = _NAME.fullmatch(name)
    if asked is None:
        raise catalogue.Unknown(f"There is no picture {name[:80]}.")
    async with database.begin(tenant.id) as tx:
        body = await catalogue.picture(tx, UUID(asked[1]), int(asked[2]))
    return Response(body, media_type="image/webp", headers=KEEP)


routes = [show_picture]

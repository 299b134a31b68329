"""Pictures of pages: read strictly, drawn again at one size, kept for good under an address made of their bytes."""

import hashlib
from io import BytesIO
from uuid import UUID

import msgspec
from PIL import Image, ImageOps

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.plays import store_design
from huoke.reward.plays.refusals import PictureUnknown

WIDTH, HEIGHT = 780, 420
"""Twice what a phone of 390 pixels shows."""
WIDTH_MIN, HEIGHT_MIN = 390, 210
_QUALITY = 80


class Redrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A picture drawn again as WebP: nothing in it but its pixels."""

    id: UUID
    body: bytes


def redraw(body: bytes) -> Redrawn:
    """Draw an uploaded PNG, JPEG or WebP again, its middle cut to 780 by 420 pixels.

    Takes up to a second of a processor: call it in a thread, outside of a transaction. `catalogue.PictureUnfit`.
    """
    found = catalogue.upright(body)
    if found.width < WIDTH_MIN or found.height < HEIGHT_MIN:
        raise catalogue.PictureUnfit(f"A picture needs at least {WIDTH_MIN} by {HEIGHT_MIN} pixels.", pointer="/body")
    fitted = ImageOps.fit(found, (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    fitted.info.clear()
    out = BytesIO()
    fitted.save(out, "WEBP", quality=_QUALITY, method=4)
    return Redrawn(id=UUID(bytes=hashlib.sha256(out.getvalue()).digest()[:16]), body=out.getvalue())


async def add_picture(tx: Tx, redrawn: Redrawn) -> UUID:
    """Keep a picture; returns its id. One that is there already changes nothing."""
    if await store_design.add_picture(tx, redrawn.id, redrawn.body):
        entry = audit.AuditEntry(action="plays.picture_added", subject_kind="picture", subject_id=str(redrawn.id))
        await audit.record(tx, entry)
    return redrawn.id


async def picture(tx: Tx, picture_id: UUID) -> bytes:
    """A picture of this bank as WebP; `PictureUnknown`."""
    body = await store_design.picture(tx, picture_id)
    if body is None:
        raise PictureUnknown("There is no such picture in this bank.")
    return body

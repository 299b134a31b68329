"""Pictures of benefits: read strictly, drawn again square in two widths, kept for good under an address of their own.

A picture's id is made of its bytes: the same picture has the same id, and another picture never takes its place. So a
published version keeps showing what it showed, and whoever fetched it once may keep it.
"""

import hashlib
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.reward.catalogue import store
from huoke.reward.catalogue.refusals import PictureUnfit, Unknown

PICTURE_BYTES_MAX = 5_000_000
PICTURE_PIXELS_MAX = 40_000_000
_COLUMNS: Mapping[int, Literal["narrow", "wide"]] = {192: "narrow", 384: "wide"}
PICTURE_WIDTHS = tuple(_COLUMNS)
"""A phone shows a picture 92 pixels wide: sharp at two and at four to one."""
SIDE_MIN = PICTURE_WIDTHS[0]
_FORMATS = ("PNG", "JPEG", "WEBP")
_QUALITY = 82
_BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError)


class Crop(NamedTuple):
    """The square that is kept, in pixels of the picture as it is seen upright."""

    left: int
    top: int
    side: int


class Redrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A picture drawn again: WebP by width, nothing in it but its pixels."""

    id: UUID
    bodies: dict[int, bytes]


def redraw(body: bytes, crop: Crop | None = None) -> Redrawn:
    """Draw an uploaded PNG, JPEG or WebP again, cut to `crop` (None: the largest square in its middle).

    What it is, is read from the bytes, never from a name. Takes up to a second of a processor: call it in a thread,
    outside of a transaction. `PictureUnfit`.
    """
    seen = upright(body)
    kept = crop or _middle(*seen.size)
    if kept.side < SIDE_MIN:
        raise PictureUnfit(f"A picture needs at least {SIDE_MIN} pixels each way.", pointer="/side")
    if min(kept.left, kept.top) < 0 or kept.left + kept.side > seen.width or kept.top + kept.side > seen.height:
        raise PictureUnfit("The square lies outside of the picture.", pointer="/side")
    square = seen.crop((kept.left, kept.top, kept.left + kept.side, kept.top + kept.side))
    bodies = {width: _webp(square, width) for width in PICTURE_WIDTHS}
    digest = hashlib.sha256(b"".join(bodies.values())).digest()
    return Redrawn(id=UUID(bytes=digest[:16]), bodies=bodies)


async def add_picture(tx: Tx, redrawn: Redrawn) -> UUID:
    """Keep a picture; returns its id. One that is there already changes nothing."""
    if await store.add_picture(tx, redrawn.id, *(redrawn.bodies[width] for width in PICTURE_WIDTHS)):
        entry = audit.AuditEntry(action="catalogue.picture_added", subject_kind="picture", subject_id=str(redrawn.id))
        await audit.record(tx, entry)
    return redrawn.id


async def picture(tx: Tx, picture_id: UUID, width: int) -> bytes:
    """A picture of this bank as WebP, in one of `PICTURE_WIDTHS`; `Unknown`."""
    column = _COLUMNS.get(width)
    body = await store.picture(tx, picture_id, column) if column else None
    if body is None:
        raise Unknown("There is no such picture in this bank.")
    return body


def upright(body: bytes) -> Image.Image:
    """An uploaded picture upright, in plain sRGB, on white where one sees through it; `PictureUnfit`."""
    if len(body) > PICTURE_BYTES_MAX:
        raise PictureUnfit(f"A picture has at most {PICTURE_BYTES_MAX // 1_000_000} MB.", pointer="/body")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            found = Image.open(BytesIO(body), formats=_FORMATS)
            if found.width * found.height > PICTURE_PIXELS_MAX:
                raise PictureUnfit("A picture has at most 40 million pixels.", pointer="/body")
            profile = found.info.get("icc_profile")
            with _only_whole():
                upright = ImageOps.exif_transpose(found)
    except (*_BOMBS, UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise PictureUnfit("That is no whole PNG, JPEG or WebP picture.", pointer="/body") from None
    return _standard(_on_white(upright), profile)


@contextmanager
def _only_whole() -> Iterator[None]:
    """WeasyPrint, once loaded, lets every reader of this process take pictures that are cut off: not here."""
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _on_white(seen: Image.Image) -> Image.Image:
    if not seen.has_transparency_data:
        return seen if seen.mode in {"RGB", "CMYK"} else seen.convert("RGB")
    clear = seen.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")


def _standard(seen: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as every phone shows them; a profile that says nothing is left out."""
    if profile:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            told = ImageCms.profileToProfile(seen, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if told is not None:
                return told
        except (ImageCms.PyCMSError, OSError):
            pass
    return seen.convert("RGB")


def _middle(width: int, height: int) -> Crop:
    side = min(width, height)
    return Crop((width - side) // 2, (height - side) // 2, side)


def _webp(square: Image.Image, width: int) -> bytes:
    out = BytesIO()
    scaled = square.resize((width, width), Image.Resampling.LANCZOS)
    scaled.info.clear()
    scaled.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()

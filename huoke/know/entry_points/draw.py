"""A way in, or another page of the bank's customers, drawn to be printed: the code alone, or a poster around it."""

import asyncio
from enum import StrEnum

from huoke.govern import tenants
from huoke.kernel.tx import Tx
from huoke.know.entry_points.picture import Poster, poster_pdf, poster_svg, qr_png, qr_svg
from huoke.know.entry_points.raster import poster_png

PUBLIC_URL = tenants.declare("entry_points.public_url", str, "")
"""Where customers reach this instance, such as https://hd.example.com; empty is where staff reach it."""


class Picture(StrEnum):
    """What of a page is drawn."""

    QR_SVG = "qr.svg"
    QR_PNG = "qr.png"
    POSTER_SVG = "poster.svg"
    POSTER_PNG = "poster.png"
    POSTER_PDF = "poster.pdf"


TYPES = {
    Picture.QR_SVG: "image/svg+xml",
    Picture.QR_PNG: "image/png",
    Picture.POSTER_SVG: "image/svg+xml",
    Picture.POSTER_PNG: "image/png",
    Picture.POSTER_PDF: "application/pdf",
}


async def public_address(tx: Tx, path: str, origin: str) -> str:
    """The address of a page for customers; `origin` is where pages are, unless the bank set its own."""
    return (await tenants.setting(tx, PUBLIC_URL) or origin).rstrip("/") + path


async def poster_of(tx: Tx, *, title: str, subtitle: str, note: str, hint: str, address: str, english: bool) -> Poster:
    """A poster in the bank's name and colours."""
    bank = await tenants.get(tx)
    return Poster(
        bank=(bank.name_en if english else bank.name) or bank.name,
        title=title,
        subtitle=subtitle,
        note=note,
        hint=hint,
        address=address,
        brand=bank.brand.brand,
        brand_dark=bank.brand.brand_2,
        on_brand=bank.brand.on_brand,
    )


async def draw(kind: Picture, poster: Poster) -> bytes:
    """The poster, or the code on it alone; `PdfUnavailable`, `PngUnavailable` where it cannot be drawn."""
    match kind:
        case Picture.QR_SVG:
            return qr_svg(poster.address)
        case Picture.QR_PNG:
            return qr_png(poster.address)
        case Picture.POSTER_SVG:
            return poster_svg(poster).encode()
        case Picture.POSTER_PNG:
            return await asyncio.to_thread(poster_png, poster)
        case Picture.POSTER_PDF:
            return await asyncio.to_thread(poster_pdf, poster_svg(poster))

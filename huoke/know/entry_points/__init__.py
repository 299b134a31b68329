"""Entry points: the links and QR codes a customer comes through.

[point] = await entry_points.add(tx, [NewEntryPoint(kind="qr", name="城东支行海报", target_kind="campaign", ...)])
point = await entry_points.resolve(tx, code)
"""

from huoke.know.entry_points.draw import PUBLIC_URL, TYPES, Picture, draw, poster_of, public_address
from huoke.know.entry_points.model import (
    EntryPoint,
    EntryPointKind,
    EntryPointUnknown,
    NewEntryPoint,
    PdfUnavailable,
    PngUnavailable,
    make_code,
    path_of,
    tenant_of,
)
from huoke.know.entry_points.picture import Poster, poster_pdf, poster_svg, qr_png, qr_svg
from huoke.know.entry_points.raster import poster_png
from huoke.know.entry_points.resolve import add, close, close_one, find, of_target, resolve, resolve_anywhere
from huoke.know.entry_points.visit import VIEWED, Visit, visit

__all__ = [
    "PUBLIC_URL",
    "TYPES",
    "VIEWED",
    "EntryPoint",
    "EntryPointKind",
    "EntryPointUnknown",
    "NewEntryPoint",
    "PdfUnavailable",
    "Picture",
    "PngUnavailable",
    "Poster",
    "Visit",
    "add",
    "close",
    "close_one",
    "draw",
    "find",
    "make_code",
    "of_target",
    "path_of",
    "poster_of",
    "poster_pdf",
    "poster_png",
    "poster_svg",
    "public_address",
    "qr_png",
    "qr_svg",
    "resolve",
    "resolve_anywhere",
    "tenant_of",
    "visit",
]

"""The nine colours of a bank's phone pages: derived from one, and refused where a person could not read them.

Contrast is WCAG 2.1's ratio of relative luminances (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio): 4.5:1 for text
on the brand colour, 7:1 for ink on the three fills of plays.
"""

import re

import msgspec

from huoke.kernel.refusals import Invalid

INK = "#14212B"
WHITE = "#FFFFFF"
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """CSS colours (#RRGGBB) of one bank: `--brand`, `--brand-2`, … on its customers' pages."""

    brand: str = "#12589B"
    brand_2: str = "#0C4078"
    on_brand: str = WHITE
    brand_tint: str = "#E9F1F9"
    brand_line: str = "#C6DAEE"
    play_a: str = "#F6C863"
    play_b: str = "#BFE0EC"
    play_c: str = "#F8D2C2"
    foam: str = WHITE


class UnreadableBrand(Invalid):
    """Two colours of the theme that meet on a page are too close to each other."""

    code = "tenants.brand_unreadable"


def derive_brand(colour: str) -> Brand:
    """A whole theme out of a bank's own colour; `UnreadableBrand` where white text on it could not be read."""
    _require_hex("brand", colour)
    brand = Brand(
        brand=colour.upper(),
        brand_2=_mix(colour, "#000000", 0.26),
        brand_tint=_mix(colour, WHITE, 0.91),
        brand_line=_mix(colour, WHITE, 0.76),
    )
    check_brand(brand)
    return brand


def check_brand(brand: Brand) -> None:
    """Raise `UnreadableBrand` for a colour that is none, or for a pair with too little contrast."""
    for name in Brand.__struct_fields__:
        _require_hex(name, getattr(brand, name))
    _require_contrast("brand", brand.brand, WHITE, 4.5)
    _require_contrast("brand_tint", brand.brand, brand.brand_tint, 4.5)
    _require_contrast("on_brand", brand.on_brand, brand.brand, 4.5)
    _require_contrast("brand_2", brand.on_brand, brand.brand_2, 4.5)
    for name in ("play_a", "play_b", "play_c"):
        _require_contrast(name, INK, getattr(brand, name), 7.0)


def contrast(first: str, second: str) -> float:
    """WCAG contrast of two colours: 1 (equal) to 21 (black and white)."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(mine + (its - mine) * share):02X}" for mine, its in pairs)


def _require_hex(name: str, colour: str) -> None:
    if not _HEX.fullmatch(colour):
        raise UnreadableBrand(f"'{colour[:20]}' is no colour: write #RRGGBB.", pointer=f"/brand/{name}")


def _require_contrast(name: str, first: str, second: str, least: float) -> None:
    if (found := contrast(first, second)) < least:
        raise UnreadableBrand(
            f"{first} on {second} has a contrast of {found:.1f}; people need {least}:1, take another.",
            pointer=f"/brand/{name}",
            contrast=round(found, 2),
            least=least,
        )

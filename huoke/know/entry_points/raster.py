"""A poster as PNG, which phones keep and send; drawn with the product's own font, so that no machine has to have one.

The font is Noto Sans SC 500 (fonts/OFL.txt), 8,000 signs of simplified Chinese and Latin. A sign it lacks is taken from
a font of the machine; where there is none either, no picture is drawn with a hole in it.
"""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from huoke.know.entry_points.model import PngUnavailable
from huoke.know.entry_points.picture import (
    INK,
    NOTE_INK,
    PAPER,
    POSTER_HEIGHT,
    POSTER_WIDTH,
    Poster,
    lines_of,
)

FONT = Path(__file__).with_name("fonts") / "noto-sans-sc-500.woff2"
MACHINE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Medium.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
"""Where Debian keeps fonts of all of Chinese."""
_NO_SIGN = "\U0010fffd"
_CODE = (390, 960, 460)
_WAVE_STEPS = 24
_SHADE = 0.25
Font = ImageFont.FreeTypeFont


def poster_png(poster: Poster) -> bytes:
    """The poster of `picture.poster_svg` as a raster picture of the same size; `PngUnavailable`."""
    drawn = Image.new("RGB", (POSTER_WIDTH, POSTER_HEIGHT), PAPER)
    pen = ImageDraw.Draw(drawn)
    edge = _wave()
    pen.polygon([(0, 0), *edge, (POSTER_WIDTH, 0)], fill=poster.brand)
    below = [(x, y + 60) for x, y in edge]
    pen.polygon([*edge, *reversed(below)], fill=_mixed(poster.brand_dark, PAPER, _SHADE))
    said = lines_of(poster)
    _write(pen, [poster.bank], (100, 150), 0, 44, poster.on_brand)
    _write(pen, said.title, (100, 300), 130, 112, poster.on_brand)
    _write(pen, said.subtitle, (100, said.top + 10), 66, 48, poster.on_brand)
    _put_code(pen, poster.address)
    _write(pen, [poster.hint], (POSTER_WIDTH // 2, 1480), 0, 40, INK, anchor="ms")
    _write(pen, said.note, (POSTER_WIDTH // 2, 1560), 40, 26, NOTE_INK, anchor="ms")
    out = io.BytesIO()
    drawn.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _wave() -> list[tuple[float, float]]:
    """The lower edge of the coloured part from left to right: four arcs, as the SVG draws them."""
    points = []
    for arc in range(4):
        bend = 930 if arc % 2 else 790
        for step in range(_WAVE_STEPS + 1):
            at = step / _WAVE_STEPS
            points.append((310 * (arc + at), 860 * ((1 - at) ** 2 + at**2) + bend * 2 * at * (1 - at)))
    return points


def _put_code(pen: ImageDraw.ImageDraw, address: str) -> None:
    left, top, width = _CODE
    modules = [list(row) for row in segno.make_qr(address, error="q").matrix_iter(border=4)]
    size = width // len(modules)
    left, top = (one + (width - size * len(modules)) // 2 for one in (left, top))
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                x, y = left + column * size, top + row * size
                pen.rectangle((x, y, x + size - 1, y + size - 1), fill=INK)


def _write(
    pen: ImageDraw.ImageDraw,
    lines: Sequence[str],
    at: tuple[int, int],
    step: int,
    size: int,
    fill: str,
    *,
    anchor: str = "ls",
) -> None:
    for place, line in enumerate(lines):
        y = at[1] + step * place
        runs = [(text, _font(path, size)) for text, path in _runs(line)]
        x = at[0] - (sum(font.getlength(text) for text, font in runs) / 2 if anchor == "ms" else 0)
        for text, font in runs:
            pen.text((x, y), text, font=font, fill=fill, anchor="ls")
            x += font.getlength(text)


def _runs(line: str) -> list[tuple[str, str]]:
    """A line in parts that one font can write each; `PngUnavailable` for a sign that none has."""
    found: list[tuple[str, str]] = []
    for sign in line:
        path = _font_of(sign)
        if found and found[-1][1] == path:
            found[-1] = (found[-1][0] + sign, path)
        else:
            found.append((sign, path))
    return found


@cache
def _font_of(sign: str) -> str:
    for path in (str(FONT), *MACHINE_FONTS):
        if (path == str(FONT) or Path(path).exists()) and (sign.isspace() or _has(path, sign)):
            return path
    raise PngUnavailable(f"The sign '{sign}' is in no font here; save the poster as SVG, which the phone draws.")


def _has(path: str, sign: str) -> bool:
    font = _font(path, 32)
    return bytes(font.getmask(sign)) != bytes(font.getmask(_NO_SIGN))


@cache
def _font(path: str, size: int) -> Font:
    return ImageFont.truetype(path, size)


def _mixed(over: str, under: str, share: float) -> tuple[int, int, int]:
    """One colour at `share` over another one, both #RRGGBB."""
    pairs = zip(bytes.fromhex(over[1:]), bytes.fromhex(under[1:]), strict=True)
    red, green, blue = (round(one * share + other * (1 - share)) for one, other in pairs)
    return red, green, blue

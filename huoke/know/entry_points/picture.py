"""Pictures of a way in: its QR code, and a poster that carries it."""

import io
import re
from xml.sax.saxutils import escape

import msgspec
import segno

from huoke.know.entry_points.model import PdfUnavailable

INK, PAPER, NOTE_INK = "#14212B", "#FFFFFF", "#51606B"
POSTER_WIDTH, POSTER_HEIGHT = 1240, 1754
"""A4 at 150 points an inch."""
_TITLE_SIGNS, _LINE_SIGNS = 9, 22
_LAST_NARROW = 0x2E80
_PIECES = re.compile(r"\n|[\u2e81-\U0010ffff]|[^\s\u2e81-\U0010ffff]+[^\S\n]*|[^\S\n]+")
"""A new line, a Chinese sign, a word with the blanks behind it, blanks alone."""


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """A poster's words in lines, and where those under the title begin, in points from above."""

    title: list[str]
    subtitle: list[str]
    note: list[str]
    top: int


class Poster(msgspec.Struct, frozen=True, kw_only=True):
    """What a poster says. Colours are the bank's own, checked when it saved them."""

    bank: str
    title: str
    subtitle: str
    note: str
    hint: str
    address: str
    brand: str
    brand_dark: str
    on_brand: str


def qr_svg(address: str) -> bytes:
    """The code as a picture of any size; error correction Q survives a scratch, four quiet modules around it."""
    return _qr(address, "svg")


def qr_png(address: str) -> bytes:
    """The code as a raster picture of about 1,000 points a side, sharp in print up to 8 cm."""
    return _qr(address, "png")


def lines_of(poster: Poster) -> Lines:
    """Where a poster's words break."""
    title = _lines(poster.title, _TITLE_SIGNS * 2, 3)
    return Lines(
        title=title,
        subtitle=_lines(poster.subtitle, _LINE_SIGNS * 2, 2),
        note=_lines(poster.note, 34 * 2, 4),
        top=300 + 130 * len(title),
    )


def poster_svg(poster: Poster) -> str:
    """An A4 poster: the bank, the campaign's words over the bank's colour, the code, where it leads.

    Lines are broken here, Chinese signs counting double, since a picture knows nothing of a page's flow.
    """
    code = segno.make_qr(poster.address, error="q").svg_inline(border=4, scale=1, omitsize=True, dark=INK, light=PAPER)
    said = lines_of(poster)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{POSTER_WIDTH}" height="{POSTER_HEIGHT}"'
        f' viewBox="0 0 {POSTER_WIDTH} {POSTER_HEIGHT}" role="img" aria-label="{_safe(poster.title)}"'
        ' font-family="PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif">'
        f'<rect width="{POSTER_WIDTH}" height="{POSTER_HEIGHT}" fill="{PAPER}"/>'
        f'<path d="M0 0H{POSTER_WIDTH}V860q-155 -70 -310 0t-310 0 -310 0 -310 0z" fill="{poster.brand}"/>'
        f'<path d="M0 860q155 -70 310 0t310 0 310 0 310 0v60q-155 -70 -310 0t-310 0 -310 0 -310 0z"'
        f' fill="{poster.brand_dark}" opacity=".25"/>'
        f'<text x="100" y="150" font-size="44" fill="{poster.on_brand}">{_safe(poster.bank)}</text>'
        + _text(said.title, 100, 300, 130, 112, poster.on_brand, bold=True)
        + _text(said.subtitle, 100, said.top + 10, 66, 48, poster.on_brand)
        + f'<svg x="390" y="960" width="460" height="460">{code}</svg>'
        + _text([poster.hint], POSTER_WIDTH // 2, 1480, 0, 40, INK, anchor="middle", bold=True)
        + _text(said.note, POSTER_WIDTH // 2, 1560, 40, 26, NOTE_INK, anchor="middle")
        + "</svg>"
    )


def poster_pdf(drawn: str) -> bytes:
    """A poster of `poster_svg` as an A4 page; `PdfUnavailable` where the machine cannot draw one."""
    try:
        import weasyprint  # noqa: PLC0415 - loads system libraries, which a machine without them must survive
    except OSError as error:
        raise PdfUnavailable("Posters as PDF need Pango: install libpango-1.0-0 and libpangoft2-1.0-0.") from error
    style = "<style>@page{size:A4;margin:0}body{margin:0}body>svg{width:210mm;height:297mm;display:block}</style>"
    printed: bytes = weasyprint.HTML(string=f"{style}{drawn}").write_pdf()
    return printed


def _qr(address: str, kind: str) -> bytes:
    code = segno.make_qr(address, error="q")
    out = io.BytesIO()
    scale = max(1, 1_000 // (code.symbol_size(border=4)[0])) if kind == "png" else 8
    code.save(out, kind=kind, border=4, scale=scale, dark=INK, light=PAPER)
    return out.getvalue()


def _lines(text: str, width: int, most: int) -> list[str]:
    """At most `most` lines of `width` half signs: broken between words and between Chinese signs, never inside a word
    that fits a line; text that is left over shows as an ellipsis.
    """
    lines = [""]
    for piece in _PIECES.findall(text.strip()):
        if piece == "\n":
            lines.append("")
            continue
        for part in _parts(piece, width):
            if _size(lines[-1] + part.rstrip()) > width:
                lines.append("")
            lines[-1] += part if lines[-1] else part.lstrip()
    kept = [line.rstrip() for line in lines]
    return kept if len(kept) <= most else [*kept[: most - 1], _cut(kept[most - 1], width - 2) + "…"]


def _parts(piece: str, width: int) -> list[str]:
    """A piece whole where it fits a line, else in signs."""
    return [piece] if _size(piece) <= width else list(piece)


def _cut(line: str, width: int) -> str:
    while _size(line) > width:
        line = line[:-1]
    return line.rstrip()


def _size(text: str) -> int:
    return sum(2 if ord(sign) > _LAST_NARROW else 1 for sign in text)


def _text(
    lines: list[str], x: int, y: int, step: int, size: int, fill: str, *, anchor: str = "start", bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return "".join(
        f'<text x="{x}" y="{y + step * place}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{_safe(line)}</text>"
        for place, line in enumerate(lines)
    )


def _safe(text: str) -> str:
    return escape(text, {'"': "&quot;"})

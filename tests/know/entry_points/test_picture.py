"""Posters: words stay whole, lines fit, and what does not fit is seen to be left out."""

import io
import re

import pytest
import segno
from PIL import Image

from huoke.know.entry_points import PngUnavailable, raster
from huoke.know.entry_points.picture import Poster, poster_svg


def lines(*, size, **words):
    """The lines of a poster in letters of one size."""
    colours = {"brand": "#0B6E69", "brand_dark": "#084C48", "on_brand": "#FFFFFF"}
    said = {
        "bank": "Bank",
        "title": "t",
        "subtitle": "",
        "note": "",
        "hint": "",
        "address": "https://bank.example/e/abc",
    }
    drawn = poster_svg(Poster(**colours, **(said | words)))
    return re.findall(rf'<text [^>]*font-size="{size}"[^>]*>([^<]*)</text>', drawn)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Spring savings for new customers", ["Spring savings for", "new customers"]),
        ("春日开户送一百元话费", ["春日开户送一百元话", "费"]),
        ("送 iPhone 16 Pro Max 一台", ["送 iPhone 16 Pro", "Max 一台"]),
        ("One line\nand another", ["One line", "and another"]),
        ("Internationalisation!", ["Internationalisati", "on!"]),
        ("One two three four five six seven eight", ["One two three four", "five six seven", "eight"]),
        (
            "春日开户送一百元话费，先到先得，仅限本月新客户，赠完即止",
            ["春日开户送一百元话", "费，先到先得，仅限", "本月新客户，赠完…"],
        ),
    ],
)  # fmt: skip
def test_a_title_breaks_between_words_and_between_chinese_signs(title, shown):
    assert lines(size=112, title=title) == shown


def test_no_line_is_longer_than_its_place_and_no_word_is_lost():
    note = "One gift for each customer of the bank, while there are any; the benefit is valid for thirty days. " * 2
    shown = lines(size=26, title="t", note=note)
    assert len(shown) == 3
    assert max(map(len, shown)) <= 68
    assert " ".join(shown) == note.strip()


def whole(**words):
    colours = {"brand": "#0B6E69", "brand_dark": "#084C48", "on_brand": "#FFFFFF"}
    said = {
        "bank": "滨海银行",
        "title": "一起领咖啡券",
        "subtitle": "双方各得一份",
        "note": "转发不产生权益。",
        "hint": "扫码",
    }
    return Poster(**colours, **(said | {"address": "https://bank.example/e/abcd2345"} | words))


def test_a_png_carries_the_very_code_of_its_address_and_the_words_in_the_products_own_font(monkeypatch):
    monkeypatch.setattr(raster, "MACHINE_FONTS", ())
    raster._font_of.cache_clear()
    drawn = Image.open(io.BytesIO(raster.poster_png(whole()))).convert("L")
    assert drawn.size == (1240, 1754)
    modules = [list(row) for row in segno.make_qr("https://bank.example/e/abcd2345", error="q").matrix_iter(border=4)]
    size = 460 // len(modules)
    left, top = (one + (460 - size * len(modules)) // 2 + size // 2 for one in (390, 960))
    seen = [
        [drawn.getpixel((left + size * x, top + size * y)) < 128 for x in range(len(row))]
        for y, row in enumerate(modules)
    ]
    assert seen == [[bool(one) for one in row] for row in modules]
    blank = Image.open(io.BytesIO(raster.poster_png(whole(bank=" ", title="", subtitle="", note="", hint="")))).convert(
        "L"
    )
    for box in ((90, 100, 700, 160), (90, 200, 1200, 320), (400, 1440, 840, 1490), (200, 1530, 1000, 1570)):
        assert drawn.crop(box).tobytes() != blank.crop(box).tobytes(), "the words stand where the drawing has them"


def test_a_sign_that_no_font_has_leaves_no_hole(monkeypatch):
    monkeypatch.setattr(raster, "MACHINE_FONTS", ())
    raster._font_of.cache_clear()
    with pytest.raises(PngUnavailable):
        raster.poster_png(whole(title="耪锨"))

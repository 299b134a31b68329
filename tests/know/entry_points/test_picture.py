"""Posters: words stay whole, lines fit, and what does not fit is seen to be left out."""

import re

import pytest

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

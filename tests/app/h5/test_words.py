import gzip
import re
import string
from pathlib import Path

import pytest

from huoke.app.h5 import words
from huoke.app.h5.look import Look
from huoke.app.h5.render import render
from huoke.app.h5.visit import Card
from huoke.app.h5.words import EN, ZH, Words, choose
from huoke.govern.tenants import Brand

HERE = Path(words.__file__).parent
SCRIPT_BYTES_MAX = 15_000
FIRST_FLIGHT_BYTES = 10 * 1_460
LARGEST_BODY_BYTES = 4_000
"""What the richest page (a bundle of twelve, the scene) adds to a state's page, packed."""


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things():
    assert set(ZH) == set(EN)
    assert {key: fields(ZH[key]) for key in ZH if fields(ZH[key]) != fields(EN[key])} == {}


def test_nothing_shouts():
    assert [key for key in ZH if re.search("[!！]", ZH[key] + EN[key])] == []


def test_every_word_a_template_asks_for_is_there():
    asked = {
        key
        for template in (HERE / "templates").glob("*.html")
        for key in re.findall(r"""words\(["']([a-z_.]+)["'][,)]""", template.read_text())
    }
    assert len(asked) > 20
    assert asked - set(ZH) == set()


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "chosen"),
    [
        ("en", "zh", "zh-CN", "en"),
        (None, "en", "zh-CN", "en"),
        (None, None, "en-GB,en;q=0.9,zh;q=0.8", "en"),
        (None, None, "fr-FR, zh-TW;q=0.5", "zh"),
        ("<script>", "de", "fr", "zh"),
        (None, None, "", "zh"),
    ],
)
def test_a_language_is_asked_for_remembered_or_the_browsers_own(asked, remembered, accepted, chosen):
    assert choose(asked, remembered, accepted) == chosen


def test_the_scripts_stay_small():
    """Each alone, and the common one with the heaviest that a page adds to it."""
    packed = {file.name: len(gzip.compress(file.read_bytes())) for file in (HERE / "static").glob("*.js")}
    assert set(packed) >= {"phone.js", "play.js", "verify.js", "invite.js"}
    assert {name: size for name, size in packed.items() if size > SCRIPT_BYTES_MAX} == {}
    assert packed.pop("phone.js") + max(packed.values()) <= SCRIPT_BYTES_MAX


def test_a_page_is_one_small_document():
    """Style and script stand in it; packed, all of it is on the way in the first flight of ten segments (RFC 6928).

    Only pictures that operators uploaded come by themselves, once they are seen, into a place kept for them.
    """
    look = Look(code="b", name="滨海银行", name_en="Binhai", brand=Brand(), scene="sea", mark="M1 1h22v22z" * 20)
    for template in (HERE / "templates").glob("*.html"):
        assert not re.search(r"<(link rel=.stylesheet|script src|iframe)", template.read_text()), template.name
        for picture in re.findall(r"<img[^>]*>", template.read_text()):
            assert re.search(r'width="\d+" height="\d+" .*loading="lazy"', picture), picture
    card = Card(tone="", picture="sea", title="t", text="x")
    page = render("state.html", look, Words("zh"), switch_path="/", card=card, number="", home="/h5/b")
    assert len(gzip.compress(page.content, 6)) + LARGEST_BODY_BYTES <= FIRST_FLIGHT_BYTES
    assert len(re.findall(rb"<style|<script", page.content)) == 2


def test_pages_carry_no_address_of_anybody_else():
    for file in [*(HERE / "templates").glob("*.html"), *(HERE / "static").iterdir()]:
        assert not re.search(r"https?://|//[a-z]+\.", file.read_text()), file.name

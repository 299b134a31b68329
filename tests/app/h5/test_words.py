import gzip
import re
import string
from pathlib import Path

import pytest

from huoke.app.h5 import words
from huoke.app.h5.words import EN, ZH, choose

HERE = Path(words.__file__).parent
SCRIPT_BYTES_MAX = 15_000


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


def test_the_script_stays_small():
    assert len(gzip.compress((HERE / "static" / "phone.js").read_bytes())) <= SCRIPT_BYTES_MAX


def test_pages_carry_no_address_of_anybody_else():
    for file in [*(HERE / "templates").glob("*.html"), *(HERE / "static").iterdir()]:
        assert not re.search(r"https?://|//[a-z]+\.", file.read_text()), file.name

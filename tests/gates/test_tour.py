"""docs/tour shows every stop of every role's walk, in both languages, and no picture nobody looks at."""

import re
from pathlib import Path

import pytest

TOUR = Path(__file__).parents[2] / "docs" / "tour"
PICTURE = re.compile(r"(?:src=\"|\]\()((?:zh|en)/[a-z0-9-]+\.webp)")
PAGES = sorted(page.name for page in TOUR.glob("*.md"))


def shown(page: Path) -> list[str]:
    return PICTURE.findall(page.read_text())


def test_every_picture_is_on_a_page_and_every_page_has_its_pictures():
    taken = {f"{file.parent.name}/{file.name}" for file in TOUR.glob("*/*.webp")}
    assert {name for page in TOUR.glob("*.md") for name in shown(page)} == taken


@pytest.mark.parametrize("name", [name for name in PAGES if not name.endswith(".zh.md")])
def test_a_tour_stops_at_the_same_places_in_both_languages(name):
    english, chinese = TOUR / name, TOUR / name.replace(".md", ".zh.md")
    assert [stop.removeprefix("en/") for stop in shown(english)] == [
        stop.removeprefix("zh/") for stop in shown(chinese)
    ]

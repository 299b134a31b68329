"""Style sheets of pages stay loaded once they were: what one says of a class alone holds on every other page too."""

import re
from collections import defaultdict
from pathlib import Path

from huoke.app import webbuild

WEB = Path(webbuild.WEB)
CLASS_ALONE = re.compile(r"\.[a-z0-9-]+")


def classes(sheet: str) -> set[str]:
    """The classes that a sheet gives a look by themselves, within no other."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    selectors = (one.strip() for found in re.findall(r"([^{}@;]+)\{[^{}]*\}", bare) for one in found.split(","))
    return {one for one in selectors if CLASS_ALONE.fullmatch(one)}


def twice(sheets: dict[str, str]) -> dict[str, list[str]]:
    """Classes that several sheets give a look, with those sheets."""
    found = defaultdict(list)
    for name, sheet in sheets.items():
        for one in classes(sheet):
            found[one].append(name)
    return {one: sorted(names) for one, names in found.items() if len(names) > 1}


def test_no_two_sheets_give_one_class_its_look():
    files = [*WEB.glob("console/**/*.css"), *WEB.glob("kit/*.css")]
    assert len(files) > 10
    assert twice({str(file.relative_to(WEB)): file.read_text() for file in files}) == {}
    own = ".place { padding: 12px; } .own .place { margin: 0; }"
    planted = {"a.css": own, "b.css": ".rule > .place, .place { width: 26px; }"}
    assert twice(planted) == {".place": ["a.css", "b.css"]}

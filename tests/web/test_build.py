"""The build of the pages: which Node will do, when it is skipped, and what a lock may say."""

import json
import re
from pathlib import Path

import pytest

from huoke.app import webbuild

WEB = webbuild.WEB


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v20.20.2", True),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.19.0", True),
        ("v18.20.4", False),
        ("", False),
        ("node: not found", False),
    ],
)
def test_only_a_node_that_vite_runs_on_is_used(version: str, *, fits: bool) -> None:
    assert webbuild.is_new_enough(version) is fits


def test_the_lock_names_no_place_to_download_from() -> None:
    lock = (WEB / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in package for place, package in packages.items() if place)


def test_every_package_is_pinned_exactly() -> None:
    package = json.loads((WEB / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert {name: version for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("package.json", "package-lock.json", "console/main.tsx"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    monkeypatch.setattr(webbuild, "WEB", tmp_path)
    return tmp_path


def test_the_stamp_changes_with_a_source_and_with_its_name(sources: Path) -> None:
    before = webbuild.source_hash()
    assert webbuild.source_hash() == before
    (sources / "console" / "main.tsx").write_text("changed")
    changed = webbuild.source_hash()
    (sources / "console" / "main.tsx").rename(sources / "console" / "renamed.tsx")
    assert len({before, changed, webbuild.source_hash()}) == 3


def test_what_is_no_source_leaves_the_stamp_alone(sources: Path) -> None:
    before = webbuild.source_hash()
    (sources / "node_modules").mkdir()
    (sources / "node_modules" / "x.js").write_text("x")
    assert webbuild.source_hash() == before


def test_the_page_asks_nothing_of_other_places() -> None:
    for file in (WEB / "console").rglob("*"):
        if file.suffix in {".html", ".css", ".ts", ".tsx"}:
            addresses = re.findall(r"https?://[\w.-]+", file.read_text())
            assert addresses == [], f"{file.name} names {addresses}"

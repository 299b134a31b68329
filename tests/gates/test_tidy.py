"""House style that no linter knows: sizes, names, docstrings, dead files, and one word per thing."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.gates.sources import ROOT, imports_of, name_of, nodes_of, source_files, tree_of

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 450
BANNED_FILES = {
    "utils",
    "helpers",
    "common",
    "misc",
    "manager",
    "managers",
    "service",
    "services",
    "base",
    "lib",
    "core",
}
ENTRY = {"huoke.__main__", "huoke.app.bootstrap", "huoke.app.machine_code", "huoke.app.webbuild"}
"""Started by name: by python -m, the Makefile or pip."""
ALLOWED_WORDS = {
    "bucket": "a hash bucket of the expression language; a lot of points is never called so",
    "action": "what an audit entry says was done",
    "source": "where a fact came from (source_kind, source_id)",
    "check": "a check of a campaign or approval",
    "label": "the readable name of an attribute or field",
    "group": "a group of fields in a diff; a ClickHouse bitmap group",
    "history": "earlier values of an attribute",
    "log": "the log of events",
    "index": "the place of an item in a request",
    "send": "channels send messages",
    "issue": "a ticket or token is issued; a benefit is granted",
    "item": "glossary: an item of the catalogue",
    "cancel": "a job is cancelled",
    "score": "reserved for models",
    "verify": "hash chains are verified",
    "permission": "a permission belongs to a role",
    "entry": "an audit entry; a ledger entry",
    "exchange": "a ticket is exchanged for a session",
    "credit": "double entry",
    "dry run": "an import is tried without effects",
    "member": "a member of a set or of staff",
    "limit": "a bound: a person's, a page's, a budget's",
    "pin": "the secret printed beside a card code, where a supplier gives one",
    "deposit": "the bank product, as in deposit_derived (rule B1)",
}
ALLOWED_NAMES = {"user_agent": "the name of an HTTP header"}


def functions(path: Path):
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in source_files()
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert not long


def test_no_file_holds_two_rooms():
    long = [
        f"{path.relative_to(ROOT)} has {count} lines"
        for path in source_files()
        if (count := len(path.read_text().splitlines())) > FILE_LINES_MAX
    ]
    assert not long


def test_no_file_is_named_for_a_layer():
    named = [
        str(path.relative_to(ROOT))
        for path in source_files()
        if path.stem in BANNED_FILES or path.parent.name in BANNED_FILES
    ]
    assert not named


def test_every_module_says_what_it_is():
    silent = [str(path.relative_to(ROOT)) for path in source_files() if not ast.get_docstring(tree_of(path))]
    assert not silent


def test_every_front_door_names_what_it_lends():
    open_doors = []
    for path in source_files():
        parts = name_of(path).split(".")
        if path.name == "__init__.py" and len(parts) == 3 and parts[1] not in ("kernel", "app"):
            names = {
                target.id for node in tree_of(path).body if isinstance(node, ast.Assign) for target in node.targets
            }
            if "__all__" not in names:
                open_doors.append(str(path.relative_to(ROOT)))
    assert not open_doors


def test_no_file_is_dead():
    imported: set[str] = set()
    for path in [*source_files(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]:
        for _, module, name in imports_of(path):
            imported |= {module, f"{module}.{name}"}
    named = "\n".join(path.read_text() for path in [ROOT / "Makefile", *source_files()] if path.exists())
    dead = [
        dotted
        for path in source_files()
        if path.name not in ("__init__.py", "__main__.py", "tables.py", "http.py", "jobs.py", "streams.py")
        if (dotted := name_of(path)) not in imported and dotted not in ENTRY and f"{dotted}" not in named
        if not dotted.startswith("huoke.app.cli.")
    ]
    assert not dead


def glossary() -> tuple[set[str], set[str]]:
    """(words of the column `code`, words of the column `not`)"""
    code, wrong = set(), set()
    for line in (ROOT / "GLOSSARY.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] not in ("中文", "---"):
            code |= set(re.findall(r"`([^`]+)`", cells[2]))
            plain = re.sub(r"\([^)]*\)", "", cells[3])
            wrong |= {word.strip().lower() for word in plain.split(",") if word.strip()}
    return code, wrong


def synonyms_in(names: set[str]) -> list[str]:
    code, wrong = glossary()
    banned = {word.replace(" ", "_") for word in wrong - code - set(ALLOWED_WORDS)}
    return sorted(
        name
        for name in names
        if name.rpartition(".")[2] not in ALLOWED_NAMES
        if {part.rstrip("s") for part in re.split(r"[^a-z]+", name.lower())} & banned or name in banned
    )


def test_tables_use_one_word_per_thing():
    from huoke.app.migrate import declare_tables
    from huoke.kernel.schema import metadata

    declare_tables()
    names = {table.name for table in metadata.tables.values()}
    names |= {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    assert synonyms_in(names) == []


def test_routes_events_and_keys_use_one_word_per_thing():
    document = json.loads((ROOT / "web" / "openapi.json").read_text())
    names = set(document["paths"])
    for schema in document["components"]["schemas"].values():
        names |= set(schema.get("properties", {}))
    for path in source_files():
        names |= set(re.findall(r"^    name(?:: ClassVar\[str\])? = \"([a-z_.]+)\"", path.read_text(), re.MULTILINE))
    assert synonyms_in(names) == []


@pytest.mark.parametrize("name", ["vendor_id", "/v1/users", "perk", "campaign.kpi"])
def test_a_synonym_would_be_found(name):
    assert synonyms_in({name}) == [name]


def test_lock_files_hold_no_addresses_and_no_file_names_a_machine():
    locks = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]
    assert [lock.name for lock in locks if "://" in lock.read_text()] == []
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text()
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    home = re.compile(r"(^|[^a-z])/(work|root|home/[a-z]+)/")
    named = [
        name
        for name in listed
        if (ROOT / name).suffix in {".py", ".md", ".toml", ".ts", ".tsx", ".json", ".html", ".css", ""}
        and (ROOT / name).is_file()
        if home.search((ROOT / name).read_text(errors="replace")) and not name.startswith("tests/gates/")
    ]
    assert named == []

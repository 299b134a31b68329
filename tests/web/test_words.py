"""What the server declares has words in the console, in both languages."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache

import pytest

from huoke.app.web import ROUTED
from huoke.app.webbuild import WEB
from huoke.govern.requests import Requests
from huoke.govern.tenants.defaults import all_declared
from tests.e2e.words import Words
from tests.gates.sources import nodes_of, source_files

LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])
_ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
_WRITERS = {"AuditEntry", "record", "_record", "_go"}
"""The calls that take an action's name: the entry itself and the helpers that modules write their entries with."""


def _calls() -> Iterator[ast.Call]:
    for path in source_files():
        yield from (node for node in nodes_of(path) if isinstance(node, ast.Call))


def _name_of(call: ast.Call) -> str:
    """What is called, without what it is called on."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def _either(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from _either(value.body)
        yield from _either(value.orelse)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


@cache
def audited() -> tuple[set[str], set[str]]:
    """The actions and the kinds of subjects that the source writes out into the trail."""
    actions, kinds = set(), set()
    for call in _calls():
        if _name_of(call) not in _WRITERS:
            continue
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
            actions |= {text for text in _either(value) if _ACTION.fullmatch(text)}
        kinds |= {text for one in call.keywords if one.arg == "subject_kind" for text in _either(one.value)}
    return actions, kinds


@cache
def jobs_declared() -> set[str]:
    """The names of the jobs in the source; schedules are nobody's page."""
    found: set[str] = set()
    for call in _calls():
        if _name_of(call) == "job" and call.args:
            found |= {text for text in _either(call.args[0]) if _ACTION.fullmatch(text)}
    return found


def _wordless(names: set[str], words: dict[str, str]) -> set[str]:
    return {name for name in names if name.replace(".", "_") not in words}


@LANGUAGES
def test_every_setting_has_a_name_and_its_unit_a_word(language):
    for module in ROUTED:
        importlib.import_module(f"{module}.http")
    settings = [setting for setting in all_declared() if setting.key.count(".") == 1]
    words = Words(language)
    assert _wordless({setting.key for setting in settings}, words("setting.names")) == set()
    assert {setting.unit for setting in settings if setting.unit} - set(words("setting.units")) == set()


@LANGUAGES
def test_every_action_of_the_trail_has_a_word_and_so_has_what_it_was_done_to(language):
    actions, kinds = audited()
    words = Words(language)
    assert {"identity.sign_in", "campaigns.submit", "reconciliation.bring"} <= actions
    assert _wordless(actions, words("audit.did")) == set()
    assert kinds - set(words("audit.subjects")) == set()
    assert {action.split(".")[0] for action in actions} - set(words("audit.modules")) == set()


def decided_by_two(kind: type[Requests] = Requests) -> Iterator[type[Requests]]:
    """Every kind of request that one person asks for and another decides."""
    for one in kind.__subclasses__():
        yield from decided_by_two(one)
        if hasattr(one, "kind"):
            yield one


@LANGUAGES
def test_what_two_people_decide_has_words_for_its_kind_its_act_and_each_group_of_its_fields(language):
    for module in ROUTED:
        importlib.import_module(f"{module}.http")
    words, requests = Words(language), list(decided_by_two())
    assert {"exchange_card", "points_freeze"} <= {one.kind for one in requests}
    assert _wordless({one.kind for one in requests}, words("approval.kinds")) == set()
    assert _wordless({one.action for one in requests}, words("audit.did")) == set()
    assert {one.subject_kind for one in requests} - set(words("audit.subjects")) == set()
    fields = (call for call in _calls() if _name_of(call) == "FieldChange")
    named = {text for call in fields for one in call.keywords if one.arg == "group" for text in _either(one.value)}
    assert ({one.group for one in requests} | named) - set(words("approval.groups")) == set()


@LANGUAGES
def test_every_job_has_a_name(language):
    jobs = jobs_declared()
    assert "customers.import" in jobs
    assert _wordless(jobs, Words(language)("job.names")) == set()


PHONE = ("h5.", "sign_in.")
"""Refusals that only the customers' pages show, in words of their own."""


def refusals() -> set[str]:
    """The stable codes of every refusal there is."""
    classes = (node for path in source_files() for node in nodes_of(path) if isinstance(node, ast.ClassDef))
    return {
        line.value.value
        for one in classes
        for line in one.body
        if isinstance(line, ast.Assign)
        and ast.unparse(line.targets[0]) == "code"
        and isinstance(line.value, ast.Constant)
    }


def test_every_refusal_is_said_in_chinese():
    codes = {code for code in refusals() if not code.startswith(PHONE)}
    assert {"tags.kept", "grants.expired", "forbidden"} <= codes
    said = "".join((WEB / "kit" / f"{name}.ts").read_text() for name in ("refusals", "refusalsOfRewards"))
    known = set(re.findall(r"^  '?([a-z_.0-9]+)'?: ", said, re.MULTILINE))
    assert _wordless(codes - known, Words("zh-CN")("problem")) == set()
    assert known - codes == set(), "words for what is never said"


def test_an_action_without_a_word_is_found():
    words = Words("en")("audit.did")
    assert _wordless({"identity.sign_in", "identity.fly_away"}, words) == {"identity.fly_away"}

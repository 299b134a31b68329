"""The API document in the tree is the one the code gives: a change of the API shows in review and in the pages."""

import json
from typing import Any

import pytest

from huoke.app.openapi import render
from tests.gates.sources import ROOT


@pytest.fixture(scope="module")
def made() -> bytes:
    """What the code gives; to make it takes seconds."""
    return render()


@pytest.fixture(scope="module")
def told(made: bytes) -> dict[str, Any]:
    """The same, read."""
    return json.loads(made)


def test_the_document_in_the_tree_is_the_codes_own(told: dict[str, Any]):
    stored = json.loads((ROOT / "web" / "openapi.json").read_text())
    assert stored["paths"].keys() == told["paths"].keys()
    assert stored == told, "run 'make openapi'"


def test_the_document_is_the_same_every_time(made: bytes):
    """Another process wrote the tree's, on another day."""
    assert (ROOT / "web" / "openapi.json").read_bytes() == made, "run 'make openapi'"


def test_every_operation_says_what_it_is_for(told: dict[str, Any]):
    silent = [
        operation["operationId"]
        for item in told["paths"].values()
        for operation in item.values()
        if not operation.get("summary") or not operation.get("tags")
    ]
    assert silent == []

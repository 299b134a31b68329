"""The API document in the tree is the one the code gives: a change of the API shows in review and in the pages."""

import json

from huoke.app.openapi import document, render
from tests.gates.sources import ROOT


def test_the_document_in_the_tree_is_the_codes_own():
    stored = json.loads((ROOT / "web" / "openapi.json").read_text())
    assert stored["paths"].keys() == document()["paths"].keys()
    assert stored == document(), "run 'make openapi'"


def test_the_document_is_the_same_every_time():
    assert render() == render()


def test_every_operation_says_what_it_is_for():
    silent = [
        operation["operationId"]
        for item in document()["paths"].values()
        for operation in item.values()
        if not operation.get("summary") or not operation.get("tags")
    ]
    assert silent == []

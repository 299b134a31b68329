"""Expression bombs over HTTP: each is refused by the name of its limit, nothing breaks, and nothing is saved."""

import json

import pytest

from huoke.know.segments.model import UPLOAD_MAX
from tests.make.bombs import BOMBS, LEAF


@pytest.mark.parametrize(("limit", "tree"), BOMBS, ids=[name for name, _ in BOMBS])
async def test_each_bomb_is_refused_by_name_wherever_a_rule_is_taken(our_bank, limit, tree):
    operator = our_bank.staff["operator"]
    counted = await operator.ask("POST", "/v1/segments/count", json={"expression": tree})
    explained = await operator.ask("POST", "/v1/segments/explanations", json={"expression": tree, "customer_no": "1"})
    for answer in (counted, explained):
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["data"]["limit"]) == (422, "segments.limit", limit)
    (saved,) = (await operator.ask("POST", "/v1/segments", json=[{"name": "炸弹", "expression": tree}])).json()
    assert (saved["status"], saved["error"]["code"]) == ("failed", "segments.limit")
    found = (await operator.ask("GET", "/v1/segments?q=炸弹")).json()
    assert found["items"] == []


@pytest.mark.parametrize("depth", [1_000, 200_000])
async def test_json_without_an_end_is_refused_before_it_is_a_rule(our_bank, depth):
    body = '{"expression": ' + '{"kind": "not", "of": ' * depth + json.dumps(LEAF) + "}" * depth + "}"
    headers = {"Content-Type": "application/json"}
    answer = await our_bank.staff["operator"].ask("POST", "/v1/segments/count", content=body, headers=headers)
    assert (answer.status_code, answer.json()["data"]) == (422, {"limit": "depth"})


async def test_a_list_longer_than_its_limit_is_refused_by_name_and_nothing_is_kept(our_bank):
    operator = our_bank.staff["operator"]
    body = [{"name": "太长", "customer_nos": ["1"] * (UPLOAD_MAX + 1)}]
    (outcome,) = (await operator.ask("POST", "/v1/uploads", json=body)).json()
    assert (outcome["status"], outcome["error"]["code"]) == ("failed", "segments.upload_too_large")
    assert outcome["error"]["data"] == {"limit": "upload", "most": UPLOAD_MAX}
    assert (await operator.ask("GET", "/v1/uploads")).json()["items"] == []


async def test_references_without_end_are_refused_by_name(our_bank):
    operator = our_bank.staff["operator"]
    tree = {"kind": "bucket", "salt": "s", "low_ppm": 0, "high_ppm": 1}
    for deep in range(9):
        (saved,) = (
            await operator.ask("POST", "/v1/segments", json=[{"name": f"第{deep}层", "expression": tree}])
        ).json()
        assert saved["status"] == "done", saved
        tree = {"kind": "segment", "segment_id": saved["id"]}
    answer = await operator.ask("POST", "/v1/segments/count", json={"expression": tree})
    assert (answer.status_code, answer.json()["data"]["limit"]) == (422, "references")

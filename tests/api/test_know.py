"""Import, customers and segments over HTTP, as the console asks."""

import pytest

from huoke.know import customers
from tests.api.walking import walked
from tests.make import customers as make

RULE = {
    "kind": "all",
    "of": [
        {"kind": "attr", "name": "age", "op": ">=", "value": 30},
        {"kind": "attr", "name": "unit", "op": "=", "value": 0},
    ],
}


@pytest.fixture(scope="module")
async def imported(our_bank, database, feed, clickhouse):
    """Forty customers through upload, proposal and import, run as the job would."""
    operator = our_bank.staff["operator"]
    rows = [
        {"客户号": f"H{n}", "姓名": "王五", "手机号": f"1380000{n:04}", "机构号": ["N", "S"][n % 2], "age": 20 + n}
        for n in range(40)
    ]
    body = make.csv_text(rows).encode()
    file = (await operator.ask("POST", "/v1/files?name=customers.csv", content=body)).json()
    answer = await operator.ask("POST", "/v1/import-proposals", json={"file_id": file["id"]})
    assert answer.status_code == 200, answer.text
    proposal = answer.json()
    assert [column["to"] for column in proposal["mapping"]["columns"]] == [
        "customer_no", "name", "phone", "unit_code", "attribute",
    ]  # fmt: skip
    assert proposal["sample"][0] == ["H0", "****", "****", "N", "20"]
    mapping = {**proposal["mapping"], "consents": make.MARKETING}
    answer = await operator.ask("POST", "/v1/imports", json=[{"file_id": file["id"], "mapping": mapping}])
    [started] = answer.json()
    assert started["status"] == "done", started
    from uuid import UUID

    from huoke.kernel.tx import SYSTEM

    await customers.run_import(database, our_bank.tenant, UUID(started["id"]), actor=SYSTEM)
    await make.ship(feed, clickhouse)
    return started["id"]


async def test_an_import_shows_its_report_and_runs_once(our_bank, imported):
    operator = our_bank.staff["operator"]
    found = (await operator.ask("GET", f"/v1/imports/{imported}")).json()
    assert (found["status"], found["rows_added"], found["can"]) == ("done", 40, ["undo"])
    assert {column["column"]: column["filled"] for column in found["report"]["columns"]}["age"] == 40
    listed = (await operator.ask("GET", "/v1/imports")).json()
    assert ([one["id"] for one in listed["items"]], listed["counts"]) == ([imported], {"done": 1})
    answer = await operator.ask("GET", f"/v1/imports/{imported}/rejects")
    assert (answer.status_code, answer.json()["code"]) == (404, "customers.no_rejects")
    again = await operator.ask("POST", f"/v1/imports/{imported}/cancellation", json=None)
    assert again.json()["code"] == "customers.import_ended"


async def test_a_branch_sees_its_own_customers_only(our_bank, their_bank, imported):
    branch, operator = our_bank.staff["branch_operator"], our_bank.staff["operator"]
    everyone = (await operator.ask("GET", "/v1/customers?limit=30")).json()
    assert (everyone["total"], len(everyone["items"])) == (40, 30)
    rest = (await operator.ask("GET", f"/v1/customers?limit=30&cursor={everyone['next_cursor']}")).json()
    assert (len(rest["items"]), rest["next_cursor"]) == (10, None)
    own = (await branch.ask("GET", "/v1/customers")).json()
    assert own["total"] == 20
    foreign = next(row for row in everyone["items"] if row["unit_id"] == our_bank.units.south)
    assert (await branch.ask("GET", f"/v1/customers/{foreign['seq']}")).status_code == 404
    assert (await branch.ask("GET", f"/v1/customers/{foreign['seq']}/history")).status_code == 404
    assert (await their_bank.staff["operator"].ask("GET", "/v1/customers")).json()["total"] == 0
    page = (await operator.ask("GET", f"/v1/customers/{foreign['seq']}")).json()
    assert (page["customer"]["name"], page["can"]) == ("王*", ["reveal", "erase", "assign"])


@pytest.mark.parametrize("column", ["seq", "no", "unit", "changed", "status"])
async def test_customers_are_sorted_by_any_column_page_after_page(our_bank, their_bank, imported, column):
    operator = our_bank.staff["operator"]
    down = await walked(operator, "/v1/customers", key="seq", limit=15, sort=f"-{column}")
    up = await walked(operator, "/v1/customers", key="seq", limit=15, sort=column)
    assert (len(set(up)), down) == (40, up[::-1])
    assert up == await walked(operator, "/v1/customers", key="seq", limit=200, sort=column)
    if column == "unit":
        own = await walked(our_bank.staff["branch_operator"], "/v1/customers", key="seq", limit=15, sort=f"-{column}")
        assert own in (up[:20][::-1], up[20:][::-1]), "a branch's own, in the same order"
        assert await walked(their_bank.staff["operator"], "/v1/customers", key="seq", sort=column) == []


async def test_segments_are_sorted_by_any_column_page_after_page(our_bank, imported):
    operator = our_bank.staff["operator"]
    names = ["排序丙", "排序甲", "排序乙", "排序丁", "排序戊"]
    new = [{"name": name, "expression": RULE} for name in names]
    ids = [one["id"] for one in (await operator.ask("POST", "/v1/segments", json=new)).json()]
    refers = {"kind": "segment", "segment_id": ids[3]}
    answer = await operator.ask("POST", "/v1/segments", json=[{"name": "另一个", "expression": refers}])
    assert answer.json()[0]["status"] == "done", answer.text
    for column in ("name", "serves", "size", "used", "shared", "changed"):
        down = await walked(operator, "/v1/segments", sort=f"-{column}", q="排序")
        up = await walked(operator, "/v1/segments", sort=column, q="排序")
        assert (sorted(up), down) == (sorted(ids), up[::-1]), column
        if column == "name":
            assert up == [one for _, one in sorted(zip(names, ids, strict=True))]
        if column == "used":
            assert down[0] == ids[3]


async def test_an_order_there_is_not_and_a_cursor_of_another_are_refused(our_bank, imported):
    operator = our_bank.staff["operator"]
    for path in ("/v1/customers", "/v1/segments", "/v1/early-warnings"):
        refused = await operator.ask("GET", f"{path}?sort=phone")
        assert (refused.status_code, refused.json()["pointer"]) == (422, "/sort"), path
    page = (await operator.ask("GET", "/v1/customers?limit=2")).json()
    other = await operator.ask("GET", "/v1/customers", params={"sort": "-no", "cursor": page["next_cursor"]})
    assert (other.status_code, other.json()["pointer"]) == (422, "/cursor")


async def test_a_segment_is_counted_saved_explained_and_frozen(our_bank, imported):
    operator, branch = our_bank.staff["operator"], our_bank.staff["branch_operator"]
    rule = {**RULE, "of": [RULE["of"][0], {**RULE["of"][1], "value": our_bank.units.north}]}
    found = (await operator.ask("POST", "/v1/segments/count", json={"expression": rule})).json()
    assert (found["total"], found["universe"]) == (15, 40)
    assert [node["count"] for node in found["nodes"]] == [15, 30, 20]
    narrowed = (await branch.ask("POST", "/v1/segments/count", json={"expression": rule["of"][0]})).json()
    assert (narrowed["total"], narrowed["universe"]) == (15, 20)
    [saved] = (await operator.ask("POST", "/v1/segments", json=[{"name": "三十以上", "expression": rule}])).json()
    assert saved["status"] == "done", saved
    page = (await operator.ask("GET", f"/v1/segments/{saved['id']}")).json()
    assert (page["segment"]["version"], page["used_by"]) == (1, [])
    assert page["can"] == ["change", "share", "archive", "copy", "freeze", "export"]
    change = {"name": "三十以上", "expression": rule["of"][0], "expected_version": 1}
    assert (await operator.ask("PUT", f"/v1/segments/{saved['id']}", json=change)).json()["version"] == 2
    assert (await operator.ask("PUT", f"/v1/segments/{saved['id']}", json=change)).status_code == 409
    [young] = (await operator.ask("GET", "/v1/customers?q=H3")).json()["items"]
    why = await operator.ask("POST", f"/v1/segments/{saved['id']}/explanations", json={"seq": young["seq"]})
    assert why.json()["flips"] == [{"path": "", "name": "age", "needed": ">= 30", "value": 23, "masked": False}]
    [frozen] = (await operator.ask("POST", "/v1/audiences", json=[{"segment_id": saved["id"]}])).json()
    audience = (await operator.ask("GET", f"/v1/audiences/{frozen['id']}")).json()
    assert (audience["size"], audience["segment_version"]) == (30, 2)
    sample = (await operator.ask("POST", "/v1/segments/sample", json={"expression": rule, "n": 5})).json()
    assert len(sample["items"]) == 5
    await operator.ask("PUT", f"/v1/segments/{saved['id']}/sharing", json={"shared_with": "bank"})
    assert (await operator.ask("GET", f"/v1/segments/{saved['id']}")).json()["segment"]["size"] == audience["size"]
    assert (await branch.ask("GET", f"/v1/segments/{saved['id']}")).json()["segment"]["size"] is None
    listed = (await branch.ask("GET", "/v1/segments?q=三十以上")).json()["items"]
    assert [one["size"] for one in listed] == [None], "others of the bank were counted in it"
    assert (await branch.ask("GET", f"/v1/audiences?segment_id={saved['id']}")).json()["items"] == []
    assert (await branch.ask("GET", f"/v1/audiences/{frozen['id']}")).status_code == 404
    [own] = (await branch.ask("POST", "/v1/audiences", json=[{"segment_id": saved["id"]}])).json()
    [seen] = (await branch.ask("GET", f"/v1/audiences?segment_id={saved['id']}")).json()["items"]
    assert (seen["id"], seen["size"] < audience["size"]) == (own["id"], True)
    assert (await operator.ask("GET", f"/v1/segments/{saved['id']}")).json()["segment"]["size"] == audience["size"]


async def test_a_segment_is_shared_copied_put_away_and_its_list_waits_for_another(our_bank, their_bank, imported):
    operator, branch = our_bank.staff["operator"], our_bank.staff["branch_operator"]
    old = {"name": "城北四十", "expression": {"kind": "attr", "name": "age", "op": ">=", "value": 40}}
    [own] = (await branch.ask("POST", "/v1/segments", json=[old])).json()
    at = f"/v1/segments/{own['id']}"
    page = (await branch.ask("GET", at)).json()
    assert (page["segment"]["shared_with"], page["segment"]["unit_id"]) == ("unit", our_bank.units.north)
    assert (await branch.ask("PUT", f"{at}/sharing", json={"shared_with": "bank"})).json()["shared_with"] == "bank"
    [copied] = (await operator.ask("POST", f"{at}/copies", json=[{"name": "副本"}])).json()
    assert (await branch.ask("GET", f"/v1/segments/{copied['id']}")).json()["can"] == ["copy", "freeze", "export"]
    refused = await branch.ask("PUT", f"/v1/segments/{copied['id']}/sharing", json={"shared_with": "unit"})
    assert (refused.status_code, refused.json()["code"]) == (403, "segments.not_yours")
    naming = {"name": "引用", "expression": {"kind": "segment", "segment_id": own["id"]}}
    [user] = (await operator.ask("POST", "/v1/segments", json=[naming])).json()
    used = (await operator.ask("GET", at)).json()["used_by"]
    assert [(use["kind"], use["id"]) for use in used] == [("segment", user["id"])]
    assert (await their_bank.staff["operator"].ask("GET", at)).status_code == 404
    await operator.ask("PUT", f"/v1/segments/{copied['id']}/archiving", json={"away": True})
    away = (await operator.ask("GET", "/v1/segments?status=archived")).json()
    assert ([one["name"] for one in away["items"]], away["total"], away["counts"]["archived"]) == (["副本"], 1, 1)
    why = {"expression": old["expression"], "customer_no": "H2"}
    answer = await branch.ask("POST", "/v1/segments/explanations", json=why)
    assert answer.json()["flips"][0]["needed"] == ">= 40"
    asked = {"segment_id": own["id"], "columns": ["customer_no", "phone"], "reason": "电话邀约", "rows_max": 50}
    [handed] = (await branch.ask("POST", "/v1/list-exports", json=[asked])).json()
    assert handed["status"] == "done", handed
    [shown] = (await branch.ask("GET", f"{at}/list-exports")).json()["items"]
    assert (shown["id"], shown["state"], shown["size"], shown["can"]) == (handed["id"], "pending", 10, ["cancel"])
    assert (await branch.ask("GET", f"/v1/list-exports/{handed['id']}/file")).status_code == 404
    assert (await operator.ask("DELETE", f"/v1/list-exports/{handed['id']}")).status_code == 404


async def test_a_request_number_saves_a_segment_once(our_bank, imported):
    operator = our_bank.staff["operator"]
    new = {"name": "一次", "expression": RULE["of"][0], "request_no": "seg-1"}
    [first] = (await operator.ask("POST", "/v1/segments", json=[new])).json()
    [again] = (await operator.ask("POST", "/v1/segments", json=[new])).json()
    [other] = (await operator.ask("POST", "/v1/segments", json=[{**new, "name": "两次"}])).json()
    assert (first["status"], again["id"]) == ("done", first["id"])
    assert (other["status"], other["error"]["code"]) == ("failed", "request.reused")


async def test_bad_expressions_are_problems_with_a_pointer(our_bank, imported):
    operator = our_bank.staff["operator"]
    for expression, pointer in (
        ({}, "/expression"),
        ({"kind": "attr", "name": "age", "op": "=", "value": 2**63}, "/expression/value"),
        ({"kind": "any", "of": [{"kind": "attr", "name": "nobody", "op": "=", "value": 1}]}, "/expression/of/0/name"),
    ):
        answer = await operator.ask("POST", "/v1/segments/count", json={"expression": expression})
        assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)
    [failed] = (await operator.ask("POST", "/v1/imports", json=[{"file_id": imported, "mapping": {}}])).json()
    assert (failed["status"], failed["error"]["code"]) == ("failed", "files.missing")


async def test_who_may_not_is_refused(our_bank, imported):
    assert (
        await our_bank.staff["teller"].ask("POST", "/v1/segments/count", json={"expression": RULE})
    ).status_code == 403
    assert (await our_bank.staff["branch_operator"].ask("GET", "/v1/imports")).status_code == 403
    assert (await our_bank.staff["auditor"].ask("GET", "/v1/customers")).status_code == 403


async def test_what_is_the_whole_banks_is_tried_and_asked_for_at_head_office_alone(our_bank):
    """Numbers of other units would be told by it (rule D5 decides the rest)."""
    head, branch = our_bank.staff["operator"], our_bank.staff["branch_operator"]
    scale = (await head.ask("GET", "/v1/temperature/scale")).json()
    axes, rules = [(await head.ask("GET", at)).json() for at in ("/v1/grid/axes", "/v1/identity-rules")]
    assert [one["can"] for one in (scale, axes, rules)] == [["change"]] * 3
    for at in ("/v1/temperature/scale", "/v1/grid/axes", "/v1/identity-rules"):
        assert (await branch.ask("GET", at)).json()["can"] == [], at
    wanted = {"rules": rules["rules"], "shared_max": 5}
    tried = [
        ("/v1/temperature/previews", scale["usual"], "/v1/temperature/scales", {"scale": scale["usual"]}),
        ("/v1/grid/axes/previews", axes["usual"][0], "/v1/grid/axes", {"axis": axes["usual"][0]}),
        ("/v1/identity-rules/previews", wanted, "/v1/identity-rules", wanted),
    ]
    for preview, body, request, new in tried:
        answered = await head.ask("POST", preview, json=body)
        assert answered.status_code != 403, "an attribute may be lacking here, the right is not"
        assert (await branch.ask("POST", preview, json=body)).status_code == 403, preview
        refused = await branch.ask("POST", request, json=[{**new, "reason": "分行自定口径"}])
        assert refused.status_code == 403, request
    for at in ("/v1/temperature/scale", "/v1/grid/axes", "/v1/identity-rules"):
        assert (await head.ask("GET", at)).json()["requests"] == [], "nothing was asked for"


async def test_a_scale_whose_shares_are_not_the_whole_is_refused_by_name(our_bank):
    head = our_bank.staff["operator"]
    usual = (await head.ask("GET", "/v1/temperature/scale")).json()["usual"]
    more = {**usual, "shares": {**usual["shares"], "human": usual["shares"]["human"] + 0.1}}
    refused = await head.ask("POST", "/v1/temperature/previews", json=more)
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/shares")
    assert "110%" in refused.json()["detail"]

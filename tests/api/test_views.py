"""Saved views, files of lists and the first guide over HTTP: one's own, shared by unit, in scope, masked, marked."""

import asyncio
import csv
import io
from uuid import UUID

import openpyxl
import pytest

from huoke.govern import audit
from huoke.govern.views import jobs as views_jobs
from huoke.kernel import jobs, log
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import new_id
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings

VIEW = {"page": "staff", "name": "停用的", "filters": {"status": "disabled"}, "columns": ["name"]}
STAFF = {
    "operation": "list_staff",
    "title": "员工",
    "reason": "例行核对",
    "columns": [
        {"title": "登录名", "field": "login"},
        {"title": "状态", "field": "status", "words": {"active": "在用"}},
        {"title": "加入", "field": "added_at", "format": "day"},
    ],
}


@pytest.fixture
def carry(database, feed, cluster, clickhouse, runtime):
    """Hand events to the subscriber and let a worker run until this export has ended."""

    async def until_ended(caller, export_id):
        await log.Dispatcher(database, feed, log.subscribers_of([views_jobs])).run_once()
        stop = asyncio.Event()
        parts = {ClickHouse: clickhouse, SetServer: runtime.sets, Settings: runtime.settings}
        worker = jobs.Worker(database, cluster.database_url, jobs.jobs_of([views_jobs]), parts=parts)
        running = asyncio.create_task(worker.run(stop))
        try:
            async with asyncio.timeout(60):
                while True:
                    export = (await caller.ask("GET", f"/v1/exports/{export_id}")).json()
                    if export["state"] not in ("queued", "running"):
                        return export
                    await asyncio.sleep(0.05)
        finally:
            stop.set()
            await asyncio.wait([running], timeout=60)

    return until_ended


async def ask_for(caller, **changes):
    [result] = (await caller.ask("POST", "/v1/exports", json=[{**STAFF, **changes}])).json()
    return result


async def seen(caller, page="staff"):
    return {view["name"]: view for view in (await caller.ask("GET", f"/v1/views?page={page}")).json()["items"]}


async def test_a_view_is_its_owners_until_it_is_shared(our_bank):
    operator, buyer = our_bank.staff["operator"], our_bank.staff["buyer"]
    [made] = (await operator.ask("POST", "/v1/views", json=[VIEW])).json()
    assert made["status"] == "done"
    assert (await seen(operator))["停用的"]["can"] == ["change", "remove"]
    assert await seen(buyer) == {}

    wanted = {"id": made["id"], "name": "停用的", "filters": {"status": "active"}, "shared": True}
    assert (await operator.ask("PUT", "/v1/views", json=[wanted])).json()[0]["status"] == "done"
    shared = (await seen(buyer))["停用的"]
    assert (shared["mine"], shared["can"], shared["filters"]) == (False, [], {"status": "active"})
    [refused] = (await buyer.ask("PUT", "/v1/views", json=[{**wanted, "shared": False}])).json()
    assert refused["error"]["code"] == "views.unknown"
    assert (await buyer.ask("DELETE", f"/v1/views/{made['id']}")).status_code == 404
    assert (await seen(operator))["停用的"]["shared"] is True
    assert (await operator.ask("DELETE", f"/v1/views/{made['id']}")).status_code == 204
    assert await seen(operator) == {}


async def test_what_a_branch_shares_stays_below_it(our_bank):
    branch, head = our_bank.staff["branch_operator"], our_bank.staff["operator"]
    [made] = (await branch.ask("POST", "/v1/views", json=[{**VIEW, "page": "campaigns", "shared": True}])).json()
    assert made["status"] == "done"
    assert await seen(head, "campaigns") == {}
    assert "停用的" in await seen(branch, "campaigns")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"name": " "}, "views.unfit"), ({"page": "No such"}, "views.unfit"), ({"columns": ["x" * 41]}, "views.unfit")],
)
async def test_an_unfit_view_is_refused(our_bank, changes, code):
    caller = our_bank.staff["analyst"]
    [refused] = (await caller.ask("POST", "/v1/views", json=[{**VIEW, **changes}])).json()
    assert refused["error"]["code"] == code
    assert await seen(caller) == {}


async def test_two_views_of_one_list_differ_in_name(our_bank):
    caller = our_bank.staff["approver"]
    answers = [(await caller.ask("POST", "/v1/views", json=[VIEW])).json()[0] for _ in range(2)]
    assert [answer["status"] for answer in answers] == ["done", "failed"]
    assert answers[1]["error"]["code"] == "views.name_taken"


async def test_a_file_holds_the_rows_of_the_list_and_says_who_made_it(our_bank, carry):
    auditor = our_bank.staff["auditor"]
    asked = await ask_for(auditor)
    export = await carry(auditor, asked["id"])
    rows = (await auditor.ask("GET", "/v1/staff?limit=200")).json()["items"]
    assert (export["state"], export["done"], export["can"]) == ("done", len(rows), ["download"])

    file = await auditor.ask("GET", f"/v1/exports/{asked['id']}/file")
    assert file.status_code == 200
    mark, titles, *lines = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert mark[0].startswith("Huoke · ")
    assert asked["id"] in mark[0]
    assert titles == ["登录名", "状态", "加入"]
    assert lines == [[row["login"], "在用", "2026-03-02"] for row in rows]


async def test_a_sheet_holds_text_that_looks_like_a_formula_as_text(our_bank, carry):
    operator = our_bank.staff["auditor"]
    asked = await ask_for(operator, format="xlsx", columns=[{"title": "=1+1", "field": "login"}])
    await carry(operator, asked["id"])
    file = await operator.ask("GET", f"/v1/exports/{asked['id']}/file")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type == "s"
    assert sheet.max_row > 3


async def test_only_who_asked_sees_the_export_and_its_file(our_bank, their_bank, carry):
    auditor = our_bank.staff["auditor"]
    asked = await ask_for(auditor)
    await carry(auditor, asked["id"])
    for other in (our_bank.staff["security_admin"], their_bank.staff["auditor"]):
        for path in ("", "/file"):
            answer = await other.ask("GET", f"/v1/exports/{asked['id']}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "views.export_unknown")
        assert (await other.ask("DELETE", f"/v1/exports/{asked['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"operation": "get_session"}, "views.list_unknown"),
        ({"columns": []}, "views.export_unfit"),
        ({"reason": " "}, "audit.reason_missing"),
        ({"filters": {"status": "gone"}}, "invalid"),
    ],
)
async def test_an_unfit_export_is_refused_and_nothing_is_asked_of_a_worker(our_bank, database, changes, code):
    before = await audited(database, our_bank)
    refused = await ask_for(our_bank.staff["auditor"], **changes)
    assert refused["error"]["code"] == code
    assert await audited(database, our_bank) == before


async def test_who_may_not_read_a_list_may_not_export_it(our_bank):
    refused = await ask_for(our_bank.staff["teller"])
    assert refused["error"]["code"] == "permission.missing"


async def test_a_cancelled_export_leaves_no_file(our_bank):
    auditor = our_bank.staff["auditor"]
    asked = await ask_for(auditor)
    assert (await auditor.ask("DELETE", f"/v1/exports/{asked['id']}")).status_code == 204
    export = (await auditor.ask("GET", f"/v1/exports/{asked['id']}")).json()
    assert (export["state"], export["can"]) == ("cancelled", [])
    assert (await auditor.ask("GET", f"/v1/exports/{asked['id']}/file")).status_code == 404


async def test_every_export_is_in_the_trail(our_bank, database):
    before = await audited(database, our_bank)
    asked = await ask_for(our_bank.staff["auditor"], reason="监管检查")
    after = await audited(database, our_bank)
    assert [row.reason for row in after if row.subject_id == asked["id"]] == ["监管检查"]
    assert len(after) == len(before) + 1


async def test_a_branch_exports_its_own_units_only(our_bank, database, carry):
    branch = our_bank.staff["branch_operator"]
    columns = [{"title": "id", "field": "id"}]
    asked = await ask_for(branch, operation="list_units", title="机构", columns=columns)
    await carry(branch, asked["id"])
    text = (await branch.ask("GET", f"/v1/exports/{asked['id']}/file")).content.decode("utf-8-sig")
    ids = {int(line) for line in text.splitlines()[2:]}
    assert ids == {our_bank.units.north, our_bank.units.harbour}


async def test_the_guide_is_put_away_for_the_whole_bank(our_bank):
    operator, teller = our_bank.staff["operator"], our_bank.staff["teller"]
    assert (await teller.ask("PUT", "/v1/guide/dismissal")).status_code == 403
    assert (await operator.ask("PUT", "/v1/guide/dismissal")).status_code == 204
    assert (await operator.ask("DELETE", "/v1/guide/dismissal")).status_code == 204


async def test_a_made_up_id_is_nobodys(our_bank):
    answer = await our_bank.staff["operator"].ask("GET", f"/v1/exports/{new_id()}")
    assert answer.status_code == 404


async def audited(database, bank):
    async with database.begin(bank.tenant) as tx:
        rows = await audit.find(tx, audit.AuditFilter(action="views.export"), limit=200)
    return [row for row in rows if UUID(row.subject_id)]

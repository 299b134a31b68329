"""Lists handed out: approved by another, checked again when the file is made, marked, fetched by who asked alone."""

import csv
import io
from datetime import timedelta

import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.govern.views import ExportFormat
from huoke.kernel import files, jobs
from huoke.kernel.jobs import JobContext
from huoke.kernel.jobs.store import start as started
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers, lists, segments, tags
from huoke.know.lists import NewListExport
from huoke.know.lists.export import make_file
from huoke.know.lists.jobs import make_list
from tests.make import customers as make
from tests.make import people as make_people
from tests.make import tags as make_tags

assert make_list, "the job is known once its module is"

ROWS = [
    {"customer_no": f"L{n}", "name": "王五", "phone": f"1380000{n:04}", "unit_code": "N", "age": 20 + n}
    for n in range(30)
]


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    """Thirty customers, a maker and a checker; the segment of those over 29."""
    approvals.register(lists.ListChange())
    await make.import_rows(database, bank, ROWS, {"age": "integer"})
    await make.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        maker = await make_people.staff(tx, Role.OPERATOR, unit_id=units.head, name="林晓舟")
        checker = await make_people.staff(tx, Role.APPROVER, unit_id=units.head, name="周明")
        rule = {"kind": "attr", "name": "age", "op": ">=", "value": 30}
        segment_id = await segments.save(tx, segments.NewSegment(name="三十岁以上", expression=rule))
    return maker, checker, segment_id


def principal(bank, staff_id, units, *permissions):
    actor = make_people.actor(staff_id)
    return Principal(actor=actor, tenant=bank, permissions=frozenset(permissions), units=None, unit_id=units.head)


async def ask(database, bank, analytics, units, world, *permissions, **changes):
    maker, _, segment_id = world
    who = principal(bank, maker, units, *permissions)
    fields = {"columns": ["customer_no", "name", "phone", "age"], "reason": "客户经理电话邀约", "rows_max": 100}
    new = NewListExport(segment_id=segment_id, format=ExportFormat.CSV, **{**fields, **changes})
    async with database.begin(bank, who.actor) as tx:
        list_id = await lists.request_list(tx, who, analytics, new)
        row = await lists.own(tx, who, list_id)
    return list_id, row["change_id"], who


async def approve(database, bank, staff_id, change_id):
    async with database.begin(bank, make_people.actor(staff_id)) as tx:
        shown = await tx.fetch_value("SELECT diff_hash FROM approvals.change WHERE id = $1", change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", shown)


async def run(database, bank, list_id, who):
    async with database.begin(bank, who.actor) as tx:
        job_id = await jobs.enqueue(tx, "lists.make", {"list_id": str(list_id)}, title="名单")
    async with database.begin(bank) as tx:
        await started(tx, job_id)
    context = JobContext(database, bank, job_id, attempt=1, actor=who.actor, parts={})
    await make_file(context, list_id)


async def made(database, bank, list_id, who):
    await run(database, bank, list_id, who)
    async with database.begin(bank) as tx:
        row = await lists.own(tx, who, list_id)
        assert row["state"] == "done"
    body = b"".join([piece async for piece in files.stream(database, bank, files.FileId(row["file_id"]))])
    return row, list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


async def test_a_file_leaves_out_who_withdrew_after_the_approval(database, bank, analytics, units, world):
    _, checker, _ = world
    list_id, change_id, who = await ask(database, bank, analytics, units, world)
    await approve(database, bank, checker, change_id)
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, ["L12", "L13"])
        gone = consent.Statement(
            purpose="marketing", verdict=consent.Verdict.WITHDRAWN, members=CustomerSet.of(bank, [seqs["L12"]])
        )
        await consent.record(tx, [gone])
        court = consent.SuppressionStatement(
            reason=consent.SuppressionReason.COURT,
            verdict=consent.Verdict.GIVEN,
            members=CustomerSet.of(bank, [seqs["L13"]]),
        )
        await consent.suppress(tx, [court])
    row, (mark, headings, *rows) = await made(database, bank, list_id, who)
    assert (row["size"], row["rows"], row["left_out"]) == (20, 18, 2)
    assert {"L12", "L13"}.isdisjoint(one[0] for one in rows)
    assert len(rows) == 18
    assert "林晓舟" in mark[0]
    assert str(list_id) in mark[0]
    assert headings == ["客户号", "姓名", "手机号", "age"]
    assert rows[0] == ["L10", "王*", "138****0010", "30"]
    async with database.begin(bank) as tx:
        with pytest.raises(lists.ListUnknown):
            await lists.own(tx, principal(bank, checker, units), list_id)


async def test_who_deletes_the_tag_they_were_chosen_by_is_in_no_file_made_after(
    database, bank, analytics, units, world, clickhouse, clock
):
    maker, checker, _ = world
    old = {"kind": "attr", "name": "age", "op": ">=", "value": 40}
    async with database.begin(bank) as tx:
        await make_tags.count(tx, make_tags.rule("grown", old, wording="成年客户", wording_en="Grown up"))
    await make_tags.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        rule = {"kind": "tag", "name": "grown", "value": ["yes"]}
        segment_id = await segments.save(tx, segments.NewSegment(name="按标签", expression=rule))
    list_id, change_id, who = await ask(database, bank, analytics, units, (maker, checker, segment_id))
    await approve(database, bank, checker, change_id)
    clock.advance(timedelta(minutes=1))
    async with database.begin(bank) as tx:
        await tags.hide(tx, (await customers.find_by_no(tx, ["L25"]))["L25"], "grown")
    clock.advance(timedelta(minutes=1))
    row, (_, _, *rows) = await made(database, bank, list_id, who)
    assert (row["size"], row["rows"], row["left_out"]) == (10, 9, 1)
    assert "L25" not in {one[0] for one in rows}


async def test_its_maker_cannot_approve_it_and_nothing_is_made(database, bank, analytics, units, world):
    maker, _, _ = world
    list_id, change_id, who = await ask(database, bank, analytics, units, world)
    with pytest.raises(Exception) as refused:
        await approve(database, bank, maker, change_id)
    assert refused.value.code.startswith("approvals.")
    await run(database, bank, list_id, who)
    async with database.begin(bank) as tx:
        row = await lists.own(tx, who, list_id)
    assert (row["state"], row["file_id"]) == ("pending", None)


async def test_clear_names_need_the_right_to_see_them_and_a_cap_takes_a_fair_part(
    database, bank, analytics, units, world
):
    _, checker, _ = world
    with pytest.raises(lists.ClearNotAllowed):
        await ask(database, bank, analytics, units, world, clear=True)
    list_id, change_id, who = await ask(
        database, bank, analytics, units, world, "customer.reveal", clear=True, rows_max=5
    )
    await approve(database, bank, checker, change_id)
    row, (_, _, *rows) = await made(database, bank, list_id, who)
    assert (row["rows"], len(rows)) == (5, 5)
    assert {one[1] for one in rows} == {"王五"}
    assert all(one[2].startswith("1380000") for one in rows)


@pytest.mark.parametrize(
    "change", [{"columns": []}, {"columns": ["id_document"]}, {"rows_max": 0}, {"rows_max": lists.ROWS_MAX + 1}]
)
async def test_a_list_that_cannot_be_is_refused(database, bank, analytics, units, world, change):
    with pytest.raises(lists.ListUnfit):
        await ask(database, bank, analytics, units, world, **change)


async def test_a_withdrawn_list_is_over(database, bank, analytics, units, world):
    list_id, _, who = await ask(database, bank, analytics, units, world)
    async with database.begin(bank, who.actor) as tx:
        await lists.cancel_list(tx, who, list_id)
        assert (await lists.own(tx, who, list_id))["state"] == "withdrawn"
        uses = await segments.uses_of(tx, world[2])
    assert list_id not in {use.id for use in uses}

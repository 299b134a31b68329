"""The trail: filtered, paged, scoped, exported into a file that is itself in the trail."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from huoke.govern import audit
from huoke.govern.audit import AuditEntry, AuditFilter, NewExport
from huoke.govern.audit.export import csv_chunks
from huoke.kernel.tx import Actor, ActorKind

TELLER = Actor(ActorKind.STAFF, "018f0000-0000-7000-8000-00000000000a")


async def add(database, bank, *actions, actor=TELLER, **changes):
    async with database.begin(bank, actor) as tx:
        told = {"subject_kind": "thing", "subject_id": "1", **changes}
        await audit.record_all(tx, [AuditEntry(action=action, **told) for action in actions])


async def find(database, bank, **wanted):
    async with database.begin(bank) as tx:
        return [row.action for row in await audit.find(tx, AuditFilter(**wanted))]


async def test_entries_are_found_by_who_what_which_and_when(database, bank, clock):
    await add(database, bank, "alpha.begin", subject_id="a")
    clock.advance(timedelta(minutes=1))
    await add(database, bank, "alpha.end", subject_id="b")
    clock.advance(timedelta(minutes=1))
    await add(database, bank, "alphabet.spell", subject_id="a", actor=Actor(ActorKind.SYSTEM, "huoke"))

    assert await find(database, bank, action="alpha.") == ["alpha.end", "alpha.begin"]
    assert await find(database, bank, action="alpha.end") == ["alpha.end"]
    assert await find(database, bank, subject_kind="thing", subject_id="a") == ["alphabet.spell", "alpha.begin"]
    assert await find(database, bank, actor_id="huoke", subject_kind="thing") == ["alphabet.spell"]
    now = clock.now()
    assert await find(database, bank, since=now - timedelta(minutes=1), until=now) == ["alpha.end"]


async def test_another_banks_trail_does_not_show(database, bank, other_bank):
    await add(database, bank, "secret.done")
    assert await find(database, other_bank) == []


async def test_pages_meet_without_gap_or_repeat(database, bank, clock):
    for n in range(7):
        await add(database, bank, f"page.step{n}")
    seen, before = [], None
    while True:
        async with database.begin(bank) as tx:
            rows = await audit.find(tx, AuditFilter(action="page."), before=before, limit=3)
        if not rows:
            break
        seen += [row.action for row in rows]
        before = (rows[-1].at, rows[-1].id)
    assert sorted(seen) == [f"page.step{n}" for n in range(7)]


async def test_a_branch_sees_its_own_units_only(database, bank):
    await add(database, bank, "scoped.here", unit_id=3)
    await add(database, bank, "scoped.there", unit_id=4)
    await add(database, bank, "scoped.nowhere")
    async with database.begin(bank) as tx:
        rows = await audit.find(tx, AuditFilter(action="scoped."), unit_ids=frozenset({3}))
        assert [row.action for row in rows] == ["scoped.here"]
        assert await audit.count(tx, AuditFilter(action="scoped."), unit_ids=frozenset({3})) == 1


async def test_an_export_holds_exactly_the_matching_entries_and_a_watermark(database, bank, clock):
    await add(database, bank, "export.one", reason="=HYPERLINK(1)", before={"x": 1}, after={"x": 2})
    await add(database, bank, "export.two", reason='says "so", twice\nover')
    await add(database, bank, "other.three")
    clock.advance(timedelta(seconds=1))
    async with database.begin(bank, TELLER) as tx:
        export_id = await audit.request_export(tx, NewExport(reason="监管检查", filter=AuditFilter(action="export.")))
        export = await audit.get_export(tx, export_id)
    clock.advance(timedelta(seconds=1))
    await add(database, bank, "export.late")
    content = b"".join([chunk async for chunk, _ in csv_chunks(database, bank, export)])

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert str(export_id) in rows[0][0]
    assert TELLER.id in rows[0][0]
    table = [dict(zip(rows[1], row, strict=True)) for row in rows[2:]]
    assert {row["action"] for row in table} == {"export.one", "export.two"}
    by_action = {row["action"]: row for row in table}
    assert by_action["export.one"]["reason"] == "'=HYPERLINK(1)"
    assert by_action["export.one"]["before"] == '{"x":1}'
    assert by_action["export.two"]["reason"] == 'says "so", twice\nover'


async def test_asking_for_an_export_is_in_the_trail_and_needs_a_reason(database, bank):
    async with database.begin(bank, TELLER) as tx:
        before = await audit.count(tx, AuditFilter(action="audit.export"))
        with pytest.raises(Exception, match="Say why"):
            await audit.request_export(tx, NewExport(reason=" "))
        assert await audit.count(tx, AuditFilter(action="audit.export")) == before
        await audit.request_export(tx, NewExport(reason="年度审计"))
        assert await audit.count(tx, AuditFilter(action="audit.export")) == before + 1


def test_a_filter_that_ends_before_it_begins_is_none():
    with pytest.raises(ValueError, match="before until"):
        AuditFilter(since=datetime(2026, 1, 2, tzinfo=UTC), until=datetime(2026, 1, 1, tzinfo=UTC))

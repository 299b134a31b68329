"""What the worker does for govern: exports are written, sessions of the disabled end, due changes are applied."""

import asyncio
import csv
import io
from datetime import timedelta

import pytest

from huoke.govern import approvals, audit, identity, people, tenants
from huoke.govern.approvals import jobs as approvals_jobs
from huoke.govern.audit import AuditFilter, NewExport
from huoke.govern.audit import jobs as audit_jobs
from huoke.govern.identity import jobs as identity_jobs
from huoke.govern.people import Role
from huoke.kernel import files, jobs, log
from huoke.kernel.jobs import Sweep
from tests.make import identity as make
from tests.make import people as make_people
from tests.make.approvals import Notes


@pytest.fixture
def carry(database, feed):
    """Hand the events there are to the subscribers of govern."""

    async def once():
        subscribers = log.subscribers_of([audit_jobs, identity_jobs])
        await log.Dispatcher(database, feed, subscribers).run_once()

    return once


async def run_jobs(database, cluster, finished):
    """Run a worker until `finished()` is true."""
    stop = asyncio.Event()
    worker = asyncio.create_task(jobs.Worker(database, cluster.database_url, jobs.jobs_of([audit_jobs])).run(stop))
    try:
        async with asyncio.timeout(30):
            while not await finished():
                await asyncio.sleep(0.05)
    finally:
        stop.set()
        await asyncio.wait([worker], timeout=60)


async def test_an_export_is_written_by_a_worker_and_downloads_as_it_is_in_the_trail(
    database, cluster, bank, clock, carry
):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    async with database.begin(bank) as tx:
        auditor = await make.person(tx, Role.AUDITOR)
    clock.advance(timedelta(minutes=1))
    async with database.begin(bank, auditor.actor) as tx:
        wanted = NewExport(reason="监管检查", filter=AuditFilter(action="people."))
        export_id = await audit.request_export(tx, wanted)
        expected = {str(row.id) for row in await audit.find(tx, wanted.filter)}
    await carry()

    async def finished():
        async with database.begin(bank) as tx:
            return (await audit.get_export(tx, export_id)).state == "done"

    await run_jobs(database, cluster, finished)

    async with database.begin(bank) as tx:
        export = await audit.get_export(tx, export_id)
        file = await files.get(tx, export.file_id)
        content = b"".join([chunk async for chunk in files.open(tx, export.file_id)])
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {row[0] for row in table[2:]} == expected
    assert (export.row_count, file.download_permission) == (len(expected), "audit.export")


async def test_disabling_somebody_closes_their_sessions_in_the_list(database, bank, clock, carry):
    async with database.begin(bank) as tx:
        person = await make.person(tx, Role.TELLER)
        code = (await tenants.get(tx)).code
    await identity.sign_in(database, person.sign_in(code, clock.now()))
    async with database.begin(bank) as tx:
        await people.staff.disable(tx, person.id, "离职")
    await carry()
    async with database.begin(bank) as tx:
        assert await identity.sessions.find(tx, person.id) == []


async def test_due_changes_are_applied_by_the_clock(database, bank, clock):
    notes = Notes()
    approvals.register(notes)
    async with database.begin(bank) as tx:
        units = await make_people.units(tx)
        maker = await make_people.staff(tx, Role.OPERATOR)
        checker = await make_people.staff(tx, Role.APPROVER)
    async with database.begin(bank, make_people.actor(maker)) as tx:
        new = notes.new_change("due", "到时生效", units.head, apply_at=clock.now() + timedelta(minutes=5))
        change_id = await approvals.submit(tx, new)
    async with database.begin(bank, make_people.actor(checker)) as tx:
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", approvals.diff_hash(new.diff))
    sweep = Sweep(database=database, tenant=bank, parts={})
    await approvals_jobs.apply_changes_due.run(sweep)
    assert "due" not in notes.live
    clock.advance(timedelta(minutes=5))
    await approvals_jobs.apply_changes_due.run(sweep)
    assert notes.live["due"] == "到时生效"


async def test_old_tries_and_tickets_are_forgotten_and_fresh_ones_kept(database, bank, clock):
    async def customers(tx, customer_no):
        return 1

    identity.register_customer_resolver(customers)

    async def counted():
        async with database.begin(bank) as tx:
            tries = await tx.fetch_value("SELECT count(*) FROM identity.attempt")
            return tries, await tx.fetch_value("SELECT count(*) FROM identity.ticket")

    async def leave_traces(login):
        async with database.begin(bank) as tx:
            code = (await tenants.get(tx)).code
            await identity.issue_ticket(tx, identity.NewTicket(customer_no="C", entry_point="x"))
        with pytest.raises(identity.SignInRefused):
            await identity.sign_in(database, identity.SignIn(tenant=code, login=login, password="wrong", code="000000"))

    await leave_traces("one")
    clock.advance(timedelta(days=2))
    await leave_traces("two")
    await identity_jobs.forget.run(Sweep(database=database, tenant=bank, parts={}))
    assert await counted() == (1, 1)

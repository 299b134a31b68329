"""Rule P7: what is erased is readable nowhere; ledgers stay; two people do it; nobody forgets to take part."""

import re

import pytest

from huoke.app.migrate import declare_tables
from huoke.govern import approvals, privacy
from huoke.kernel import log, schema
from huoke.know import consent, customers, events
from huoke.know.customers import NewErasure
from huoke.reward import grants
from huoke.reward.grants import PhoneDelivery
from tests.make import campaigns as make
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import grants as make_grants
from tests.make import shipping

NAME, PHONE, DOCUMENT, NUMBER = "欧阳静好", "13912345678", "330203198807155428", "PX-4711"
SECRET = "对账单寄往海曙区解放南路"
MASKED = ("欧阳**", "139****5678", "3302**********5428")
PERSONAL = re.compile(r"(_enc|_masked|_index|sealed)$|^(attributes|before|properties)$")
NOT_A_PERSON = {
    "card_codes.card_code.sealed": "a code of a benefit, shown to its customer alone",
    "customers.ownership_log.before": "how a manager looked after the customer before; gone on erasure",
    "audit.entry.before": "what was decided; audit records no personal values",
    "events.schema.properties": "what events may say",
    "kernel.seal.sealed": "hashes",
}


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=5, same_person=0)


@pytest.fixture(scope="module")
async def seq(world) -> int:
    """Somebody of whom every module knows something."""
    row = {
        "customer_no": NUMBER,
        "unit_code": "N",
        "name": NAME,
        "phone": PHONE,
        "id_document": DOCUMENT,
        "city": "宁波",
    }
    for change in ({}, {"city": "杭州", "phone": "13912345678"}):
        await make_customers.import_rows(world.database, world.tenant, [{**row, **change}], {"city": "text"})
    async with world.begin() as tx:
        seq = (await customers.find_by_no(tx, [NUMBER]))[NUMBER]
    source = await make_events.source(world.database, world.tenant)
    message = make_events.track(
        "p7",
        NUMBER,
        "transaction.posted",
        properties={"counterparty": SECRET, "channel": "app"},
        anonymous_id="device-9",
    )
    [taken] = await make_events.take(world.database, world.tenant, source, message)
    assert taken.status is events.Status.ACCEPTED
    async with world.begin() as tx:
        offer = await make_grants.topup_world(tx)
        delivery = PhoneDelivery(phone=PHONE)
        [claimed] = await make_grants.claim_all(tx, make_grants.claim(offer.offer.id, seq, delivery=delivery))
    await ship(world)
    assert await find(world, NAME, PHONE, DOCUMENT, NUMBER, SECRET, *MASKED), "the search finds what is there"
    with pytest.raises(approvals.CheckFailed):
        await ask(world, seq)
    async with world.begin() as tx:
        await grants.fulfil(tx, [grants.Fulfilment(grant_id=claimed.grant_id, delivered=True)])
    return seq


async def ship(world):
    streams = [customers.CUSTOMERS, events.EVENT, events.TIMELINE, log.EVENTS]
    await shipping.ship(world.feed, world.analytics.clickhouse, *streams)


async def ask(world, seq):
    async with world.begin(world.operator) as tx:
        erasure_id = await customers.request_erasure(tx, NewErasure(seq=seq, reason="客户要求删除"))
        [found] = [one for one in await customers.erasures(tx) if one.id == erasure_id]
        return found


async def find(world, *texts: str) -> list[str]:
    """Tables of PostgreSQL and ClickHouse in which one of the texts can be read, and what sealed bytes open to."""
    found = []
    async with world.database.begin(world.tenant) as tx:
        names = [table.fullname for table in schema.metadata.sorted_tables if "SELECT" in table.info["app"]]
        for name in names:
            schema_name, table = name.split(".")
            rows = await tx.fetch(f'SELECT t::text AS row FROM {schema_name}."{table}" AS t')
            found += [f"{name}: {text}" for row in rows for text in texts if text in row["row"]]
        sealed = await tx.fetch("SELECT seq, sealed FROM events.event WHERE sealed IS NOT NULL")
        keys = await privacy.customer_keys(tx, [row["seq"] for row in sealed])
        opened = keys.open([row["seq"] for row in sealed], [row["sealed"] for row in sealed])
        found += [f"events.event.sealed: {text}" for text in opened if text]
        for row in await tx.fetch("SELECT seq FROM customers.customer WHERE name_enc IS NOT NULL"):
            name = await customers.open_field(tx, row["seq"], privacy.Field.NAME)
            found += [f"customers.customer.name_enc: {name}" for text in texts if text == name]
    clickhouse = world.analytics.clickhouse
    tables = await clickhouse.query(world.tenant, "SELECT name FROM system.tables WHERE database = currentDatabase()")
    for name in tables.column("name").to_pylist():
        final = " FINAL" if name == "customer" else ""
        rows = await clickhouse.query(world.tenant, f"SELECT toString(tuple(*)) AS row FROM {name}{final}")
        found += [f"{name}: {text}" for row in rows.column("row").to_pylist() for text in texts if text in row]
    return found


async def test_erased_by_two_people_nothing_readable_is_left(world, seq, clock):
    erasure = await ask(world, seq)
    async with world.begin() as tx:
        before = await tx.fetch_value("SELECT count(*) FROM ledger.transfer")
    with pytest.raises(customers.ErasureOpen):
        await ask(world, seq)
    async with world.begin(world.operator) as tx:
        change = await approvals.find_change(tx, erasure.change_id)
    with pytest.raises(approvals.OwnChange):
        async with world.begin(world.operator) as tx:
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    assert await find(world, NAME), "asking alone erases nothing"
    async with world.begin(world.approver) as tx:
        await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    await ship(world)
    assert await find(world, NAME, PHONE, DOCUMENT, NUMBER, SECRET, "device-9", *MASKED) == []
    async with world.begin() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM ledger.transfer") == before
        assert seq not in (await consent.members(tx, consent.MARKETING)).bitmap
        assert not (await customers.facts(tx, [seq])).seqs.size, "at the next hand-over nobody is there"
        assert (await customers.get(tx, seq)).name is None
        assert [one.state.value for one in await customers.erasures(tx)] == ["done"]
    with pytest.raises(customers.ErasureOpen):
        await ask(world, seq)


class Forgetful(grants.PersonalGrants):
    """Planted: says that it erases and does not."""

    async def erase(self, tx, seqs):
        """Nothing."""


async def test_a_module_that_erases_nothing_is_found_out(world, clock):
    async with world.begin() as tx:
        offer = await make_grants.topup_world(tx)
        seq = world.seqs[0]
        [claimed] = await make_grants.claim_all(
            tx, make_grants.claim(offer.offer.id, seq, delivery=PhoneDelivery(phone=PHONE))
        )
        await grants.fulfil(tx, [grants.Fulfilment(grant_id=claimed.grant_id, delivered=True)])
    async with world.begin() as tx:
        await Forgetful().erase(tx, [seq])
        left = await Forgetful().prove(tx, [seq])
    assert [(one.column, one.what) for one in left] == [("grants.delivery.sealed", "1 rows")]


def test_every_personal_column_has_somebody_who_answers_for_it(ports):
    declare_tables()
    columns = {
        f"{table.fullname}.{column.name}"
        for table in schema.metadata.tables.values()
        for column in table.columns
        if PERSONAL.search(column.name) and not column.name.startswith("work_")
    }
    answered = frozenset().union(*(port.columns for port in privacy.personal_ports()))
    assert columns - answered - set(NOT_A_PERSON) == set()
    assert "customers.customer.phone_enc" in columns, "the search finds what it should"


async def test_who_was_joined_is_erased_under_every_number(world, clock):
    numbers, names = ["PJ-1", "PJ-2"], ["尉迟长安", "尉迟长宁"]
    rows = [
        {"customer_no": number, "unit_code": "N", "name": name, "phone": "", "id_document": "", "city": "舟山"}
        for number, name in zip(numbers, names, strict=True)
    ]
    await make_customers.import_rows(world.database, world.tenant, rows, {"city": "text"})
    async with world.begin() as tx:
        own = await customers.find_by_no(tx, numbers)
        await customers.join(tx, own["PJ-1"], own["PJ-2"])
    await ship(world)
    assert await find(world, names[0])
    erasure = await ask(world, own["PJ-1"])
    async with world.begin(world.approver) as tx:
        change = await approvals.find_change(tx, erasure.change_id)
        await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    await ship(world)
    assert await find(world, *names, *numbers) == []

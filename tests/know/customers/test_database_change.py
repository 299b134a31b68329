"""A database is asked for by who imports and decided by somebody else; until then nothing reads it (rules D2, D5)."""

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import PERMISSIONS, Role
from huoke.know import customers
from huoke.know.customers import NewDatabase
from tests.make import people

ALLOWED = customers.allowed_of("127.0.0.1:5432, core.bank:5432")
PASSWORD = "plum blossom 梅花"
NEW = NewDatabase(name="数仓", address="core.bank:5432/dw", login="reader", password=PASSWORD)


@pytest.fixture(scope="module")
async def actors(database, bank, units):
    approvals.register(customers.DatabaseApproval(lambda: ALLOWED))
    async with database.begin(bank) as tx:
        asks = await people.staff(tx, Role.OPERATOR, unit_id=units.head, login="imports")
        decides = await people.staff(tx, Role.APPROVER, unit_id=units.head, login="decides")
    return people.actor(asks), people.actor(decides)


async def ask(database, bank, actors, new):
    async with database.begin(bank, actors[0]) as tx:
        await customers.request_database(tx, new, ALLOWED)
        [shown] = [one for one in await customers.list_databases(tx) if one.name == new.name]
        return await approvals.find_change(tx, shown.change_id)


async def decide(database, bank, actor, change, verdict=approvals.Verdict.APPROVE):
    async with database.begin(bank, actor) as tx:
        await approvals.decide(
            tx, change.id, verdict, "理由" if verdict is not approvals.Verdict.APPROVE else "", change.diff_hash
        )


async def states(database, bank):
    async with database.begin(bank) as tx:
        return [(one.name, one.address, one.in_force) for one in await customers.list_databases(tx)]


async def test_it_is_in_force_when_another_person_agreed_and_its_password_is_shown_to_nobody(
    database, owner, bank, actors
):
    change = await ask(database, bank, actors, NEW)
    assert await states(database, bank) == [("数仓", "core.bank:5432/dw", False)]
    assert {one.path: one.after for one in change.diff}["password"] == "是 / yes"
    with pytest.raises(approvals.OwnChange):
        await decide(database, bank, actors[0], change)
    async with database.begin(bank, actors[0]) as tx:
        [waiting] = await customers.list_databases(tx)
        with pytest.raises(customers.DatabaseUnknown):
            await customers.ask(tx, customers.NewExtract(database_id=waiting.id, query="SELECT 1 AS a"))
    await decide(database, bank, actors[1], change)
    assert await states(database, bank) == [("数仓", "core.bank:5432/dw", True)]
    async with owner.begin_shared() as tx:
        rows = await tx.fetch("SELECT d::text AS row FROM customers.database_change AS d")
        rows += await tx.fetch("SELECT c::text AS row FROM approvals.change AS c")
        rows += await tx.fetch("SELECT e::text AS row FROM kernel.event AS e")
        left = await tx.fetch_value("SELECT count(*) FROM customers.database_change WHERE password IS NOT NULL")
    assert all(PASSWORD not in row["row"] for row in rows)
    assert left == 0, "the request keeps no password once it has ended"


async def test_a_change_waits_while_the_one_in_force_goes_on_and_a_refusal_leaves_it(database, bank, actors):
    await decide(database, bank, actors[1], await ask(database, bank, actors, other(name="总账")))
    moved = other(name="总账", address="127.0.0.1:5432/gl", password="other")
    change = await ask(database, bank, actors, moved)
    async with database.begin(bank, actors[0]) as tx:
        with pytest.raises(customers.DatabaseAsked):
            await customers.request_database(tx, moved, ALLOWED)
    await decide(database, bank, actors[1], change, approvals.Verdict.REJECT)
    assert ("总账", "core.bank:5432/dw", True) in await states(database, bank)
    await decide(database, bank, actors[1], await ask(database, bank, actors, moved))
    assert ("总账", "127.0.0.1:5432/gl", True) in await states(database, bank)


async def test_what_the_instance_allows_no_more_is_not_put_in_force(database, bank, actors):
    change = await ask(database, bank, actors, other(name="旧库"))
    approvals.register(customers.DatabaseApproval(frozenset))
    try:
        with pytest.raises(approvals.CheckFailed):
            await decide(database, bank, actors[1], change)
    finally:
        approvals.register(customers.DatabaseApproval(lambda: ALLOWED))
    assert ("旧库", "core.bank:5432/dw", False) in await states(database, bank)


def test_only_who_imports_may_ask():

    assert [role for role in Role if "source.write" in PERMISSIONS[role]] == [Role.OPERATOR]


def other(**changes):

    return msgspec.structs.replace(NEW, **changes)

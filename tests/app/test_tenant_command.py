"""A bank is opened from the command line, finished when it broke, and ready to be signed in to."""

import json
import os

import msgspec
import pytest

from huoke.app.founding import found_bank
from huoke.app.runtime import Runtime
from huoke.govern import identity, people, privacy, tenants
from huoke.govern.tenants import TenantCodeTaken
from huoke.kernel import settings as instance
from huoke.kernel.batch import Batchers
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from tests.make.command_line import command_line
from tests.make.identity import PASSWORD, Person
from tests.make.tenants import new_tenant


@pytest.fixture
def told(cluster) -> Settings:
    return Settings(
        home=cluster.home,
        instance="test",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=0,
    )


@pytest.fixture
async def runtime(told, database, owner, feed, clickhouse):
    sets, batchers = SetServer(), Batchers(database)
    yield Runtime(
        settings=told,
        clock=database.clock,
        database=database,
        owner=owner,
        feed=feed,
        clickhouse=clickhouse,
        sets=sets,
        batchers=batchers,
    )
    await batchers.close()
    await sets.close()


async def test_a_founded_bank_has_a_head_office_and_two_administrators_who_can_enrol(runtime, clock):
    new = new_tenant()
    founded = await found_bank(runtime, new)

    async with runtime.database.begin(founded.tenant) as tx:
        assert [unit.code for unit in await people.units.tree(tx)] == ["HO"]
        staff = await people.staff.find(tx)
    assert [(person.login, person.roles[0].role) for person in staff] == [
        ("security", "security_admin"),
        ("system", "system_admin"),
    ]
    for first in founded.administrators:
        enrolled = await identity.complete_enrolment(
            runtime.database, new.code, first.login, first.enrolment.code, PASSWORD
        )
        person = Person(staff[0].id, first.login, enrolled.totp_secret)
        assert await identity.sign_in(runtime.database, person.sign_in(new.code, clock.now()))


async def test_a_founding_that_broke_is_finished_and_a_whole_one_is_refused(runtime):
    new = new_tenant()
    tenant = await tenants.open_bank(runtime.owner, runtime.clickhouse, new)
    assert (await found_bank(runtime, new)).tenant == tenant
    with pytest.raises(TenantCodeTaken):
        await found_bank(runtime, new)


async def test_the_command_opens_a_bank_with_units_and_people(told, tmp_path, database, schema):
    home = tmp_path / "an instance"
    home.mkdir()
    (home / "master.key").write_bytes((told.home / "master.key").read_bytes())
    instance.save(msgspec.structs.replace(told, home=home))

    kept = {"HUOKE_IMPORT_ADDRESSES": "core.bank:5432", "HUOKE_DATABASE_PASSWORD": "sealed at once"}
    with command_line({**os.environ, "HUOKE_HOME": str(home), **kept}) as run:
        opened = json.loads(run("tenant", "open", "by-command", "命令银行", "--colour", "#8A1F2B", "--json"))
        assert [one["login"] for one in opened["administrators"]] == ["system", "security"]
        assert "tenants.code_taken" in run("tenant", "open", "by-command", "命令银行", exit_code=2)
        assert "tenants.brand_unreadable" in run(
            "tenant", "open", "pale", "浅色银行", "--colour", "#FFEE00", exit_code=2
        )
        run("tenant", "unit", "add", "by-command", "E", "城东分行")
        roles = "--role operator --role analyst --unit E --json"
        added = json.loads(run("tenant", "staff", "add", "by-command", "lin", "林晓舟", *roles.split()))
        shown = json.loads(run("tenant", "show", "by-command", "--json"))
        assert [unit["code"] for unit in shown["units"]] == ["HO", "E"]
        assert {person["login"] for person in shown["staff"]} == {"system", "security", "lin"}
        assert shown["tenant"]["brand"]["brand"] == "#8A1F2B"
        assert "by-command" in run("tenant", "list")
        said = run("tenant", "database", "add", "by-command", "核心", "core.bank:5432/core", "reader")
        assert said.strip() == "核心 may be read: core.bank:5432/core as reader."
        assert "in force" in run("tenant", "database", "list", "by-command")
        elsewhere = run("tenant", "database", "add", "by-command", "别处", "far.bank:5432/core", "reader", exit_code=2)
        assert "customers.address_not_allowed" in elsewhere
        run("tenant", "database", "remove", "by-command", "核心")
        again = run("tenant", "database", "remove", "by-command", "核心", exit_code=2)
        assert "customers.database_unknown" in again
    privacy.unlock(told.home / "master.key")
    assert (await identity.complete_enrolment(database, "by-command", "lin", added["code"], PASSWORD)).totp_secret

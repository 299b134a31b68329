"""D2: system, security and audit administrators are exclusive roles; nobody can change the audit trail."""

from itertools import product

import asyncpg
import pytest

from huoke.govern import audit, people
from huoke.govern.people import EXCLUSIVE, PERMISSIONS, ExclusiveRoles, NewStaff, Role, RoleScope, StaffChange
from huoke.kernel.ids import new_id
from tests.make import people as make

MIXED = [(first, second) for first, second in product(sorted(EXCLUSIVE), Role) if first != second]


@pytest.mark.parametrize(("first", "second"), MIXED)
def test_an_administrators_role_stands_alone(first, second):
    with pytest.raises(ExclusiveRoles):
        people.duty_of([RoleScope(first, 1), RoleScope(second, 1)])


def test_business_roles_may_be_held_together():
    assert people.duty_of([RoleScope(role, 1) for role in Role if role not in EXCLUSIVE]) == "business"


@pytest.mark.parametrize("role", sorted(EXCLUSIVE))
async def test_the_database_itself_refuses_a_mixture(database, bank, role):
    """The rule in code is stepped around: a composite foreign key on the duty still says no."""
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        staff_id = await make.staff(tx, role)
        for other in Role:
            if other == role:
                continue
            with pytest.raises(asyncpg.ForeignKeyViolationError):
                async with tx.savepoint():
                    await tx.execute(
                        "INSERT INTO people.staff_role (staff_id, role, unit_id) VALUES ($1, $2, $3)",
                        staff_id,
                        other.value,
                        units.head,
                    )
        assert [scope.role for scope in (await people.staff.get(tx, staff_id)).roles] == [role]


async def test_the_duty_of_a_role_cannot_be_lied_about(database, bank):
    async with database.begin(bank) as tx:
        staff_id = await make.staff(tx, Role.OPERATOR)
        units = await make.units(tx)
        with pytest.raises(asyncpg.GeneratedAlwaysError):
            async with tx.savepoint():
                await tx.execute(
                    "INSERT INTO people.staff_role (staff_id, role, unit_id, duty)"
                    " VALUES ($1, 'auditor', $2, 'business')",
                    staff_id,
                    units.head,
                )
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with tx.savepoint():
                await tx.execute("UPDATE people.staff SET duty = 'auditor' WHERE id = $1", staff_id)


async def test_the_use_cases_refuse_a_mixture_and_nothing_moves(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        both = [RoleScope(Role.AUDITOR, units.head), RoleScope(Role.OPERATOR, units.head)]
        before = await people.staff.count(tx)
        with pytest.raises(ExclusiveRoles):
            await people.staff.add(tx, [NewStaff(login="both", name="两职", post="", unit_id=units.head, roles=both)])
        assert await people.staff.count(tx) == before
        staff_id = await make.staff(tx, Role.OPERATOR)
        with pytest.raises(ExclusiveRoles):
            await people.staff.change(
                tx, StaffChange(id=staff_id, name="两职", post="", unit_id=units.head, roles=both)
            )
        assert [scope.role for scope in (await people.staff.get(tx, staff_id)).roles] == [Role.OPERATOR]


async def test_somebody_may_go_over_from_one_duty_to_another(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        staff_id = await make.staff(tx, Role.OPERATOR)
        await people.staff.change(
            tx,
            StaffChange(
                id=staff_id, name="转岗", post="", unit_id=units.head, roles=[RoleScope(Role.AUDITOR, units.head)]
            ),
        )
        assert [scope.role for scope in (await people.staff.get(tx, staff_id)).roles] == [Role.AUDITOR]


def test_the_three_administrators_share_no_power():
    """Who sets up gives nobody access, who gives access reads no trail, who reads the trail changes nothing."""
    writes = {role: {name for name in PERMISSIONS[role] if not name.endswith(".read")} for role in EXCLUSIVE}
    assert writes == {
        Role.SYSTEM_ADMIN: {"setting.write", "job.cancel", "message.write"},
        Role.SECURITY_ADMIN: {"staff.write"},
        Role.AUDITOR: {"audit.export"},
    }
    assert [role for role in Role if "audit.read" in PERMISSIONS[role]] == [Role.AUDITOR]


def test_there_is_no_super_user():
    everything = frozenset().union(*PERMISSIONS.values())
    assert all(len(PERMISSIONS[role]) < len(everything) * 3 / 4 for role in Role)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.entry SET reason = 'nothing happened'",
        "DELETE FROM audit.entry",
        "TRUNCATE audit.entry",
        "ALTER TABLE audit.entry DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_nobody_at_run_time_can_change_the_trail(database, feed, bank, statement):
    async with database.begin(bank) as tx:
        await audit.record(tx, audit.AuditEntry(action="test.done", subject_kind="thing", subject_id="1"))
    for role in (database, feed):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with role.begin(bank) as tx:
                await tx.execute(statement)
    async with database.begin(bank) as tx:
        assert await audit.count(tx, audit.AuditFilter(action="test.done")) >= 1


async def test_nobody_writes_into_another_banks_trail(database, bank, other_bank):
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with database.begin(bank) as tx:
            await tx.execute(
                "INSERT INTO audit.entry (tenant_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id,"
                " reason, request_id) VALUES ($1, $2, $3, 'system', 'x', 'a.b', 'c', 'd', '', '')",
                other_bank,
                new_id(),
                tx.now,
            )

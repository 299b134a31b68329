"""The organisation is a tree; people hold even roles over it; nobody helps themselves."""

import pytest

from huoke.govern import audit, people
from huoke.govern.people import NewStaff, NewUnit, Role, RoleScope, StaffChange, UnitKind
from tests.make import people as make


async def test_the_tree_lists_parents_before_children(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        tree = await people.units.tree(tx)
    assert [unit.code for unit in tree] == ["HO", "N", "N1", "S"]
    assert tree[2].path == [units.head, units.north, units.harbour]


async def test_descendants_hold_the_unit_and_all_below(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        assert await people.units.descendants(tx, [units.north]) == {units.north, units.harbour}
        assert await people.units.descendants(tx, [units.head]) == {units.head, units.north, units.south, units.harbour}
        assert await people.units.descendants(tx, [99]) == frozenset()


async def test_every_unit_knows_its_branch(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        assert await people.units.branch_of(tx) == {
            units.head: units.head,
            units.north: units.north,
            units.harbour: units.north,
            units.south: units.south,
        }


@pytest.mark.parametrize(
    ("kind", "parent"),
    [(UnitKind.HEAD_OFFICE, ""), (UnitKind.BRANCH, "N"), (UnitKind.SUB_BRANCH, "HO"), (UnitKind.BRANCH, "nowhere")],
)
async def test_a_unit_stands_only_under_its_kind_of_parent(database, bank, kind, parent):
    async with database.begin(bank) as tx:
        await make.units(tx)
        before = await people.units.tree(tx)
        with pytest.raises(people.UnitUnfit):
            async with tx.savepoint():
                await people.units.add(tx, [NewUnit(kind=kind, code="X9", name="某处", parent_code=parent)])
        assert await people.units.tree(tx) == before


async def test_a_unit_code_is_taken_once(database, bank):
    async with database.begin(bank) as tx:
        await make.units(tx)
        with pytest.raises(people.UnitUnfit):
            async with tx.savepoint():
                await people.units.add(tx, [NewUnit(kind=UnitKind.BRANCH, code="S", name="又一个", parent_code="HO")])


async def test_another_banks_units_and_people_do_not_show(database, bank, other_bank):
    async with database.begin(bank) as tx:
        await make.staff(tx, Role.OPERATOR, login="only.here")
    async with database.begin(other_bank) as tx:
        assert await people.units.tree(tx) == []
        assert await people.staff.by_login(tx, "only.here") is None


async def test_somebody_added_is_found_with_every_role(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        staff_id = await make.staff(tx, Role.OPERATOR, Role.ANALYST, unit_id=units.north, name="周瑾")
        person = await people.staff.get(tx, staff_id)
        assert person.roles == [RoleScope(Role.ANALYST, units.north), RoleScope(Role.OPERATOR, units.north)]
        assert await people.staff.scope(tx, person.roles) == {units.north, units.harbour}
        assert await people.staff.holds(tx, person, Role.OPERATOR, units.harbour)
        assert not await people.staff.holds(tx, person, Role.OPERATOR, units.south)
        assert not await people.staff.holds(tx, person, Role.APPROVER, units.north)


async def test_a_role_over_the_head_office_reaches_the_whole_bank(database, bank):
    async with database.begin(bank) as tx:
        person = await people.staff.get(tx, await make.staff(tx, Role.OPERATOR))
        assert await people.staff.scope(tx, person.roles) is None


async def test_a_login_is_taken_once_in_a_bank_and_free_in_another(database, bank, other_bank):
    async with database.begin(bank) as tx:
        await make.staff(tx, Role.TELLER, login="same")
        with pytest.raises(people.LoginTaken):
            async with tx.savepoint():
                await make.staff(tx, Role.TELLER, login="same")
    async with database.begin(other_bank) as tx:
        assert await make.staff(tx, Role.TELLER, login="same")


@pytest.mark.parametrize("login", ["", "x", "Has.Upper", "with space", "中文", "x" * 65, "-dash"])
async def test_a_login_that_cannot_be_typed_is_refused(database, bank, login):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        with pytest.raises(people.StaffUnfit):
            await people.staff.add(tx, [NewStaff(login=login, name="某人", post="柜员", unit_id=units.north, roles=[])])


def test_roles_of_one_person_reach_over_the_same_units():
    """Permissions and units travel apart in a principal: uneven roles would multiply into more than was granted."""
    even = [
        RoleScope(Role.OPERATOR, 2),
        RoleScope(Role.OPERATOR, 3),
        RoleScope(Role.ANALYST, 2),
        RoleScope(Role.ANALYST, 3),
    ]
    people.check_even(even)
    with pytest.raises(people.UnevenRoles):
        people.check_even(even[:-1])


async def test_nobody_changes_their_own_access(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        staff_id = await make.staff(tx, Role.SECURITY_ADMIN)
    async with database.begin(bank, make.actor(staff_id)) as tx:
        wanted = StaffChange(
            id=staff_id, name="本人", post="", unit_id=units.head, roles=[RoleScope(Role.OPERATOR, units.head)]
        )
        with pytest.raises(people.OwnRoles):
            await people.staff.change(tx, wanted)
        with pytest.raises(people.OwnRoles):
            await people.staff.disable(tx, staff_id, "I go myself")
        assert [scope.role for scope in (await people.staff.get(tx, staff_id)).roles] == [Role.SECURITY_ADMIN]


async def test_a_change_is_in_the_trail_with_before_and_after(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        admin = await make.staff(tx, Role.SECURITY_ADMIN, name="安全员")
        moved = await make.staff(tx, Role.TELLER, unit_id=units.north)
    async with database.begin(bank, make.actor(admin)) as tx:
        await people.staff.change(
            tx,
            StaffChange(
                id=moved,
                name="林晓舟",
                post="运营",
                unit_id=units.south,
                roles=[RoleScope(Role.BRANCH_OPERATOR, units.south)],
            ),
        )
        audit.register_names(people.staff.names)
        (row,) = await audit.find(tx, audit.AuditFilter(action="people.change_staff", subject_id=str(moved)))
    assert row.actor_name == "安全员"
    assert row.before["roles"] == [f"teller@{units.north}"]
    assert row.after == {
        "name": "林晓舟",
        "post": "运营",
        "unit_id": units.south,
        "roles": [f"branch_operator@{units.south}"],
    }


async def test_a_list_of_staff_pages_by_login_and_counts_by_status(database, other_bank):
    async with database.begin(other_bank) as tx:
        await make.units(tx)
        for login in ("aa", "bb", "cc"):
            await make.staff(tx, Role.TELLER, login=login, name=f"柜员{login}")
        await people.staff.disable(tx, (await people.staff.by_login(tx, "bb")).id, "离职办结")
        first = await people.staff.find(tx, q="柜员", limit=2)
        rest = await people.staff.find(tx, q="柜员", after=first[-1].login)
        assert [person.login for person in first + rest] == ["aa", "bb", "cc"]
        assert [person.login for person in await people.staff.find(tx, q="柜员", status="disabled")] == ["bb"]
        assert (await people.staff.count(tx))["disabled"] == 1


async def test_a_role_of_an_unknown_unit_is_refused(database, bank):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        with pytest.raises(people.UnitUnknown):
            await people.staff.add(
                tx,
                [NewStaff(login="lost", name="某人", post="", unit_id=units.head, roles=[RoleScope(Role.TELLER, 77)])],
            )

"""D5: maker ≠ checker, enforced by the database."""

import asyncpg
import pytest

from huoke.govern import approvals, tenants
from huoke.govern.approvals import DecidedBefore, OwnChange, Verdict
from huoke.govern.people import Role
from tests.make import people as make
from tests.make.approvals import Notes


@pytest.fixture
def notes():
    served = Notes()
    approvals.register(served)
    return served


@pytest.fixture
async def submitted(database, bank, notes, request):
    """A change of a maker who holds every role that could decide it."""
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        maker = await make.staff(tx, Role.OPERATOR, Role.APPROVER, Role.CONSUMER_REVIEWER)
    async with database.begin(bank, make.actor(maker)) as tx:
        change_id = await approvals.submit(tx, notes.new_change(request.node.name, "春天的水", units.head))
        return await approvals.find_change(tx, change_id)


def decide(tx, change, checker_id, maker_id):
    return tx.execute(
        "INSERT INTO approvals.decision (change_id, stage, maker_id, checker_id, verdict, comment, diff_hash,"
        " decided_at)"
        " VALUES ($1, 0, $2, $3, 'approve', '', $4, $5)",
        change.id,
        maker_id,
        checker_id,
        change.diff_hash,
        tx.now,
    )


async def test_a_maker_with_every_role_cannot_decide(database, bank, notes, submitted):
    async with database.begin(bank, make.actor(submitted.maker_id)) as tx:
        with pytest.raises(OwnChange):
            await approvals.decide(tx, submitted.id, Verdict.APPROVE, "", submitted.diff_hash)
        assert (await approvals.find_change(tx, submitted.id)).state == "pending"
    assert notes.live == {}


async def test_the_database_refuses_the_maker_as_checker(database, bank, submitted):
    with pytest.raises(asyncpg.CheckViolationError, match="maker_is_not_checker"):
        async with database.begin(bank) as tx:
            await decide(tx, submitted, submitted.maker_id, submitted.maker_id)


async def test_the_database_refuses_a_false_maker(database, bank, submitted):
    """Naming somebody else as the maker would step around the check: the foreign key knows the true one."""
    async with database.begin(bank) as tx:
        other = await make.staff(tx, Role.OPERATOR)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with database.begin(bank) as tx:
            await decide(tx, submitted, submitted.maker_id, other)


async def test_another_person_may_decide(database, bank, submitted):
    """The negative control: the same statement with a different checker passes."""
    async with database.begin(bank) as tx:
        checker = await make.staff(tx, Role.APPROVER)
        assert await decide(tx, submitted, checker, submitted.maker_id) == 1


@pytest.mark.parametrize("column", ["maker_id", "diff", "diff_hash", "stages", "unit_id", "subject_id"])
async def test_what_was_submitted_cannot_be_rewritten(database, bank, submitted, column):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.begin(bank) as tx:
            await tx.execute(f"UPDATE approvals.change SET {column} = {column} WHERE id = $1", submitted.id)


@pytest.mark.parametrize(
    "statement", ["UPDATE approvals.decision SET verdict = 'reject'", "DELETE FROM approvals.decision"]
)
async def test_a_decision_cannot_be_rewritten(database, bank, submitted, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.begin(bank) as tx:
            await tx.execute(statement)


async def test_one_person_cannot_decide_two_stages(database, bank, notes):
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        maker = await make.staff(tx, Role.OPERATOR)
        both = await make.staff(tx, Role.APPROVER, Role.CONSUMER_REVIEWER)
        stages = {
            "kinds": {
                "note": [
                    {"key": "consumer_review", "name": "消保", "name_en": "Review", "role": "consumer_reviewer"},
                    {"key": "check", "name": "复核", "name_en": "Check", "role": "approver"},
                ]
            },
            "default": [{"key": "check", "name": "复核", "name_en": "Check", "role": "approver"}],
        }
        await tenants.set_setting(tx, "approvals.stages", stages, "两道复核")
    async with database.begin(bank, make.actor(maker)) as tx:
        change_id = await approvals.submit(tx, notes.new_change("two", "两道复核", units.head))
        shown = (await approvals.find_change(tx, change_id)).diff_hash
    async with database.begin(bank, make.actor(both)) as tx:
        assert await approvals.decide(tx, change_id, Verdict.APPROVE, "", shown) == "pending"
    async with database.begin(bank, make.actor(both)) as tx:
        with pytest.raises(DecidedBefore):
            await approvals.decide(tx, change_id, Verdict.APPROVE, "", shown)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.begin(bank) as tx:
            await tx.execute(
                "INSERT INTO approvals.decision (change_id, stage, maker_id, checker_id, verdict, comment, diff_hash,"
                " decided_at) VALUES ($1, 1, $2, $3, 'approve', '', '', $4)",
                change_id,
                maker,
                both,
                tx.now,
            )
    assert "two" not in notes.live

"""Files of ownership come and go; all customers of a manager change hands by two people."""

from collections import Counter

import pytest

from huoke.govern import approvals
from huoke.govern.people import Role, units
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, ownership
from huoke.know.customers import EndedOwnership, NewOwnership, OwnershipStanding, OwnershipUnfit
from huoke.know.ownership import HandOverOpen, NewHandOver
from tests.make import accounts as make_accounts
from tests.make import customers as make
from tests.make import people as make_people

OWNER, CO_OWNER = OwnershipStanding.OWNER, OwnershipStanding.CO_OWNER
REASON = "安宁调岗"


@pytest.fixture
async def bank(own_bank):
    """A bank for each test: files stay in."""
    return own_bank


@pytest.fixture
async def seqs(database, bank):
    """Six customers of the north, one of the south; two managers of the north, one of the south, two who decide."""
    customers.register_entity(ownership.Ownerships())
    approvals.register(ownership.HandOverApproval())
    async with database.begin(bank) as tx:
        found = await make_people.units(tx)
        for login, name, role, unit in (
            ("ann", "安宁", Role.RM, found.north),
            ("bo", "薄荷", Role.RM, found.north),
            ("cai", "蔡南", Role.RM, found.south),
        ):
            await make_people.staff(tx, role, unit_id=unit, name=name, login=login)
    rows = [{"customer_no": f"W{n}", "name": "王五", "unit_code": "N1" if n < 6 else "S"} for n in range(7)]
    await make.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        return await customers.find_by_no(tx, [row["customer_no"] for row in rows])


@pytest.fixture
async def actors(database, bank, seqs):
    """Who asks, and who decides."""
    async with database.begin(bank) as tx:
        head = await units.head_office(tx)
        asks = await make_people.staff(tx, Role.OPERATOR, unit_id=head, login="asks")
        decides = await make_people.staff(tx, Role.APPROVER, unit_id=head, login="decides")
    return make_people.actor(asks), make_people.actor(decides)


def row(number, login, role=""):
    return {"customer_no": number, "login": login, "role": role}


async def bring(database, bank, rows, **more):
    return await make_accounts.bring(database, None, bank, "ownerships", rows, **more)


async def owners(database, bank, seqs):
    """Of each customer whom anybody looks after: names with o for the owner, c for a co-owner."""
    async with database.begin(bank) as tx:
        every = {number: await customers.owners_of(tx, seq) for number, seq in seqs.items()}
    return {number: [f"{one.name} {one.standing[0]}" for one in found] for number, found in every.items() if found}


async def give(database, bank, *news):
    async with database.begin(bank) as tx:
        await customers.give(tx, [NewOwnership(customer_no=no, login=to, standing=how) for no, to, how in news])


FILE = [
    row("W0", "ann"), row("W1", "ann", "主办"), row("W1", "BO", "协办"), row("W2", "bo", "owner"),
    row("W3", "cai"), row("W4", "nobody"), row("W9", "ann"), row("W5", "ann", "boss"), row("W2", "ann", "owner"),
]  # fmt: skip


async def test_a_file_brings_who_looks_after_whom_and_tells_why_lines_do_not_fit(database, bank, seqs):
    await give(database, bank, ("W2", "bo", OWNER))
    tried = await bring(database, bank, FILE, dry_run=True)
    assert await owners(database, bank, seqs) == {"W2": ["薄荷 o"]}, "a trial leaves nothing"
    brought = await bring(database, bank, FILE)
    for found in (tried, brought):
        assert (found.rows_added, found.rows_same, found.rows_changed, found.rows_refused) == (3, 1, 0, 5)
    assert await owners(database, bank, seqs) == {
        "W0": ["安宁 o"],
        "W1": ["安宁 o", "薄荷 c"],
        "W2": ["薄荷 o"],
    }
    causes = Counter(error.cause for error in brought.report.errors)
    assert causes == {"out_of_units": 1, "staff_unfit": 1, "customer_unknown": 1, "role_unknown": 1, "owner_twice": 1}


async def test_two_owners_of_one_customer_do_not_stand_in_one_file(database, bank, seqs):
    brought = await bring(database, bank, [row("W0", "ann"), row("W0", "bo")])
    assert (brought.rows_added, brought.rows_refused) == (1, 1)
    assert await owners(database, bank, seqs) == {"W0": ["安宁 o"]}
    async with database.begin(bank) as tx:
        wanted = [NewOwnership(customer_no="W0", login="bo")]
        again = await customers.give(tx, wanted, import_id=brought.id)
    assert again == [customers.Given.OWNER_TWICE], "nor where they stand in two parts of it"
    assert await owners(database, bank, seqs) == {"W0": ["安宁 o"]}


async def test_an_undone_file_leaves_customers_as_they_were_but_for_what_changed_since(database, bank, seqs):
    await give(database, bank, ("W0", "bo", OWNER), ("W1", "bo", CO_OWNER))
    brought = await bring(
        database, bank, [row("W0", "ann"), row("W1", "bo", "主办"), row("W2", "ann"), row("W3", "ann")]
    )
    assert (brought.rows_added, brought.rows_changed) == (3, 1)
    async with database.begin(bank) as tx:
        await customers.end_one(tx, EndedOwnership(customer_no="W3", login="ann"))
        await customers.give_one(tx, NewOwnership(customer_no="W3", login="bo"))
        await customers.undo(tx, brought.id)
    undone = await customers.run_undo(database, bank, brought.id, actor=SYSTEM)
    assert (undone.status, undone.rows_undone) == ("undone", 3)
    assert await owners(database, bank, seqs) == {"W0": ["薄荷 o"], "W1": ["薄荷 c"], "W3": ["薄荷 o"]}
    again = await customers.run_undo(database, bank, brought.id, actor=SYSTEM)
    assert again.rows_undone == 3


async def test_a_hand_over_of_all_waits_for_another_person(database, bank, seqs, actors):
    await give(database, bank, ("W0", "ann", OWNER), ("W1", "bo", OWNER), ("W1", "ann", CO_OWNER))
    before = await owners(database, bank, seqs)
    async with database.begin(bank, actors[0]) as tx:
        await ownership.request_hand_over(tx, NewHandOver(login="ANN ", to="bo", reason=REASON))
        with pytest.raises(HandOverOpen):
            await ownership.request_hand_over(tx, NewHandOver(login="ann", to="", reason=REASON))
        [request] = await ownership.hand_overs(tx)
        change = await approvals.find_change(tx, request.change_id)
    assert (request.giver, request.receiver, request.state) == ("安宁", "薄荷", "requested")
    assert await owners(database, bank, seqs) == before
    with pytest.raises(approvals.OwnChange):
        async with database.begin(bank, actors[0]) as tx:
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    assert await owners(database, bank, seqs) == before
    async with database.begin(bank, actors[1]) as tx:
        told = await ownership.HandOverApproval().simulate(tx, change.subject_id)
        assert [(one.key, one.after) for one in told.rows] == [("owned", 1), ("shared", 1), ("left", 0)]
        await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    assert await owners(database, bank, seqs) == {"W0": ["薄荷 o"], "W1": ["薄荷 o"]}
    async with database.begin(bank) as tx:
        [request] = await ownership.hand_overs(tx)
        assert request.state == "done"
        managers = {one.login: (one.owned, one.shared) for one in await ownership.managers(tx)}
    assert managers == {"ann": (0, 0), "bo": (2, 0), "cai": (0, 0)}


async def test_a_hand_over_that_was_refused_moves_nobody(database, bank, seqs, actors):
    await give(database, bank, ("W0", "ann", OWNER))
    async with database.begin(bank, actors[0]) as tx:
        await ownership.request_hand_over(tx, NewHandOver(login="ann", to="", reason=REASON))
        [request] = await ownership.hand_overs(tx)
        change = await approvals.find_change(tx, request.change_id)
    async with database.begin(bank, actors[1]) as tx:
        await approvals.decide(tx, change.id, approvals.Verdict.REJECT, "先留着", change.diff_hash)
    assert await owners(database, bank, seqs) == {"W0": ["安宁 o"]}


async def test_where_there_is_nobody_to_hand_over_nothing_is_asked(database, bank, seqs, actors):
    await give(database, bank, ("W0", "ann", OWNER))
    for login, to in (("bo", "ann"), ("ann", "cai")):
        with pytest.raises(OwnershipUnfit):
            async with database.begin(bank, actors[0]) as tx:
                await ownership.request_hand_over(tx, NewHandOver(login=login, to=to, reason=REASON))
    async with database.begin(bank) as tx:
        assert await ownership.hand_overs(tx) == []

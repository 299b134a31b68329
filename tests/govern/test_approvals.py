"""A change is simulated and checked when asked for and again when approved; only what was shown is applied."""

import asyncio
from datetime import timedelta

import pytest

from huoke.govern import approvals, audit, identity, people, tenants
from huoke.govern.approvals import (
    ChangeClosed,
    ChangeOpen,
    ChangeState,
    CheckFailed,
    CommentMissing,
    FieldChange,
    NotYourChange,
    NotYourStage,
    Stale,
    Verdict,
    View,
)
from huoke.govern.people import Role
from tests.make import people as make
from tests.make.approvals import Notes

APPROVE = Verdict.APPROVE


class Office:
    """A maker, a checker, a reviewer, the units, and the notes they work on."""

    def __init__(self, database, bank, notes, units, maker, checker, reviewer):
        self.database, self.bank, self.notes, self.units = database, bank, notes, units
        self.maker, self.checker, self.reviewer = maker, checker, reviewer

    def acting(self, staff_id):
        return self.database.begin(self.bank, make.actor(staff_id))

    async def submit(self, subject, text="新的文案", unit_id=None, **changes):
        async with self.acting(self.maker) as tx:
            new = self.notes.new_change(subject, text, unit_id or self.units.head, **changes)
            return await approvals.find_change(tx, await approvals.submit(tx, new))

    async def decide(self, change, verdict=APPROVE, comment="", by=None, shown=None):
        async with self.acting(by or self.checker) as tx:
            return await approvals.decide(tx, change.id, verdict, comment, shown or change.diff_hash)

    async def view(self, change, by):
        async with self.database.begin(self.bank) as tx:
            login = (await people.staff.get(tx, by)).login
        principal = await identity.principal_of_login(self.database, self.bank, login)
        async with self.acting(by) as tx:
            return await approvals.get(tx, principal, change.id)


@pytest.fixture
async def office(database, bank, clock):
    notes = Notes()
    approvals.register(notes)
    async with database.begin(bank) as tx:
        units = await make.units(tx)
        maker = await make.staff(tx, Role.OPERATOR, name="林晓舟")
        checker = await make.staff(tx, Role.APPROVER, name="陈亦文")
        reviewer = await make.staff(tx, Role.CONSUMER_REVIEWER, name="周瑾")
    return Office(database, bank, notes, units, maker, checker, reviewer)


async def test_an_approved_change_is_applied_in_the_same_moment(office):
    change = await office.submit("a1", "水到渠成")
    assert (change.state, office.notes.live.get("a1")) == ("pending", None)
    assert await office.decide(change) == ChangeState.APPLIED
    assert office.notes.live["a1"] == "水到渠成"


async def test_a_change_says_what_it_would_do(office, clock):
    office.notes.live["a2"] = "旧"
    change = await office.submit("a2", "三个字")
    view = await office.view(change, office.checker)
    assert [(row.key, row.before, row.after) for row in view.simulation.rows] == [("length", 1, 3)]
    assert view.simulation.simulated_at == clock.now()
    assert [(group.key, [(field.before, field.after) for field in group.fields]) for group in view.groups] == [
        ("copy", [("旧", "三个字")])
    ]
    assert [(check.rule, check.verdict) for check in view.checks] == [("B3", "pass")]
    assert (view.can, view.why_not, view.maker_name) == (["decide"], "", "林晓舟")
    assert (await office.view(change, office.maker)).can == ["withdraw"]
    assert (await office.view(change, office.maker)).why_not == "approvals.own_change"
    assert (await office.view(change, office.reviewer)).why_not == "approvals.not_your_stage"


async def test_numbers_count_within_the_day(office):
    first = await office.submit("n1")
    second = await office.submit("n2")
    day, _, number = first.number.rpartition("-")
    assert day == "CR-20260302"
    assert second.number == f"{day}-{int(number) + 1:03d}"


async def test_stages_are_decided_in_their_order_by_their_roles(office, clock):
    stages = {
        "default": [
            {
                "key": "consumer_review",
                "name": "消保审查",
                "name_en": "Review",
                "role": "consumer_reviewer",
                "hours": 8,
            },
            {"key": "check", "name": "复核", "name_en": "Check", "role": "approver", "hours": 24},
        ]
    }
    async with office.database.begin(office.bank) as tx:
        await tenants.set_setting(tx, "approvals.stages", stages, "两道")
    try:
        change = await office.submit("s1")
        assert change.due_at == clock.now() + timedelta(hours=8)
        with pytest.raises(NotYourStage):
            await office.decide(change, by=office.checker)
        assert await office.decide(change, by=office.reviewer, comment="文案已按意见修改") == "pending"
        view = await office.view(change, office.checker)
        assert [(stage.key, stage.state, stage.checker_name, stage.comment) for stage in view.stages] == [
            ("consumer_review", "done", "周瑾", "文案已按意见修改"),
            ("check", "current", "", ""),
        ]
        assert view.stages[1].due_at == clock.now() + timedelta(hours=24)
        assert await office.decide(change, by=office.checker) == "applied"
    finally:
        async with office.database.begin(office.bank) as tx:
            await tenants.set_setting(tx, "approvals.stages", None, "恢复默认")


async def test_stages_are_those_of_the_time_of_submitting(office):
    change = await office.submit("s2")
    stages = {"default": [{"key": "x", "name": "甲", "name_en": "X", "role": "consumer_reviewer"}]}
    async with office.database.begin(office.bank) as tx:
        await tenants.set_setting(tx, "approvals.stages", stages, "换人")
        await tenants.set_setting(tx, "approvals.stages", None, "恢复")
    assert await office.decide(change, by=office.checker) == "applied"


async def test_a_rule_that_says_no_stops_a_change_before_it_begins(office):
    office.notes.forbidden.add("存款送礼")
    with pytest.raises(CheckFailed) as refused:
        await office.submit("r1", "存款送礼")
    assert refused.value.data["rules"] == ["B3"]
    async with office.database.begin(office.bank) as tx:
        assert await audit.count(tx, audit.AuditFilter(action="approvals.submit", subject_id="r1")) == 0


async def test_a_rule_that_says_no_by_now_stops_the_approval(office):
    change = await office.submit("r2", "后来不许")
    office.notes.forbidden.add("后来不许")
    with pytest.raises(CheckFailed):
        await office.decide(change)
    view = await office.view(change, office.checker)
    assert (view.state, view.stages[0].state, office.notes.live.get("r2")) == ("pending", "current", None)
    assert await office.decide(change, Verdict.RETURN, "请修改文案") == "returned"


async def test_what_changed_since_it_was_submitted_is_not_applied(office):
    change = await office.submit("t1", "看到的")
    office.notes.proposed["t1"] = "换掉的"
    with pytest.raises(Stale):
        await office.decide(change)
    assert "t1" not in office.notes.live
    assert (await office.view(change, office.checker)).state == "pending"


async def test_a_verdict_on_another_version_is_refused(office):
    change = await office.submit("t2")
    with pytest.raises(Stale):
        await office.decide(change, shown="0" * 64)


@pytest.mark.parametrize(("verdict", "state"), [(Verdict.RETURN, "returned"), (Verdict.REJECT, "rejected")])
async def test_a_no_needs_a_word_and_ends_the_change(office, verdict, state):
    change = await office.submit(f"no-{verdict}")
    with pytest.raises(CommentMissing):
        await office.decide(change, verdict, "  ")
    assert await office.decide(change, verdict, "预算不够") == state
    assert office.notes.closed[change.subject_id] == state
    with pytest.raises(ChangeClosed):
        await office.decide(change)
    assert change.subject_id not in office.notes.live


async def test_a_subject_has_one_open_change(office):
    change = await office.submit("once")
    with pytest.raises(ChangeOpen):
        await office.submit("once")
    await office.decide(change, Verdict.RETURN, "再改一改")
    assert (await office.submit("once")).state == "pending"


async def test_of_two_checkers_at_the_same_moment_one_decides(office):
    async with office.database.begin(office.bank) as tx:
        other = await make.staff(tx, Role.APPROVER)
    change = await office.submit("race")
    outcomes = await asyncio.gather(
        office.decide(change), office.decide(change, Verdict.REJECT, "不同意", by=other), return_exceptions=True
    )
    assert sum(isinstance(outcome, ChangeClosed) for outcome in outcomes) == 1
    decided = next(outcome for outcome in outcomes if not isinstance(outcome, Exception))
    assert ("race" in office.notes.live) == (decided == "applied")


async def test_only_the_maker_withdraws_and_only_while_open(office):
    change = await office.submit("w1")
    async with office.acting(office.checker) as tx:
        with pytest.raises(NotYourChange):
            await approvals.withdraw(tx, change.id)
    async with office.acting(office.maker) as tx:
        await approvals.withdraw(tx, change.id)
    async with office.acting(office.maker) as tx:
        with pytest.raises(ChangeClosed):
            await approvals.withdraw(tx, change.id)
    assert office.notes.closed["w1"] == "withdrawn"


async def test_a_change_with_a_time_waits_for_it_and_may_still_be_withdrawn(office, clock):
    at = clock.now() + timedelta(hours=2)
    early = await office.submit("later", apply_at=at)
    taken_back = await office.submit("taken back", apply_at=at)
    assert await office.decide(early) == "approved"
    assert await office.decide(taken_back) == "approved"
    async with office.acting(office.maker) as tx:
        await approvals.withdraw(tx, taken_back.id)
    async with office.database.begin(office.bank) as tx:
        assert await approvals.apply_due(tx) == 0
    clock.advance(timedelta(hours=2))
    async with office.database.begin(office.bank) as tx:
        assert await approvals.apply_due(tx) == 1
    assert office.notes.live["later"] == early.diff[0].after
    assert "taken back" not in office.notes.live


async def test_a_rule_that_says_no_at_its_time_returns_the_change(office, clock):
    change = await office.submit("too late", "到时不许", apply_at=clock.now() + timedelta(hours=1))
    await office.decide(change)
    office.notes.forbidden.add("到时不许")
    clock.advance(timedelta(hours=1))
    async with office.database.begin(office.bank) as tx:
        await approvals.apply_due(tx)
    assert (await office.view(change, office.checker)).state == "returned"
    assert "too late" not in office.notes.live


async def test_a_checker_of_one_branch_does_not_decide_for_another(office):
    async with office.database.begin(office.bank) as tx:
        south = await make.staff(tx, Role.APPROVER, unit_id=office.units.south)
        north = await make.staff(tx, Role.APPROVER, unit_id=office.units.north)
    change = await office.submit("branch", unit_id=office.units.harbour)
    with pytest.raises(NotYourStage):
        await office.decide(change, by=south)
    with pytest.raises(approvals.ChangeUnknown):
        await office.view(change, south)
    assert await office.decide(change, by=north) == "applied"


async def test_the_list_shows_what_is_mine_and_what_waits_for_me(office):
    async with office.database.begin(office.bank) as tx:
        checker = await make.staff(tx, Role.APPROVER, unit_id=office.units.south)
        login = (await people.staff.get(tx, checker)).login
    principal = await identity.principal_of_login(office.database, office.bank, login)
    before = [await office.submit(f"list {n}", unit_id=office.units.south) for n in range(3)]
    await office.submit("list elsewhere", unit_id=office.units.north)
    await office.decide(before[0], by=checker)
    async with office.acting(checker) as tx:
        waiting = await approvals.find(tx, principal, view=View.TO_DECIDE)
        everything = await approvals.find(tx, principal)
        counts = await approvals.count(tx, principal)
        by_number = await approvals.find(tx, principal, q=before[1].number.lower())
        applied = await approvals.find(tx, principal, state=ChangeState.APPLIED)
    assert {row.id for row in waiting} == {change.id for change in before[1:]}
    assert all(row.can == ["decide"] for row in waiting)
    assert {row.id for row in everything} == {change.id for change in before}
    assert (counts["to_decide"], counts["mine"], counts["applied"], counts["pending"]) == (2, 0, 1, 2)
    assert [row.id for row in by_number] == [before[1].id]
    assert [row.id for row in applied] == [before[0].id]


async def test_the_trail_tells_the_whole_story(office):
    change = await office.submit("story")
    await office.decide(change, comment="同意")
    async with office.database.begin(office.bank) as tx:
        rows = await audit.find(tx, audit.AuditFilter(subject_kind="change", subject_id=str(change.id)))
    assert {row.action for row in rows} == {"approvals.submit", "approvals.apply", "approvals.approve"}
    assert {row.actor_id for row in rows} == {str(office.maker), str(office.checker)}


def test_the_hash_is_of_values_not_of_words():
    one = FieldChange(path="a", label="甲", before=1, after=2)
    assert approvals.diff_hash([one]) == approvals.diff_hash([FieldChange(path="a", label="other", before=1, after=2)])
    assert approvals.diff_hash([one]) != approvals.diff_hash([FieldChange(path="a", label="甲", before=1, after=3)])
    other = FieldChange(path="b", label="乙", before=None, after={"x": 1, "y": 2})
    same = FieldChange(path="b", label="乙", before=None, after={"y": 2, "x": 1})
    assert approvals.diff_hash([one, other]) == approvals.diff_hash([same, one])

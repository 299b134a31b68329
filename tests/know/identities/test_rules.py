"""The rules of a bank: asked for by one person and decided by another; what too many share joins nobody."""

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, events, identities, relations
from huoke.know.customers import CustomerStatus
from huoke.know.identities import USUAL, Certainty, MatchRule, NewParting, NewRules, RuleSet, RulesUnfit
from huoke.know.identities.rule_model import check_rules
from tests.make import accounts as make_accounts
from tests.make import customers as make
from tests.make import events as make_events
from tests.make import people

DOCUMENTS = ("110101199003078515", "110101198003078519", "110101199003079999")
CROWD = [f"C{n}" for n in range(6)]


def rule(name, *fields, certainty=Certainty.PROPOSES):
    return MatchRule(name=name, label=name, label_en=name, fields=fields, certainty=certainty)


def row(number, name="王芳", phone="", document="", birthday=""):
    return {"customer_no": number, "name": name, "phone": phone, "id_document": document, "unit_code": "N",
            "birthday": birthday}  # fmt: skip


ROWS = [
    row("A1", phone="13800138001", birthday="1990-03-07"),
    row("A2", phone="13800138001", birthday="1990-03-07"),
    row("B1", phone="13800138002", document=DOCUMENTS[0]),
    row("B2", phone="13800138002", document=DOCUMENTS[1]),
    row("D1", phone="13800138003", birthday="1980-01-01"),
    row("D2", phone="13800138003", birthday="1980-01-01"),
    *(row(number, phone="13800138009", birthday="1970-01-01") for number in CROWD),
    row("F1", name="李雷", phone="13800138005"),
    row("F2", name="韩梅", phone="13800138006"),
]
BIRTHDAYS = RuleSet(
    rules=(
        rule("same_document", "id_document", certainty=Certainty.JOINS),
        rule("phone_name_birthday", "phone", "name", "attribute.birthday", certainty=Certainty.JOINS),
        rule("phone_and_name", "phone", "name"),
        rule("phone", "phone", certainty=Certainty.NEVER),
    ),
    shared_max=4,
)


@pytest.fixture
async def bank(own_bank):
    """A bank for each test."""
    return own_bank


@pytest.fixture
async def units(database, bank):
    async with database.begin(bank) as tx:
        return await people.units(tx)


@pytest.fixture
async def seqs(database, clickhouse, bank, units):
    approvals.register(identities.RulesApproval())
    approvals.register(identities.MergeApproval())
    customers.register_entity(relations.Relations())
    await make.import_rows(database, bank, ROWS, {"birthday": "date"})
    edges = [
        {"customer_no": no, "kind": "device", "other": "KIOSK", "since": "2026-01-05"}
        for no in ("D1", "D2", "F1", "F2", "B1")
    ]
    edges += [{"customer_no": "F1", "kind": "referral", "other": "F2", "since": "2026-01-05"}]
    await make_accounts.bring(database, clickhouse, bank, "relations", edges)
    async with database.begin(bank) as tx:
        return await customers.find_by_no(tx, [one["customer_no"] for one in ROWS])


async def decided(database, bank, units, ask):
    """Ask as one and decide as another; the change."""
    async with database.begin(bank) as tx:
        maker = people.actor(await people.staff(tx, Role.OPERATOR, unit_id=units.head))
        checker = people.actor(await people.staff(tx, Role.APPROVER, unit_id=units.head))
    async with database.begin(bank, maker) as tx:
        change_id = await ask(tx)
        change = await approvals.find_change(tx, change_id)
    with pytest.raises(approvals.OwnChange):
        async with database.begin(bank, maker) as tx:
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with database.begin(bank, checker) as tx:
        await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return change


async def put_in_force(database, bank, units, rules):
    async def ask(tx):
        new = NewRules(rules=rules.rules, shared_max=rules.shared_max, reason="按监管口径")
        ruleset_id = await identities.request_rules(tx, new)
        return next(one.change_id for one in await identities.rule_requests(tx) if one.id == ruleset_id)

    return await decided(database, bank, units, ask)


async def found(database, bank, name):
    async with database.begin(bank) as tx:
        return {
            (one.first.customer_no, one.second.customer_no): {
                (each.field, each.same, each.counts, each.count) for each in one.evidence
            }
            for one in await identities.matches(tx, name)
        }


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ((), "/rules"),
        ((rule("a name", "phone"),), "/rules/0/name"),
        ((rule("names", "name"),), "/rules/0/fields"),
        ((rule("born", "attribute.birthday", "name"),), "/rules/0/fields"),
        ((rule("income", "phone", "attribute.income"),), "/rules/0/fields"),
        ((rule("phone", "phone", certainty=Certainty.JOINS),), "/rules/0/certainty"),
        ((rule("phone", "phone"), rule("later", "phone", "name")), "/rules/1/fields"),
        ((rule("invited", "phone", "referral"),), "/rules/0/fields"),
        ((rule("device", "phone", "device"),), "/rules/0/fields"),
    ],
)
def test_rules_that_say_too_little_or_come_too_late_are_refused(rules, pointer):
    with pytest.raises(RulesUnfit) as refused:
        check_rules(RuleSet(rules=rules), {"birthday"})
    assert refused.value.pointer == pointer


def test_the_usual_rules_fit_and_join_nobody_without_a_person():
    check_rules(USUAL, set())
    assert Certainty.JOINS not in {one.certainty for one in USUAL.rules}


async def test_rules_are_tried_asked_for_and_decided_by_another(database, bank, units, seqs):
    async with database.begin(bank) as tx:
        seen = await identities.preview(tx, BIRTHDAYS)
    assert [(one.name, one.pairs) for one in seen.rules] == [
        ("same_document", 0), ("phone_name_birthday", 2), ("phone_and_name", 0), ("phone", 1)
    ]  # fmt: skip
    assert seen.held_back == len(CROWD)
    change = await put_in_force(database, bank, units, BIRTHDAYS)
    assert {(one.rule, one.verdict) for one in change.checks} == {("R1", approvals.CheckVerdict.WARN)}
    async with database.begin(bank) as tx:
        assert await identities.in_force(tx) == BIRTHDAYS
        with pytest.raises(RulesUnfit):
            await identities.request_rules(
                tx, NewRules(rules=BIRTHDAYS.rules, shared_max=BIRTHDAYS.shared_max, reason="再来一次")
            )


async def test_the_evidence_names_what_speaks_for_two_and_what_does_not(database, bank, units, seqs):
    await put_in_force(database, bank, units, BIRTHDAYS)
    assert await found(database, bank, "phone_name_birthday") == {
        ("A1", "A2"): {("phone", True, True, 2), ("name", True, True, 2), ("attribute.birthday", True, True, 2)},
        ("D1", "D2"): {("phone", True, True, 2), ("name", True, True, 2), ("attribute.birthday", True, True, 2),
                       ("device", True, False, 5)},
    }  # fmt: skip
    assert await found(database, bank, "phone") == {
        ("B1", "B2"): {("phone", True, True, 2), ("name", True, True, 2), ("id_document", False, False, 2)}
    }


async def test_a_rule_joins_at_once_but_nobody_whom_a_crowd_shares_anything_with(database, bank, units, seqs):
    async with database.begin(bank) as tx:
        assert await identities.join_all(database, bank, SYSTEM) == 0, "the usual rules join nobody"
    await put_in_force(database, bank, units, BIRTHDAYS)
    assert await identities.join_all(database, bank, SYSTEM) == 1
    assert await identities.join_all(database, bank, SYSTEM) == 0, "again changes nothing"
    async with database.begin(bank) as tx:
        assert await customers.survivors(tx, None) == {seqs["A2"]: seqs["A1"]}
        [done] = await identities.merges(tx)
        status, *_ = await customers.state(tx, seqs["D2"])
    assert (done.rule, done.state, len(done.evidence)) == ("phone_name_birthday", "done", 3)
    assert status is CustomerStatus.ACTIVE, "their device is a kiosk's"


async def test_a_larger_allowance_lets_the_crowd_in(database, bank, units, seqs):
    await put_in_force(database, bank, units, msgspec.structs.replace(BIRTHDAYS, shared_max=6))
    assert await identities.join_all(database, bank, SYSTEM) == 1 + 1 + 5, "what held them back was the guard"


async def test_an_invitation_is_no_evidence_of_who_somebody_is(database, bank, units, seqs):
    for one in USUAL.rules:
        pairs = await found(database, bank, one.name)
        assert ("F1", "F2") not in pairs
        assert "referral" not in {each[0] for told in pairs.values() for each in told}


async def test_no_event_is_lost_by_a_joining_and_a_parting(database, feed, clickhouse, bank, units, seqs):
    source = await make_events.source(database, bank)
    await make_events.take(database, bank, source, make_events.track("a1", "A1"), make_events.track("a2", "A2"))
    await put_in_force(database, bank, units, BIRTHDAYS)
    await identities.join_all(database, bank, SYSTEM)
    await make_events.take(database, bank, source, make_events.track("a3", "A2"))
    await make_events.ship(feed, clickhouse)
    assert await counted(database, clickhouse, bank, seqs["A1"]) == 3

    async def ask(tx):
        merge_id = await identities.request_part(tx, NewParting(seq=seqs["A2"], reason="合并错误"))
        return next(one.change_id for one in await identities.merges(tx) if one.id == merge_id)

    await decided(database, bank, units, ask)
    own = [await counted(database, clickhouse, bank, seqs[number]) for number in ("A1", "A2")]
    assert own == [2, 1], "what came while they were one stays with the kept one; nothing is gone"


async def counted(database, clickhouse, bank, seq):
    """How many sign-ins a customer's timeline has, under every number of theirs."""
    async with database.begin(bank) as tx:
        numbers = await customers.numbers_of(tx, seq)
    lines = [await events.timeline(clickhouse, bank, number, names=["app.login"]) for number in numbers]
    return sum(len(one) for one in lines)

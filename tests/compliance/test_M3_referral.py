"""Rule M3: nobody is rewarded for sharing; what counts is what the invitee does. With B1 and B4 for the same act."""

import pytest

from huoke.govern import approvals, tenants
from huoke.know import events
from huoke.know.events import NewSchema
from huoke.know.language import DepositCondition
from huoke.reward import referral
from huoke.reward.referral import ActForbidden, ActUnfit
from tests.make import campaigns as make
from tests.make import referral as make_referral

FINE = {"kind": "event", "name": "payment.made", "op": ">=", "value": 1}


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    world = await make.world(database, feed, clickhouse, analytics, bank, count=10)
    shares = [
        ("page.shared", "页面互动", "Page"),
        ("h5.click", "转发给好友", "Click"),
        ("x.sent", "发出", "Invitation sent"),
    ]
    async with world.begin() as tx:
        await events.define(tx, [NewSchema(name=name, title=zh, title_en=en) for name, zh, en in shares])
        await events.define(tx, [NewSchema(name="fund.order", title="下单", title_en="Order")])
    return world


def event(name, **more):
    return {**FINE, "name": name, **more}


@pytest.mark.parametrize("name", ["page.shared", "h5.click", "x.sent"])
async def test_no_event_of_sharing_is_an_act(world, name, clock):
    for tree in (event(name), {"kind": "any", "of": [FINE, event(name)]}):
        async with world.begin(world.operator) as tx:
            with pytest.raises(ActForbidden) as refused:
                await referral.propose(tx, world.operator, make_referral.terms(world, act=tree))
            assert refused.value.data["rule"] == "M3"
            assert await referral.rows(tx, world.operator) == []


async def test_an_event_that_becomes_one_of_sharing_stops_the_approval(world, clock):
    """What counts is what the event is called on the day of the approval."""
    async with world.begin() as tx:
        await events.define(tx, [NewSchema(name="task.done", title="完成任务", title_en="Task done")])
    async with world.begin(world.operator) as tx:
        terms = make_referral.terms(world, act=event("task.done"))
        programme_id = await referral.propose(tx, world.operator, terms)
        change_id = (await referral.get(tx, programme_id)).change_id
    async with world.begin() as tx:
        await events.define(tx, [NewSchema(name="task.done", title="分享活动页", title_en="Task done")])
    async with world.begin(world.approver) as tx:
        change = await approvals.find_change(tx, change_id)
        with pytest.raises(approvals.CheckFailed):
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with world.begin(world.operator) as tx:
        assert (await referral.get(tx, programme_id)).state == "submitted"


@pytest.mark.parametrize(
    "tree",
    [
        event("product.bought"),
        event("product.bought", where=[{"property": "kind", "op": "=", "value": "fund"}]),
        event("product.bought", where=[{"property": "product", "op": "=", "value": "稳健理财 90 天"}]),
        event("fund.order"),
    ],
)
async def test_no_product_of_rule_b4_is_an_act(world, tree, clock):
    async with world.begin(world.operator) as tx:
        with pytest.raises(ActForbidden) as refused:
            await referral.compile_act(tx, tree)
    assert refused.value.data["rule"] == "B4"


async def test_taking_up_a_card_is_fine(world, clock):
    """The negative control: it is the product that is refused."""
    card = event("product.bought", where=[{"property": "kind", "op": "in", "value": ["card", "credit_card"]}])
    async with world.begin(world.operator) as tx:
        assert (await referral.compile_act(tx, card)).events == {"product.bought"}
        assert (await referral.compile_act(tx, FINE)).events == {"payment.made"}


@pytest.mark.parametrize("name", ["salary.received", "transaction.posted"])
async def test_no_event_of_a_deposit_is_an_act(world, name, clock):
    async with world.begin(world.operator) as tx:
        with pytest.raises(DepositCondition) as refused:
            await referral.compile_act(tx, {"kind": "all", "of": [FINE, event(name)]})
    assert refused.value.data["rule"] == "B1"


@pytest.mark.parametrize(
    "tree",
    [
        {"kind": "attr", "name": "age", "op": ">=", "value": 18},
        {"kind": "not", "of": FINE},
        event("payment.made", op="<=", value=0),
        event("payment.made", window_days=30),
    ],
)
async def test_an_act_is_something_that_is_done(world, tree, clock):
    async with world.begin(world.operator) as tx:
        with pytest.raises(ActUnfit):
            await referral.compile_act(tx, tree)


async def test_the_checker_is_told_whether_invitations_live_on_a_domain_of_their_own(world, clock):
    async def verdict(name):
        async with world.begin(world.operator) as tx:
            programme_id = await referral.propose(tx, world.operator, make_referral.terms(world, name=name))
            change_id = (await referral.get(tx, programme_id)).change_id
        async with world.begin(world.approver) as tx:
            change = await approvals.get(tx, world.approver, change_id)
        return next(check.verdict for check in change.checks if check.data.get("code") == "own_domain")

    assert await verdict("无域名") == "warn"
    async with world.begin() as tx:
        await tenants.set_setting(tx, "referral.pages_url", "https://hd.example.com", "独立域名")
        assert (
            await referral.address_of(tx, "2222abcdefgh", "https://bank.example.com")
            == "https://hd.example.com/e/2222abcdefgh"
        )
    assert await verdict("有域名") == "pass"

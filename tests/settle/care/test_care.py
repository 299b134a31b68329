"""Cases, and what the desk does in them: each with its reason, within its units; what costs money needs two people."""

from datetime import timedelta

import pytest

from huoke.govern import approvals, audit
from huoke.kernel.batch import Call
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import SYSTEM
from huoke.know import customers
from huoke.know.customers import NotEligible
from huoke.reward import grants, ledger
from huoke.settle import care
from huoke.settle.care import (
    ActKind,
    Asked,
    CaseFilter,
    CaseKind,
    CaseState,
    CompensationState,
    NewAct,
    NewCase,
    NewCompensation,
    NewExtension,
    NewNote,
    OfferState,
    Way,
)
from huoke.settle.care import model as care_model
from tests.make import campaigns as make_campaigns
from tests.make import care as make
from tests.make import grants as make_grants


@pytest.fixture(scope="module")
async def desk(world) -> make.Desk:
    return await make.desk(world)


@pytest.fixture(scope="module")
async def campaign_id(desk):
    return await make_campaigns.live(desk.world, published=True, name="人人有份", person_limit=5)


async def claimed(desk, campaign_id):
    [answer] = await make_campaigns.claim(desk.world, campaign_id, desk.seq)
    return answer.grant_id


async def money(desk, offer_id):
    """(units left, fen left) of a service offer."""
    async with desk.begin(desk.world.buyer) as tx:
        [row] = [one for one in await care.service_offers(tx, desk.world.buyer) if one.id == offer_id]
    return row.left, row.left_fen


async def sound(desk):
    async with desk.begin() as tx:
        await make_grants.assert_sound(tx)


async def test_a_case_is_noted_closed_and_opened_again(desk):
    case_id = await desk.case(body="客户来电，未收到领取短信")
    async with desk.begin() as tx:
        await care.note(tx, desk.clerk, case_id, NewNote(way=Way.COUNTER, body="客户到网点再次询问"))
        await care.close_case(tx, desk.clerk, case_id, "已重发链接")
        closed = await care.get_case(tx, desk.clerk, case_id)
        assert (closed.row.state, closed.row.outcome, closed.can) == (
            CaseState.CLOSED,
            "已重发链接",
            ["note", "reopen"],
        )
        assert [(note.place, note.way, note.body) for note in closed.notes] == [
            (1, Way.PHONE, "客户来电，未收到领取短信"),
            (2, Way.COUNTER, "客户到网点再次询问"),
        ]
        with pytest.raises(care.CaseShut):
            await care.compensate(
                tx, desk.clerk, NewCompensation(case_id=case_id, service_offer_id=case_id, reason="再次补偿")
            )
        await care.reopen(tx, desk.clerk, case_id, "客户又来电")
        again = await care.get_case(tx, desk.clerk, case_id)
        assert (again.row.state, again.row.closed_at, again.row.notes) == (CaseState.OPEN, None, 2)


@pytest.mark.parametrize(
    "text",
    [
        "请回电 13812340001",
        "手机138-1234-0001",
        "身份证330203198807155428",
        "卡号6222 0210 0111 2233 445",
        "发到 a.b@c.com",
    ],
)
async def test_no_number_of_a_person_stands_in_a_case(desk, text):
    async with desk.begin() as tx:
        with pytest.raises(care.PersonalText):
            await care.open_case(tx, desk.clerk, NewCase(seq=desk.seq, kind=CaseKind.OTHER, title="咨询", body=text))
        found = await care.find_cases(tx, desk.clerk, CaseFilter(q="咨询"))
        assert (found.rows, found.counts) == ([], {})


def test_dates_amounts_and_our_own_numbers_may_stand_in_a_case():
    for text in ("C-20260302-001 两次 28 元券", "订单 01KJQZ7M3N8P", "2026-03-02 09:00 来电", "共 1234567890 分"):
        assert care_model.check_text(text, least=1, most=80, pointer="/body") == text


async def test_another_branch_neither_sees_nor_touches_a_case(desk):
    case_id = await desk.case(title="只给城北")
    async with desk.begin(desk.stranger) as tx:
        found = await care.find_cases(tx, desk.stranger, CaseFilter(q="只给城北"))
        assert (found.rows, found.counts) == ([], {})
        for asked in (care.get_case(tx, desk.stranger, case_id), care.close_case(tx, desk.stranger, case_id, "完成")):
            with pytest.raises(care.CaseUnknown):
                await asked
        with pytest.raises(customers.CustomerUnknown):
            await care.open_case(tx, desk.stranger, NewCase(seq=desk.seq, kind=CaseKind.OTHER, title="咨询"))


async def test_cases_are_found_by_number_words_customer_and_who_opened_them(desk):
    case_id = await desk.case(title="充值没到账", kind=CaseKind.ORDER_FAILED)
    async with desk.begin() as tx:
        row = (await care.get_case(tx, desk.clerk, case_id)).row
        for q in (row.number, row.number.lower(), "没到账", "D000001", make.PHONE):
            assert case_id in [one.id for one in (await care.find_cases(tx, desk.clerk, CaseFilter(q=q))).rows], q
        mine = CaseFilter(assigned=desk.clerk.actor.id, kind=CaseKind.ORDER_FAILED)
        assert [one.id for one in (await care.find_cases(tx, desk.clerk, mine)).rows] == [case_id]
        assert (row.name, row.customer_no, row.opened_by) == ("柳**", "D000001", desk.clerk.actor.id)
    async with desk.begin(desk.world.approver) as tx:
        theirs = CaseFilter(opened=desk.world.approver.actor.id)
        assert (await care.find_cases(tx, desk.world.approver, theirs)).rows == []


async def test_a_compensation_needs_a_second_person_and_takes_its_money_and_stock_like_any_grant(desk):
    offer_id = await desk.service_offer()
    assert await money(desk, offer_id) == (10, 19_800)
    asked = await desk.ask(await desk.case(), offer_id)
    assert (asked.state, asked.grant_id, await money(desk, offer_id)) == (
        CompensationState.SUBMITTED,
        None,
        (10, 19_800),
    )
    async with desk.begin() as tx:
        change = await approvals.find_change(tx, asked.change_id)
        with pytest.raises(approvals.OwnChange):
            await approvals.decide(tx, asked.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    await desk.decide(asked.change_id)
    async with desk.begin() as tx:
        given = await care.get_compensation(tx, desk.clerk, asked.id)
        item = await grants.get_grant(tx, given.grant_id)
        trail = await audit.find(tx, audit.AuditFilter(action="care.compensate"))
    assert (given.state, item.state, item.seq, item.amount_fen) == (
        CompensationState.GRANTED,
        grants.State.FULFILLED,
        desk.seq,
        1_980,
    )
    assert (await money(desk, offer_id), trail[0].reason) == ((9, 17_820), "门店设备故障未能核销")
    await sound(desk)

    async with desk.begin() as tx:
        await care.take_back(tx, desk.clerk, asked.id, "客户不需要了")
        await care.take_back(tx, desk.clerk, asked.id, "客户不需要了")
        back = await care.get_compensation(tx, desk.clerk, asked.id)
        change = await approvals.find_change(tx, back.change_id)
        with pytest.raises(approvals.OwnChange):
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    assert (back.state, back.can, await money(desk, offer_id)) == (
        CompensationState.RETURNING,
        ["withdraw"],
        (9, 17_820),
    )
    await desk.decide(back.change_id)
    async with desk.begin() as tx:
        gone = await care.get_compensation(tx, desk.clerk, asked.id)
        assert (await grants.get_grant(tx, gone.grant_id)).state is grants.State.REVOKED
    assert (gone.state, gone.can, await money(desk, offer_id)) == (CompensationState.TAKEN_BACK, [], (10, 19_800))
    await sound(desk)


async def test_what_was_used_is_not_taken_back(desk):
    offer_id = await desk.service_offer()
    asked = await desk.ask(await desk.case(), offer_id)
    await desk.decide(asked.change_id)
    async with desk.begin() as tx:
        grant_id = (await care.get_compensation(tx, desk.clerk, asked.id)).grant_id
    await make_campaigns.redeem(desk.world, grant_id)
    async with desk.begin() as tx:
        assert (await care.get_compensation(tx, desk.clerk, asked.id)).can == []
        with pytest.raises(care.CompensationUsed):
            await care.take_back(tx, desk.clerk, asked.id, "客户不需要了")
        assert (await grants.get_grant(tx, grant_id)).state is grants.State.USED
    await sound(desk)


async def test_what_is_used_while_it_is_asked_back_stays_used(desk, clock):
    clock.advance(timedelta(days=40))
    offer_id = await desk.service_offer()
    asked = await desk.ask(await desk.case(), offer_id)
    await desk.decide(asked.change_id)
    async with desk.begin() as tx:
        await care.take_back(tx, desk.clerk, asked.id, "客户不需要了")
        back = await care.get_compensation(tx, desk.clerk, asked.id)
    await make_campaigns.redeem(desk.world, back.grant_id)
    with pytest.raises(approvals.CheckFailed):
        await desk.decide(back.change_id)
    async with desk.begin() as tx:
        await care.withdraw(tx, desk.clerk, Asked.COMPENSATION, asked.id)
        assert (await care.get_compensation(tx, desk.clerk, asked.id)).state is CompensationState.GRANTED
        assert (await grants.get_grant(tx, back.grant_id)).state is grants.State.USED
    await sound(desk)


async def test_an_open_request_is_withdrawn_by_whoever_asked_and_gives_nothing(desk, clock):
    clock.advance(timedelta(days=80))
    offer_id = await desk.service_offer()
    case_id = await desk.case()
    asked = await desk.ask(case_id, offer_id)
    assert asked.can == ["withdraw"]
    async with desk.begin(desk.stranger) as tx:
        with pytest.raises(care.CompensationUnknown):
            await care.withdraw(tx, desk.stranger, Asked.COMPENSATION, asked.id)
    async with desk.begin(desk.world.approver) as tx:
        with pytest.raises(approvals.NotYourChange):
            await care.withdraw(tx, desk.world.approver, Asked.COMPENSATION, asked.id)
    async with desk.begin() as tx:
        await care.withdraw(tx, desk.clerk, Asked.COMPENSATION, asked.id)
        gone = await care.get_compensation(tx, desk.clerk, asked.id)
        assert (gone.state, gone.grant_id, gone.can) == (CompensationState.WITHDRAWN, None, [])
        with pytest.raises(care.NothingToWithdraw):
            await care.withdraw(tx, desk.clerk, Asked.COMPENSATION, asked.id)
    assert await money(desk, offer_id) == (10, 19_800)
    assert (await desk.ask(case_id, offer_id)).state is CompensationState.SUBMITTED, "it left its room to another"


async def test_a_refused_compensation_gives_nothing_and_leaves_room_for_another(desk, clock):
    clock.advance(timedelta(days=100))
    offer_id = await desk.service_offer()
    case_id = await desk.case()
    first = await desk.ask(case_id, offer_id)
    await desk.decide(first.change_id, approvals.Verdict.REJECT)
    async with desk.begin() as tx:
        refused = await care.get_compensation(tx, desk.clerk, first.id)
    assert (refused.state, refused.grant_id, await money(desk, offer_id)) == (
        CompensationState.REFUSED,
        None,
        (10, 19_800),
    )
    assert (await desk.ask(case_id, offer_id)).state is CompensationState.SUBMITTED


@pytest.mark.parametrize(("rule", "cases"), [("care.case", 1), ("care.person", 3)])
async def test_a_case_and_a_person_get_only_so_much(desk, clock, rule, cases):
    clock.advance(timedelta(days=200 if cases == 1 else 300))
    offer_id = await desk.service_offer()
    case_ids = [await desk.case() for _ in range(cases)]
    for case_id in case_ids[:2]:
        await desk.ask(case_id, offer_id)
    with pytest.raises(approvals.CheckFailed) as refusal:
        await desk.ask(case_ids[-1], offer_id)
    assert rule in refusal.value.data["rules"]
    async with desk.begin() as tx:
        assert len((await care.get_case(tx, desk.clerk, case_ids[-1])).compensations) == (1 if cases == 1 else 0)


async def test_no_customer_helps_themselves_to_a_service_offer(desk):
    service_offer_id = await desk.service_offer()
    async with desk.begin() as tx:
        [offer] = await grants.find_offers(tx, "care", service_offer_id)
        own = grants.OwnClaim(request_no="own", offer_id=offer.id, seq=desk.seq)
        [answer] = await grants.claim_own(tx, [Call(own, SYSTEM, tx.now)])
    assert isinstance(answer, NotEligible)


async def test_a_stopped_service_offer_gives_back_what_nobody_got(desk):
    async with desk.begin() as tx:
        [before] = await ledger.get_budgets(tx, [desk.world.budget_id])
    offer_id = await desk.service_offer()
    async with desk.begin(desk.world.buyer) as tx:
        await care.stop(tx, desk.world.buyer, offer_id, "季度结束")
        [after] = await ledger.get_budgets(tx, [desk.world.budget_id])
    assert after.available_fen == before.available_fen
    async with desk.begin(desk.world.buyer) as tx:
        assert [one.state for one in await care.service_offers(tx, desk.world.buyer) if one.id == offer_id] == [
            OfferState.STOPPED
        ]
    with pytest.raises(care.ServiceOfferClosed):
        await desk.ask(await desk.case(), offer_id)
    await sound(desk)


async def test_a_benefit_is_extended_once_by_two_people(desk, campaign_id):
    grant_id = await claimed(desk, campaign_id)
    case_id = await desk.case(grant_id)
    async with desk.begin() as tx:
        before = (await grants.get_grant(tx, grant_id)).expires_at
        new = NewExtension(case_id=case_id, grant_id=grant_id, days=7, reason="门店停业装修")
        with pytest.raises(care.ExtensionUnfit):
            await care.extend(
                tx, desk.clerk, NewExtension(case_id=case_id, grant_id=grant_id, days=31, reason="停业装修")
            )
        extension_id = await care.extend(tx, desk.clerk, new)
        assert (await grants.get_grant(tx, grant_id)).expires_at == before
        change_id = (await care.get_extension(tx, desk.clerk, extension_id)).change_id
    await desk.decide(change_id)
    async with desk.begin() as tx:
        assert (await grants.get_grant(tx, grant_id)).expires_at == before + timedelta(days=7)
        with pytest.raises(care.ExtendedBefore):
            await care.extend(tx, desk.clerk, new)


async def test_an_expired_benefit_is_not_extended(desk, campaign_id, clock):
    grant_id = await claimed(desk, campaign_id)
    case_id = await desk.case(grant_id)
    async with desk.begin() as tx:
        new = NewExtension(case_id=case_id, grant_id=grant_id, days=7, reason="门店停业装修")
        extension_id = await care.extend(tx, desk.clerk, new)
        change_id = (await care.get_extension(tx, desk.clerk, extension_id)).change_id
    clock.advance(timedelta(days=60))
    with pytest.raises(approvals.CheckFailed):
        await desk.decide(change_id)
    async with desk.begin() as tx:
        with pytest.raises(care.ExtensionUnfit):
            await care.extend(tx, desk.clerk, new)
        [answer] = await grants.extend_validity(tx, [grants.Longer(grant_id, tx.now + timedelta(days=1))])
    assert isinstance(answer, Refusal)


async def test_acts_belong_to_the_customer_of_their_case(desk, campaign_id):
    [other] = await make_campaigns.claim(desk.world, campaign_id, desk.world.seqs[0])
    case_id = await desk.case()
    async with desk.begin() as tx:
        new = NewAct(case_id=case_id, grant_id=other.grant_id, kind=ActKind.LINK, reason="未收到短信")
        with pytest.raises(care.OtherCustomer):
            await care.act(tx, desk.clerk, new)
        assert await care.acts(tx, case_id=case_id) == []


async def test_the_words_of_cases_are_forgotten_with_their_customer_and_an_open_one_waits(desk):
    port = care.PersonalCare()
    case_id = await desk.case(seq=desk.world.seqs[3], title="孩子生日", body="想在生日前收到")
    async with desk.begin() as tx:
        assert await port.hindrances(tx, [desk.world.seqs[3]]) != []
        assert (await port.prove(tx, [desk.world.seqs[3]])) != [], "the control: it sees what is there"
        await care.close_case(tx, desk.clerk, case_id, "已解释")
        assert await port.hindrances(tx, [desk.world.seqs[3]]) == []
        await port.erase(tx, [desk.world.seqs[3]])
        assert await port.prove(tx, [desk.world.seqs[3]]) == []
        left = await care.get_case(tx, desk.clerk, case_id)
    assert (left.row.title, left.row.outcome, [note.body for note in left.notes]) == ("", "", [""])


async def test_an_open_case_past_its_day_is_overdue_until_it_is_closed_and_has_a_new_day_when_it_is_opened_again(
    desk, clock
):
    case_id = await desk.case(title="逾期的工单")
    overdue = CaseFilter(q="逾期的工单", overdue=True)
    async with desk.begin() as tx:
        assert (await care.find_cases(tx, desk.clerk, overdue)).rows == []
    clock.advance(timedelta(hours=48, seconds=1))
    async with desk.begin() as tx:
        [late] = (await care.find_cases(tx, desk.clerk, overdue)).rows
        assert (late.id, late.overdue) == (case_id, True)
        await care.close_case(tx, desk.clerk, case_id, "已解决")
        assert (await care.find_cases(tx, desk.clerk, overdue)).rows == []
        await care.reopen(tx, desk.clerk, case_id, "又来电")
        again = (await care.get_case(tx, desk.clerk, case_id)).row
    assert (again.overdue, again.due_at - desk.world.database.clock.now()) == (False, timedelta(hours=48))


async def test_what_cannot_be_extended_says_why(desk, campaign_id):
    grant_id = await claimed(desk, campaign_id)
    case_id = await desk.case(grant_id)
    await make_campaigns.redeem(desk.world, grant_id)
    async with desk.begin() as tx:
        new = NewExtension(case_id=case_id, grant_id=grant_id, days=7, reason="门店停业装修")
        with pytest.raises(care.ExtensionUnfit) as refusal:
            await care.extend(tx, desk.clerk, new)
        assert (await care.asks_in(tx, desk.clerk, grant_id=grant_id)).extensions == []
    assert refusal.value.data["why"] == "used"


async def test_what_was_decided_outlives_its_customer_and_names_the_case_alone(desk, clock):
    """Rule P7: a change is kept for good, so neither the customer nor the words of the case stand in it."""
    clock.advance(timedelta(days=400))
    case_id = await desk.case(title="孩子生日没收到")
    asked = await desk.ask(case_id, await desk.service_offer())
    async with desk.begin() as tx:
        change = await approvals.find_change(tx, asked.change_id)
        number = (await care.get_case(tx, desk.clerk, case_id)).row.number
    told = f"{change.title} {change.diff}"
    assert number in told
    assert not [word for word in ("D000001", "柳", "孩子生日", make.PHONE) if word in told]

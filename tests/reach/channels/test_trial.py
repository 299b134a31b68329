"""Trying a message on a colleague's phone: the words that go out, only to phones the bank allows, so many a day."""

from datetime import timedelta

import pytest

from huoke.govern import audit, tenants
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reach import channels
from huoke.reach.channels import NewTrialPhone, Plan, TrialPhoneUnfit, TrialPhoneUnknown, TrialsSpent
from huoke.reach.channels.trial import TRIALS_PER_DAY

PLAN = Plan(
    source_kind="campaign",
    source_id=new_id(),
    name="秋日咖啡季",
    texts={"zh": "{name}您好，{benefit}：{link}", "en": "Hello {name}, {benefit}: {link}"},
    link="/e/AB",
    variables={"benefit": "拿铁券"},
)


@pytest.fixture
async def phone_id(desk):
    async with desk.database.begin(desk.tenant) as tx:
        made = await channels.add_trial_phones(tx, NewTrialPhone(name="王小明", phone="138 0013 8000"))
    yield made
    async with desk.database.begin(desk.tenant) as tx:
        await channels.drop_trial_phone(tx, made)
        await tx.execute("UPDATE channels.trial SET sent_at = sent_at - interval '9 days'")


async def try_out(desk, phone_id, language="zh"):
    return await channels.try_out(desk.database, desk.tenant, SYSTEM, PLAN, phone_id, language, "王小明")


async def test_a_colleague_reads_what_a_customer_would(desk, phone_id):
    found = await try_out(desk, phone_id)
    assert (found.state, found.phone) == ("accepted", "138****8000")
    [booked] = desk.gateway.books.values()
    assert booked.phone == "13800138000"
    assert booked.text == "【滨海银行】王小明您好，拿铁券：/e/AB 拒收请回复R" == found.text
    english = await try_out(desk, phone_id, "en")
    assert english.text == "【滨海银行】Hello 王小明, 拿铁券: /e/AB Reply R to opt out"
    assert english.left == found.left - 1


async def test_the_letter_counts_the_parts_of_the_whole_message(desk):
    seen = []
    for many in (51, 52):
        plan = Plan(source_kind="campaign", source_id=new_id(), name="长", texts={"zh": "{name}您好，" + "一" * many})
        async with desk.database.begin(desk.tenant) as tx:
            found = await channels.letter(tx, plan, "王小明")
        [written] = found.written
        seen.append((written.characters, written.parts))
    assert seen == [(70, 1), (71, 2)]
    assert found.price_fen_per_thousand == 3_500


async def test_the_number_is_masked_sealed_and_in_no_trail(desk, phone_id):
    await try_out(desk, phone_id)
    async with desk.database.begin(desk.tenant) as tx:
        [shown] = await channels.trial_phones(tx)
        sealed = await tx.fetch_value("SELECT phone FROM channels.trial_phone WHERE id = $1", phone_id)
        rows = await audit.find(tx, audit.AuditFilter(subject_kind="trial_message"))
    assert shown.phone == "138****8000"
    assert b"13800138000" not in sealed
    assert {"channels.allow_trial_phone", "channels.try_message"} <= {row.action for row in rows}
    assert not [row for row in rows if "13800138000" in str(row.after)]


async def test_a_number_that_is_not_allowed_gets_nothing(desk, phone_id):
    with pytest.raises(TrialPhoneUnknown):
        await try_out(desk, new_id())
    assert desk.gateway.books == {}


@pytest.mark.parametrize("wrong", [{"phone": "12345"}, {"phone": "02161234567"}, {"name": " "}])
async def test_what_is_no_colleagues_phone_is_refused(desk, wrong):
    async with desk.database.begin(desk.tenant) as tx:
        with pytest.raises(TrialPhoneUnfit):
            await channels.add_trial_phones(tx, NewTrialPhone(**{"name": "王", "phone": "13800138000", **wrong}))
        assert await channels.trial_phones(tx) == []


async def test_the_days_trials_are_limited_and_tomorrow_there_are_more(desk, phone_id, clock):
    async with desk.database.begin(desk.tenant) as tx:
        await tenants.set_setting(tx, TRIALS_PER_DAY.key, 2, "只试两次")
    assert [(await try_out(desk, phone_id)).left for _ in range(2)] == [1, 0]
    with pytest.raises(TrialsSpent):
        await try_out(desk, phone_id)
    assert len(desk.gateway.books) == 2
    clock.advance(timedelta(days=1))
    assert (await try_out(desk, phone_id)).left == 1


async def test_a_lost_answer_is_unknown_and_sends_nothing_again(desk, phone_id):
    desk.gateway.manners.busy = 1.0
    found = await try_out(desk, phone_id)
    assert (found.state, found.code) == ("failed", "not_taken")
    assert desk.gateway.books == {}

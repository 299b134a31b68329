"""Rules per channel: each way an invitation comes has its own switch, limits, days and benefits."""

from datetime import timedelta

import pytest

from huoke.govern import approvals
from huoke.kernel.ids import new_id
from huoke.reward import grants, referral
from huoke.reward.referral import Benefit, Channel, ChannelClosed, ChannelFull, ChannelRule
from tests.make import grants as make_grants
from tests.make import referral as make


def coffee(world, stock=10):
    return Benefit(sku_id=world.sku_id, budget_id=world.budget_id, stock=stock)


NOTHING = Benefit(sku_id=new_id(), budget_id=new_id(), stock=1)


async def codes(world, programme_id, seq):
    """The codes of somebody who invites, by channel."""
    await make.code(world, programme_id, seq)
    async with world.begin() as tx:
        return (await referral.own(tx, programme_id, seq)).codes


async def offers_of(world, seq):
    """The offers a customer holds a grant of."""
    async with world.begin() as tx:
        return sorted(str(item.offer_id) for item in await grants.wallet(tx, seq))


async def by_channel(world, programme_id):
    async with world.begin(world.operator) as tx:
        page = await referral.page(tx, world.operator, programme_id)
    return {one.channel: (one.accepted, one.rewarded, one.cost_fen) for one in page.channels}


async def test_an_invitation_counts_for_the_channel_it_came_by(world, clock, other_bank):
    programme_id = await make.live(world, name="渠道")
    inviter, *friends = world.seqs[:4]
    held = await codes(world, programme_id, inviter)
    assert len({held[channel] for channel in (Channel.CODE, Channel.LINK, Channel.POSTER)}) == 3
    await make.accept(world, *zip((held[Channel.CODE], held[Channel.LINK], held[Channel.POSTER]), friends, strict=True))
    [again] = await make.accept(world, (held[Channel.POSTER], friends[0]))
    assert again.exists, "whoever accepted by the code accepted this inviter, whatever they scan later"
    found = await by_channel(world, programme_id)
    assert {channel: accepted for channel, (accepted, _, _) in found.items()} == {
        Channel.CODE: 1, Channel.LINK: 1, Channel.POSTER: 1, Channel.STAFF: 0,
    }  # fmt: skip
    async with world.begin() as tx:
        assert await referral.is_known(tx, held[Channel.LINK])
    async with world.database.begin(other_bank) as tx:
        assert not await referral.is_known(tx, held[Channel.LINK])


async def test_a_closed_channel_and_an_old_invitation_are_refused_and_bind_nothing(world, clock):
    rules = {Channel.POSTER: ChannelRule(open=False), Channel.LINK: ChannelRule(days=2)}
    programme_id = await make.live(world, name="开关", channels=rules)
    inviter, one, two, three = world.seqs[4:8]
    await make.code(world, programme_id, inviter)
    async with world.begin() as tx:
        row = await tx.fetch(
            "SELECT c.channel, c.code FROM referral.code AS c JOIN referral.referrer AS r ON r.id = c.referrer_id"
            " WHERE r.programme_id = $1",
            programme_id,
        )
        shown = (await referral.own(tx, programme_id, inviter)).codes
    every = {one["channel"]: one["code"] for one in row}
    assert set(shown) == {Channel.CODE, Channel.LINK}, "what is closed is not offered"
    [closed] = await make.accept(world, (every["poster"], one))
    assert isinstance(closed, ChannelClosed)
    async with world.begin() as tx:
        assert (await referral.invitation(tx, every["poster"], one)).closed is not None
    [taken] = await make.accept(world, (every["link"], two))
    assert not taken.exists
    clock.advance(timedelta(days=2))
    old, good = await make.accept(world, (every["link"], three), (every["code"], one))
    assert isinstance(old, ChannelClosed)
    assert good.bond_id
    assert {channel: got[0] for channel, got in (await by_channel(world, programme_id)).items() if got[0]} == {
        Channel.CODE: 1, Channel.LINK: 1,
    }  # fmt: skip


async def test_one_inviter_brings_so_many_by_a_channel_and_more_by_another(world, clock):
    programme_id = await make.live(world, name="限量", channels={Channel.LINK: ChannelRule(person_limit=1)})
    inviter, *friends = world.seqs[8:12]
    held = await codes(world, programme_id, inviter)
    first, second = await make.accept(world, (held[Channel.LINK], friends[0]), (held[Channel.LINK], friends[1]))
    assert first.bond_id
    assert isinstance(second, ChannelFull)
    [late] = await make.accept(world, (held[Channel.LINK], friends[2]))
    assert isinstance(late, ChannelFull)
    [other] = await make.accept(world, (held[Channel.POSTER], friends[1]))
    assert other.bond_id
    assert sum(accepted for accepted, _, _ in (await by_channel(world, programme_id)).values()) == 2


async def test_a_channel_gives_its_own_benefit_instead_and_haste_is_its_own(world, clock):
    rules = {Channel.POSTER: ChannelRule(invitee=coffee(world), day_limit=1)}
    programme_id = await make.live(world, name="另给", hold_days=0, channels=rules)
    inviter, one, two, three = world.seqs[12:16]
    held = await codes(world, programme_id, inviter)
    async with world.begin() as tx:
        offers = (await referral.get(tx, programme_id)).offers
    own = referral.line_of((await _terms(world, programme_id)), Channel.POSTER, 1)
    assert set(offers) == {"0", "1", str(own)}
    for code, friend in ((held[Channel.LINK], one), (held[Channel.POSTER], two), (held[Channel.POSTER], three)):
        clock.advance(timedelta(minutes=1))
        await make.accept(world, (code, friend))
    clock.advance(timedelta(minutes=1))
    await make.pays(world, one, two, three)
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)
    assert await offers_of(world, one) == [str(offers["1"])]
    async with world.begin() as tx:
        verdicts = await tx.fetch(
            "SELECT invitee_seq, verdict, reasons FROM referral.bond WHERE programme_id = $1", programme_id
        )
    told = {row["invitee_seq"]: (row["verdict"], row["reasons"]) for row in verdicts}
    assert told[one] == ("allow", [])
    assert told[two] == ("delay", ["velocity"]), "the link's invitation before it counts, the poster's limit holds"
    assert told[three] == ("block", ["burst"])
    clock.advance(timedelta(days=1))
    await make.advance(world)
    assert await offers_of(world, two) == [str(offers[str(own)])]
    assert await offers_of(world, inviter) == [str(offers["0"])] * 2
    found = await by_channel(world, programme_id)
    assert found[Channel.POSTER][1:] == (1, 2 * 1_980)
    async with world.begin() as tx:
        await make_grants.assert_sound(tx)


async def _terms(world, programme_id):
    async with world.begin() as tx:
        return (await referral.get(tx, programme_id)).terms


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        (
            {Channel.STAFF: ChannelRule(inviter=Benefit(sku_id=None, budget_id=None, stock=1))},
            "/channels/staff/inviter",
        ),
        ({Channel.LINK: ChannelRule(days=366)}, "/channels/link/days"),
        (dict.fromkeys(Channel, ChannelRule(open=False)), "/channels"),
    ],
)
async def test_rules_that_cannot_be_are_refused_by_their_field(world, rules, pointer):
    async with world.begin(world.operator) as tx:
        before = await tx.fetch_value("SELECT count(*) FROM referral.programme")
        with pytest.raises(referral.ProgrammeUnfit) as refused:
            await referral.propose(tx, world.operator, make.terms(world, channels=rules))
        assert refused.value.pointer == pointer
        assert await tx.fetch_value("SELECT count(*) FROM referral.programme") == before


async def test_the_second_person_reads_every_rule(world):
    rules = {Channel.LINK: ChannelRule(days=7, person_limit=5), Channel.STAFF: ChannelRule(open=False)}
    async with world.begin(world.operator) as tx:
        programme_id = await referral.propose(tx, world.operator, make.terms(world, name="核对", channels=rules))
        change = await approvals.find_change(tx, (await referral.get(tx, programme_id)).change_id)
    told = {field.path: field.after for field in change.diff if field.path.startswith("channels/")}
    assert told == {
        "channels/link/open": "是", "channels/link/days": 7, "channels/link/person_limit": 5,
        "channels/staff/open": "否",
    }  # fmt: skip


async def test_an_inviter_gets_no_more_by_two_channels_than_one_person_gets(world, clock):
    """Each channel's own benefit is an offer of its own; the programme's limit counts them together."""
    rules = {Channel.POSTER: ChannelRule(inviter=coffee(world))}
    programme_id = await make.live(world, name="合计", hold_days=0, person_limit=1, channels=rules)
    inviter, one, two = world.seqs[20:23]
    held = await codes(world, programme_id, inviter)
    for code, friend in ((held[Channel.LINK], one), (held[Channel.POSTER], two)):
        await make.accept(world, (code, friend))
    clock.advance(timedelta(minutes=2))
    await make.pays(world, one, two)
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)
    assert [len(await offers_of(world, seq)) for seq in (inviter, one, two)] == [1, 1, 1]
    async with world.begin() as tx:
        refusals = await tx.fetch(
            "SELECT l.refusal FROM referral.line l JOIN referral.bond b ON b.id = l.bond_id"
            " WHERE b.programme_id = $1 AND l.seq = $2 AND l.grant_id IS NULL",
            programme_id,
            inviter,
        )
        assert [row["refusal"] for row in refusals] == ["grants.limit_reached"]
        await make_grants.assert_sound(tx)

"""Whom no campaign is for: lists that are always left out, and who deleted the tag they were chosen by (rule P4)."""

from datetime import timedelta

import pytest

from huoke.govern import approvals
from huoke.govern.audit.model import ReasonMissing
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, exclusions, membership, segments, tags
from huoke.know.exclusions import ExclusionOver, ExclusionUnfit, Kind, NewExclusion, State
from huoke.know.language import day_of
from huoke.know.segments import NewSegment, NewUpload
from huoke.reach import campaigns, channels
from tests.make import campaigns as make
from tests.make import tags as make_tags


@pytest.fixture
async def leave(world):
    """Makes lists that are left out, and drops them at the end."""

    async def leave(seqs, **more):
        async with world.begin(world.operator) as tx:
            rows = await tx.fetch(
                "SELECT customer_no FROM customers.customer WHERE seq = ANY($1::int[])", [int(seq) for seq in seqs]
            )
            numbers = [row["customer_no"] for row in rows]
            upload_id = await segments.upload(tx, NewUpload(name="名单", customer_nos=numbers))
            fields = {"name": "投诉未结", "kind": Kind.COMPLAINT, "reason": "投诉处理期间不做营销", **more}
            return await exclusions.add(tx, world.analytics, NewExclusion(upload_id=upload_id, **fields))

    yield leave
    async with world.begin() as tx:
        await tx.execute("DELETE FROM exclusions.exclusion")


async def frozen(world):
    async with world.begin(world.operator) as tx:
        audience_id = await segments.freeze_now(tx, world.analytics, world.segment_id)
        return await segments.audience(tx, audience_id), set(await segments.audience_members(tx, audience_id))


async def test_every_audience_leaves_them_out_and_says_how_many_by_which_list(world, leave):
    first = await leave(world.seqs[:3])
    second = await leave(world.seqs[2:4], name="法务", kind=Kind.LEGAL, reason="诉讼保全客户名单")
    audience, members = await frozen(world)
    assert members == set(world.seqs[4:])
    assert audience.size == 56
    assert [(one.id, one.name, one.count, one.alone) for one in audience.left_out] == [
        (first, "投诉未结", 3, 3), (second, "法务", 2, 1)
    ]  # fmt: skip
    async with world.begin() as tx:
        assert (await segments.get(tx, world.segment_id)).size == 60, "the segment itself counts them"


async def test_a_list_counts_to_its_last_day(world, leave, clock):
    until = day_of(clock.now()) + timedelta(days=1)
    await leave(world.seqs[:5], until_on=until)
    clock.advance(timedelta(days=1))
    assert (await frozen(world))[0].size == 55
    clock.advance(timedelta(days=1))
    assert (await frozen(world))[0].size == 60
    with pytest.raises(ExclusionUnfit):
        await leave(world.seqs[:1], until_on=until)


async def test_lifting_takes_two_people(world, leave):
    exclusion_id = await leave(world.seqs[:2])
    async with world.begin(world.operator) as tx:
        with pytest.raises(ReasonMissing):
            await exclusions.ask_to_lift(tx, exclusion_id, " ")
        change_id = await exclusions.ask_to_lift(tx, exclusion_id, "投诉已办结，客户满意")
        with pytest.raises(ExclusionOver):
            await exclusions.ask_to_lift(tx, exclusion_id, "再来一次看看")
        change = await approvals.find_change(tx, change_id)
    with pytest.raises(approvals.OwnChange):
        async with world.begin(world.operator) as tx:
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    assert (await frozen(world))[0].size == 58, "it counts until another person agreed"
    async with world.begin(world.approver) as tx:
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
        assert (await exclusions.get(tx, exclusion_id)).state is State.LIFTED
    assert (await frozen(world))[0].size == 60


async def test_lifting_that_is_refused_leaves_the_list_as_it_was(world, leave):
    exclusion_id = await leave(world.seqs[:2])
    async with world.begin(world.operator) as tx:
        change_id = await exclusions.ask_to_lift(tx, exclusion_id, "投诉已办结，客户满意")
        change = await approvals.find_change(tx, change_id)
    async with world.begin(world.approver) as tx:
        await approvals.decide(tx, change_id, approvals.Verdict.REJECT, "投诉还没有办结", change.diff_hash)
        found = await exclusions.get(tx, exclusion_id)
    assert (found.state, found.change_id, found.members) == (State.IN_FORCE, None, 2)


async def test_a_segment_that_is_left_out_is_followed_and_cannot_be_left_alone(world, leave):
    young = {"kind": "attr", "name": "age", "op": "<", "value": 18}
    async with world.begin(world.operator) as tx:
        segment_id = await segments.save(tx, NewSegment(name="未成年", expression={"kind": "not", "of": young}))
        new = NewExclusion(name="未成年", kind=Kind.OTHER, reason="不向未成年人营销", segment_id=segment_id)
        await exclusions.add(tx, world.analytics, new)
        with pytest.raises(membership.Needed):
            await membership.unfollow(tx, segment_id)
        assert {use.kind for use in await segments.uses_of(tx, segment_id)} == {"exclusion"}
    assert (await frozen(world))[0].size == 0


async def test_a_list_made_after_the_freeze_holds_at_the_run(world, leave, clock):
    campaign_id = await make.create(world)
    change_id = await make.submit(world, campaign_id)
    await make.approve(world, change_id)
    await leave(world.seqs[:4])
    progress = await make.run(world, campaign_id)
    assert (progress.audience, progress.withheld, progress.granted) == (60, 4, 55)


async def test_the_check_of_a_campaign_names_the_lists(world, leave, clock):
    await leave(world.seqs[:4])
    campaign_id = await make.create(world)
    async with world.begin(world.operator) as tx:
        before = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
    change_id = await make.submit(world, campaign_id)
    async with world.begin(world.approver) as tx:
        shown = await approvals.get(tx, world.approver, change_id)
    assert before.waterfall.audience == 56
    for checks in (before.checks, shown.checks):
        [line] = [one for one in checks if one.data.get("code") == "excluded"]
        assert [(one["name"], one["count"]) for one in line.data["lists"]] == [("投诉未结", 4)]


async def _by_tag(world, clickhouse):
    """A segment of those whom the tag `grown` names, which they may delete."""
    grown = make_tags.rule("grown", make.ADULTS, wording="成年客户", wording_en="Grown up")
    async with world.begin() as tx:
        await make_tags.count(tx, grown)
    await make_tags.refresh(world.database, clickhouse, world.tenant)
    rule = {"kind": "tag", "name": "grown", "value": ["yes"]}
    async with world.begin(world.operator) as tx:
        return await segments.save(tx, NewSegment(name="按标签", expression=rule))


async def test_who_deletes_a_tag_is_out_of_audiences_frozen_before(world, clickhouse, clock):
    segment_id = await _by_tag(world, clickhouse)
    kept = await make.live(world, segment_id=segment_id)
    campaign_id = await make.live(world, segment_id=segment_id)
    clock.advance(timedelta(minutes=5))
    async with world.begin() as tx:
        for seq in world.seqs[:3]:
            await tags.hide(tx, seq, "grown")
        await tags.restore(tx, world.seqs[2], "grown")
        frozen_at = await tx.fetch_value("SELECT audience_id FROM campaigns.campaign WHERE id = $1", campaign_id)
        assert set(await segments.hid_since(tx, frozen_at)) == set(world.seqs[:2])
    progress = await make.run(world, campaign_id)
    assert (progress.total, progress.withheld, progress.granted) == (60, 2, 57)
    async with world.begin() as tx:
        await tx.execute("UPDATE tags.hidden SET hidden_at = hidden_at - interval '1 day'")
    progress = await make.run(world, kept)
    assert progress.withheld == 0, "the negative control: who deleted it before the freeze was judged by the freeze"
    async with world.begin() as tx:
        await tx.execute("DELETE FROM tags.hidden")


async def test_a_tag_behind_a_derived_one_counts_as_well(world, clickhouse, clock):
    await _by_tag_derived(world)
    async with world.begin() as tx:
        since = tx.now
        await tags.hide(tx, world.seqs[5], "root")
        assert set(await tags.hidden_since(tx, ["twig"], since)) == {world.seqs[5]}
        assert set(await tags.hidden_since(tx, ["twig"], since + timedelta(seconds=1))) == set()


async def _by_tag_derived(world):
    leaf = {"kind": "tag", "name": "root", "value": ["yes"]}
    async with world.begin() as tx:
        await make_tags.count(tx, make_tags.rule("root", make.ADULTS, wording="根", wording_en="Root"))
        await make_tags.count(tx, make_tags.rule("twig", leaf, kind=tags.Kind.DERIVED))


async def test_reaching_a_segment_costs_what_is_left_of_it_times_the_price(world, leave):
    await leave(world.seqs[:4])
    gone = CustomerSet.of(world.tenant, world.seqs[3:6])

    async def say(verdict):
        async with world.begin() as tx:
            await consent.record(
                tx, [consent.Statement(purpose=consent.MARKETING, verdict=verdict, members=gone, text_version="1")]
            )

    await say(consent.Verdict.WITHDRAWN)
    try:
        async with world.begin(world.operator) as tx:
            await tx.execute("UPDATE customers.customer SET phone_enc = 'x'::bytea WHERE seq <> $1", world.seqs[10])
            found = await channels.reach_cost(tx, world.operator, world.analytics, world.segment_id, parts=2)
            raise Undone
    except Undone:
        pass
    finally:
        await say(consent.Verdict.GIVEN)
    assert (found.customers, found.no_consent, found.excluded) == (60, 3, 3), "who is on two counts at the first"
    assert (found.no_phone, found.reachable, found.estimated) == (1, 53, False)
    assert (found.price_fen_per_thousand, found.cost_fen) == (None, None), "no gateway, no price"


class Undone(Exception):
    """The transaction is not kept."""

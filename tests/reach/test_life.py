"""The life of a campaign: pilot and releases, alarms, changes by approval, one key to halt, templates, calendar."""

from datetime import timedelta

import pytest

from huoke.govern import approvals, audit
from huoke.know import entry_points, segments
from huoke.know.entry_points import Picture
from huoke.reach import campaigns
from huoke.reach.campaigns import (
    AmendmentUnfit,
    CampaignState,
    EntryPlan,
    Halt,
    HaltVerb,
    MessageChannel,
    MessagePlan,
    MessageTexts,
    NameMismatch,
    NewAmendment,
    NewTemplate,
    Pilot,
    ReleasePlan,
    ReleaseUnfit,
    UseTemplate,
)
from huoke.reward import grants, ledger
from tests.make import campaigns as make

STEPS = [ReleasePlan(percent=30), ReleasePlan(percent=60, after_hours=24), ReleasePlan(percent=100)]


async def get(world, campaign_id):
    async with world.begin() as tx:
        return await campaigns.get(tx, world.operator, campaign_id)


async def open_next(world, campaign_id):
    async with world.begin(world.operator) as tx:
        return await campaigns.open_next(tx, world.operator, campaign_id, "第一步一切正常")


async def sound(world):
    async with world.begin() as tx:
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []


async def test_a_staged_release_reaches_everybody_once_and_step_by_step(world, clock):
    campaign_id = await make.live(world, releases=STEPS)
    releases = (await get(world, campaign_id)).releases
    sizes = [release.customers for release in releases]
    assert sum(sizes) == 60
    assert [release.opened_at is not None for release in releases] == [True, False, False]
    first = await make.run(world, campaign_id, rows_max=7)
    assert (first.done, first.finished_at) == (sizes[0], None)
    assert await make.run(world, campaign_id) == first
    assert await open_next(world, campaign_id) == 1
    assert (await make.run(world, campaign_id, rows_max=7)).done == sizes[0] + sizes[1]
    await open_next(world, campaign_id)
    last = await make.run(world, campaign_id, rows_max=7)
    assert (last.done, last.granted, last.limit_reached) == (60, 59, 1)
    assert last.finished_at is not None
    with pytest.raises(ReleaseUnfit):
        await open_next(world, campaign_id)
    await sound(world)


async def test_one_person_is_never_split_over_releases(world, clock):
    """The last two customers are one natural person; they come in one step."""
    campaign_id = await make.live(world, releases=[ReleasePlan(percent=p) for p in (10, 20, 40, 60, 80, 100)])
    async with world.begin() as tx:
        rows = await tx.fetch(
            "SELECT place, members FROM campaigns.reach_chunk WHERE campaign_id = $1 ORDER BY place", campaign_id
        )
    from pyroaring import BitMap

    places = [row["place"] for row in rows for seq in BitMap.deserialize(row["members"]) if seq in world.seqs[-2:]]
    assert len(places) == 2
    assert len(set(places)) == 1


async def test_a_pilot_comes_first_and_only_with_those_who_are_reached(world, clock):
    async with world.begin(world.operator) as tx:
        numbers = ["C000000", "C000001", "NOBODY"]
        upload_id = await segments.upload(tx, segments.NewUpload(name="试点", customer_nos=numbers))
    campaign_id = await make.live(world, pilot=Pilot(upload_id=upload_id, name="试点"), releases=STEPS)
    releases = (await get(world, campaign_id)).releases
    assert (releases[0].pilot, releases[0].customers) == (True, 2)
    assert sum(release.customers for release in releases) == 60
    progress = await make.run(world, campaign_id)
    assert (progress.done, progress.granted) == (2, 2)


async def test_a_timed_release_opens_when_its_hours_have_passed(world, clock):
    campaign_id = await make.live(world, releases=STEPS)
    await open_next_at(world, clock, campaign_id, hours=23, opened=1)
    await open_next_at(world, clock, campaign_id, hours=2, opened=2)
    await open_next_at(world, clock, campaign_id, hours=100, opened=2)


async def open_next_at(world, clock, campaign_id, *, hours, opened):
    from huoke.reach.campaigns import store_release

    clock.advance(timedelta(hours=hours))
    async with world.begin() as tx:
        due = [row["place"] for row in await store_release.due_releases(tx) if row["campaign_id"] == campaign_id]
    for place in due:
        async with world.begin() as tx:
            await campaigns.open_due(tx, campaign_id, place)
    releases = (await get(world, campaign_id)).releases
    assert sum(release.opened_at is not None for release in releases) == opened


async def test_an_alarm_holds_the_next_release_until_somebody_opens_it(world, clock):
    steps = [ReleasePlan(percent=60), ReleasePlan(percent=100, after_hours=0)]
    campaign_id = await make.live(world, releases=steps, stock=10, budget_fen=19_800)
    progress = await make.run(world, campaign_id)
    assert progress.granted == 10
    assert progress.sold_out > 0
    held = (await get(world, campaign_id)).releases[1]
    assert (held.held_for, held.opened_at) == ("sold_out", None)
    async with world.begin() as tx:
        await campaigns.open_due(tx, campaign_id, 1)
    assert (await get(world, campaign_id)).releases[1].opened_at is None
    await open_next(world, campaign_id)
    assert (await get(world, campaign_id)).releases[1].opened_at is not None


async def test_a_chunk_tells_only_those_who_got_something(world, clock):
    texts = MessageTexts(zh="{name}您好，{benefit}：{link}", en="Hello {name}, {benefit}: {link}")
    message = MessagePlan(channel=MessageChannel.SMS, texts=texts)
    campaign_id = await make.live(world, stock=7, budget_fen=7 * 1_980, message=message)
    await make.run(world, campaign_id, rows_max=5)
    async with world.begin() as tx:
        rows = await tx.fetch(
            "SELECT payload, members FROM kernel.event WHERE name = 'campaigns.chunk_reached' ORDER BY xid, ordinal"
        )
    mine = [row for row in rows if row["payload"]["campaign_id"] == str(campaign_id)]
    assert [row["payload"]["count"] for row in mine] == [5, 2]
    assert {row["payload"]["channel"] for row in mine} == {"sms"}


async def test_a_live_campaign_is_extended_and_topped_up_by_approval_alone(world, clock):
    campaign_id = await make.live(world, stock=10, budget_fen=19_800)
    assert (await make.run(world, campaign_id)).sold_out == 50
    before = await get(world, campaign_id)
    later = before.draft.closes_at + timedelta(days=5)
    new = NewAmendment(closes_at=later, add_stock=90, add_budget_fen=90 * 1_980, reason="领取超出预期")
    async with world.begin(world.operator) as tx:
        change_id = await campaigns.amend(tx, world.operator, campaign_id, new)
        shown = {f.path: (f.before, f.after) for f in (await approvals.find_change(tx, change_id)).diff}
    assert shown["stock"] == (10, 100)
    assert (await get(world, campaign_id)).draft == before.draft
    await make.approve(world, change_id)
    after = await get(world, campaign_id)
    assert (after.draft.stock, after.draft.budget_fen, after.draft.closes_at) == (100, 100 * 1_980, later)
    progress = await make.run(world, campaign_id)
    assert (progress.granted, progress.exists, progress.sold_out) == (49, 10, 0)
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "campaign", campaign_id)
        assert offer.closes_at == later
        assert await grants.extend_reserved(tx, offer.id) == 10
        assert await grants.extend_reserved(tx, offer.id) == 0
    await sound(world)


@pytest.mark.parametrize("change", [{}, {"add_stock": -1}, {"closes_at": "earlier"}])
async def test_a_change_to_the_customers_disadvantage_is_refused(world, clock, change):
    campaign_id = await make.live(world)
    before = await get(world, campaign_id)
    if change.get("closes_at"):
        change = {"closes_at": before.draft.closes_at - timedelta(days=1)}
    async with world.begin(world.operator) as tx:
        with pytest.raises(AmendmentUnfit):
            await campaigns.amend(tx, world.operator, campaign_id, NewAmendment(reason="想改一改", **change))
    assert await get(world, campaign_id) == before


async def test_one_key_halts_what_runs_in_a_unit_and_needs_its_name(world, clock):
    running = await make.live(world)
    async with world.begin() as tx:
        head = next(unit for unit in await units_of(tx) if unit.id == world.units.head)

    async def halt(name, verb=HaltVerb.PAUSE):
        wanted = Halt(verb=verb, unit_id=world.units.head, reason="供应商出了问题", name=name)
        return await campaigns.halt(world.database, world.operator, wanted)

    with pytest.raises(NameMismatch):
        await halt("别的机构")
    assert (await get(world, running)).state is CampaignState.RUNNING
    found = {each.id: each.state for each in await halt(head.name)}
    assert found[running] is CampaignState.PAUSED
    assert {each.id for each in await halt(head.name)} & {running} == set()
    stopped = {each.id: each.state for each in await halt(head.name, HaltVerb.STOP)}
    assert stopped[running] is CampaignState.STOPPED
    async with world.begin() as tx:
        rows = await audit.find(tx, audit.AuditFilter(subject_id=str(world.units.head), subject_kind="unit"))
    assert {"campaigns.pause_all", "campaigns.stop_all"} <= {row.action for row in rows}
    await sound(world)


async def units_of(tx):
    from huoke.govern.people import units

    return await units.tree(tx)


async def test_a_copy_and_a_template_keep_the_words_and_forget_the_time(world, clock):
    campaign_id = await make.live(world)
    async with world.begin(world.operator) as tx:
        copied = await campaigns.copy(tx, world.operator, campaign_id, UseTemplate())
        kept = await campaigns.keep_template(
            tx, world.operator, NewTemplate(campaign_id=campaign_id, name="咖啡模板", summary="一杯")
        )
        drafted = await campaigns.use_template(tx, world.operator, str(kept), UseTemplate(name="再来一杯"))
    for made, name in ((copied, "秋日咖啡季 副本"), (drafted, "再来一杯")):
        found = await get(world, made)
        assert (found.state, found.draft.name, found.draft.opens_at) == (CampaignState.DRAFT, name, None)
        assert found.draft.page_texts == make.TEXTS
    assert (await get(world, drafted)).draft.budget_id is None
    async with world.begin(world.operator) as tx:
        shown = await campaigns.templates(tx, world.operator)
        assert [template.own for template in shown].count(False) == 6
        await campaigns.drop_template(tx, world.operator, kept)
        with pytest.raises(campaigns.TemplateUnknown):
            await campaigns.use_template(tx, world.operator, str(kept), UseTemplate())


async def test_a_template_of_the_house_says_which_facts_are_missing(world, clock):
    async with world.begin(world.operator) as tx:
        shown = {template.id: template for template in await campaigns.templates(tx, world.operator)}
        made = await campaigns.use_template(tx, world.operator, "dormant_card", UseTemplate())
    assert shown["dormant_card"].missing == ["has_card", "logins_30d"]
    assert (await get(world, made)).draft.segment_id is None


async def test_every_way_in_has_its_own_code_and_pictures(world, clock):
    campaign_id = await make.live(world, entry_points=[EntryPlan(name="城东海报"), EntryPlan(name="App 首页")])
    async with world.begin(world.operator) as tx:
        await campaigns.open_entries(tx, world.operator, campaign_id, [EntryPlan(name="网点展架")])
        found = await campaigns.entries(tx, world.operator, campaign_id)
        assert [entry.name for entry in found][1:] == ["城东海报", "App 首页", "网点展架"]
        assert len({entry.code for entry in found}) == 4
        drawn = [
            await campaigns.picture(
                tx, world.operator, campaign_id, found[1].id, kind, "https://bank.example", english=False
            )
            for kind in (Picture.QR_PNG, Picture.QR_SVG, Picture.POSTER_SVG)
        ]
        assert drawn[0].startswith(b"\x89PNG")
        assert b"<svg" in drawn[1]
        assert make.TEXTS.zh.title in drawn[2].decode()
        await campaigns.close_entry(tx, world.operator, campaign_id, found[1].id)
        with pytest.raises(entry_points.EntryPointUnknown):
            await entry_points.resolve(tx, found[1].code)


async def test_the_calendar_shows_what_meets_the_days_and_who_is_reached_twice(world, clock):
    one, other = [await make.live(world) for _ in range(2)]
    begin = world.database.clock.now() - timedelta(days=1)
    async with world.begin() as tx:
        found = await campaigns.calendar(tx, world.operator, begin, begin + timedelta(days=5), None)
        later = await campaigns.calendar(
            tx, world.operator, begin + timedelta(days=60), begin + timedelta(days=65), None
        )
    assert {one, other} <= {row.id for row in found.rows}
    shared = [m.customers for m in found.meetings if {m.one, m.other} == {one, other}]
    assert shared == [60]
    assert not {one, other} & {row.id for row in later.rows}


async def test_the_checks_say_whom_another_live_campaign_reaches_too(world, clock):
    await make.live(world)
    draft = await make.create(world)
    async with world.begin(world.operator) as tx:
        found = await campaigns.preview(tx, world.operator, world.analytics, draft)
    assert found.overlaps
    assert found.overlaps[0].customers == 60
    assert "OVERLAP" in {check.rule for check in found.checks}

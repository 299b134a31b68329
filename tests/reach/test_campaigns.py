"""A campaign from draft to its end, on real engines: every number exact, and after a refusal nothing moved."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from huoke.govern import approvals, audit
from huoke.kernel.principal import OutOfScope
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, entry_points
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignChange, CampaignState, DraftUnfit, Share, VersionMoved, WrongState
from huoke.reward import grants, ledger
from tests.make import campaigns as make


async def get(world, campaign_id):
    async with world.begin() as tx:
        return await campaigns.get(tx, world.operator, campaign_id)


async def report(world, campaign_id):
    async with world.begin() as tx:
        return await campaigns.report(tx, world.operator, campaign_id)


async def available(world):
    async with world.begin() as tx:
        [budget] = await ledger.get_budgets(tx, [world.budget_id])
        return budget.available_fen


async def sound(world):
    async with world.begin() as tx:
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []


async def test_a_push_campaign_grants_each_person_once_and_sets_money_and_stock_aside(world, clock):
    before = await available(world)
    campaign_id = await make.live(world)
    assert (await get(world, campaign_id)).state is CampaignState.RUNNING
    progress = await make.run(world, campaign_id, rows_max=7)
    assert (progress.audience, progress.total, progress.done) == (60, 60, 60)
    assert (progress.granted, progress.limit_reached) == (59, 1)
    assert progress.finished_at is not None
    found = await report(world, campaign_id)
    assert (found.granted, found.claimed, found.redeemed) == (59, 0, 0)
    assert (found.stock, found.stock_reserved, found.stock_available) == (1_000, 59, 941)
    assert (found.limit_fen, found.reserved_fen) == (1_980_000, 59 * 1_980)
    assert before - await available(world) == 1_980_000
    await sound(world)


async def test_running_again_grants_nothing(world, clock):
    campaign_id = await make.live(world)
    first = await make.run(world, campaign_id)
    assert await make.run(world, campaign_id) == first
    assert (await report(world, campaign_id)).granted == 59


@pytest.mark.parametrize("committed", [0, 1, 5])
async def test_a_run_killed_between_or_within_chunks_ends_with_the_same_totals(world, clock, committed):
    """Some chunks commit, the next one dies after its grants are written and before they are committed."""
    campaign_id = await make.live(world)
    for _ in range(committed):
        async with world.begin() as tx:
            assert await campaigns.run_chunk(tx, campaign_id, rows_max=8)

    class Killed(Exception):
        pass

    with pytest.raises(Killed):
        async with world.begin() as tx:
            await campaigns.run_chunk(tx, campaign_id, rows_max=8)
            raise Killed
    assert (await report(world, campaign_id)).progress.done == 8 * committed
    progress = await make.run(world, campaign_id, rows_max=8)
    assert (progress.done, progress.granted, progress.limit_reached) == (60, 59, 1)
    assert (await report(world, campaign_id)).granted == 59
    await sound(world)


async def test_a_backend_that_dies_within_a_chunk_loses_and_doubles_nothing(world, clock):
    campaign_id = await make.live(world)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError, Outage)):
        async with world.begin() as tx:
            await campaigns.run_chunk(tx, campaign_id, rows_max=8)
            await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    progress = await make.run(world, campaign_id, rows_max=8)
    assert (progress.done, progress.granted, progress.exists) == (60, 59, 0)
    await sound(world)


async def test_two_runs_at_once_take_turns(world, clock):
    campaign_id = await make.live(world)
    one, two = await asyncio.gather(*(make.run(world, campaign_id, rows_max=5) for _ in range(2)))
    assert one.granted == two.granted == 59
    assert (await report(world, campaign_id)).granted == 59
    await sound(world)


async def test_without_the_cursor_in_the_same_transaction_the_totals_would_differ(world, clock):
    """The negative control: grants that committed without their cursor are met again, and counted as known before."""
    campaign_id = await make.live(world)
    async with world.begin() as tx:
        await campaigns.run_chunk(tx, campaign_id, rows_max=8)
        await tx.execute(
            "UPDATE campaigns.run SET next_seq = 0, chunks = 0, done = 0, granted = 0 WHERE campaign_id = $1",
            campaign_id,
        )
    progress = await make.run(world, campaign_id, rows_max=8)
    assert progress.exists == 8
    assert progress.granted == 51


async def test_who_withdraws_after_approval_is_withheld(world, clock):
    campaign_id = await make.live(world)
    gone = CustomerSet.of(world.tenant, world.seqs[:2])

    async def say(verdict):
        async with world.begin() as tx:
            statement = consent.Statement(
                purpose="marketing", verdict=verdict, members=gone, basis=consent.Basis.CONSENT, text_version="1"
            )
            await consent.record(tx, [statement])

    await say(consent.Verdict.WITHDRAWN)
    try:
        progress = await make.run(world, campaign_id)
        assert (progress.withheld, progress.granted) == (2, 57)
    finally:
        await say(consent.Verdict.GIVEN)


async def test_branch_shares_pay_for_their_own_customers(world, clock):
    units = world.units
    shares = [Share(unit_id=units.south, amount_fen=1_980 * 5, stock=5)]
    campaign_id = await make.live(world, stock=100, budget_fen=1_980 * 100, shares=shares)
    progress = await make.run(world, campaign_id)
    assert (progress.granted, progress.sold_out, progress.limit_reached) == (45, 14, 1)
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "campaign", campaign_id)
        by_unit = {(row.unit_id, row.state): row.count for row in await grants.progress(tx, [offer.id])}
    assert by_unit[units.south, grants.State.RESERVED] == 5
    await sound(world)


async def test_paused_nothing_moves_and_resumed_it_goes_on(world, clock):
    campaign_id = await make.live(world)
    async with world.begin() as tx:
        await campaigns.run_chunk(tx, campaign_id, rows_max=10)
    async with world.begin(world.operator) as tx:
        await campaigns.pause(tx, world.operator, campaign_id, "等待供应商补货")
    progress = await make.run(world, campaign_id)
    assert progress.done == 10
    [answer] = await make.claim(world, campaign_id, world.seqs[0])
    assert isinstance(answer, grants.Paused)
    async with world.begin(world.operator) as tx:
        await campaigns.resume(tx, world.operator, campaign_id, "货已补齐")
    assert (await make.run(world, campaign_id)).granted == 59


async def test_stop_ends_claims_and_gives_everything_back_that_nobody_claimed(world, clock):
    before = await available(world)
    campaign_id = await make.live(world)
    async with world.begin() as tx:
        await campaigns.run_chunk(tx, campaign_id, rows_max=10)
    [claimed] = await make.claim(world, campaign_id, world.seqs[0])
    async with world.begin(world.operator) as tx:
        await campaigns.stop(tx, world.operator, campaign_id, "供应商停止服务")
    found = await report(world, campaign_id)
    assert (found.available_fen, found.reserved_fen) == (0, 10 * 1_980)
    assert await available(world) == before - 10 * 1_980
    [refused] = await make.claim(world, campaign_id, world.seqs[1])
    assert isinstance(refused, grants.Ended)
    assert (await make.run(world, campaign_id)).done == 10
    for expected in (False, True):
        async with world.begin() as tx:
            assert await campaigns.wind_up(tx, campaign_id) is expected
    found = await report(world, campaign_id)
    assert (found.revoked, found.reserved_fen, found.available_fen) == (9, 1_980, 0)
    assert await available(world) == before - 1_980
    [redeemed] = await make.redeem(world, claimed.grant_id)
    assert isinstance(redeemed, grants.Redeemed), "what is claimed stays good"
    await sound(world)


async def test_a_campaign_opens_and_ends_with_its_window(world, clock):
    now = clock.now()
    campaign_id = await make.live(world, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    assert (await get(world, campaign_id)).state is CampaignState.APPROVED
    with pytest.raises(campaigns.WindowClosed):
        async with world.begin() as tx:
            await campaigns.start(tx, campaign_id)
    clock.set(now + timedelta(hours=1))
    async with world.begin() as tx:
        await campaigns.start(tx, campaign_id)
    await make.run(world, campaign_id)
    [claimed] = await make.claim(world, campaign_id, world.seqs[0])
    assert claimed.state is grants.State.FULFILLED
    with pytest.raises(campaigns.WindowClosed):
        async with world.begin() as tx:
            await campaigns.end(tx, campaign_id)
    clock.set(now + timedelta(hours=2))
    async with world.begin() as tx:
        await campaigns.end(tx, campaign_id)
    [late] = await make.claim(world, campaign_id, world.seqs[1])
    assert isinstance(late, grants.Ended)
    done = False
    while not done:
        async with world.begin() as tx:
            done = await campaigns.wind_up(tx, campaign_id)
    found = await report(world, campaign_id)
    assert (found.state, found.expired, found.claimed, found.available_fen) == (CampaignState.ENDED, 58, 1, 0)
    await sound(world)


async def test_the_schedule_opens_and_ends_by_the_clock(world, clock):
    from huoke.kernel.jobs import Sweep
    from huoke.reach.campaigns import jobs

    now = clock.now()
    campaign_id = await make.live(world, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    sweep = Sweep(database=world.database, tenant=world.tenant, parts={})
    states = []
    for hours in (0, 1, 2):
        clock.set(now + timedelta(hours=hours))
        await jobs.windows.run(sweep)
        states.append((await get(world, campaign_id)).state)
    assert states == [CampaignState.APPROVED, CampaignState.RUNNING, CampaignState.ENDED]
    await jobs.wind_up.run(sweep)
    await jobs.leftovers.run(sweep)
    assert (await report(world, campaign_id)).available_fen == 0


async def test_an_approved_campaign_has_a_link_and_a_line_in_the_trail_for_every_step(world, clock):
    campaign_id = await make.live(world)
    found = await get(world, campaign_id)
    async with world.begin() as tx:
        point = await entry_points.resolve(tx, found.entry_code)
        rows = await audit.find(tx, audit.AuditFilter(subject_id=str(campaign_id)))
    assert point.target_id == campaign_id
    actions = {row.action for row in rows}
    assert actions == {"campaigns.create", "campaigns.submit", "campaigns.approve", "campaigns.start"}
    assert found.can == [
        "pause",
        "stop",
        "release",
        "amend",
        "open_entries",
        "copy",
        "keep_template",
        "board",
        "report",
    ]


async def test_a_changed_price_makes_an_approval_stale(world, clock):
    """What is applied is compared with what both people saw, hash against hash."""
    from huoke.reward import catalogue
    from tests.make import catalogue as make_catalogue

    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id)
    campaign_id = await make.create(world, sku_id=sku_id)
    change_id = await make.submit(world, campaign_id)
    async with world.begin() as tx:
        terms = make_catalogue.voucher_terms(world.supplier_id, cost_fen=2_500)
        await catalogue.change_sku(tx, catalogue.SkuChange(id=sku_id, terms=terms))
        await catalogue.publish(tx, sku_id)
    with pytest.raises(approvals.Stale):
        await make.approve(world, change_id)
    found = await get(world, campaign_id)
    assert (found.state, found.offer_id, found.budget_id) == (CampaignState.SUBMITTED, None, None)


async def test_a_returned_campaign_is_a_draft_again(world, clock):
    campaign_id = await make.create(world)
    change_id = await make.submit(world, campaign_id)
    async with world.begin(world.reviewer) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.RETURN, "请补充规则", change.diff_hash)
    found = await get(world, campaign_id)
    assert (found.state, found.reason) == (CampaignState.DRAFT, "returned")
    await make.approve(world, await make.submit(world, campaign_id))
    assert (await get(world, campaign_id)).state is CampaignState.RUNNING


async def test_the_maker_does_not_approve(world, clock):
    change_id = await make.submit(world, await make.create(world))
    with pytest.raises(approvals.OwnChange):
        async with world.begin(world.operator) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)


async def test_a_diff_is_grouped_and_simulated_with_the_exact_waterfall(world, clock):
    change_id = await make.submit(world, await make.create(world))
    async with world.begin(world.approver) as tx:
        change = await approvals.get(tx, world.approver, change_id)
    assert [group.key for group in change.groups] == ["money", "audience", "copy"]
    effects = {row.key: row.after for row in change.simulation.rows}
    assert effects == {
        "audience": 60,
        "no_consent": 0,
        "suppressed": 0,
        "control": 0,
        "reachable": 60,
        "persons": 59,
        "stock": 1_000,
        "most_fen": 1_980_000,
    }
    assert {check.rule for check in change.checks} >= {"M1", "S2", "E1", "B1", "R1", "BUDGET", "STOCK", "WINDOW"}


async def test_two_who_edit_at_once_do_not_overwrite_each_other(world, clock):
    campaign_id = await make.create(world)
    body = make.draft(world, name="改名一")
    fields = {name: getattr(body, name) for name in campaigns.Draft.__struct_fields__}
    async with world.begin(world.operator) as tx:
        assert (
            await campaigns.change(tx, world.operator, campaign_id, CampaignChange(**fields, expected_version=1)) == 2
        )
    with pytest.raises(VersionMoved):
        async with world.begin(world.operator) as tx:
            late = CampaignChange(**{**fields, "name": "改名二"}, expected_version=1)
            await campaigns.change(tx, world.operator, campaign_id, late)
    assert (await get(world, campaign_id)).draft.name == "改名一"


async def test_a_submitted_campaign_is_not_edited(world, clock):
    campaign_id = await make.create(world)
    await make.submit(world, campaign_id)
    body = make.draft(world)
    fields = {name: getattr(body, name) for name in campaigns.Draft.__struct_fields__}
    with pytest.raises(WrongState):
        async with world.begin(world.operator) as tx:
            await campaigns.change(tx, world.operator, campaign_id, CampaignChange(**fields, expected_version=1))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"stock": -1}, "/stock"),
        ({"stock": 2**63 - 1}, "/stock"),
        ({"budget_fen": -5}, "/budget_fen"),
        ({"person_limit": 0}, "/person_limit"),
        ({"control_percent": 51}, "/control_percent"),
        ({"shares": [Share(unit_id=2, amount_fen=10**12, stock=0)]}, "/shares"),
        ({"shares": [Share(unit_id=999, amount_fen=1, stock=1)]}, "/shares/0/unit_id"),
        ({"shares": [Share(unit_id=2, amount_fen=1, stock=1)] * 2}, "/shares/1/unit_id"),
    ],
)
async def test_a_value_no_draft_may_hold_is_named_by_its_field(world, clock, changes, pointer):
    with pytest.raises(DraftUnfit) as refused:
        await make.create(world, **changes)
    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"segment_id": None}, "/segment_id"),
        ({"sku_id": None}, "/sku_id"),
        ({"budget_id": None}, "/budget_id"),
        ({"stock": 0}, "/stock"),
        ({"closes_at": None}, "/closes_at"),
        ({"page_texts": campaigns.PageTexts()}, "/page_texts/zh/title"),
    ],
)
async def test_what_a_draft_lacks_is_named_when_it_is_submitted(world, clock, changes, pointer):
    campaign_id = await make.create(world, **changes)
    assert pointer in [problem.pointer for problem in (await get(world, campaign_id)).problems]
    with pytest.raises(DraftUnfit) as refused:
        await make.submit(world, campaign_id)
    assert refused.value.pointer == pointer
    assert (await get(world, campaign_id)).state is CampaignState.DRAFT


async def test_a_budget_that_has_less_fails_its_check(world, clock):
    campaign_id = await make.create(world, budget_fen=10**12)
    with pytest.raises(approvals.CheckFailed) as refused:
        await make.submit(world, campaign_id)
    assert refused.value.data["rules"] == ["BUDGET"]
    assert (await get(world, campaign_id)).change_id is None


async def test_a_branch_sees_and_makes_its_own_campaigns_only(world, clock):
    branch = world.branch_operator
    ours = await make.create(world, branch)
    theirs = await make.create(world)
    async with world.begin(branch) as tx:
        assert (await campaigns.get(tx, branch, ours)).unit_id == world.units.north
        with pytest.raises(campaigns.CampaignUnknown):
            await campaigns.get(tx, branch, theirs)
        assert {row.id for row in await campaigns.find(tx, branch)} == {ours}
        with pytest.raises(OutOfScope):
            await campaigns.create(tx, branch, make.draft(world, unit_id=world.units.south))


async def test_a_branch_campaign_reaches_its_own_customers_only(world, clock):
    campaign_id = await make.create(world, world.branch_operator)
    async with world.begin() as tx:
        found = await campaigns.preview(tx, world.branch_operator, world.analytics, campaign_id)
    assert found.waterfall.reachable == 40
    await make.approve(world, await make.submit(world, campaign_id, world.branch_operator))
    assert (await make.run(world, campaign_id)).granted == 40
    await sound(world)


async def test_another_bank_has_never_heard_of_it(world, other_bank, clock):
    campaign_id = await make.create(world)
    async with world.database.begin(other_bank) as tx:
        assert await campaigns.names(tx, [campaign_id]) == {}
        with pytest.raises(campaigns.CampaignUnknown):
            await campaigns.start(tx, campaign_id)


async def test_a_public_offer_is_open_to_everybody_once(world, clock):
    campaign_id = await make.live(world, published=True, stock=3, budget_fen=1_980 * 3)
    answers = await make.claim(world, campaign_id, *world.seqs[:3], world.seqs[0], world.seqs[4])
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == ["Claimed", "Claimed", "Claimed", "LimitReached", "SoldOut"]
    await sound(world)

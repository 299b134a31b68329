"""Referral: accepted once, the act seen, held, judged, both rewarded; no circle, no self, nothing twice."""

from datetime import timedelta
from uuid import UUID

import pytest

from huoke.govern import approvals, identity
from huoke.govern.people import Role
from huoke.kernel.principal import OutOfScope
from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, relations
from huoke.know.customers import NotEligible
from huoke.know.relations.model import Kind
from huoke.reward import grants, ledger, referral
from huoke.reward.referral import Circle, InvitedBefore, LadderStep, NewCase, SelfInvited, Verb
from tests.make import grants as make_grants
from tests.make import people as make_people
from tests.make import referral as make


@pytest.fixture(scope="module")
async def programme_id(world):
    return await make.live(world)


async def coffees(world, seq):
    async with world.begin() as tx:
        return [item.state.value for item in await grants.wallet(tx, seq)]


async def reasons(world, bond_id):
    async with world.begin() as tx:
        return await tx.fetch_value("SELECT reasons FROM referral.bond WHERE id = $1", bond_id)


async def sound(world):
    async with world.begin() as tx:
        await make_grants.assert_sound(tx)


async def test_both_are_rewarded_for_what_the_invitee_did(world, clock, programme_id):
    inviter, invitee = world.seqs[0], world.seqs[1]
    bond_id = await make.invited(world, programme_id, inviter, invitee)
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    assert await make.states(world, [bond_id]) == ["bound"]
    assert await coffees(world, inviter) == []
    await make.pays(world, invitee)
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    assert await make.states(world, [bond_id]) == ["qualified"]
    assert await coffees(world, invitee) == []
    clock.advance(timedelta(days=3))
    await make.advance(world)
    assert await make.states(world, [bond_id]) == ["rewarded"]
    assert await coffees(world, inviter) == await coffees(world, invitee) == ["fulfilled"]
    clock.advance(timedelta(days=3))
    assert await make.advance(world) == 0
    assert await coffees(world, inviter) == ["fulfilled"]
    async with world.begin(world.operator) as tx:
        page = await referral.page(tx, world.operator, programme_id)
        tree = await referral.tree(tx, world.operator, programme_id)
        own = await referral.own(tx, programme_id, inviter)
    figures = page.row.figures
    assert (figures.accepted, figures.rewarded, figures.cost_fen) == (1, 1, 2 * 1_980)
    assert [(node.by, node.brought, node.rewarded) for node in tree.people] == [(None, 1, 1), (0, 0, 0)]
    assert [friend.state for friend in own.friends] == ["rewarded"]
    await sound(world)


async def test_what_was_done_before_the_invitation_does_not_count(world, clock, programme_id):
    inviter, invitee = world.seqs[2], world.seqs[3]
    await make.pays(world, invitee)
    clock.advance(timedelta(hours=1))
    bond_id = await make.invited(world, programme_id, inviter, invitee)
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    assert (await make.states(world, [bond_id]), await reasons(world, bond_id)) == (["lapsed"], ["not_new"])
    assert await coffees(world, inviter) == await coffees(world, invitee) == []


async def test_an_invitation_lapses_when_nothing_is_done_in_time(world, clock, programme_id):
    bond_id = await make.invited(world, programme_id, world.seqs[4], world.seqs[5])
    clock.advance(timedelta(days=30, hours=1))
    await make.pays(world, world.seqs[5])
    await make.advance(world)
    assert (await make.states(world, [bond_id]), await reasons(world, bond_id)) == (["lapsed"], ["too_late"])


async def test_nobody_invites_themselves_twice_or_in_a_circle(world, clock):
    """The last two customers are one natural person (rule R1)."""
    programme_id = await make.live(world, name="循环")
    a, b, c = world.seqs[6:9]
    one, same = world.seqs[-2:]
    code_a, code_b, code_c = [await make.code(world, programme_id, seq) for seq in (a, b, c)]
    code_one = await make.code(world, programme_id, one)
    answers = await make.accept(
        world, (code_a, b), (code_b, c), (code_c, a), (code_c, b), (code_a, a), (code_one, same)
    )
    assert [type(answer).__name__ for answer in answers] == [
        "Bound", "Bound", "Circle", "InvitedBefore", "SelfInvited", "SelfInvited",
    ]  # fmt: skip
    [again] = await make.accept(world, (code_a, b))
    assert (again.bond_id, again.exists) == (answers[0].bond_id, True)
    for pair, refusal in [((code_c, a), Circle), ((code_c, b), InvitedBefore), ((code_one, same), SelfInvited)]:
        [answer] = await make.accept(world, pair)
        assert isinstance(answer, refusal)
    async with world.begin() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM referral.bond WHERE programme_id = $1", programme_id) == 2


async def test_a_double_tap_binds_once(world, clock, programme_id):
    code = await make.code(world, programme_id, world.seqs[10])
    first, second = await make.accept(world, (code, world.seqs[11]), (code, world.seqs[11]))
    assert (second.bond_id, second.exists) == (first.bond_id, True)


async def test_an_invitation_is_an_edge_of_the_graph(world, clock, programme_id):
    await make.invited(world, programme_id, world.seqs[12], world.seqs[13])
    async with world.begin() as tx:
        around = await relations.around(tx, world.seqs[12], relations.LookPurpose.MARKETING)
    assert {(link.kind) for link in around.links} == {Kind.REFERRAL}


async def test_a_shared_device_holds_twice_and_a_crowded_one_blocks(world, clock):
    programme_id = await make.live(world, name="设备")
    inviter, friend, crowd, third = world.seqs[14:18]
    await share(world, "pad", inviter, friend)
    await share(world, "farm", inviter, crowd, third)
    shared = await make.invited(world, programme_id, inviter, friend)
    crowded = await make.invited(world, programme_id, inviter, crowd)
    clock.advance(timedelta(minutes=2))
    await make.pays(world, friend, crowd)
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    assert await make.states(world, [shared, crowded]) == ["qualified", "blocked"]
    assert await reasons(world, shared) == ["shared_device"]
    assert await reasons(world, crowded) == ["crowded_device"]
    clock.advance(timedelta(days=4))
    await make.advance(world)
    assert await make.states(world, [shared, crowded]) == ["qualified", "blocked"]
    clock.advance(timedelta(days=3))
    await make.advance(world)
    assert await make.states(world, [shared, crowded]) == ["rewarded", "blocked"]
    change_id = await ask(world, crowded, Verb.RELEASE, "家庭平板，已电话核实")
    with pytest.raises(approvals.OwnChange):
        async with world.begin(world.operator) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    assert await coffees(world, crowd) == []
    await make.decide(world, change_id)
    await make.advance(world)
    assert await make.states(world, [crowded]) == ["rewarded"]
    assert await coffees(world, crowd) == ["fulfilled"]


async def test_a_release_that_was_refused_pays_nothing_and_may_be_asked_again(world, clock):
    programme_id = await make.live(world, name="拒绝")
    inviter, one, other, third = world.seqs[18:22]
    await share(world, "room", inviter, one, other, third)
    bond_id = await make.invited(world, programme_id, inviter, one)
    clock.advance(timedelta(minutes=2))
    await make.pays(world, one)
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    await make.decide(world, await ask(world, bond_id, Verb.RELEASE, "客户坚持要求"), approvals.Verdict.REJECT)
    await make.advance(world)
    assert await make.states(world, [bond_id]) == ["blocked"]
    first = await ask(world, bond_id, Verb.RELEASE, "补充了材料")
    with pytest.raises(referral.BondClosed):
        await ask(world, bond_id, Verb.RELEASE, "再问一次")
    assert first


async def test_who_is_suppressed_cannot_take_part_and_is_blocked_when_it_comes_later(world, clock, programme_id):
    inviter, invitee = world.seqs[22], world.seqs[23]
    bond_id = await make.invited(world, programme_id, inviter, invitee)
    clock.advance(timedelta(minutes=2))
    await make.pays(world, invitee)
    async with world.begin() as tx:
        members = CustomerSet.of(tx.tenant, [invitee], tx.now)
        reason, verdict = consent.SuppressionReason.COLLECTION, consent.Verdict.GIVEN
        await consent.suppress(tx, [consent.SuppressionStatement(reason=reason, verdict=verdict, members=members)])
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    assert (await make.states(world, [bond_id]), await reasons(world, bond_id)) == (["blocked"], ["suppressed"])
    [answer] = await make.accept(world, (await make.code(world, programme_id, world.seqs[24]), invitee))
    assert isinstance(answer, NotEligible)


async def test_haste_waits_and_a_burst_is_blocked(world, clock):
    programme_id = await make.live(world, name="速度", day_limit=1)
    code = await make.code(world, programme_id, world.seqs[25])
    bonds = []
    for seq in world.seqs[26:29]:
        clock.advance(timedelta(minutes=1))
        bonds += [answer.bond_id for answer in await make.accept(world, (code, seq))]
    clock.advance(timedelta(minutes=1))
    await make.pays(world, *world.seqs[26:29])
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    assert [await reasons(world, bond) for bond in bonds] == [[], ["velocity"], ["burst"]]
    assert await make.states(world, bonds) == ["qualified", "qualified", "blocked"]


async def test_a_claw_back_takes_unused_benefits_from_both(world, clock):
    programme_id = await make.live(world, name="追回", hold_days=0)
    inviter, invitee = world.seqs[30], world.seqs[31]
    bond_id = await make.invited(world, programme_id, inviter, invitee)
    clock.advance(timedelta(minutes=2))
    await make.pays(world, invitee)
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)
    assert await coffees(world, inviter) == ["fulfilled"]
    await make.decide(world, await ask(world, bond_id, Verb.CLAW_BACK, "支付已撤销"))
    assert await make.states(world, [bond_id]) == ["clawed_back"]
    assert await coffees(world, inviter) == await coffees(world, invitee) == ["revoked"]
    async with world.begin(world.operator) as tx:
        page = await referral.page(tx, world.operator, programme_id)
        steps = await referral.bond_steps(tx, world.operator, bond_id)
    assert (page.row.figures.cost_fen, page.row.figures.clawed_back) == (0, 1)
    assert [step.state for step in steps] == ["bound", "qualified", "rewarded", "clawed_back"]
    assert steps[-1].note == "支付已撤销"
    await sound(world)


async def test_the_ladder_gives_once_for_each_step(world, clock):
    step = LadderStep(invitees=2, benefit=make.terms(world).inviter)
    programme_id = await make.live(world, name="阶梯", hold_days=0, ladder=(step,))
    inviter, friends = world.seqs[32], world.seqs[33:36]
    code = await make.code(world, programme_id, inviter)
    for friend, has in zip(friends, (1, 3, 4), strict=True):
        await make.accept(world, (code, friend))
        clock.advance(timedelta(minutes=2))
        await make.pays(world, friend)
        for _ in range(2):
            clock.advance(timedelta(minutes=2))
            await make.advance(world)
        assert len(await coffees(world, inviter)) == has


async def test_an_inviter_gets_no_more_than_the_limit_and_the_invitee_still_does(world, clock):
    programme_id = await make.live(world, name="上限", hold_days=0, person_limit=1)
    inviter, one, two = world.seqs[36:39]
    code = await make.code(world, programme_id, inviter)
    await make.accept(world, (code, one), (code, two))
    clock.advance(timedelta(minutes=2))
    await make.pays(world, one, two)
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)
    assert [len(await coffees(world, seq)) for seq in (inviter, one, two)] == [1, 1, 1]


async def test_what_is_sold_out_waits_and_nothing_is_given_twice(world, clock):
    coffee = make.terms(world).inviter
    one_left = referral.Benefit(sku_id=coffee.sku_id, budget_id=coffee.budget_id, stock=1)
    programme_id = await make.live(world, name="库存", hold_days=0, inviter=one_left, invitee=coffee)
    inviters, friends = world.seqs[40:42], world.seqs[42:44]
    pairs = [(await make.code(world, programme_id, by), friend) for by, friend in zip(inviters, friends, strict=True)]
    bonds = [answer.bond_id for answer in await make.accept(world, *pairs)]
    clock.advance(timedelta(minutes=2))
    await make.pays(world, *friends)
    for _ in range(4):
        clock.advance(timedelta(hours=2))
        await make.advance(world)
    assert sorted(await make.states(world, bonds)) == ["qualified", "rewarded"]
    assert sorted([len(await coffees(world, seq)) for seq in (*inviters, *friends)]) == [0, 1, 1, 1]
    await sound(world)


async def test_a_paused_programme_waits_and_a_stopped_one_honours_what_was_accepted(world, clock):
    programme_id = await make.live(world, name="暂停", hold_days=0)
    inviter, one, two = world.seqs[44:47]
    code = await make.code(world, programme_id, inviter)
    [bound] = await make.accept(world, (code, one))
    async with world.begin(world.operator) as tx:
        with pytest.raises(Invalid):
            await referral.pause(tx, world.operator, programme_id, " ")
        await referral.pause(tx, world.operator, programme_id, "核对名单")
    clock.advance(timedelta(minutes=2))
    await make.pays(world, one)
    await make.advance(world)
    assert await make.states(world, [bound.bond_id]) == ["bound"]
    [answer] = await make.accept(world, (code, two))
    assert isinstance(answer, referral.Paused)
    async with world.begin(world.operator) as tx:
        await referral.stop(tx, world.operator, programme_id, "预算用于下一期")
        with pytest.raises(referral.ProgrammeClosed):
            await referral.resume(tx, world.operator, programme_id, "再开")
    [answer] = await make.accept(world, (code, two))
    assert isinstance(answer, referral.Ended)
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)
    assert await make.states(world, [bound.bond_id]) == ["rewarded"]


async def test_staff_invite_and_only_the_invitee_is_rewarded(world, clock, programme_id):
    invitee = world.seqs[48]
    async with world.begin(world.operator) as tx:
        code = await referral.staff_code(tx, programme_id, UUID(world.operator.actor.id), int(world.units.north))
        again = await referral.staff_code(tx, programme_id, UUID(world.operator.actor.id), int(world.units.north))
    assert code == again
    [bound] = await make.accept(world, (code, invitee))
    clock.advance(timedelta(minutes=2))
    await make.pays(world, invitee)
    clock.advance(timedelta(minutes=2))
    await make.advance(world)
    clock.advance(timedelta(days=4))
    await make.advance(world)
    assert await coffees(world, invitee) == ["fulfilled"]
    async with world.begin(world.operator) as tx:
        found = await referral.bonds(tx, world.operator, programme_id)
    [row] = [row for row in found if row.id == bound.bond_id]
    assert (row.inviter, row.staff != "", row.cost_fen) == (None, True, 1_980)


async def manager(world, unit_id):
    """A relationship manager as the session has them."""
    async with world.begin() as tx:
        return await identity.principal_of_staff(tx, await make_people.staff(tx, Role.RM, unit_id=unit_id))


async def staff_code(world, principal, programme_id):
    async with world.begin(principal) as tx:
        return await referral.own_staff_code(tx, principal, programme_id)


async def test_a_relationship_manager_has_an_own_code_under_the_programmes_unit_and_nobody_elses(world, programme_id):
    one, other = [await manager(world, unit_id) for unit_id in (world.units.harbour, world.units.south)]
    codes = [await staff_code(world, who, programme_id) for who in (one, other, one)]
    assert codes[0] == codes[2] != codes[1]
    async with world.begin() as tx:
        rows = await tx.fetch("SELECT code, staff_id, unit_id FROM referral.referrer WHERE code = ANY($1)", codes)
    assert {tuple(row) for row in rows} == {
        (codes[0], UUID(one.actor.id), world.units.harbour),
        (codes[1], UUID(other.actor.id), world.units.south),
    }


async def test_a_programme_of_another_branch_gives_no_code(world):
    programme_id = await make.live(world)
    async with world.begin() as tx:
        await tx.execute("UPDATE referral.programme SET unit_id = $2 WHERE id = $1", programme_id, world.units.north)
    assert await staff_code(world, await manager(world, world.units.harbour), programme_id)
    stranger = await manager(world, world.units.south)
    with pytest.raises(OutOfScope):
        await staff_code(world, stranger, programme_id)
    async with world.begin() as tx:
        assert not await tx.fetch("SELECT FROM referral.referrer WHERE staff_id = $1", UUID(stranger.actor.id))


async def ask(world, bond_id, verb, reason):
    async with world.begin(world.operator) as tx:
        return await referral.ask(tx, world.operator, NewCase(bond_id=bond_id, verb=verb, reason=reason))


async def share(world, device, *seqs):
    """A device that customers use."""
    from huoke.know.relations import store
    from huoke.know.relations.model import NewEdge

    async with world.begin() as tx:
        edges = [NewEdge(kind=Kind.DEVICE, seq=seq, hub=device, since=tx.now.date()) for seq in seqs]
        await store.put(tx, edges, "test", None)


async def aside(world, programme_id):
    """What a programme keeps aside: (money available in fen, units) of each line, and what its budget's parent has."""
    async with world.begin() as tx:
        programme = await referral.get(tx, programme_id)
        kept = {}
        for line, offer_id in programme.offers.items():
            terms = (await grants.unit_terms(tx, offer_id))[grants.EVERY_UNIT]
            [budget] = await ledger.get_budgets(tx, [terms.budget_id])
            [pool] = await grants.get_pools(tx, [terms.pool_id])
            kept[int(line)] = (budget.available_fen, pool.available)
        [parent] = await ledger.get_budgets(tx, [world.budget_id])
        return kept, parent.available_fen


async def test_what_a_stopped_programme_does_not_need_goes_back_to_its_budget(world, clock):
    coffee = make.terms(world).inviter
    async with world.begin() as tx:
        source = await grants.open_pool(
            tx, grants.NewPool(sku_id=coffee.sku_id, unit_id=int(world.units.north), name="咖啡", quantity=30)
        )
    side = referral.Benefit(sku_id=coffee.sku_id, budget_id=coffee.budget_id, stock=10, pool_id=source)
    before = (await aside(world, await make.live(world, name="前")))[1]
    programme_id = await make.live(world, name="余款", hold_days=0, inviter=side, invitee=side)
    kept, parent_fen = await aside(world, programme_id)
    assert (kept, before - parent_fen) == ({0: (19_800, 10), 1: (19_800, 10)}, 39_600)
    bond_id = await make.invited(world, programme_id, world.seqs[50], world.seqs[51])
    async with world.begin(world.operator) as tx:
        await referral.stop(tx, world.operator, programme_id, "预算用于下一期")
        [pool] = await grants.get_pools(tx, [source])
    kept, parent_fen = await aside(world, programme_id)
    assert (kept, before - parent_fen, pool.available) == ({0: (1_980, 1), 1: (1_980, 1)}, 3_960, 28)
    clock.advance(timedelta(minutes=2))
    await make.pays(world, world.seqs[51])
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)
    assert await make.states(world, [bond_id]) == ["rewarded"]
    async with world.begin() as tx:
        assert await referral.give_back_all(tx) == 0
    await sound(world)


async def test_what_an_invitation_that_lapsed_kept_goes_back_with_the_next_look(world, clock):
    programme_id = await make.live(world, name="到期余款")
    await make.invited(world, programme_id, world.seqs[52], world.seqs[53])
    clock.advance(timedelta(days=29, hours=23))
    async with world.begin() as tx:
        await referral.give_back_all(tx)
    assert (await aside(world, programme_id))[0] == {0: (99_000, 50), 1: (99_000, 50)}
    clock.advance(timedelta(hours=2))
    async with world.begin() as tx:
        await referral.give_back_all(tx)
    assert (await aside(world, programme_id))[0] == {0: (1_980, 50), 1: (1_980, 50)}
    await make.advance(world)
    async with world.begin() as tx:
        await referral.give_back_all(tx)
    assert (await aside(world, programme_id))[0] == {0: (0, 50), 1: (0, 50)}


async def test_totals_by_unit_and_staff_add_up_to_the_programme(world, clock):
    programme_id = await make.live(world, name="归属", hold_days=0)
    harbour, south = [await manager(world, unit_id) for unit_id in (world.units.harbour, world.units.south)]
    codes = [await staff_code(world, who, programme_id) for who in (harbour, south)]
    codes.append(await make.code(world, programme_id, world.seqs[54]))
    await make.accept(world, *zip(codes, world.seqs[55:58], strict=True))
    clock.advance(timedelta(minutes=2))
    await make.pays(world, *world.seqs[55:57])
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)
    async with world.begin(world.operator) as tx:
        lines = (await referral.attribution(tx, world.operator, programme_id)).lines
        figures = (await referral.page(tx, world.operator, programme_id)).row.figures
    top = lines[0]
    assert (top.under, top.referrers, top.accepted, top.rewarded, top.cost_fen) == (None, 3, 3, 2, 2 * 1_980)
    assert (figures.accepted, figures.rewarded, figures.cost_fen) == (top.accepted, top.rewarded, top.cost_fen)
    people = {(line.unit_id, line.rewarded) for line in lines if line.staff}
    assert people == {(int(world.units.harbour), 1), (int(world.units.south), 1)}
    for place, line in enumerate(lines):
        below = [one for one in lines if one.under == place]
        assert not below or line.accepted == sum(one.accepted for one in below)
    chief = await manager(world, world.units.north)
    async with world.begin() as tx:
        await tx.execute("UPDATE referral.programme SET unit_id = $2 WHERE id = $1", programme_id, world.units.north)
    async with world.begin(chief) as tx:
        scoped = (await referral.attribution(tx, chief, programme_id)).lines
    north = {line.unit_id for line in scoped if line.unit_id is not None}
    assert [line.elsewhere for line in scoped if line.under is None] == [False, True]
    assert sum(line.accepted for line in scoped if line.under is None) == 3
    assert north <= {int(world.units.north), int(world.units.harbour)}
    assert not any(line.staff for line in scoped if line.elsewhere)


async def test_one_level_is_paid_and_the_tree_says_what_each_ones_friends_paid(world, clock):
    """Who invited the inviter gets nothing for the invitee, and money paid before an invitation is nobody's."""
    programme_id = await make.live(world, name="一级", hold_days=0, fresh_days=0)
    first, second, third = world.seqs[76:79]
    await make.pays(world, second, third, amount_fen=99_900)
    for inviter, invitee, amount_fen in ((first, second, 12_800), (second, third, 6_400)):
        clock.advance(timedelta(minutes=2))
        await make.invited(world, programme_id, inviter, invitee)
        clock.advance(timedelta(minutes=2))
        await make.pays(world, invitee, amount_fen=amount_fen)
        await looked_at(world, clock)
    assert [len(await coffees(world, seq)) for seq in (first, second, third)] == [1, 2, 1]
    async with world.begin() as tx:
        given = await tx.fetch_value(
            "SELECT array_agg(l.seq ORDER BY l.seq) FROM referral.line AS l JOIN referral.bond AS b"
            " ON b.id = l.bond_id WHERE b.programme_id = $1 AND b.invitee_seq = $2",
            programme_id,
            third,
        )
    assert given == sorted([second, third])
    async with world.begin(world.operator) as tx:
        tree = await referral.tree(tx, world.operator, programme_id)
        lines = (await referral.attribution(tx, world.operator, programme_id)).lines
        page = await referral.page(tx, world.operator, programme_id)
    assert [(node.seq, node.by, node.value_fen) for node in tree.people] == [
        (first, None, 12_800), (second, 0, 6_400), (third, 1, 0),
    ]  # fmt: skip
    assert (lines[0].value_fen, page.row.figures.value_fen) == (19_200, 19_200)
    leaves = [line for place, line in enumerate(lines) if all(one.under != place for one in lines)]
    assert sum(line.value_fen for line in leaves) == 19_200


async def helped(world, **changes):
    """A programme of help: two friends within 48 hours bring who asked a coffee; each helper gets one too."""
    coffee = make.terms(world).inviter
    told = {"hold_days": 0, "fresh_days": 0, "act_days": 7, "help_hours": 48, "inviter": None, "invitee": coffee}
    told["ladder"] = (LadderStep(invitees=2, benefit=coffee),)
    return await make.live(world, **{"name": "好友助力", **told, **changes})


async def looked_at(world, clock):
    for _ in range(2):
        clock.advance(timedelta(minutes=2))
        await make.advance(world)


async def test_help_rewards_each_helper_for_the_act_and_who_asked_once_enough_did_it(world, clock):
    programme_id = await helped(world)
    asker, helpers = world.seqs[60], world.seqs[61:64]
    code = await make.code(world, programme_id, asker)
    first, second = await make.accept(world, *((code, one) for one in helpers[:2]))
    [late] = await make.accept(world, (code, helpers[2]))
    assert isinstance(late, referral.HelpFull)
    [again] = await make.accept(world, (code, helpers[0]))
    assert (again.bond_id, again.exists) == (first.bond_id, True)
    clock.advance(timedelta(minutes=2))
    await make.pays(world, helpers[0])
    await looked_at(world, clock)
    assert [await coffees(world, one) for one in (asker, *helpers)] == [[], ["fulfilled"], [], []]
    await make.pays(world, helpers[1])
    await looked_at(world, clock)
    assert [await coffees(world, one) for one in (asker, *helpers)] == [["fulfilled"], ["fulfilled"], ["fulfilled"], []]
    assert await make.states(world, [first.bond_id, second.bond_id]) == ["rewarded", "rewarded"]
    async with world.begin() as tx:
        own = await referral.own(tx, programme_id, asker)
    assert (own.rewarded, len(own.friends)) == (2, 2)
    await sound(world)


async def test_help_ends_when_its_time_is_over_and_helpers_keep_what_they_earned(world, clock):
    programme_id = await helped(world)
    asker, one, two, three = world.seqs[64:68]
    code = await make.code(world, programme_id, asker)
    bonds = [answer.bond_id for answer in await make.accept(world, (code, one), (code, two))]
    clock.advance(timedelta(hours=1))
    await make.pays(world, one)
    await looked_at(world, clock)
    clock.advance(timedelta(hours=48))
    await make.pays(world, two)
    await looked_at(world, clock)
    [late] = await make.accept(world, (code, three))
    assert isinstance(late, referral.HelpOver)
    assert await make.states(world, bonds) == ["rewarded", "lapsed"]
    assert [await coffees(world, seq) for seq in (asker, one, two)] == [[], ["fulfilled"], []]


async def test_nobody_helps_themselves_twice_or_those_who_helped_them(world, clock):
    """The last two customers are one natural person (rule R1)."""
    programme_id = await helped(world)
    one, same = world.seqs[-2:]
    asker, other = world.seqs[68:70]
    codes = {seq: await make.code(world, programme_id, seq) for seq in (one, asker, other)}
    answers = await make.accept(
        world, (codes[one], same), (codes[asker], other), (codes[other], asker), (codes[one], other)
    )
    assert [type(answer).__name__ for answer in answers] == ["SelfInvited", "Bound", "Circle", "InvitedBefore"]


async def test_a_helper_without_a_benefit_of_their_own_still_counts(world, clock):
    programme_id = await helped(world, invitee=None)
    asker, one, two = world.seqs[70:73]
    code = await make.code(world, programme_id, asker)
    await make.accept(world, (code, one), (code, two))
    clock.advance(timedelta(minutes=2))
    await make.pays(world, one, two)
    await looked_at(world, clock)
    assert [await coffees(world, seq) for seq in (asker, one, two)] == [["fulfilled"], [], []]


async def test_a_programme_of_help_has_a_goal_and_never_pays_the_asker_for_each_helper(world):
    for wrong, pointer in [({"ladder": ()}, "/ladder"), ({"inviter": make.terms(world).inviter}, "/inviter")]:
        with pytest.raises(referral.ProgrammeUnfit) as refused:
            await helped(world, **wrong)
        assert refused.value.pointer == pointer

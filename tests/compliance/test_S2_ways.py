"""Rule S2 at every way to new value: whoever is suppressed gets nothing new by it, and nothing moves.

The list of ways is read from the code: every call outside of the modules of money themselves that grants, credits,
exchanges, sells or takes off a price. A new one turns this red until it says which way it is, and each way is walked
twice: refused while suppressed, and given without the look (the planted bug).
"""

import ast
from collections import defaultdict
from pathlib import Path

import msgspec
import pytest

from huoke.govern import privacy
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM
from huoke.know import consent
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.reward import exchange, mall, plays, points, reductions, referral
from huoke.reward.exchange import NewPartner, incoming
from huoke.reward.plays import CodeOf, Lobby, Scan
from huoke.reward.referral import store_bond
from huoke.reward.referral.give import give as give_referral
from huoke.reward.tiers import Rhythm, TierBenefit
from huoke.reward.tiers import give as giving_tiers
from tests.make import campaigns as make
from tests.make import customers as make_customers
from tests.make import exchange as make_exchange
from tests.make import grants as make_grants
from tests.make import group_buy as make_group_buy
from tests.make import ledger as make_ledger
from tests.make import mall as make_mall
from tests.make import plays as make_plays
from tests.make import points as make_points
from tests.make import reductions as make_reductions
from tests.make import referral as make_referral
from tests.make import tiers as make_tiers

CODE = Path(__file__).parents[2] / "huoke"
GIVES = {
    "grants": {"claim", "claim_own", "claim_taken", "grant_members", "grant_bundle"},
    "ledger": {"credit", "credit_and_burn", "give", "swap", "hold"},
    "reductions": {"hold"},
    "payments": {"charge"},
}
"""Front doors through which somebody comes to something."""
KEPT = {
    "reward/grants/claim.py": "points a grant comes to",
    "reward/grants/move.py": "points a grant comes to",
    "reward/grants/http.py": "the campaign's own claim again: eligibility answers",
    "reward/mall/finish.py": "what was ordered, and paid, before",
    "reward/group_buy/settle.py": "a seat that was taken, and paid, before",
    "reward/points/earn.py": "points owed for what one does",
    "reward/points/adjust.py": "a correction of the books by two people",
    "reward/tills/sell.py": "one's own money in a store; what comes off it is asked of reductions",
    "settle/care/act.py": "the same benefit again for one that failed",
    "settle/care/compensate.py": "making good, also to whoever complains",
}
"""What somebody suppressed goes on to have: what they hold and what they are owed."""
OUTSIDE = frozenset({"app/demo"})


def giving():
    """Files that call one of those front doors, and which."""
    found = defaultdict(set)
    for path in CODE.rglob("*.py"):
        name = path.relative_to(CODE).as_posix()
        if any(name.startswith(one) for one in OUTSIDE):
            continue
        text = path.read_text()
        if not any(f"{door}." in text for door in GIVES):
            continue
        for node in ast.walk(ast.parse(text)):
            named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if named and node.attr in GIVES.get(node.value.id, ()):
                found[name].add(f"{node.value.id}.{node.attr}")
    return found


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=70, same_person=0)


@pytest.fixture(scope="module")
def fresh(world):
    """Customers nobody used before."""
    return iter(world.seqs)


def as_calls(tx, *values):
    return [Call(one, SYSTEM, tx.now) for one in values]


async def campaign_claim(world, seq, _fresh):
    campaign_id = await make.live(world, published=True)
    return lambda: make.claim(world, campaign_id, seq)


async def campaign_run(world, _seq, _fresh):
    campaign_id = await make.live(world)
    return lambda: make.run(world, campaign_id)


async def mall_order(world, seq, _fresh):
    await make_group_buy.rich(world, seq, points=5_000)
    shelf = await make_mall.on_shelf(world.database, world.tenant)
    return lambda: make_mall.order(shelf, make_mall.wish(shelf, seq))


async def mall_cart(world, seq, _fresh):
    await make_group_buy.rich(world, seq, points=5_000)
    shelf = await make_mall.on_shelf(world.database, world.tenant)
    line = mall.Line(shelf_item_id=shelf.item_id, quantity=1, expected_points=1_200)

    async def attempt():
        async with world.begin() as tx:
            [quoted] = (await mall.quote(tx, seq, [(shelf.item_id, 1)])).lines
            seen = await mall.offered(tx, seq, shelf.item_id)
            assert (quoted.refusal, seen.state) in {("", "on"), ("consent.not_available", "barred")}
            return await mall.place(tx, mall.Wish(request_no=new_id().hex, seq=seq, lines=[line]))

    return attempt


async def exchange_own(world, seq, _fresh):
    async with world.begin() as tx:
        await make_exchange.set_aside(tx, 10_000)
        await make_ledger.points(tx, seq, 1_000)
        card_id = await make_exchange.open_card(tx)

    async def attempt():
        async with world.begin() as tx:
            seen = next(one.why for one in await exchange.offers_for(tx, seq) if one.id == card_id)
            [answer] = await exchange.exchange(tx, make_exchange.calls(tx, make_exchange.wish(card_id, seq, 300)))
            assert (seen == "barred") is isinstance(answer, consent.NotAvailable)
            return answer

    return attempt


async def exchange_in(world, seq, _fresh):
    partner = f"sky{seq}"
    async with world.begin() as tx:
        name = {"name": "云程", "name_en": "Skyway", "unit_name": "里程", "unit_name_en": "Miles"}
        new = NewPartner(code=partner, unit=f"MILES{seq}", address="https://sky.example", key_id="huoke", **name)
        await make_exchange.connect(tx, new)
        await exchange.link_member(tx, seq, partner, f"SKY{seq:06d}")
        back = {"direction": "in", "source": f"MILES{seq}", "target": "POINTS", "bearer": "partner", "fee_rate": 0}
        await make_exchange.open_card(tx, partner=partner, takes=1, gives=2, **back)
        await make_exchange.set_aside(tx, 10_000, "POINTS", partner)

    async def attempt():
        async with world.begin() as tx:
            asked = incoming.AskedIn(exchange_no=new_id().hex, member_no=f"SKY{seq:06d}", units=300)
            said = await incoming.give(tx, partner, asked)
            assert said.reason_code in {"", "not_available"}
            return said

    return attempt


async def tier_benefit(world, seq, _fresh):
    async with world.begin() as tx:
        pool_id = await make_grants.pool(tx, 100, sku_id=world.sku_id, unit_id=world.units.head)
    benefit = TierBenefit(sku_id=world.sku_id, budget_id=world.budget_id, pool_id=pool_id, rhythm=Rhythm.REACHED)
    basic, silver, gold = make_tiers.scheme().tiers
    wanted = make_tiers.scheme(tiers=(basic, msgspec.structs.replace(silver, benefits=(benefit,)), gold))
    await make_tiers.in_force(world.database, world.tenant, wanted)

    async def attempt():
        async with world.begin() as tx:
            await giving_tiers.give_reached(tx, "silver", [seq])

    return attempt


async def reduction(world, seq, _fresh):
    async with world.begin() as tx:
        [grant_id] = (await make_reductions.give(tx, await make_reductions.sku(tx), [seq]))[seq]

    async def attempt():
        async with world.begin() as tx:
            [fit] = [one for one in await reductions.find_fitting(tx, seq, 2_000, None) if one.grant_id == grant_id]
            assert fit.refusal in {"", "consent.not_available"}
            wanted = reductions.Hold(payment_id=new_id(), grant_id=grant_id, seq=seq, price_fen=2_000)
            return await reductions.hold(tx, [wanted])

    return attempt


async def group_seat(world, seq, _fresh):
    await make_group_buy.rich(world, seq)
    programme_id = await make_group_buy.live(world)
    return lambda: make_group_buy.take(world, programme_id, (seq, ""))


async def play_draw(world, seq, _fresh):
    play_id = await make_plays.live(
        world, [await make_plays.prize(world, 1_000_000, fallback=1), make_plays.nothing(0)]
    )
    return lambda: make_plays.draw(world, play_id, seq)


async def play_deed(world, seq, _fresh):
    play_id = await make_plays.calendar(world)
    return lambda: make_plays.do(world, play_id, seq)


async def play_visit(world, seq, _fresh):
    prize = await make_plays.prize(world, 1_000_000, fallback=1)
    lobby = {"lobby": Lobby(chances=2, by=CodeOf.BRANCH), "daily_chances": 0}
    await make_plays.live(world, [prize, make_plays.nothing(0)], **lobby)

    async def attempt():
        async with world.begin() as tx:
            text = plays.code_now(await privacy.keys(tx), world.units.north, None, tx.now)[0]
            return await plays.scan(tx, as_calls(tx, Scan(seq=seq, code=text)))

    return attempt


async def points_gift(world, seq, fresh):
    phone = f"138{new_id().int % 10**8:08d}"
    row = {"customer_no": f"GIFT{next(fresh)}", "unit_code": "N1", "name": "张三", "phone": phone}
    await make_customers.import_rows(world.database, world.tenant, [row], {})
    async with world.begin() as tx:
        if "BEANS" not in {one.code for one in await points.types(tx)}:
            await make_points.kind(tx, "BEANS", transferable=True)
        await make_ledger.points(tx, seq, 300, currency="BEANS")

    async def attempt():
        async with world.begin() as tx:
            asked = points.AskedGift(
                request_no=new_id().hex, giver=seq, phone=phone, type="BEANS", points=100
            )  # fmt: skip
            return await points.give(tx, [asked])

    return attempt


async def referral_reward(world, seq, fresh):
    """The block was released by two people; the side on the list gets nothing all the same."""
    programme_id = await make_referral.live(world, name=f"邀请{seq}", inviter=None)
    bond_id = await make_referral.invited(world, programme_id, next(fresh), seq)

    async def attempt():
        async with world.begin() as tx:
            bond = await store_bond.bond(tx, bond_id)
            programme = await referral.get(tx, programme_id)
            return list((await give_referral(tx, {programme_id: programme}, [bond])).values())

    return attempt


async def referral_bond(world, seq, fresh):
    programme_id = await make_referral.live(world, name=f"接受{seq}")
    code = await make_referral.code(world, programme_id, next(fresh))
    return lambda: make_referral.accept(world, (code, seq))


WAYS = {
    "app/h5/http.py": campaign_claim,
    "reach/campaigns/run.py": campaign_run,
    "reward/mall/sell.py": mall_order,
    "reward/mall/place.py": mall_cart,
    "reward/exchange/trading.py": exchange_own,
    "reward/exchange/incoming.py": exchange_in,
    "reward/tiers/give.py": tier_benefit,
    "reward/payments/charge.py": reduction,
    "reward/group_buy/seat.py": group_seat,
    "reward/plays/draw.py": play_draw,
    "reward/plays/chances.py": play_draw,
    "reward/plays/doing.py": play_deed,
    "reward/plays/visiting.py": play_visit,
    "reward/points/gift.py": points_gift,
    "reward/referral/give.py": referral_reward,
    "reward/referral/bind.py": referral_bond,
}
"""Each way and how a customer walks it; binding an invitation moves nothing yet, and is looked at too."""
REFUSALS = {
    "consent.not_available",
    "customers.not_eligible",
    "points.gift_closed",
}
"""What a customer is told: that it is not for them now, never why."""


def test_every_way_to_new_value_is_named():
    found = set(giving())
    assert found - {*WAYS, *KEPT} == set(), "look at rule S2 there, and walk it here"
    assert {*WAYS, *KEPT} - found == {"reward/referral/bind.py"}


async def test_no_refusal_says_why(world):
    text = str(consent.NotAvailable().detail).lower()
    assert not any(reason.value in text for reason in SuppressionReason)


async def lists(world, seq, verdict, reason=SuppressionReason.AML):
    async with world.begin() as tx:
        members = CustomerSet.of(world.tenant, [seq])
        await consent.suppress(tx, [SuppressionStatement(reason=reason, verdict=verdict, members=members)])


COUNTED = (
    'SELECT count(*) FROM grants."grant" WHERE seq = $1',
    "SELECT count(*) FROM mall.purchase WHERE seq = $1",
    "SELECT count(*) FROM exchange.trade WHERE seq = $1",
    "SELECT count(*) FROM reductions.use WHERE seq = $1",
    "SELECT count(*) FROM group_buy.seat WHERE seq = $1",
    "SELECT count(*) FROM plays.deed WHERE seq = $1",
    "SELECT count(*) FROM plays.opening o JOIN plays.visit v ON v.id = o.visit_id WHERE v.seq = $1",
    "SELECT count(*) FROM referral.bond WHERE invitee_seq = $1",
    "SELECT coalesce(sum(balance + 1000000 * held), 0)::bigint FROM ledger.account WHERE owner_key = $1::int::text",
)


async def holds(world, seq):
    """All that a customer has, counted."""
    async with world.begin() as tx:
        return [await tx.fetch_value(sql, seq) for sql in COUNTED]


def codes(answer):
    """The refusals in an answer, by their codes."""
    return {one.code for one in (answer if isinstance(answer, list) else [answer]) if isinstance(one, Refusal)}


async def walked(attempt):
    try:
        return codes(await attempt())
    except Refusal as refusal:
        return {refusal.code}


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_nothing_new_goes_this_way_to_whoever_is_suppressed(world, fresh, clock, monkeypatch, way):
    seq, other = next(fresh), next(fresh)
    attempt = await WAYS[way](world, seq, fresh)
    await lists(world, seq, Verdict.GIVEN)
    before = await holds(world, seq)
    assert await walked(attempt) <= REFUSALS
    assert await holds(world, seq) == before
    attempt = await WAYS[way](world, other, fresh)
    await lists(world, other, Verdict.GIVEN)
    before = await holds(world, other)

    async def nobody(tx, *_):
        return CustomerSet.empty(tx.tenant, tx.now)

    monkeypatch.setattr(consent, "barred", nobody)
    monkeypatch.setattr(consent, "suppressed", nobody)
    assert await walked(attempt) == set()
    assert await holds(world, other) != before, "without the look it would be given: the walk can fail"


async def test_a_list_lifted_or_of_another_bank_bars_nobody_and_staff_shop_as_anybody(world, fresh, clock, other_bank):
    seq = next(fresh)
    attempt = await mall_order(world, seq, fresh)
    async with world.database.begin(other_bank) as tx:
        listed = SuppressionStatement(
            reason=SuppressionReason.COURT, verdict=Verdict.GIVEN, members=CustomerSet.of(other_bank, [seq])
        )  # fmt: skip
        await consent.suppress(tx, [listed])
    await lists(world, seq, Verdict.GIVEN)
    assert await walked(attempt) == {"consent.not_available"}
    await lists(world, seq, Verdict.WITHDRAWN)
    await lists(world, seq, Verdict.GIVEN, SuppressionReason.STAFF)
    assert await walked(attempt) == set()


async def test_what_is_held_and_owed_stays_whoevers_it_is(world, fresh, clock):
    """Paid before: delivered, redeemed and given back; points for what one does are earned."""
    seq = next(fresh)
    await make_group_buy.rich(world, seq, points=5_000)
    shelf = await make_mall.on_shelf(world.database, world.tenant)
    used, unused = await make_mall.order(shelf, make_mall.wish(shelf, seq), make_mall.wish(shelf, seq))
    await lists(world, seq, Verdict.GIVEN)
    [redeemed] = await make.redeem(world, used.grant_id)
    assert not isinstance(redeemed, Refusal)
    async with world.begin() as tx:
        await mall.give_back(tx, unused.order_id, [seq], "不需要了")
        rule_id = await make_points.rule(tx, type="POINTS")
        assert rule_id is not None
        assert await mall.points_of(tx, seq, "POINTS") == 5_000 - 1_200

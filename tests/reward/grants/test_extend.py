"""A later end for what waits to be claimed, collected, used or looked at; for nothing else."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest

from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.reward import grants
from huoke.reward.grants import Fixed, Handover, Longer, Mode, OfferState, PhoneDelivery, State, Terms
from tests.make import card_codes as make_codes
from tests.make import grants as make
from tests.make import ledger as make_ledger

PHONE = PhoneDelivery(phone="13812340001")


async def extended(tx, grant_id, until_at):
    [answer] = await grants.extend_validity(tx, [Longer(grant_id, until_at)])
    return answer


async def pushed(tx, *seqs, topup=False):
    """A pushed offer, and what each of these customers was granted of it."""
    world = await (make.topup_world if topup else make.world)(tx, mode=Mode.PUSH)
    await grants.grant_members(tx, world.offer.id, make.facts(list(seqs)))
    found = await grants.find_grants(tx, offer_ids=[world.offer.id], limit=10)
    return world, {item.seq: item.id for item in found}


@pytest.mark.parametrize("topup", [False, True])
async def test_what_waits_for_its_claim_is_claimed_after_its_offer_closed_and_by_nobody_else(
    database, bank, clock, topup
):
    delivery = PHONE if topup else None
    async with database.begin(bank) as tx:
        world, held = await pushed(tx, 1, 2, topup=topup)
        until = world.offer.closes_at + timedelta(days=7)
        assert await extended(tx, held[1], until) == held[1]
    clock.advance(world.offer.closes_at - clock.now() + timedelta(days=1))
    async with database.begin(bank) as tx:
        await grants.update_offer_state(tx, world.offer.id, OfferState.ENDED)
        await grants.expire(tx)
        claims = [make.claim(world.offer.id, seq, delivery=delivery) for seq in (1, 2, 3)]
        mine, late, stranger = await make.claim_all(tx, *claims)
        assert (mine.grant_id, mine.state) == (held[1], State.FULFILLING if topup else State.FULFILLED)
        assert isinstance(late, grants.Ended)
        assert isinstance(stranger, grants.Ended)
        await make.assert_sound(tx)


async def test_a_stopped_offer_extends_nothing(database, bank):
    async with database.begin(bank) as tx:
        world, held = await pushed(tx, 1)
        await grants.update_offer_state(tx, world.offer.id, OfferState.STOPPED)
        assert isinstance(await extended(tx, held[1], world.offer.closes_at + timedelta(days=1)), grants.Ended)
        assert (await grants.get_grant(tx, held[1])).expires_at == world.offer.closes_at


async def test_a_card_code_is_good_for_as_long_as_its_supplier_says_and_no_longer(database, bank, cluster, clock):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    last = clock.now().astimezone(CHINA).date() + timedelta(days=40)
    sku_id = await make_codes.stocked(database, bank, [f"CODE-{uuid4().hex}"], expires_on=last)
    async with database.begin(bank) as tx:
        terms = {
            grants.EVERY_UNIT: Terms(await make_ledger.budget(tx, 10_000_000), await make.pool(tx, 1, sku_id=sku_id))
        }
        offer = make.offer(terms, sku_id, tx.now, handover=Handover.CARD_CODE, valid_days=10)
        await grants.publish_offer(tx, offer)
        [claimed] = await make.claim_all(tx, make.claim(offer.id, 1))
        end = datetime.combine(last + timedelta(days=1), time(), CHINA)
        assert (await grants.latest_ends(tx, [claimed.grant_id])) == {claimed.grant_id: end}
        beyond = await extended(tx, claimed.grant_id, end + timedelta(seconds=1))
        assert isinstance(beyond, grants.BeyondSupplier)
        assert (await grants.get_grant(tx, claimed.grant_id)).expires_at == claimed.expires_at
        assert await extended(tx, claimed.grant_id, end) == claimed.grant_id
        assert (await grants.get_grant(tx, claimed.grant_id)).expires_at == end
        await grants.see_code(tx, claimed.grant_id, 1)
        assert isinstance(await extended(tx, claimed.grant_id, end), grants.WrongState)


AT = datetime(2026, 3, 2, 9, tzinfo=CHINA)
SOON, PAST = AT + timedelta(days=1), AT - timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "handover", "expires_at", "why"),
    [
        (State.RESERVED, Handover.ORDER, SOON, None),
        (State.RESERVED, Handover.COUNTER, PAST, Fixed.EXPIRED),
        (State.FULFILLED, Handover.COUNTER, SOON, None),
        (State.FULFILLED, Handover.CARD_CODE, SOON, None),
        (State.FULFILLED, Handover.COUNTER, PAST, Fixed.EXPIRED),
        (State.FULFILLING, Handover.ORDER, None, Fixed.ORDERED),
        (State.USED, Handover.ORDER, None, Fixed.DELIVERED),
        (State.USED, Handover.CREDIT, None, Fixed.CREDITED),
        (State.USED, Handover.CARD_CODE, None, Fixed.SEEN),
        (State.USED, Handover.COUNTER, None, Fixed.USED),
        (State.EXPIRED, Handover.COUNTER, None, Fixed.EXPIRED),
        (State.REVOKED, Handover.COUNTER, None, Fixed.OVER),
        (State.FAILED, Handover.ORDER, None, Fixed.OVER),
    ],
)
def test_every_kind_of_benefit_has_an_end_to_move_or_a_reason_why_not(state, handover, expires_at, why):
    assert grants.fixed(state, handover, expires_at, AT) is why


async def test_a_pushed_benefit_that_failed_is_given_anew_once_and_takes_its_stock_and_money_once(database, bank):
    async with database.begin(bank) as tx:
        world, held = await pushed(tx, 1, topup=True)
        await make.claim_all(tx, make.claim(world.offer.id, 1, delivery=PHONE))
        await grants.fail(tx, [held[1]], "供应商确认失败")
        before = await make.pool_numbers(tx, world.pool_id)
        [refused] = await make.claim_all(tx, make.claim(world.offer.id, 1, delivery=PHONE))
        assert isinstance(refused, grants.Expired), "a customer alone gets no second one"
        again = make.claim(world.offer.id, 1, request_no="anew", delivery=PHONE, anew=True)
        [first] = await make.claim_all(tx, again)
        [second] = await make.claim_all(tx, again)
        [third] = await make.claim_all(tx, make.claim(world.offer.id, 1, request_no="more", delivery=PHONE, anew=True))
        assert (first.state, second.grant_id, second.exists) == (State.FULFILLING, first.grant_id, True)
        assert isinstance(third, grants.LimitReached)
        after = await make.pool_numbers(tx, world.pool_id)
        assert (before[1] - after[1], after[2] - before[2]) == (1, 1)
        await make.assert_sound(tx)

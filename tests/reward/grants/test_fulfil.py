"""What a supplier delivers: claims wait for their order, and its result moves money, stock and the customer's page."""

import msgspec
import pytest

from huoke.reward import grants, ledger
from huoke.reward.grants import BenefitKind, Fulfilment, Mode, PhoneDelivery, PostalDelivery, State
from tests.make import grants as make

PHONE = PhoneDelivery(phone="+86 138 0013 8000")
HOME = PostalDelivery(name="张三", phone="13800138000", region="330203", address="中山东路 1 号 2 单元 301")


async def owed(tx):
    return await ledger.balance(
        tx, ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(make.SUPPLIER))
    )


async def ordered(tx, **changes):
    world = await make.topup_world(tx, stock=10, **changes)
    [claimed] = await make.claim_all(tx, make.claim(world.offer.id, 1, delivery=PHONE))
    return world, claimed


async def test_a_claim_waits_for_its_order_and_tells_the_log_what_to_order(database, bank):
    async with database.begin(bank) as tx:
        world, claimed = await ordered(tx)
        assert (claimed.state, claimed.expires_at) == (State.FULFILLING, None)
        assert await make.pool_numbers(tx, world.pool_id) == (10, 9, 1, 0, 0)
        await tx.flush()
        payload = await tx.fetch_value(
            "SELECT payload FROM kernel.event WHERE name = 'grants.issued' AND payload->>'offer_id' = $1",
            str(world.offer.id),
        )
        told = msgspec.convert(payload, dict)
        assert (told["grant_ids"], told["seqs"]) == ([str(claimed.grant_id)], [1])
        assert (told["sku_id"], told["sku_version"], told["kind"]) == (str(world.offer.sku_id), 1, "topup")
        await make.assert_sound(tx)


async def test_the_phone_is_kept_encrypted_and_read_for_the_order(database, bank):
    async with database.begin(bank) as tx:
        _, claimed = await ordered(tx)
        sealed = await tx.fetch_value("SELECT sealed FROM grants.delivery WHERE grant_id = $1", claimed.grant_id)
        assert b"138" not in sealed
        assert await grants.deliveries(tx, [claimed.grant_id]) == {claimed.grant_id: PhoneDelivery(phone="13800138000")}
        assert await grants.masked_deliveries(tx, [claimed.grant_id]) == {claimed.grant_id: "138****8000"}


async def test_a_ciphertext_put_under_another_grant_does_not_open(database, owner, bank):
    async with database.begin(bank) as tx:
        _, mine = await ordered(tx)
        _, other = await ordered(tx)
        sealed = await tx.fetch_value("SELECT sealed FROM grants.delivery WHERE grant_id = $1", mine.grant_id)
        await tx.execute("UPDATE grants.delivery SET sealed = $2 WHERE grant_id = $1", other.grant_id, sealed)
        with pytest.raises(grants.delivery.privacy.Unreadable):
            await grants.deliveries(tx, [other.grant_id])


@pytest.mark.parametrize(
    ("kind", "delivery", "code", "pointer"),
    [
        (BenefitKind.TOPUP, None, "grants.delivery_missing", "/delivery"),
        (BenefitKind.TOPUP, PhoneDelivery(phone="010-88886666"), "grants.delivery_unfit", "/delivery/phone"),
        (BenefitKind.TOPUP, HOME, "grants.delivery_unfit", "/delivery/type"),
        (BenefitKind.PHYSICAL, None, "grants.delivery_missing", "/delivery"),
        (
            BenefitKind.PHYSICAL,
            msgspec.structs.replace(HOME, region="3302"),
            "grants.delivery_unfit",
            "/delivery/region",
        ),
        (BenefitKind.PHYSICAL, msgspec.structs.replace(HOME, name=" "), "grants.delivery_unfit", "/delivery/name"),
        (
            BenefitKind.PHYSICAL,
            msgspec.structs.replace(HOME, address="家"),
            "grants.delivery_unfit",
            "/delivery/address",
        ),
        (BenefitKind.VOUCHER, PHONE, "grants.delivery_unfit", "/delivery"),
    ],
)
async def test_delivery_facts_that_do_not_serve_are_refused_and_nothing_moves(
    database, bank, kind, delivery, code, pointer
):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=3, kind=kind)
        [refused] = await make.claim_all(tx, make.claim(world.offer.id, 1, delivery=delivery))
        assert (refused.code, refused.pointer) == (code, pointer)
        assert await make.pool_numbers(tx, world.pool_id) == (3, 3, 0, 0, 0)


async def test_a_delivery_commits_the_money_and_owes_the_supplier_once(database, bank):
    async with database.begin(bank) as tx:
        world, claimed = await ordered(tx)
        before = await owed(tx)
        done = Fulfilment(grant_id=claimed.grant_id, delivered=True)
        assert await grants.fulfil(tx, [done]) == [claimed.grant_id]
        assert await grants.fulfil(tx, [done]) == [claimed.grant_id]
        assert await owed(tx) - before == world.offer.cost_fen
        [budget] = await ledger.get_budgets(tx, [world.budget_id])
        assert (budget.reserved_fen, budget.committed_fen) == (0, 1_280)
        assert await make.pool_numbers(tx, world.pool_id) == (10, 9, 0, 1, 0)
        lines = await grants.settled_lines(tx, make.SUPPLIER, tx.now, tx.now.replace(year=2027))
        mine = [(line.redeemed, line.undone) for line in lines if line.source_id == world.offer.source_id]
        assert mine == [(1, 0)]
        await make.assert_sound(tx)


async def test_a_failed_order_gives_everything_back_and_the_customer_reads_why(database, bank):
    async with database.begin(bank) as tx:
        world, claimed = await ordered(tx)
        failed = Fulfilment(grant_id=claimed.grant_id, delivered=False, reason="号码已停机")
        assert await grants.fulfil(tx, [failed]) == [claimed.grant_id]
        assert await make.pool_numbers(tx, world.pool_id) == (10, 10, 0, 0, 0)
        item = await grants.get_grant(tx, claimed.grant_id)
        assert (item.state, item.reason) == (State.FAILED, "号码已停机")
        [again] = await make.claim_all(tx, make.claim(world.offer.id, 1, delivery=PHONE))
        assert again.state is State.FULFILLING
        await make.assert_sound(tx)


async def test_a_success_that_the_day_file_takes_back_is_returned_and_no_longer_owed(database, bank):
    async with database.begin(bank) as tx:
        world, claimed = await ordered(tx)
        before = await owed(tx)
        await grants.fulfil(tx, [Fulfilment(grant_id=claimed.grant_id, delivered=True)])
        await grants.fulfil(tx, [Fulfilment(grant_id=claimed.grant_id, delivered=False, reason="退款")])
        assert await owed(tx) == before
        assert await make.pool_numbers(tx, world.pool_id) == (10, 10, 0, 0, 0)
        lines = await grants.settled_lines(tx, make.SUPPLIER, tx.now, tx.now.replace(year=2027))
        mine = [(line.redeemed, line.undone) for line in lines if line.source_id == world.offer.source_id]
        assert mine == [(1, 1)]
        await make.assert_sound(tx)


async def test_results_for_what_waits_for_none_are_refused(database, bank):
    async with database.begin(bank) as tx:
        _, claimed = await ordered(tx)
        voucher = await make.world(tx)
        [mine] = await make.claim_all(tx, make.claim(voucher.offer.id, 1))
        no_reason, not_ordered, unknown = await grants.fulfil(
            tx,
            [
                Fulfilment(grant_id=claimed.grant_id, delivered=False, reason=" "),
                Fulfilment(grant_id=mine.grant_id, delivered=True),
                Fulfilment(grant_id=voucher.offer.id, delivered=True),
            ],
        )
        assert (no_reason.code, not_ordered.code, unknown.code) == (
            "grants.reason_missing",
            "grants.wrong_state",
            "grants.unknown_grant",
        )
        await grants.fulfil(tx, [Fulfilment(grant_id=claimed.grant_id, delivered=False, reason="超时")])
        [late] = await grants.fulfil(tx, [Fulfilment(grant_id=claimed.grant_id, delivered=True)])
        assert late.code == "grants.wrong_state"


async def test_nothing_on_its_way_is_revoked_expired_or_redeemed(database, bank, clock):
    async with database.begin(bank) as tx:
        _, claimed = await ordered(tx)
        [revoked] = await grants.revoke(tx, [claimed.grant_id], "原因")
        [redeemed] = await grants.redeem(
            tx, [grants.Redemption(request_no="r-1", grant_id=claimed.grant_id)], teller="t", unit_id=1
        )
        assert (revoked.code, redeemed.code) == ("grants.wrong_state", "grants.wrong_state")
        with pytest.raises(grants.WrongState):
            await grants.redemption_code(tx, claimed.grant_id, 1)
        item = await grants.get_grant(tx, claimed.grant_id)
        assert item.shown(tx.now) == "available"


async def test_a_pushed_top_up_asks_for_the_phone_when_it_is_claimed(database, bank):
    async with database.begin(bank) as tx:
        world = await make.topup_world(tx, mode=Mode.PUSH)
        await grants.grant_members(tx, world.offer.id, make.facts([7]))
        [refused] = await make.claim_all(tx, make.claim(world.offer.id, 7))
        assert refused.code == "grants.delivery_missing"
        [claimed] = await make.claim_all(tx, make.claim(world.offer.id, 7, delivery=PHONE))
        assert claimed.state is State.FULFILLING
        assert list(await grants.deliveries(tx, [claimed.grant_id])) == [claimed.grant_id]
        await make.assert_sound(tx)


async def test_where_a_customer_is_forgotten_what_is_on_its_way_still_arrives(database, bank):
    async with database.begin(bank) as tx:
        _, open_ = await ordered(tx)
        _, done = await ordered(tx)
        await grants.fulfil(tx, [Fulfilment(grant_id=done.grant_id, delivered=True)])
        await grants.erase_deliveries(tx, [1])
        found = await grants.deliveries(tx, [open_.grant_id, done.grant_id])
        assert list(found) == [open_.grant_id]

"""What runs by itself: a claim becomes an order, the order is carried, the facts are shipped."""

import msgspec

from huoke.kernel import jobs, log
from huoke.kernel.jobs import Sweep
from huoke.reward import grants
from huoke.settle import fulfilment
from huoke.settle.fulfilment import jobs as ours
from tests.make import grants as make_grants
from tests.make import shipping
from tests.make import supply as make


async def claimed(shop, *seqs):
    async with shop.begin() as tx:
        phone = grants.PhoneDelivery(phone=make.PHONE)
        claims = [make_grants.claim(shop.world.offer.id, seq, delivery=phone) for seq in seqs]
        return [answer.grant_id for answer in await make_grants.claim_all(tx, *claims)]


async def test_a_claim_becomes_an_order_once(new_shop, database, feed):
    shop = await new_shop()
    grant_ids = await claimed(shop, 501, 502)
    dispatcher = log.Dispatcher(database, feed, [ours.create_orders])
    await dispatcher.run_once()
    await dispatcher.run_once()
    rows = await shop.orders()
    assert sorted(row.grant_id for row in rows) == sorted(grant_ids)
    assert {(row.state.value, row.amount_fen, row.recipient) for row in rows} == {("created", 1_280, "138****8000")}


def test_what_is_read_of_the_event_is_what_grants_tell():
    told = {field.name: field.type for field in msgspec.structs.fields(grants.GrantsIssued)}
    assert [name for name in fulfilment.Issued.__struct_fields__ if name not in told] == []
    assert grants.GrantsIssued.name in ours.create_orders.events


async def test_due_orders_are_enqueued_once_while_somebody_is_at_them(new_shop, database, bank):
    shop = await new_shop()
    await make.claim(shop, 503)
    sweep = Sweep(database=database, tenant=bank, parts={})
    for _ in range(2):
        await ours.look.run(sweep)
    async with shop.begin() as tx:
        found = [job for job in await jobs.find(tx, limit=200) if job.name == "fulfilment.carry"]
        name = (await tx.fetch_value("SELECT name FROM supply.supplier WHERE id = $1", shop.supplier_id)) + " 订单"
    assert [job.title for job in found].count(name) == 1


async def test_steps_reach_clickhouse(new_shop, clickhouse, feed, bank):
    shop = await new_shop(reject=1.0)
    await make.claim(shop, 504)
    await shop.carry()
    await shipping.ship(feed, clickhouse, fulfilment.STEPS)
    found = await clickhouse.query(
        bank,
        "SELECT state FROM supplier_order_step WHERE supplier_id = {id:UUID} ORDER BY step",
        {"id": str(shop.supplier_id)},
    )
    assert found.column("state").to_pylist() == ["created", "sent", "failed", "refunded"]

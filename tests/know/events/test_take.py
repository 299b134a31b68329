"""Messages: taken once, attributed, put aside where no schema fits, and in ClickHouse as they were said."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from huoke.govern import privacy
from huoke.kernel.clock import CHINA
from huoke.kernel.events import DataClass
from huoke.know import events
from huoke.know.events import Message, NewSchema, Property, PropertyFixed, PropertyType, Reason, Replay, Status
from huoke.know.events.fit import Unfit, happened_at
from huoke.know.events.jobs import bind_all
from tests.make import events as make
from tests.make import people as make_people

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def statuses(outcomes):
    return [outcome.status.value for outcome in outcomes]


@pytest.fixture
async def shipped(feed, clickhouse, bank):
    async def ship():
        await make.ship(feed, clickhouse)
        return {row["id"]: row for row in await make.rows(clickhouse, bank)}

    return ship


async def test_a_message_stands_in_clickhouse_as_it_was_said(database, bank, source, seqs, clock, shipped):
    said = make.track(
        "m-1", "C1", "payment.made", properties={"amount_fen": 1250, "category": "咖啡", "entry_code": "e7"}
    )
    [outcome] = await make.take(database, bank, source, said)
    assert outcome.status is Status.ACCEPTED
    row = (await shipped())[str(outcome.id)]
    assert (row["seq"], row["name"], row["amount_fen"], row["entry_code"]) == (seqs["C1"], "payment.made", 1250, "e7")
    assert row["properties"] == {"category": "咖啡"}
    assert row["at"] == NOW


async def test_the_same_message_counts_once_in_a_batch_and_over_retries(database, bank, source, seqs, shipped):
    one, other = make.track("d-1"), make.track("d-2", "C2")
    assert statuses(await make.take(database, bank, source, one, one, other)) == ["accepted", "duplicate", "accepted"]
    assert statuses(await make.take(database, bank, source, other, one)) == ["duplicate", "duplicate"]
    ids = {str(events.model.id_of(message)) for message in ("d-1", "d-2")}
    await shipped()
    assert len(ids & set(await shipped())) == 2


@pytest.mark.parametrize(
    ("skew", "said", "happened"),
    [
        (timedelta(0), timedelta(seconds=-30), NOW - timedelta(seconds=30)),
        (timedelta(hours=8), timedelta(seconds=-30), NOW - timedelta(seconds=30)),
        (timedelta(days=-400), timedelta(seconds=-30), NOW - timedelta(seconds=30)),
        (timedelta(0), timedelta(minutes=2), NOW),
        (timedelta(0), timedelta(days=-200), NOW - timedelta(days=200)),
    ],
)
def test_a_wrong_clock_is_corrected_by_when_it_was_sent(skew, said, happened):
    sent_at = NOW + skew
    message = make.track("t", timestamp=(sent_at + said).astimezone(CHINA), sent_at=sent_at)
    assert happened_at(message, NOW) == happened


@pytest.mark.parametrize("original", [NOW + timedelta(hours=1), NOW - timedelta(days=4000), datetime.min, datetime.max])
def test_what_is_to_come_or_long_past_is_put_aside(original):
    with pytest.raises(Unfit) as unfit:
        happened_at(make.track("t", timestamp=original, sent_at=NOW), NOW)
    assert unfit.value.reason is Reason.UNFIT_TIME


async def test_a_visitors_events_wait_and_become_the_customers_once_identified(
    database, bank, source, seqs, clickhouse, shipped
):
    viewed = Message(type="page", message_id="v-1", anonymous_id="tablet", properties={"path": "/", "url": "/?t=1"})
    stranger = make.track("v-2", "N1")
    assert statuses(await make.take(database, bank, source, viewed, stranger)) == ["waiting", "waiting"]
    assert not {str(events.model.id_of("v-1"))} & set(await shipped())
    identified = Message(type="identify", message_id="v-3", user_id="C2", anonymous_id="tablet")
    later = make.track("v-4", None, anonymous_id="tablet")
    assert statuses(await make.take(database, bank, source, later, identified)) == ["accepted", "accepted"]
    row = (await shipped())[str(events.model.id_of("v-1"))]
    assert (row["seq"], row["properties"]) == (seqs["C2"], {"path": "/", "url": "****"})
    assert statuses(await make.take(database, bank, source, viewed)) == ["duplicate"]

    joined = await make.people(database, bank, "N1")
    assert await bind_all(database, bank) == 1
    assert (await shipped())[str(events.model.id_of("v-2"))]["seq"] == joined["N1"]
    assert await bind_all(database, bank) == 0


async def test_a_device_handed_on_keeps_what_the_first_customer_did(database, bank, source, seqs, shipped):
    for number, message in (("C1", "h-1"), ("C2", "h-3")):
        identify = Message(type="identify", message_id=message, user_id=number, anonymous_id="shared")
        after = make.track(f"{message}-after", None, anonymous_id="shared")
        await make.take(database, bank, source, identify, after)
    rows = await shipped()
    found = [rows[str(events.model.id_of(message))]["seq"] for message in ("h-1-after", "h-3-after")]
    assert found == [seqs["C1"], seqs["C2"]]


async def test_nobody_becomes_another_customer_by_an_alias(database, bank, source, seqs, shipped):
    alias = Message(type="alias", message_id="a-1", user_id="C2", previous_id="C1")
    assert statuses(await make.take(database, bank, source, alias, make.track("a-2", "C1"))) == ["accepted"] * 2
    assert (await shipped())[str(events.model.id_of("a-2"))]["seq"] == seqs["C1"]


async def test_what_no_schema_fits_is_put_aside_seen_and_taken_once_it_fits(database, bank, source, seqs, shipped):
    odd = make.track("q-1", event="Coffee Bought", properties={"size": "L", "phone": "13912345678"})
    [outcome] = await make.take(database, bank, source, odd)
    assert (outcome.status, outcome.code) == ("quarantined", "events.unknown_name")
    assert statuses(await make.take(database, bank, source, odd)) == ["quarantined"]
    async with database.begin(bank) as tx:
        assert (await events.quarantine.counts(tx, name="Coffee Bought")) == {"unknown_name": 1}
        [aside] = await events.quarantine.find(tx, name="Coffee Bought")
        assert (aside.seq, aside.reason, aside.shape) == (
            seqs["C1"], "unknown_name", {"size": "text", "phone": "text"},
        )  # fmt: skip
        assert (await events.quarantine.replay(tx, Replay(name="Coffee Bought")))[0].still_unfit == 1
        phone = Property(name="phone", label="电话", label_en="Phone", data_class=DataClass.C2)
        size = Property(name="size", label="杯型", label_en="Size", required=True)
        coffee = NewSchema(name="coffee.bought", title="买咖啡", aliases=["Coffee Bought"], properties=[phone, size])
        await events.define(tx, [coffee])
    async with database.begin(bank) as tx:
        replayed, after = await events.quarantine.replay(tx)
        assert (replayed.accepted, after) == (1, None)
        assert await events.quarantine.find(tx, name="Coffee Bought") == []
    row = (await shipped())[str(outcome.id)]
    assert (row["name"], row["properties"]) == ("coffee.bought", {"size": "L", "phone": "****"})
    [again] = await make.take(database, bank, source, make.track("q-2", event="coffee.bought"))
    assert again.code == "events.missing_property"


async def test_a_registered_property_keeps_its_type_and_class(database, bank):
    async with database.begin(bank) as tx:
        kept = Property(name="width", label="宽", label_en="Width", type=PropertyType.INTEGER)
        await events.define(tx, [NewSchema(name="box.sent", title="寄件", properties=[kept])])
    for changed in ([], [Property(name="width", label="宽", label_en="Width")]):
        async with database.begin(bank) as tx:
            with pytest.raises(PropertyFixed):
                await events.define(tx, [NewSchema(name="box.sent", title="寄件", properties=changed)])


async def test_nothing_readable_is_left_of_a_forgotten_customer(
    database, owner, bank, source, seqs, clickhouse, shipped
):
    secret = "上海路八号"
    said = Message(type="identify", message_id="e-1", user_id="C3", traits={"address": secret, "city": "滨海"})
    odd = make.track("e-2", "C3", "no.such", properties={"address": secret})
    await make.take(database, bank, source, said, odd)
    await shipped()
    held = await clickhouse.query(bank, "SELECT sealed FROM event WHERE seq = {seq:UInt32}", {"seq": seqs["C3"]})
    sealed = bytes.fromhex(held.column("sealed").to_pylist()[0])

    async def opened():
        async with database.begin(bank) as tx:
            return (await privacy.customer_keys(tx, [seqs["C3"]])).open([seqs["C3"]], [sealed])[0]

    assert secret in await opened()
    assert secret.encode() not in sealed
    async with database.begin(bank) as tx:
        assert await privacy.forget(tx, [seqs["C3"]]) == 1
    assert await opened() is None
    await make.take(database, bank, source, msgspec.structs.replace(said, message_id="e-3"))
    async with owner.begin_shared() as tx:
        rows = await tx.fetch("SELECT e::text AS text, sealed FROM events.event AS e WHERE seq = $1", seqs["C3"])
        assert not [row for row in rows if secret in row["text"]]
        assert rows[-1]["sealed"] is None
        assert await tx.fetch_value("SELECT count(*) FROM privacy.customer_key WHERE wrapped IS NOT NULL AND seq = $1"
                                    " AND tenant_id = $2", seqs["C3"], bank) == 0  # fmt: skip
    async with database.begin(bank) as tx:
        assert [one.shape for one in await events.quarantine.find(tx, name="no.such")] == [{}]


async def test_the_timeline_is_read_in_pages_latest_first_and_narrowed(
    database, bank, source, seqs, clickhouse, shipped
):
    [seq] = (await make.people(database, bank, "L1")).values()
    said = [
        make.track(f"l-{hour}", "L1", "app.login" if hour % 2 else "bill.paid", timestamp=NOW - timedelta(hours=hour))
        for hour in range(6)
    ]
    await make.take(database, bank, source, *said)
    await shipped()
    whole = await events.timeline(clickhouse, bank, seq)
    assert [line.at for line in whole] == [NOW - timedelta(hours=hour) for hour in range(6)]
    assert (whole[0].title, whole[0].title_en, whole[0].kind) == ("缴费", "Paid a bill", "track")
    pages, before = [], None
    while page := await events.timeline(clickhouse, bank, seq, before=before, limit=4):
        pages.append(page)
        before = (page[-1].at, page[-1].id)
    assert [line for page in pages for line in page] == whole
    assert len(await events.timeline(clickhouse, bank, seq, names=["app.login"])) == 3
    assert len(await events.timeline(clickhouse, bank, seq, since=NOW - timedelta(hours=3), until=NOW)) == 3
    assert await events.timeline(clickhouse, bank, seq, kinds=["page"]) == []
    assert await events.timeline(clickhouse, bank, 4_000_000) == []


async def test_a_source_is_listed_by_who_opened_it(database, bank, units):
    async with database.begin(bank) as tx:
        clerk = await make_people.staff(tx, name="季明", unit_id=units.head)
    async with database.begin(bank, make_people.actor(clerk)) as tx:
        made = await events.sources.add(tx, events.NewSource(name="网上银行"))
        listed = {one.id: one.made_by for one in await events.sources.find(tx)}
    assert listed[made.id] == "季明"

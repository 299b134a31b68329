"""Files of events: looked at, loaded with true counts, stopped, taken back, loaded again without harm."""

import csv
import gzip
import io

import msgspec
import pytest

from huoke.kernel import archives, files
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, events, loads
from huoke.know.customers import Attribute, AttributeType
from huoke.know.events import ColumnTarget, FileColumn, FileMapping, Malformed, NewTrait, SourceUnknown
from huoke.know.loads import LoadAtWork, LoadEndedAlready, LoadStatus, NewLoad, NewLook, NotWithdrawn
from tests.make import events as make

STREAMS = [events.EVENT, events.TIMELINE]
MIXED = """客户号,事件,时间,金额,流水号,商户,备注
C1,payment.made,2026-02-20 08:00:00,12.50,{mark}-1,老面馆,甲
C9,payment.made,2026-02-20 09:00:00,9.90,{mark}-2,,乙
C1,payment.made,2026-02-20 08:00:00,12.50,{mark}-1,老面馆,丙
C2,no.such,2026-02-20 08:00:00,1.00,{mark}-3,,丁
C3,payment.made,2026-02-20 08:00:00,1.005,{mark}-4,,=1+1
"""
TOLD = [
    ("客户号", ColumnTarget.CUSTOMER_NO, ""), ("事件", ColumnTarget.EVENT, ""), ("时间", ColumnTarget.TIMESTAMP, ""),
    ("金额", ColumnTarget.AMOUNT_YUAN, ""), ("流水号", ColumnTarget.MESSAGE_ID, ""),
    ("商户", ColumnTarget.PROPERTY, "merchant"), ("备注", ColumnTarget.IGNORE, ""),
]  # fmt: skip
MAPPING = FileMapping(columns=[FileColumn(column=name, to=to, property=of) for name, to, of in TOLD])


def mixed(mark):
    return MIXED.format(mark=mark).encode("gb18030")


def counts(found):
    return (found.read, found.loaded, found.duplicate, found.waiting, found.refused)


async def test_a_look_proposes_what_columns_are_and_says_what_would_become_of_the_rows(
    database, clickhouse, bank, stored, seqs
):
    before = await make.rows(clickhouse, bank)
    look = await loads.look(database, clickhouse, bank, NewLook(file_id=await stored(mixed("look"))))
    assert (look.format, look.encoding, look.separator) == ("csv", "gb18030", ",")
    assert look.mapping == MAPPING
    assert look.unregistered == ["备注"]
    checked = look.checked
    assert (checked.read, checked.loaded, checked.duplicate, checked.waiting, checked.refused) == (5, 1, 1, 1, 2)
    assert [(flaw.row, flaw.code) for flaw in look.flaws] == [(4, "unknown_name"), (5, "unfit_property")]
    assert look.sample[0][:4] == ["C1", "payment.made", "2026-02-20 08:00:00", "12.50"]
    assert await make.rows(clickhouse, bank) == before


async def test_every_row_is_counted_as_what_it_became_and_the_refused_ones_can_be_fetched(
    load, database, clickhouse, bank, source, seqs
):
    found = await load(mixed("counted"), mapping=MAPPING)
    assert (found.status, counts(found), found.still_waiting) == (LoadStatus.DONE, (5, 1, 1, 1, 2), 1)
    assert [(one.code, one.rows, one.row) for one in found.causes] == [("unknown_name", 1, 4), ("unfit_property", 1, 5)]
    assert found.share == 1
    [row] = [one for one in await make.rows(clickhouse, bank) if one["properties"].get("merchant") == "老面馆"]
    assert (row["seq"], row["amount_fen"]) == (seqs["C1"], 1250)
    async with database.begin(bank) as tx:
        body = b"".join([piece async for piece in files.open(tx, await loads.rejects_file(tx, found.id))])
    lines = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [(line["row"], line["cause"], line["customer_no"]) for line in lines] == [
        ("4", "unknown_name", "C2"), ("5", "unfit_property", "C3"),
    ]  # fmt: skip
    said = await clickhouse.query(bank, "SELECT DISTINCT toString(source_id) AS id FROM event")
    assert str(source.id) in said.column("id").to_pylist()


async def test_the_same_file_again_brings_nothing_twice(load, clickhouse, bank):
    await load(mixed("again"), mapping=MAPPING)
    before = await make.rows(clickhouse, bank)
    again = await load(mixed("again"), mapping=MAPPING)
    assert counts(again) == (5, 0, 3, 0, 2)
    assert await make.rows(clickhouse, bank) == before


async def test_what_waits_comes_with_its_customer_and_goes_with_its_load(load, database, clickhouse, bank, units):
    text = "customer_no,event,timestamp,message_id,amount_fen,counterparty\n" + "".join(
        f"{no},transaction.posted,2026-02-2{day}T08:00:00Z,late-{no}-{day},100,李四\n"
        for no in ("W1", "W2")
        for day in (1, 2)
    )
    found = await load(text.encode())
    assert (counts(found), found.still_waiting) == ((4, 0, 0, 4, 0), 4)
    before = await make.rows(clickhouse, bank)
    people = await make.people(database, bank, "W1")
    assert await events.let_go(database, clickhouse, bank) == 2
    assert await events.let_go(database, clickhouse, bank) == 0
    rows = [row for row in await make.rows(clickhouse, bank) if row not in before]
    assert [(row["seq"], row["properties"]) for row in rows] == [(people["W1"], {"counterparty": "****"})] * 2
    async with database.begin(bank) as tx:
        assert (await loads.get(tx, found.id)).still_waiting == 2
        await loads.withdraw(tx, found.id)
    done = await loads.run_withdrawal(database, clickhouse, bank, found.id, actor=SYSTEM)
    assert (done.status, done.still_waiting) == (LoadStatus.WITHDRAWN, 0)
    assert await make.rows(clickhouse, bank) == before
    await make.people(database, bank, "W2")
    assert await events.let_go(database, clickhouse, bank) == 0


async def test_a_load_that_was_cut_short_begins_anew_and_counts_as_if_it_had_not(
    load, database, clickhouse, bank, stored, source
):
    file_id = await stored(mixed("cut"))
    async with database.begin(bank) as tx:
        load_id = await loads.start(tx, NewLoad(file_id=file_id, source_id=source.id, mapping=MAPPING))

    class Killed(BaseException):
        pass

    async def dies(_done, _total):
        raise Killed

    async def lives(_done, _total):
        return True

    with pytest.raises(Killed):
        await loads.run_load(database, clickhouse, bank, load_id, actor=SYSTEM, progress=dies)
    await loads.run_load(database, clickhouse, bank, load_id, actor=SYSTEM, progress=lives)
    async with database.begin(bank) as tx:
        assert counts(await loads.get(tx, load_id)) == (5, 1, 1, 1, 2)


async def test_of_a_load_that_is_stopped_nothing_stands(load, clickhouse, bank):
    before = await make.rows(clickhouse, bank)
    found = await load(mixed("stopped"), mapping=MAPPING, go_on=lambda: False)
    assert (found.status, found.still_waiting, found.can) == (LoadStatus.CANCELLED, 0, ["again"])
    assert await make.rows(clickhouse, bank) == before
    assert counts(await load(mixed("stopped"), mapping=MAPPING)) == (5, 1, 1, 1, 2)


async def test_only_what_is_done_is_taken_back_and_only_what_runs_is_stopped(load, database, clickhouse, bank):
    found = await load(mixed("states"), mapping=MAPPING)
    async with database.begin(bank) as tx:
        with pytest.raises(LoadEndedAlready):
            await loads.cancel(tx, found.id)
        await loads.withdraw(tx, found.id)
        with pytest.raises(NotWithdrawn):
            await loads.withdraw(tx, found.id)
    await loads.run_withdrawal(database, clickhouse, bank, found.id, actor=SYSTEM)
    async with database.begin(bank) as tx:
        with pytest.raises(NotWithdrawn):
            await loads.withdraw(tx, found.id)


async def test_a_file_that_is_being_loaded_is_not_loaded_beside_itself(database, bank, other_bank, source, stored):
    file_id = await stored(mixed("beside"))
    new = NewLoad(file_id=file_id, source_id=source.id, mapping=MAPPING)
    async with database.begin(bank) as tx:
        await loads.start(tx, new)
    async with database.begin(bank) as tx:
        with pytest.raises(LoadAtWork):
            await loads.start(tx, new)
        with pytest.raises(SourceUnknown):
            await loads.start(tx, NewLoad(file_id=file_id, source_id=file_id))
    async with database.begin(other_bank) as tx:
        with pytest.raises(files.FileMissing):
            await loads.start(tx, new)


async def test_a_file_that_cannot_be_read_is_refused_whole(load, clickhouse, bank):
    before = await make.rows(clickhouse, bank)
    for body, name in ((b"PAR1", "a.parquet"), (b"a,b\n1,2\n", "a.csv"), (b"\x1f\x8b junk", "a.csv.gz")):
        found = await load(body, name)
        assert (found.status, found.refusal.code) == (LoadStatus.REFUSED, Malformed.code)
    assert await make.rows(clickhouse, bank) == before


async def test_packed_ndjson_fills_attributes_and_an_unfit_trait_costs_the_trait_alone(load, database, bank, seqs):
    async with database.begin(bank) as tx:
        await customers.define_attributes(
            tx,
            [
                Attribute(name="home_city", label="城市", label_en="City", type=AttributeType.TEXT),
                Attribute(name="born_on", label="生日", label_en="Birthday", type=AttributeType.DATE, data_class="C2"),
            ],
        )
        await events.declare_trait(tx, NewTrait(property="city", attribute="home_city"))
        await events.declare_trait(tx, NewTrait(property="birthday", attribute="born_on"))
    said = [
        {"type": "identify", "messageId": f"who-{place}", "userId": no, "timestamp": f"2026-02-2{day}T00:00:00Z",
         "traits": traits}
        for place, (no, day, traits) in enumerate(
            [("C1", 3, {"city": "三亚"}), ("C1", 1, {"city": "海口"}), ("C1", 2, {"birthday": "1990-02-30"}),
             ("C2", 1, {"birthday": "1990-02-28"})]
        )
    ]  # fmt: skip
    body = gzip.compress(b"\n".join(msgspec.json.encode(one) for one in said))
    found = await load(body, "who.ndjson.gz")
    assert (counts(found), found.traits_refused) == ((4, 4, 0, 0, 0), 1), "30 February is no birthday"
    async with database.begin(bank) as tx:
        assert (await customers.state(tx, seqs["C1"]))[2]["home_city"] == "三亚"
        assert "1990-02-28" in str(await customers.PersonalCustomers().export(tx, seqs["C2"]))


async def test_the_list_is_searched_and_counted(load, database, bank, other_bank):
    found = await load(mixed("list"), "三月流水.csv", mapping=MAPPING)
    async with database.begin(bank) as tx:
        rows, by_status = await loads.find(tx, q="三月")
        assert [row.id for row in rows] == [found.id]
        assert by_status == {"done": 1}
        assert (await loads.find(tx, q="三月", status=LoadStatus.REFUSED))[0] == []
    async with database.begin(other_bank) as tx:
        assert await loads.find(tx) == ([], {})
    async with database.begin(bank) as tx:
        assert any(one.load_id == found.id for one in await archives.find(tx, events.EVENT.source))

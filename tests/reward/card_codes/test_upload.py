"""Files of card codes: every line has its verdict, every code is sealed, and nothing is taken in twice."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from openpyxl import Workbook

from huoke.govern import privacy
from huoke.kernel import files
from huoke.kernel.tx import SYSTEM
from huoke.reward import card_codes
from huoke.reward.card_codes import BatchState, BatchUnfit, CodeState, NewBatch
from tests.make import card_codes as make
from tests.make import catalogue as make_catalogue


@pytest.fixture(autouse=True, scope="module")
def file_keys(cluster, schema):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


@pytest.fixture
async def sku_id(database, bank, clock):
    async with database.begin(bank) as tx:
        return await make.sku(tx)


async def text_of(database, bank, file_id):
    async with database.begin(bank) as tx:
        return b"".join([piece async for piece in files.open(tx, file_id)]).decode("utf-8-sig")


async def test_every_line_has_one_verdict_and_its_list_can_be_downloaded(database, bank, sku_id):
    await make.upload(database, bank, sku_id, ["KNOWN-0001"])
    lines = ["卡号,密码", "NEW-000001,1234", "KNOWN-0001,9", "NEW-000001,1", ",5", "X" * 129, "", "NEW-000002,77"]
    batch = await make.upload(database, bank, sku_id, lines)
    assert (batch.success, batch.exists, batch.duplicate, batch.failed) == (2, 1, 1, 2)
    assert batch.free == 2
    failed = await text_of(database, bank, batch.lists["failed"])
    assert failed.splitlines()[1:] == [
        "5,,The line has no code.",
        f"6,{'*' * 125}XXXX,A code has at most 128 characters.",
    ]
    listed = await text_of(database, bank, batch.lists["success"])
    assert listed.splitlines()[1] == "2,******0001,"
    assert "1234" not in listed
    async with database.begin(bank) as tx:
        assert (await files.get(tx, batch.lists["success"])).download_permission == "benefit.write"


async def test_codes_lie_sealed_and_open_for_their_own_row_only(database, bank, sku_id):
    await make.upload(database, bank, sku_id, ["PLAIN-CODE-1,4711", "PLAIN-CODE-2,4712"])
    async with database.begin(bank) as tx:
        rows = await tx.fetch("SELECT id, sealed, blind FROM card_codes.card_code WHERE sku_id = $1", sku_id)
        assert not any(b"PLAIN" in row["sealed"] + row["blind"] or b"471" in row["sealed"] for row in rows)
        assert all(row["sealed"][0] == 1 for row in rows)  # rule D4: algorithm, then key version
        grant_id, other = uuid4(), uuid4()
        await card_codes.draw(tx, sku_id, [grant_id, other])
        opened = await card_codes.open_code(tx, grant_id)
        assert (opened.code, opened.pin) in {("PLAIN-CODE-1", "4711"), ("PLAIN-CODE-2", "4712")}
        await tx.execute(
            "UPDATE card_codes.card_code SET sealed ="
            " (SELECT sealed FROM card_codes.card_code WHERE grant_id = $2) WHERE grant_id = $1",
            grant_id,
            other,
        )
        with pytest.raises(privacy.Unreadable):
            await card_codes.open_code(tx, grant_id)


async def test_excel_and_gb18030_are_read_like_utf8(database, bank, sku_id):
    book = Workbook()
    book.active.append(["卡密", "备注"])
    book.active.append([600123456789, "x"])
    body = io.BytesIO()
    book.save(body)
    excel = await make.upload(database, bank, sku_id, body.getvalue(), name="codes.xlsx")
    chinese = await make.upload(database, bank, sku_id, "兑换码\n甲乙丙丁-1\n".encode("gb18030"))
    assert (excel.success, chinese.success) == (1, 1)
    again = await make.upload(database, bank, sku_id, ["600123456789", "甲乙丙丁-1"])
    assert (again.success, again.exists) == (0, 2)


async def test_a_file_that_does_not_open_says_so(database, bank, sku_id):
    batch = await make.upload(database, bank, sku_id, b"no zip at all", name="codes.xlsx")
    assert (batch.state, batch.success) == (BatchState.FAILED, 0)
    assert "Excel" in batch.error


async def test_a_batch_read_again_from_its_beginning_takes_nothing_in_twice(database, bank, sku_id):
    batch = await make.upload(database, bank, sku_id, [f"AGAIN-{n:04d}" for n in range(30)])
    async with database.begin(bank) as tx:
        await tx.execute("UPDATE card_codes.batch SET state = 'reading' WHERE id = $1", batch.id)

    async def progress(_done, _total):
        return True

    await card_codes.read_batch(database, bank, batch.id, actor=SYSTEM, progress=progress)
    async with database.begin(bank) as tx:
        again = await card_codes.get_batch(tx, batch.id)
        assert (again.success, again.exists, again.free) == (30, 0, 30)
        stocked = await tx.fetch_value(
            "SELECT sum((payload->>'quantity')::int) FROM kernel.event WHERE name = 'card_codes.stocked'"
            " AND payload->>'sku_id' = $1",
            str(sku_id),
        )
    assert stocked == 30


async def test_only_a_sku_of_card_codes_takes_them_and_only_good_ones(database, bank, sku_id):
    async with database.begin(bank) as tx:
        file_id = await files.put(tx, "c.csv", "text/csv", b"A", tx.now + timedelta(days=1))
        ours = await make_catalogue.voucher(tx)
        for wrong in (
            NewBatch(sku_id=ours, file_id=file_id, file_name="c.csv", expires_on=make.LAST_DAY, unit_id=1),
            NewBatch(sku_id=sku_id, file_id=file_id, file_name="c.csv", expires_on=date(2026, 3, 1), unit_id=1),
        ):
            with pytest.raises(BatchUnfit):
                await card_codes.take_batch(tx, wrong)
        assert await card_codes.find_batches(tx, sku_id=sku_id) == []


async def test_what_has_run_out_or_is_called_back_leaves_the_stock(database, bank, sku_id, clock):
    early = await make.upload(database, bank, sku_id, ["E1", "E2"], expires_on=date(2026, 3, 2))
    late = await make.upload(database, bank, sku_id, ["L1", "L2", "L3"])
    clock.advance(timedelta(days=1))
    async with database.begin(bank) as tx:
        assert await card_codes.void_expired(tx) == 2
        assert await card_codes.void_expired(tx) == 0
        assert await card_codes.void_batch(tx, late.id, "供应商召回") == 3
        assert await card_codes.draw(tx, sku_id, [uuid4()]) == {}
        counts = (await card_codes.count_codes(tx, [sku_id]))[sku_id]
        assert (counts[CodeState.FREE], counts[CodeState.VOID]) == (0, 5)
        assert (await card_codes.get_batch(tx, early.id)).void == 2

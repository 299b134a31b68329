"""Files of card codes: every line has its verdict, every code is sealed, and nothing is taken in twice."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from openpyxl import Workbook

from huoke.app.migrate import MIGRATIONS
from huoke.govern import privacy
from huoke.kernel import files
from huoke.kernel.tx import SYSTEM
from huoke.reward import card_codes, catalogue
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


@pytest.fixture
async def cup_sizes(database, bank, clock):
    """Two SKUs of card codes of one brand."""
    async with database.begin(bank) as tx:
        item_id = await make_catalogue.item(tx)
        return [await make.sku(tx, item_id) for _ in range(2)]


async def test_a_file_uploaded_again_under_another_sku_of_the_brand_is_refused_line_by_line(
    database, bank, other_bank, sku_id, cup_sizes
):
    medium, large = cup_sizes
    await make.upload(database, bank, medium, ["ONCE-0001,1", "ONCE-0002,2"])
    batch = await make.upload(database, bank, large, ["ONCE-0001,1", "ONCE-0002,2", "FRESH-003,3"])
    assert (batch.success, batch.exists, batch.free) == (1, 2, 1)
    listed = await text_of(database, bank, batch.lists["exists"])
    cause = "An earlier batch of this brand has the same code."
    assert listed.splitlines()[1:] == [f"1,*****0001,{cause}", f"2,*****0002,{cause}"]
    async with database.begin(bank) as tx:
        drawn = await card_codes.draw(tx, large, [uuid4() for _ in range(3)])
        assert len(drawn) == 1, "only the code that is its own goes out"
    again = await make.upload(database, bank, medium, ["FRESH-003,3"])
    assert (again.success, again.exists) == (0, 1), "also one that was drawn, and whichever SKU came first"
    elsewhere = await make.upload(database, bank, sku_id, ["ONCE-0001,1"])
    assert (elsewhere.success, elsewhere.exists) == (1, 0), "another brand's equal code is another code"
    async with database.begin(other_bank) as tx:
        theirs = await make.sku(tx)
    assert (await make.upload(database, other_bank, theirs, ["ONCE-0001,1", "ONCE-0002,2"])).success == 2


async def test_the_same_file_for_another_brand_of_its_supplier_is_refused_and_of_another_supplier_taken(database, bank):
    async with database.begin(bank) as tx:
        supplier_id = await make_catalogue.supplier(tx)
        skus = [
            await make.sku(tx, await make_catalogue.item(tx), supplier_id=one)
            for one in (supplier_id, supplier_id, await make_catalogue.supplier(tx))
        ]
        brands = {(await catalogue.get_sku(tx, sku_id)).brand_id for sku_id in skus}
    assert len(brands) == 3
    first, second, third = skus
    assert (await make.upload(database, bank, first, ["BRAND-01,1", "BRAND-02,2"])).success == 2
    batch = await make.upload(database, bank, second, ["BRAND-01,1", "BRAND-02,2", "BRAND-03,3"])
    assert (batch.success, batch.exists, batch.free) == (1, 2, 1)
    listed = await text_of(database, bank, batch.lists["exists"])
    assert listed.splitlines()[1].endswith("Another brand of this supplier has the same code.")
    async with database.begin(bank) as tx:
        assert len(await card_codes.draw(tx, second, [uuid4() for _ in range(3)])) == 1
    assert (await make.upload(database, bank, third, ["BRAND-01,1", "BRAND-02,2"])).success == 2


async def test_codes_called_back_from_the_wrong_sku_go_to_the_right_one_and_never_back(database, bank, cup_sizes):
    wrong, right = cup_sizes
    batch = await make.upload(database, bank, wrong, ["MOVED-01", "MOVED-02"])
    async with database.begin(bank) as tx:
        await card_codes.draw(tx, wrong, [uuid4()])
        assert await card_codes.void_batch(tx, batch.id, "传错权益") == 1
    moved = await make.upload(database, bank, right, ["MOVED-01", "MOVED-02"])
    assert (moved.success, moved.exists) == (1, 1), "the one that was drawn stays where it is"
    back = await make.upload(database, bank, wrong, ["MOVED-01", "MOVED-02"])
    assert (back.success, back.exists) == (0, 2)


class RolledBack(Exception):
    """Leaves a transaction without a trace."""


COPY = (
    "INSERT INTO card_codes.card_code (tenant_id, id, batch_id, sku_id, sealed, blind, expires_on, state)"
    " SELECT tenant_id, gen_random_uuid(), coalesce((SELECT id FROM card_codes.batch WHERE sku_id = $2), batch_id), $2,"
    " sealed, blind, expires_on, 'free' FROM card_codes.card_code WHERE sku_id = $1"
)
"""Codes of a SKU under another one, as an earlier release took them in: without a brand."""


async def test_the_migration_leaves_the_codes_an_earlier_release_took_in_twice_as_copies(
    database, owner, bank, cup_sizes
):
    first, second = cup_sizes
    await make.upload(database, bank, first, ["TWICE-01", "TWICE-02", "TWICE-03"])
    async with database.begin(bank) as tx:
        await card_codes.draw(tx, first, [uuid4()])
    migration = (MIGRATIONS / "versions" / "0064_card_codes.sql").read_text()
    with pytest.raises(RolledBack):
        async with owner.begin_shared() as tx:
            await tx.execute("ALTER TABLE card_codes.card_code DROP COLUMN brand_id")
            await tx.execute(COPY, first, second)
            await tx.execute(
                "UPDATE card_codes.card_code SET state = 'seen', grant_id = gen_random_uuid() WHERE sku_id = $2"
                " AND blind = (SELECT max(blind) FROM card_codes.card_code WHERE sku_id = $1 AND state = 'free')",
                first,
                second,
            )
            await tx.execute(migration)
            rows = await tx.fetch(
                "SELECT blind, state FROM card_codes.card_code WHERE sku_id = ANY($1) AND brand_id IS NOT NULL",
                cup_sizes,
            )
            assert len({row["blind"] for row in rows}) == 3, "each code is there"
            kept = sorted(row["state"] for row in rows)
            assert kept == ["drawn", "free", "seen"], "once, and where anybody has it that one"
            raise RolledBack


async def test_a_copy_is_never_drawn_and_leaves_the_stock(database, bank, cup_sizes):
    first, second = cup_sizes
    await make.upload(database, bank, first, ["COPY-001", "COPY-002"])
    await make.upload(database, bank, second, ["OWN-0001"])
    async with database.begin(bank) as tx:
        await tx.execute(COPY, first, second)
        assert len(await card_codes.draw(tx, second, [uuid4(), uuid4()])) == 1
        assert await card_codes.void_expired(tx) == 2
        counts = await card_codes.count_codes(tx, cup_sizes)
        assert (counts[first][CodeState.FREE], counts[second][CodeState.VOID]) == (2, 2)
    async with database.begin(bank) as tx:
        stocked = await tx.fetch_value(
            "SELECT sum((payload->>'quantity')::int) FROM kernel.event WHERE name = 'card_codes.stocked'"
            " AND payload->>'sku_id' = $1",
            str(second),
        )
    assert stocked == 1 - 2, "its pool is told"

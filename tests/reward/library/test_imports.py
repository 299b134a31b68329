import io

import openpyxl
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.kernel.tx import SYSTEM
from huoke.reward import library
from huoke.reward.library import (
    Bounds,
    Change,
    ImportAtWork,
    ImportState,
    NewCatalogue,
    PriceState,
    StepUnfit,
    applying,
)
from tests.make import catalogue as make_sku
from tests.make import library as make
from tests.make import people as make_people

FIRST = make.lines("A1,拿铁中杯券,星巴克,19.80,30,100", "A2,美式咖啡,星巴克,18,25,", "A3,双人火锅,渝味,128.00,150,0")


@pytest.fixture(scope="module", autouse=True)
def register(cluster):
    approvals.register(library.PriceApproval())
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


@pytest.fixture
async def supplier(database, own_bank):
    async with database.begin(own_bank, SYSTEM) as tx:
        return await make_sku.supplier(tx)


@pytest.fixture
def listings(database, own_bank, supplier):
    async def listed():
        async with database.begin(own_bank, SYSTEM) as tx:
            rows = await tx.fetch(
                "SELECT code, name, cost_fen, face_value_fen, stock, status, number FROM library.listing ORDER BY code"
            )
        return {row["code"]: tuple(row)[1:-1] for row in rows}

    return listed


@pytest.fixture
def get(database, own_bank):
    async def read(import_id):
        async with database.begin(own_bank, SYSTEM) as tx:
            return await library.get_import(tx, import_id)

    return read


async def test_a_catalogue_changes_nothing_before_it_is_applied(database, own_bank, supplier, listings, get):
    import_id = await make.take_in(database, own_bank, supplier, FIRST)
    found = await get(import_id)
    assert (found.state, found.counts.new, found.counts.refused) == (ImportState.READY, 3, 0)
    assert await listings() == {}
    await make.carry_in(database, own_bank, import_id)
    assert (await get(import_id)).state is ImportState.DONE
    assert await listings() == {
        "A1": ("拿铁中杯券", 1_980, 3_000, 100, "listed"),
        "A2": ("美式咖啡", 1_800, 2_500, -1, "listed"),
        "A3": ("双人火锅", 12_800, 15_000, 0, "listed"),
    }


async def test_the_same_catalogue_again_writes_nothing(database, own_bank, supplier, get):
    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, supplier, FIRST))
    async with database.begin(own_bank, SYSTEM) as tx:
        before = await tx.fetch("SELECT * FROM library.listing ORDER BY number")
    again = await make.take_in(database, own_bank, supplier, FIRST)
    await make.carry_in(database, own_bank, again)
    found = await get(again)
    assert (found.counts.same, found.counts.new, found.counts.changed, found.counts.gone) == (3, 0, 0, 0)
    async with database.begin(own_bank, SYSTEM) as tx:
        assert await tx.fetch("SELECT * FROM library.listing ORDER BY number") == before


async def test_a_new_price_waits_for_a_second_person(database, own_bank, supplier, listings, get):
    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, supplier, FIRST))
    second = make.lines("A1,拿铁中杯,星巴克,20.80,30,100", "A2,美式咖啡,星巴克,99,25,", "A3,双人火锅,渝味,128.00,150,0")
    import_id = await make.take_in(database, own_bank, supplier, second)
    await make.carry_in(database, own_bank, import_id)
    found = await get(import_id)
    assert (found.counts.changed, found.counts.price_up, found.counts.held) == (2, 2, 1)
    assert (await listings())["A1"][:2] == ("拿铁中杯", 1_980)
    async with database.begin(own_bank, SYSTEM) as tx:
        head = (await make_people.units(tx)).head
        maker, checker = [await make_people.staff(tx, role) for role in (Role.OPERATOR, Role.APPROVER)]
    async with database.begin(own_bank, make_people.actor(maker)) as tx:
        change_id = await library.submit_prices(tx, import_id, head)
    assert (await listings())["A1"][1] == 1_980
    async with database.begin(own_bank, make_people.actor(checker)) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    await library.run_prices(database, own_bank, import_id, actor=SYSTEM, progress=make.goes_on)
    assert (await get(import_id)).price_state is PriceState.APPLIED
    now = await listings()
    assert (now["A1"][1], now["A2"][1]) == (2_080, 1_800)


async def test_what_is_gone_is_taken_out_within_bounds_only(database, own_bank, supplier, listings, get):
    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, supplier, FIRST))
    short = await make.take_in(database, own_bank, supplier, make.lines("A1,拿铁中杯券,星巴克,19.80,30,100"))
    found = await get(short)
    assert (found.counts.gone, found.counts.gone_held) == (2, True)
    await make.carry_in(database, own_bank, short)
    assert {code: row[-1] for code, row in (await listings()).items()} == dict.fromkeys(("A1", "A2", "A3"), "listed")
    meant = await make.take_in(database, own_bank, supplier, make.lines("A1,拿铁中杯券,星巴克,19.80,30,100"))
    await make.carry_in(database, own_bank, meant, gone=True)
    assert {code: row[-1] for code, row in (await listings()).items()} == {"A1": "listed", "A2": "gone", "A3": "gone"}
    back = await make.take_in(database, own_bank, supplier, FIRST, bounds=Bounds(gone_percent=100))
    assert (await get(back)).counts.changed == 2
    await make.carry_in(database, own_bank, back)
    assert {row[-1] for row in (await listings()).values()} == {"listed"}


async def test_undoing_brings_back_what_was(database, own_bank, supplier, listings, get):
    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, supplier, FIRST))
    before = await listings()
    second = make.lines("A1,换了名字,星巴克,19.80,30,7", "A4,新来的,新牌,5,5,5")
    import_id = await make.take_in(database, own_bank, supplier, second, bounds=Bounds(gone_percent=100))
    await make.carry_in(database, own_bank, import_id)
    assert (await listings())["A1"][0] == "换了名字"
    assert (await listings())["A2"][-1] == "gone"
    async with database.begin(own_bank, SYSTEM) as tx:
        await library.undo(tx, import_id)
    await library.run_undo(database, own_bank, import_id, actor=SYSTEM, progress=make.goes_on)
    after = await listings()
    assert after.pop("A4")[-1] == "gone"
    assert after == before
    assert (await get(import_id)).state is ImportState.UNDONE
    async with database.begin(own_bank, SYSTEM) as tx:
        with pytest.raises(StepUnfit):
            await library.undo(tx, import_id)
    again = await make.take_in(database, own_bank, supplier, second, bounds=Bounds(gone_percent=100))
    assert ((await get(again)).counts.changed, (await get(again)).counts.gone) == (2, 2)


async def test_only_the_latest_catalogue_is_taken_back(database, own_bank, supplier, listings):
    first = await make.take_in(database, own_bank, supplier, FIRST)
    await make.carry_in(database, own_bank, first)
    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, supplier, FIRST))
    before = await listings()
    async with database.begin(own_bank, SYSTEM) as tx:
        with pytest.raises(StepUnfit):
            await library.undo(tx, first)
    assert await listings() == before


async def test_unfit_lines_are_told_with_their_mend_and_the_others_come_in(database, own_bank, supplier, listings, get):
    content = make.lines(
        "A1,拿铁,星巴克,19.80,30,1",
        "A1,又一个,星巴克,19.80,30,1",
        "坏 码,名,牌,1,1,1",
        "A5,名,牌,一块钱,1,1",
        "A6,名,牌,1,1,-3",
        "A7,短",
        "=cmd|' /C calc'!A0,名,牌,1,1,1",
        'A8,"=HYPERLINK(""http://evil"",""券"")",牌,1,1,1',
    )
    import_id = await make.take_in(database, own_bank, supplier, content)
    found = await get(import_id)
    assert (found.counts.read, found.counts.new, found.counts.refused, found.counts.duplicate) == (8, 2, 6, 1)
    assert {(one.code, one.lines, one.line) for one in found.causes} == {
        ("duplicate", 1, 3),
        ("code", 2, 4),
        ("cost", 1, 5),
        ("stock", 1, 6),
        ("width", 1, 7),
    }
    pieces = [piece async for piece in files.stream(database, own_bank, found.rejects_file_id)]
    body = b"".join(pieces).decode("utf-8-sig")
    assert "8,'=cmd|" in body
    await make.carry_in(database, own_bank, import_id)
    assert (await listings())["A8"][0] == '=HYPERLINK("http://evil","券")'


@pytest.mark.parametrize("kind", ["gb18030", "xlsx"])
async def test_gbk_and_excel_are_read_alike(database, own_bank, supplier, listings, kind):
    content, name = FIRST.decode().encode("gb18030"), "catalogue.csv"
    if kind == "xlsx":
        book, out, name = openpyxl.Workbook(), io.BytesIO(), "catalogue.xlsx"
        for row in FIRST.decode().splitlines():
            book.active.append(row.split(","))
        book.save(out)
        content = out.getvalue()
    import_id = await make.take_in(database, own_bank, supplier, content, name=name)
    await make.carry_in(database, own_bank, import_id)
    assert (await listings())["A2"] == ("美式咖啡", 1_800, 2_500, -1, "listed")


async def test_a_file_that_is_no_catalogue_is_refused_whole(database, own_bank, supplier, listings, get):
    import_id = await make.take_in(database, own_bank, supplier, b"a,b\n1,2\n")
    found = await get(import_id)
    assert found.state is ImportState.REFUSED
    assert "code" in found.refusal
    assert await listings() == {}


async def test_two_catalogues_of_one_supplier_never_meet(database, own_bank, supplier):
    await make.take_in(database, own_bank, supplier, FIRST)
    async with database.begin(own_bank, SYSTEM) as tx:
        file_id = await files.put(tx, "b.csv", "text/csv", FIRST, tx.now.replace(year=2027))
        with pytest.raises(ImportAtWork):
            await library.start(tx, NewCatalogue(supplier_id=supplier, file_id=file_id))


async def test_a_cancelled_catalogue_leaves_nothing(database, own_bank, supplier, listings, get):
    import_id = await make.take_in(database, own_bank, supplier, FIRST)
    async with database.begin(own_bank, SYSTEM) as tx:
        await library.cancel(tx, import_id)
        with pytest.raises(StepUnfit):
            await library.apply(tx, import_id)
    assert await listings() == {}


async def test_a_price_list_that_drifts_as_a_whole_is_held(database, own_bank, supplier, get):
    def rows(price):
        return make.lines(*[f"A{n},名{n},牌,{price},99,1" for n in range(20)])

    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, supplier, rows("10.00")))
    import_id = await make.take_in(database, own_bank, supplier, rows("11.50"))
    found = await get(import_id)
    assert (found.counts.price_up, found.counts.held, found.counts.prices_held) == (20, 0, True)
    assert found.counts.median_percent == 15.0
    await make.carry_in(database, own_bank, import_id)
    async with database.begin(own_bank, SYSTEM) as tx:
        with pytest.raises(StepUnfit):
            await library.submit_prices(tx, import_id, 1)


@pytest.mark.parametrize(("at_once", "left"), [(5_000, 0), (1, 1)])
async def test_a_step_that_was_cut_short_is_finished_by_the_next(
    database, own_bank, supplier, listings, get, monkeypatch, at_once, left
):
    monkeypatch.setattr(applying, "LINES_AT_ONCE", at_once)
    import_id = await make.take_in(database, own_bank, supplier, FIRST)
    async with database.begin(own_bank, SYSTEM) as tx:
        await library.apply(tx, import_id)

    class Killed(Exception):
        pass

    async def dies(_done, _total):
        raise Killed

    with pytest.raises(Killed):
        await library.run_apply(database, own_bank, import_id, actor=SYSTEM, progress=dies)
    assert len(await listings()) == 3 - left, "what was begun is ended, nothing is begun after"
    await library.run_apply(database, own_bank, import_id, actor=SYSTEM, progress=make.goes_on)
    await library.run_apply(database, own_bank, import_id, actor=SYSTEM, progress=make.goes_on)
    assert sorted(await listings()) == ["A1", "A2", "A3"]
    assert (await get(import_id)).state is ImportState.DONE


async def test_differences_are_looked_at_before(database, own_bank, supplier):
    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, supplier, FIRST))
    second = make.lines("A1,拿铁中杯券,星巴克,20,30,100", "A9,新的,牌,1,1,1")
    import_id = await make.take_in(database, own_bank, supplier, second)
    async with database.begin(own_bank, SYSTEM) as tx:
        found = await library.differences(tx, import_id)
        assert [(one.change, one.code) for one in found][2:] == [(Change.CHANGED, "A1"), (Change.NEW, "A9")]
        [price] = await library.differences(tx, import_id, which="price")
    assert (price.code, price.cost_before_fen, price.cost_fen) == ("A1", 1_980, 2_000)

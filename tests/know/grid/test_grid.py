"""The grid of a small bank: placed, told, moved, divided otherwise, filled in."""

from datetime import date, timedelta

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.know import customers, grid, tags
from huoke.know.grid import (
    USUAL,
    AskedAxis,
    AxisName,
    AxisOpen,
    AxisUnfit,
    Band,
    FillTaskUnfit,
    MonthOver,
    NewAxis,
    NewFillTask,
)
from huoke.know.grid import store as grid_store
from tests.conftest import START
from tests.make import customers as make_customers
from tests.make import people
from tests.make import tags as make_tags

BANDS = ["10000", "50000", "200000", "500000", "1000000", "6000000"]
TYPES = {
    "deposit_average": {"type": "decimal", "data_class": "C2", "deposit_derived": True, "bands": BANDS},
    "wealth_balance": {"type": "decimal", "data_class": "C2", "bands": BANDS},
    "life_stage": "text",
    "job": "text",
    "has_card": "boolean",
}
LAST = date(2026, 2, 28)


def row(number, deposit, stage, job, *, wealth="0", unit="N1"):
    return {
        "customer_no": f"G{number}", "unit_code": unit, "deposit_average": deposit, "wealth_balance": wealth,
        "life_stage": stage, "job": job, "has_card": "true",
    }  # fmt: skip


ROWS = [
    *(row(n, "60000", "育儿家庭", "企业职员") for n in range(12)),
    row(12, "7000000", "成熟家庭", "公务员", unit="S"),
    row(13, "100", "学生", "学生", unit="S"),
    row(14, "100", "学生", ""),
    row(15, "", "", "教师", wealth=""),
]
GROWING, PRIVATE, MASS = "3-4-1", "1-5-2", "4-1-4"


async def change_axis(database, bank, wanted, *, reason="年度调整"):
    """Ask for an axis and let another person say yes."""
    async with database.begin(bank) as tx:
        asks, decides = [people.actor(await people.staff(tx, role)) for role in (Role.OPERATOR, Role.APPROVER)]
    async with database.begin(bank, asks) as tx:
        request_id = await grid.request_axis(tx, AskedAxis(axis=wanted, reason=reason))
    async with database.begin(bank) as tx:
        (request,) = [one for one in await grid.requests(tx) if one.id == request_id]
        change = await approvals.find_change(tx, request.change_id)
    async with database.begin(bank, decides) as tx:
        await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return asks, change


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse, analytics):
    """Sixteen customers, the usual axes, filled."""
    approvals.register(grid.AxisApproval(analytics))
    await make_customers.import_rows(database, bank, ROWS, TYPES)
    await make_customers.ship(feed, clickhouse)
    for axis in USUAL.values():
        await change_axis(database, bank, axis)
    await make_tags.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        return await customers.find_by_no(tx, [one["customer_no"] for one in ROWS])


@pytest.fixture
async def placed(database, bank, clickhouse, world):
    return await grid.place(database, clickhouse, bank)


async def seen(database, bank, scope=None, small=True, **months):
    async with database.begin(bank) as tx:
        wanted = {"month": None, "against": None, **months}
        return await grid.grid_map(tx, **wanted, scope=scope, small=small)


def counted(found):
    return {cell.cell: cell.customers for cell in found.cells if cell.customers}


async def test_a_bank_without_axes_is_not_placed(database, other_bank, clickhouse):
    assert await grid.place(database, clickhouse, other_bank) is None
    found = await seen(database, other_bank)
    assert (found.month, found.cells, found.customers) == (None, [], 0)


async def test_everybody_stands_in_one_cell_and_the_sums_are_the_bank(database, bank, placed):
    assert (placed.month, placed.day, placed.customers, placed.unknown) == (date(2026, 3, 1), date(2026, 3, 2), 16, 2)
    found = await seen(database, bank)
    assert len(found.cells) == 112
    assert counted(found) == {GROWING: 12, PRIVATE: 1, MASS: 1}
    assert found.unknown.customers == 2
    assert {one.axis: one.customers for one in found.unknown.axes} == {"wealth": 1, "life": 1, "occupation": 1}
    assert found.customers == 16 == sum(counted(found).values()) + found.unknown.customers
    (growing,) = [cell for cell in found.cells if cell.cell == GROWING]
    assert (growing.aum_fen, growing.active, growing.temperature) == (12 * 5_000_000, 0, None)
    assert [axis.deposit for axis in found.axes] == [True, False, False]


async def test_a_branch_sees_its_own_and_no_small_cell(database, bank, units, placed):
    south = await seen(database, bank, scope={units.south}, small=False)
    assert south.customers == 2
    assert {cell.cell for cell in south.cells if cell.customers is None} == {PRIVATE, MASS}
    north = await seen(database, bank, scope={units.north, units.harbour}, small=False)
    assert counted(north) == {GROWING: 12}
    assert north.unknown.customers == 2
    async with database.begin(bank) as tx:
        page = await grid.cell_page(tx, PRIVATE, month=None, against=None, scope={units.south}, small=False)
    assert (page.customers, page.share, page.aum_fen, page.came_from, page.stages) == (None, None, None, [], {})


async def test_a_cell_tells_of_its_customers_and_selects_them(database, bank, analytics, placed):
    async with database.begin(bank) as tx:
        page = await grid.cell_page(tx, GROWING, month=None, against=None, scope=None, small=True)
        assert [band.label for band in page.bands] == ["成长", "育儿期", "工薪"]
        assert (page.customers, page.share, page.aum_fen, page.products) == (12, 0.75, 5_000_000, 1)
        assert page.deposit
        assert page.expression["of"][0] == {"kind": "tag", "name": "grid_wealth", "op": "in", "value": ["growing"]}
        with pytest.raises(grid.CellUnknown):
            await grid.cell_page(tx, "5-1-1", month=None, against=None, scope=None, small=True)


async def test_months_stay_when_the_rules_change_and_flows_balance(database, bank, clickhouse, world, placed, units):
    seqs = [world[f"G{n}"] for n in range(16)]
    async with database.begin(bank) as tx:

        def these(*numbers):
            return CustomerSet.of(bank, [seqs[n] for n in numbers], tx.now)

        bands = {
            AxisName.WEALTH: {"growing": these(*range(6)), "mass": these(*range(6, 12), 13, 14), "private": these(12)},
            AxisName.LIFE: {"raising": these(*range(12)), "settled": these(12), "studying": these(13, 14)},
            AxisName.OCCUPATION: {"salaried": these(*range(12)), "public": these(12), "other": these(13)},
        }
    brought = await grid.bring_month(database, clickhouse, bank, LAST, bands)
    assert (brought.month, brought.customers, brought.unknown) == (date(2026, 2, 1), 16, 2)
    with pytest.raises(MonthOver):
        await grid.bring_month(database, clickhouse, bank, LAST, bands)
    with pytest.raises(MonthOver):
        await grid.bring_month(database, clickhouse, bank, START.date(), bands)
    found = await seen(database, bank)
    assert {cell.cell: cell.change for cell in found.cells if cell.change} == {GROWING: 6, "4-4-1": -6}
    async with database.begin(bank) as tx:
        page = await grid.cell_page(tx, GROWING, month=None, against=None, scope=None, small=True)
        assert [(one.cell, one.customers) for one in page.came_from] == [("4-4-1", 6)]
        assert (page.change, page.came, page.went) == (6, 6, 0)
        branch = await grid.cell_page(tx, GROWING, month=None, against=None, scope={units.harbour}, small=False)
        assert (branch.customers, branch.change, branch.came, branch.came_from) == (12, None, None, [])
        few = await grid.band_flows(tx, month=None, against=None, scope={units.harbour}, small=False)
        assert {(one.axis, one.was, one.place, one.customers) for one in few} == {
            ("wealth", 4, 3, None), ("occupation", 0, 2, None)
        }  # fmt: skip
        moves = await grid.band_flows(tx, month=None, against=None, scope=None, small=True)
        assert [(one.axis, one.was, one.place, one.customers) for one in moves] == [
                ("wealth", 4, 3, 6), ("occupation", 0, 2, 1),
            ]  # fmt: skip
        stays = await grid.of(tx, Seq(seqs[7]))
        assert [(one.month.month, one.cell) for one in stays] == [(2, "4-4-1"), (3, GROWING)]
        chunks = await grid_store.cells_of_chunk(tx, 0)
    wider = USUAL[AxisName.WEALTH]
    merged = NewAxis(axis=AxisName.WEALTH, label="财富层", label_en="Wealth", bands=wider.bands[2:])
    await change_axis(database, bank, merged)
    await make_tags.refresh(database, clickhouse, bank)
    await grid.place(database, clickhouse, bank)
    found = await seen(database, bank)
    assert counted(found) == {"1-4-1": 12, "1-5-2": 1, "2-1-4": 1}
    february = await seen(database, bank, month=date(2026, 2, 1))
    assert counted(february) == {GROWING: 6, "4-4-1": 6, PRIVATE: 1, MASS: 1}
    async with database.begin(bank) as tx:
        assert (await grid_store.cells_of_chunk(tx, 0))[0]["cells"] == chunks[0]["cells"]
        page = await grid.cell_page(tx, "1-4-1", month=None, against=None, scope=None, small=True)
        assert [(one.cell, one.customers) for one in page.came_from] == [("2-4-1", 6)]
    await change_axis(database, bank, wider)
    await make_tags.refresh(database, clickhouse, bank)
    await grid.place(database, clickhouse, bank)


async def test_a_preview_says_who_would_move_and_changes_nothing(database, bank, analytics, placed):
    usual = USUAL[AxisName.OCCUPATION]
    wanted = NewAxis(axis=usual.axis, label=usual.label, label_en=usual.label_en, bands=usual.bands[1:])
    async with database.begin(bank) as tx:
        seen = await grid.preview(tx, analytics, wanted)
        assert {one.band: (one.before, one.after) for one in seen.bands} == {
            "public": (2, 2), "own": (0, 0), "other": (1, 13), "salaried": (12, 0), "": (1, 1),
        }  # fmt: skip
        assert [(one.was, one.band, one.customers) for one in seen.moves] == [("salaried", "other", 12)]
        assert [len(one.bands) for one in await grid.in_force(tx)] == [4, 7, 4]


async def test_an_axis_needs_another_person_and_one_request_waits(database, bank, world):
    usual = USUAL[AxisName.LIFE]
    wanted = NewAxis(axis=usual.axis, label="阶段", label_en="Stage", bands=usual.bands)
    async with database.begin(bank) as tx:
        asks = people.actor(await people.staff(tx, Role.OPERATOR))
    async with database.begin(bank, asks) as tx:
        await grid.request_axis(tx, AskedAxis(axis=wanted, reason="改名"))
        with pytest.raises(AxisOpen):
            await grid.request_axis(tx, AskedAxis(axis=wanted, reason="再来"))
        change = await approvals.find_change(tx, (await grid.requests(tx))[0].change_id)
    with pytest.raises(approvals.OwnChange):
        async with database.begin(bank, asks) as tx:
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with database.begin(bank, asks) as tx:
        assert [one.label for one in await grid.in_force(tx)][1] == "人生阶段"
        await approvals.withdraw(tx, change.id)
        assert (await grid.requests(tx))[0].state == "withdrawn"


async def test_the_tag_of_an_axis_counts_by_the_grid_s_own_approval_alone(database, bank, world):
    async with database.begin(bank) as tx:
        (known,) = [one for one in await tags.definitions(tx, "grid") if one.name == AxisName.LIFE.tag]
        await tags.save(tx, [msgspec.structs.replace(known, label="别的")])
        with pytest.raises(tags.TagKept) as refused:
            await tags.submit(tx, [known.name])
        assert refused.value.pointer == "/names/0"
        assert [one.label for one in await grid.in_force(tx)][1] == "人生阶段"


def band(name, value="学生"):
    expression = {"kind": "attr", "name": "job", "op": "=", "value": value}
    return Band(name=name, label=name, label_en=name, expression=expression)


@pytest.mark.parametrize(
    ("bands", "pointer"),
    [
        ([band("one")], "/bands"),
        ([band(f"b{n}") for n in range(13)], "/bands"),
        ([band("one"), band("one")], "/bands/1/name"),
        ([band("Ä"), band("two")], "/bands/0/name"),
        ([band("one"), Band(name="two", label=" ", label_en="x", expression={})], "/bands/1/label"),
    ],
)
async def test_an_axis_that_divides_nothing_is_refused(database, bank, analytics, world, bands, pointer):
    wanted = NewAxis(axis=AxisName.LIFE, label="x", label_en="x", bands=tuple(bands))
    async with database.begin(bank) as tx:
        with pytest.raises(AxisUnfit) as refused:
            await grid.preview(tx, analytics, wanted)
    assert refused.value.pointer == pointer


async def test_a_grid_of_too_many_cells_is_refused():
    wanted = NewAxis(axis=AxisName.LIFE, label="x", label_en="x", bands=tuple(band(f"b{n}") for n in range(12)))
    with pytest.raises(AxisUnfit, match="432 cells"):
        grid.check_axis(wanted, {AxisName.WEALTH: 6, AxisName.LIFE: 7, AxisName.OCCUPATION: 6})
    grid.check_axis(wanted, {AxisName.WEALTH: 4, AxisName.LIFE: 7, AxisName.OCCUPATION: 8})


async def test_an_axis_taken_from_deposits_is_never_a_condition(database, bank, world):
    async with database.begin(bank) as tx:
        wealth = (await grid.in_force(tx))[0]
    assert wealth.deposit_path == ("grid_wealth", "deposit_average")


def of_everywhere(tenant, staff_id, units=None):
    return Principal(tenant=tenant, actor=people.actor(staff_id), permissions=frozenset({"grid.write"}), units=units)


async def test_the_unknown_are_listed_with_what_they_lack(database, bank, clickhouse, units, placed, world):
    async with database.begin(bank) as tx:
        found, total = await grid.unfilled(tx, clickhouse, AxisName.WEALTH, scope=None, after=-1, limit=10)
        assert (total, [one.customer_no for one in found]) == (1, ["G15"])
        assert [one.name for one in found[0].lacking] == ["deposit_average", "wealth_balance"]
        found, total = await grid.unfilled(tx, clickhouse, AxisName.OCCUPATION, scope={units.south}, after=-1, limit=1)
        assert (found, total) == ([], 0)


async def test_a_task_counts_who_is_filled_in(database, bank, clickhouse, feed, units, placed, world):
    async with database.begin(bank) as tx:
        staff_id = await people.staff(tx, Role.OPERATOR)
    task = NewFillTask(axis=AxisName.OCCUPATION, unit_id=units.north, due_on=START.date() + timedelta(days=30))
    async with database.begin(bank, people.actor(staff_id)) as tx:
        task_id = await grid.add_task(tx, of_everywhere(bank, staff_id), task)
        with pytest.raises(FillTaskUnfit):
            await grid.add_task(tx, of_everywhere(bank, staff_id), task)
        (found,) = await grid.tasks(tx, of_everywhere(bank, staff_id))
        assert (found.customers, found.filled, found.unit_name) == (1, 0, "城北分行")
        assert await grid.tasks(tx, of_everywhere(bank, staff_id, frozenset({units.south}))) == []
        with pytest.raises(grid.FillTaskUnknown):
            await grid.close_task(tx, of_everywhere(bank, staff_id, frozenset({units.south})), task_id)
    async with database.begin(bank) as tx:
        await customers.set_values(tx, ["job"], {world["G14"]: {"job": "学生"}})
    await make_customers.ship(feed, clickhouse)
    await make_tags.refresh(database, clickhouse, bank)
    await grid.place(database, clickhouse, bank)
    async with database.begin(bank, people.actor(staff_id)) as tx:
        (found,) = await grid.tasks(tx, of_everywhere(bank, staff_id))
        assert (found.customers, found.filled) == (1, 1)
        with pytest.raises(FillTaskUnfit):
            await grid.add_task(tx, of_everywhere(bank, staff_id), NewFillTask(
                axis=AxisName.OCCUPATION, unit_id=units.south, due_on=START.date()))  # fmt: skip
        await grid.close_task(tx, of_everywhere(bank, staff_id), task_id)
        with pytest.raises(grid.FillTaskUnknown):
            await grid.close_task(tx, of_everywhere(bank, staff_id), task_id)


async def test_who_is_erased_stands_nowhere(database, bank, placed, world):
    port, seq = grid.PersonalGrid(), world["G13"]
    async with database.begin(bank) as tx:
        assert await port.prove(tx, [seq])
        told = await port.export(tx, seq)
        assert told["grid"][-1] == {"month": "2026-03-01", "bands": ["大众", "求学期", "其他"]}
        await port.erase(tx, [seq])
        assert await grid.of(tx, Seq(seq)) == []
        assert await port.prove(tx, [seq]) == []
        assert await grid.of(tx, Seq(world["G14"])) != []

"""An import is seen row by row and undone as a whole; what changed since stays."""

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM
from huoke.know import consent, customers
from huoke.know.customers import Brought
from tests.make import customers as make

TYPES = {"age": "integer", "city": "text"}
FIRST = [
    {"customer_no": "U1", "name": "张三", "phone": "13800138000", "id_document": "110101199003078515", "unit_code": "N",
     "age": 30, "city": "杭州"},
    {"customer_no": "U2", "name": "李四", "phone": "13900139000", "id_document": "110101199003078523", "unit_code": "S",
     "age": "", "city": "宁波"},
]  # fmt: skip
SECOND = [
    {**FIRST[0], "name": "张三丰", "phone": "13800138001", "age": 31, "city": "", "unit_code": "S"},
    {**FIRST[1], "age": 44},
    {**FIRST[0], "customer_no": "U3", "name": "王五", "phone": "13700137000", "id_document": "110101199003078531"},
]


async def rows(database, tenant):
    fields = "customer_no, unit_id, name_masked, phone_index, phone_enc, id_document_index, person, attributes, status"
    async with database.begin(tenant) as tx:
        found = await tx.fetch(f"SELECT {fields} FROM customers.customer WHERE customer_no LIKE 'U%' ORDER BY seq")
    return {row["customer_no"]: dict(row) for row in found}


async def undo(database, tenant, import_id):
    async with database.begin(tenant) as tx:
        await customers.undo(tx, import_id)
    return await customers.run_undo(database, tenant, import_id, actor=SYSTEM)


async def test_values_return_to_their_history_and_come_again_with_the_next_file(database, bank, units):
    await make.import_rows(database, bank, FIRST, TYPES)
    before = await rows(database, bank)
    second = await make.import_rows(database, bank, SECOND, TYPES)
    after = await rows(database, bank)
    assert (second.rows_added, second.rows_changed, second.can) == (1, 2, ["undo"])
    async with database.begin(bank) as tx:
        (new,) = await customers.brought(tx, second.id, Brought.ADDED)
        changed = await customers.brought(tx, second.id, Brought.CHANGED)
        assert await customers.brought(tx, second.id, Brought.CHANGED, scope={units.harbour}) == []
        rest = await customers.brought(
            tx, second.id, Brought.CHANGED, after=(changed[0].chunk, changed[0].customer.seq), limit=1
        )
    assert (new.customer.customer_no, new.before) == ("U3", {})
    assert [one.customer.customer_no for one in changed] == ["U1", "U2"]
    assert changed[0].before == {
        "age": 30, "city": "杭州", "unit_id": units.north, "name": "张*", "phone": "138****8000",
    }  # fmt: skip
    assert rest == changed[1:]
    undone = await undo(database, bank, second.id)
    assert (undone.status, undone.rows_undone, undone.rows_kept, undone.can) == ("undone", 3, 0, [])
    now = await rows(database, bank)
    same = [field for field in now["U1"] if field != "phone_enc"]  # sealed anew each time
    assert {no: [now[no][field] for field in same] for no in ("U1", "U2")} == {
        no: [before[no][field] for field in same] for no in ("U1", "U2")
    }
    gone = now["U3"]
    assert (gone["status"], gone["attributes"], gone["phone_enc"], gone["name_masked"]) == ("undone", {}, None, None)
    async with database.begin(bank) as tx:
        (row,), _ = await customers.find(tx, q="U1")
        page = await customers.get(tx, row.seq)
        assert await customers.open_field(tx, row.seq, customers_phone()) == "13800138000"
        facts = await customers.facts(tx, [new.customer.seq])
    held = {"age": 31, "city": None, "unit_id": units.south, "name": "张**", "phone": "138****8001"}
    assert page.history[0].before == held
    assert len(facts.seqs) == 0, "nobody is reached who was brought by mistake"
    again = await make.import_rows(database, bank, SECOND, TYPES)
    assert (again.rows_added, again.rows_changed) == (0, 3)
    came = await rows(database, bank)
    assert {no: (one["attributes"], one["status"], one["phone_index"]) for no, one in came.items()} == {
        no: (one["attributes"], one["status"], one["phone_index"]) for no, one in after.items()
    }


async def test_what_changed_since_stays(database, bank, units):
    await make.import_rows(database, bank, [{"customer_no": "V1", "unit_code": "N", "age": 1}], TYPES)
    second = await make.import_rows(
        database, bank, [{"customer_no": f"V{n}", "unit_code": "N", "age": 2} for n in (1, 2, 3)], TYPES
    )
    await make.import_rows(
        database, bank, [{"customer_no": f"V{n}", "unit_code": "N", "age": 3} for n in (1, 2)], TYPES
    )
    undone = await undo(database, bank, second.id)
    assert (undone.rows_undone, undone.rows_kept) == (1, 2)
    async with database.begin(bank) as tx:
        found = await tx.fetch("SELECT * FROM customers.customer WHERE customer_no LIKE 'V%'")
    assert {row["customer_no"]: (row["attributes"].get("age"), row["status"]) for row in found} == {
        "V1": (3, "active"), "V2": (3, "active"), "V3": (None, "undone"),
    }  # fmt: skip


async def test_a_try_and_what_is_undone_have_nothing_to_undo(database, bank, other_bank, units):
    text, mapped = (
        "customer_no,unit_code\nW1,N\n",
        make.mapping({"customer_no": "customer_no", "unit_code": "unit_code"}),
    )
    tried = await make.import_file(database, bank, text, mapped, dry_run=True)
    real = await make.import_file(database, bank, text, mapped)
    await undo(database, bank, real.id)
    for import_id in (tried.id, real.id):
        async with database.begin(bank) as tx:
            with pytest.raises(customers.NotUndone):
                await customers.undo(tx, import_id)
    async with database.begin(other_bank) as tx:
        with pytest.raises(customers.ImportUnknown):
            await customers.undo(tx, real.id)


async def test_a_forgotten_customer_is_not_brought_back(database, bank, units):
    row = {"customer_no": "X1", "unit_code": "N"}
    await make.import_rows(database, bank, [{**row, "phone": "13800138111"}], {})
    second = await make.import_rows(database, bank, [{**row, "phone": "13800138112"}], {})
    async with database.begin(bank) as tx:
        seq = (await customers.find_by_no(tx, ["X1"]))["X1"]
        await customers.PersonalCustomers().erase(tx, [seq])
        assert await customers.PersonalCustomers().prove(tx, [seq]) == []
    assert (await undo(database, bank, second.id)).rows_kept == 1
    async with database.begin(bank) as tx:
        row = await tx.fetch_row("SELECT * FROM customers.customer WHERE seq = $1", seq)
        sealed = await tx.fetch("SELECT sealed FROM customers.former WHERE seq = $1", seq)
    assert (row["status"], row["phone_enc"]) == ("erased", None)
    assert [one["sealed"] for one in sealed] == [None, None][: len(sealed)]


def customers_phone():
    from huoke.govern.privacy import Field

    return Field.PHONE


async def bases(database, tenant, *numbers):
    """What stands for each customer for marketing now."""
    async with database.begin(tenant) as tx:
        seqs = await customers.find_by_no(tx, numbers)
        given, refused = await consent.members(tx, "marketing"), await consent.withdrawn(tx, "marketing")
        told = {no: await consent.consents_of(tx, seq) for no, seq in seqs.items()}
    shown = {no: next(one.verdict for one in states if one.purpose == "marketing") for no, states in told.items()}
    for no, seq in seqs.items():
        assert (seq in given, seq in refused) == (shown[no] == "given", shown[no] == "withdrawn")
    return shown


async def test_a_declared_basis_counts_as_never_said_unless_more_was_said_since(database, bank, units):
    rows = [{"customer_no": f"CB{number}", "unit_code": "N"} for number in range(4)]
    await make.import_rows(database, bank, rows[:1], {}, consents=[])
    declaring = await make.import_rows(database, bank, rows, {})
    assert await bases(database, bank, "CB0", "CB1", "CB2", "CB3") == dict.fromkeys(
        ["CB0", "CB1", "CB2", "CB3"], "given"
    )
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, ["CB2", "CB3"])
        for number, verdict in (("CB2", consent.Verdict.WITHDRAWN), ("CB3", consent.Verdict.GIVEN)):
            members = CustomerSet.of(bank, [seqs[number]])
            said = consent.Statement(purpose="marketing", verdict=verdict, members=members, text_version="1")
            await consent.record(tx, [said])
    undone = await undo(database, bank, declaring.id)
    assert (undone.status, undone.consents_undone, undone.consents_kept) == ("undone", 2, 2)
    left = {"CB0": None, "CB1": None, "CB2": "withdrawn", "CB3": "given"}
    assert await bases(database, bank, *left) == left
    async with database.begin(bank) as tx:
        await consent.refold(tx)
    assert await bases(database, bank, *left) == left, "a fold says the same"
    await make.import_rows(database, bank, [{**row, "city": "杭州"} for row in rows], {"city": "text"})
    assert await bases(database, bank, *left) == {**left, "CB0": "given", "CB1": "given"}, (
        "the mended file declares anew"
    )


async def test_nobody_takes_back_what_another_import_declared(database, bank, other_bank, units):
    first = await make.import_rows(database, bank, [{"customer_no": "CO1", "unit_code": "N"}], {})
    await make.import_rows(database, bank, [{"customer_no": "CO2", "unit_code": "N"}], {})
    for tenant, source in ((other_bank, f"import/{first.id}"), (bank, "import/other")):
        async with database.begin(tenant) as tx:
            taken = await consent.take_back(tx, source, CustomerSet.of(tenant, range(1000)))
        assert (taken.back, taken.kept) == (0, 0)
    await undo(database, bank, first.id)
    assert await bases(database, bank, "CO1", "CO2") == {"CO1": None, "CO2": "given"}

"""Imports through the front door on the real engines."""

import asyncio
from datetime import timedelta

import pytest

from huoke.kernel import files
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import SYSTEM
from huoke.know import consent, customers
from huoke.know.customers import NewImport
from tests.make import customers as make

KEYS = ("customer_no", "name", "phone", "id_document", "unit_code", "age", "city")
ROWS = [
    dict(zip(KEYS, values, strict=True))
    for values in (
        ("C1", "张三", "138 0013 8000", "110101199003078515", "N1", 34, "杭州"),
        ("C2", "李四", "13900139000", "110101199003078523", "S", "", "=SUM(A1)"),
        ("C3", "张三", "13700137000", "110101199003078515", "N", 35, "宁波"),
    )
]
TYPES = {"age": "integer", "city": "text"}


@pytest.fixture(scope="module")
async def imported(database, bank, units):
    return await make.import_rows(database, bank, ROWS, TYPES)


async def snapshot(database, tenant):
    async with database.begin(tenant) as tx:
        rows = await tx.fetch("SELECT * FROM customers.customer ORDER BY seq")
        former = await tx.fetch("SELECT * FROM customers.former ORDER BY seq, version")
    return [tuple(row) for row in rows], [tuple(row) for row in former]


async def test_customers_arrive_with_units_persons_and_attributes(database, bank, imported, units):
    assert (imported.rows_read, imported.rows_added, imported.rows_refused) == (3, 3, 0)
    async with database.begin(bank) as tx:
        rows, total = await customers.find(tx)
        facts = await customers.facts(tx, [row.seq for row in rows])
        page = await customers.get(tx, rows[1].seq)
    assert total == 3
    assert [(row.customer_no, row.unit_name) for row in rows] == [
        ("C1", "港湾支行"),
        ("C2", "城南分行"),
        ("C3", "城北分行"),
    ]
    assert facts.unit_ids.tolist() == [units.harbour, units.south, units.north]
    assert facts.persons.tolist() == [rows[0].seq, rows[1].seq, rows[0].seq], "the same document is one person (R1)"
    assert {value.name: value.value for value in page.attributes} == {"age": None, "city": "=SUM(A1)"}


async def test_personal_fields_are_masked_and_open_only_with_the_key(database, bank, imported):
    async with database.begin(bank) as tx:
        (row,), _ = await customers.find(tx, q="C1")
        assert (row.name, row.phone) == ("张*", "138****8000")
        assert row.id_document == "110***********8515"
        stored = await tx.fetch_row("SELECT * FROM customers.customer WHERE seq = $1", row.seq)
        assert b"13800138000" not in stored["phone_enc"]
        assert await customers.open_field(tx, row.seq, customers_field("phone")) == "13800138000"


async def test_a_customer_is_found_by_phone_and_document_but_never_by_name(database, bank, imported):
    async with database.begin(bank) as tx:
        by_phone, _ = await customers.find(tx, q="+86 139-0013-9000")
        by_document, _ = await customers.find(tx, q="110101199003078515")
        by_name, _ = await customers.find(tx, q="张三")
    assert [row.customer_no for row in by_phone] == ["C2"]
    assert [row.customer_no for row in by_document] == ["C1", "C3"]
    assert by_name == []


async def test_nobody_sees_customers_outside_the_scope(database, bank, imported, units):
    async with database.begin(bank) as tx:
        rows, total = await customers.find(tx, scope={units.south})
        assert ([row.customer_no for row in rows], total) == (["C2"], 1)
        (one,), _ = await customers.find(tx, q="C1")
        with pytest.raises(customers.CustomerUnknown):
            await customers.get(tx, one.seq, scope={units.south})
        below = await customers.listed(tx, unit_id=units.north)
        assert [row.customer_no for row in below.rows] == ["C1", "C3"]


async def test_the_other_bank_sees_none_of_them(database, other_bank, imported):
    async with database.begin(other_bank) as tx:
        assert await customers.find(tx) == ([], 0)
        assert await consent.members(tx, "marketing") == set_of(other_bank, [])


async def test_the_same_file_and_mapping_again_is_the_same_import(database, bank, imported):
    before = await snapshot(database, bank)
    again = await make.import_rows(database, bank, ROWS, TYPES)
    assert again.id == imported.id
    assert await snapshot(database, bank) == before


async def test_a_changed_row_keeps_what_was_before(database, bank, imported, clock):
    rows = [{**ROWS[1], "phone": "13900139001", "age": "52"}, ROWS[2]]
    found = await make.import_rows(database, bank, rows, TYPES)
    assert (found.rows_added, found.rows_changed, found.rows_same) == (0, 1, 1)
    async with database.begin(bank) as tx:
        (row,), _ = await customers.find(tx, q="C2")
        page = await customers.get(tx, row.seq)
    assert row.phone == "139****9001"
    assert [(one.version, one.before) for one in page.history] == [(1, {"age": None, "phone": "139****9000"})]
    assert {value.name: value.value for value in page.attributes} == {"age": 52, "city": "=SUM(A1)"}


async def test_a_declared_basis_never_overrules_a_withdrawal(database, bank, imported):
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, ["C1", "C2", "C3"])
        withdrawn = consent.Statement(
            purpose="marketing", verdict=consent.Verdict.WITHDRAWN, members=set_of(bank, [seqs["C1"]])
        )
        await consent.record(tx, [withdrawn])
    await make.import_rows(database, bank, [{**ROWS[0], "age": 36}], TYPES)
    async with database.begin(bank) as tx:
        assert list(await consent.members(tx, "marketing")) == [seqs["C2"], seqs["C3"]]


async def test_a_dry_run_reports_and_writes_nothing(database, bank, imported):
    before = await snapshot(database, bank)
    text = make.csv_text([*ROWS, {**ROWS[0], "customer_no": "C9", "age": "x"}, {**ROWS[0], "customer_no": "C10"}])
    mapped = make.mapping({"customer_no": "customer_no", "name": "name", "phone": "phone", "id_document": "id_document",
                           "unit_code": "unit_code", **TYPES})  # fmt: skip
    found = await make.import_file(database, bank, text, mapped, dry_run=True)
    assert found.status == "done"
    assert (found.rows_read, found.rows_added, found.rows_changed, found.rows_refused) == (5, 1, 3, 1)
    age = next(column for column in found.report.columns if column.column == "age")
    assert (age.filled, age.empty, age.refused, age.distinct, age.minimum, age.maximum) == (3, 1, 1, 2, "34", "35")
    assert [(error.line, error.column, error.cause) for error in found.report.errors] == [(5, "age", "integer")]
    assert await snapshot(database, bank) == before


async def test_refused_rows_come_back_as_a_file_with_line_cause_and_mend(database, bank, units):
    text = (
        "customer_no,unit_code,n,note\n"
        "R1,N,1,ok\n"
        "R2,N,１２,full width is folded\n"
        "R3,N,9223372036854775808,too large\n"
        "R4,N,NaN,no number\n"
        "R1,N,2,repeated\n"
        ",N,3,no number\n"
        "R5,ZZ,4,=cmd|' /C calc'!A0\n"
        "R6,N,5\n"
        "=R7,N,6,formula as a key\n"
        "R8,,7,no unit\n"
    )
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code", "n": "integer", "note": "text"})
    found = await make.import_file(database, bank, text, mapped)
    assert (found.rows_added, found.rows_refused) == (2, 8)
    assert [(error.line, error.column, error.cause) for error in found.report.errors] == [
        (4, "n", "integer"), (5, "n", "integer"), (6, "customer_no", "repeated"), (7, "customer_no", "empty"),
        (8, "unit_code", "unit_code"), (9, "", "width"), (10, "customer_no", "customer_no"), (11, "unit_code", "empty"),
    ]  # fmt: skip
    async with database.begin(bank) as tx:
        assert set(await customers.find_by_no(tx, [f"R{n}" for n in range(1, 9)])) == {"R1", "R2"}
        body = b"".join([piece async for piece in files.open(tx, await customers.rejects_file(tx, found.id))])
    lines = body.decode("utf-8-sig").splitlines()
    assert len(lines) == 9
    assert "'=cmd|" in lines[5], "a formula is neutralised in the export"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "customers.file"),
        (b"PK\x03\x04 an excel file", "customers.file"),
        (b"customer_no,unit_code,n\nW1,N," + b"9" * 2_000_000 + b"\n", "customers.file"),
        (b'customer_no,unit_code,n\nW1,N,1\nW2,N,"never closed\n' + b"W3,N,3\n" * 50_000, "customers.file"),
        (b"customer_no,unit_code,m\nW1,N,1\n", "customers.mapping"),
        (b"customer_no,unit_code,n,extra\nW1,N,1,2\n", "customers.mapping"),
        (b"customer_no,unit_code,n,n\nW1,N,1,2\n", "customers.mapping"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_whole(database, bank, units, content, code):
    before = await snapshot(database, bank)
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code", "n": "integer"})
    found = await make.import_file(database, bank, content, mapped)
    assert (found.status, found.refusal.code, found.rows_added) == ("refused", code, 0)
    assert await snapshot(database, bank) == before


async def test_gbk_semicolons_and_gzip_are_read(database, bank, units):
    import gzip

    body = gzip.compress('客户号;机构;城市\nG1;N;"杭州\n西湖"\n'.encode("gbk"))
    mapped = make.mapping({"客户号": "customer_no", "机构": "unit_code", "城市": {"name": "city", "type": "text"}})
    mapped["columns"][0] = {"column": "客户号", "to": "customer_no"}
    mapped["columns"][1] = {"column": "机构", "to": "unit_code"}
    found = await make.import_file(database, bank, body, mapped)
    assert (found.rows_added, found.report.encoding, found.report.separator) == (1, "gb18030", ";")
    async with database.begin(bank) as tx:
        (row,), _ = await customers.find(tx, q="G1")
        page = await customers.get(tx, row.seq)
    assert {value.name: value.value for value in page.attributes if value.value} == {"city": "杭州\n西湖"}


async def test_rows_in_another_encoding_are_refused_alone(database, bank, units):
    body = "customer_no,unit_code,city\nE1,N,杭州\n".encode() + "E2,N,宁波\n".encode("gbk") + "E3,N,绍兴\n".encode()
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code", "city": "text"})
    found = await make.import_file(database, bank, body, mapped)
    assert (found.rows_added, found.rows_refused) == (2, 1)
    assert [(error.line, error.cause) for error in found.report.errors] == [(3, "encoding")]


async def test_an_import_cut_short_goes_on_and_does_nothing_twice(database, bank, units, monkeypatch):
    from huoke.know.customers import reading, run_customers

    monkeypatch.setattr(reading, "CHUNK_ROWS", 10)
    text = make.csv_text([{"customer_no": f"K{n}", "unit_code": "N", "n": n} for n in range(95)])
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code", "n": "integer"})
    file_id = await make.file(database, bank, text)
    async with database.begin(bank) as tx:
        import_id = await customers.start(tx, NewImport(file_id=file_id, mapping=mapped))

    class Cut(Exception):
        pass

    written = run_customers._write

    async def dies(work, ready, *rest):
        if ready.number == 4:
            raise Cut
        return await written(work, ready, *rest)

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(run_customers, "_write", dies)
        await customers.run_import(database, bank, import_id, actor=SYSTEM)
    async with database.begin(bank) as tx:
        assert (await customers.get_import(tx, import_id)).rows_added == 40
    two = [customers.run_import(database, bank, import_id, actor=SYSTEM) for _ in range(2)]
    await asyncio.gather(*two)
    async with database.begin(bank) as tx:
        found = await customers.get_import(tx, import_id)
        count = await tx.fetch_value("SELECT count(*) FROM customers.customer WHERE customer_no LIKE 'K%'")
        events = await tx.fetch("SELECT payload FROM kernel.event WHERE name = 'customers.imported'")
    assert (found.status, found.rows_added, found.rows_read, count) == ("done", 95, 95, 95)
    assert sum(row["payload"]["added"] for row in events if row["payload"]["import_id"] == str(import_id)) == 95


async def test_a_cancelled_import_keeps_whole_chunks(database, bank, units, monkeypatch):
    from huoke.know.customers import reading

    monkeypatch.setattr(reading, "CHUNK_ROWS", 10)
    text = make.csv_text([{"customer_no": f"X{n}", "unit_code": "N"} for n in range(50)])
    file_id = await make.file(database, bank, text)
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code"})
    async with database.begin(bank) as tx:
        import_id = await customers.start(tx, NewImport(file_id=file_id, mapping=mapped))

    async def progress(done, total):
        assert total == 50
        return done < 20

    found = await customers.run_import(database, bank, import_id, actor=SYSTEM, progress=progress)
    assert (found.status, found.rows_added) == ("cancelled", 20)


async def test_a_deposit_fact_stays_one(database, bank, units):
    mapped = make.mapping(
        {"customer_no": "customer_no", "unit_code": "unit_code", "aum": {"type": "decimal", "deposit_derived": True}}
    )
    await make.import_file(database, bank, "customer_no,unit_code,aum\nD1,N,12.5\n", mapped)
    mapped["columns"][2]["deposit_derived"] = False
    found = await make.import_file(database, bank, "customer_no,unit_code,aum\nD2,N,12.5\n", mapped)
    assert (found.status, found.refusal.code) == ("refused", "customers.deposit_fact_fixed")
    async with database.begin(bank) as tx:
        assert await customers.find_by_no(tx, ["D1", "D2"]) == {"D1": (await customers.find_by_no(tx, ["D1"]))["D1"]}


async def test_a_consent_without_its_text_refuses_the_file_even_when_tried(database, bank, units):
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code", "fresh_fact": "text"})
    mapped["consents"] = [{"purpose": "marketing", "basis": "consent", "text_version": ""}]
    before = await snapshot(database, bank)
    for dry_run in (True, False):
        content = "customer_no,unit_code,fresh_fact\nT1,N,x\n"
        found = await make.import_file(database, bank, content, mapped, dry_run=dry_run)
        assert (found.status, found.refusal.code) == ("refused", "consent.text_missing")
    assert await snapshot(database, bank) == before
    async with database.begin(bank) as tx:
        assert "fresh_fact" not in {attribute.name for attribute in await customers.list_attributes(tx)}


async def test_a_mapping_that_contradicts_itself_is_refused_before_anything(database, bank, units):
    file_id = await make.file(database, bank, "customer_no,unit_code\nZ1,N\n")
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code"}, row_number_is_customer_no=True)
    async with database.begin(bank) as tx:
        with pytest.raises(Refusal) as refused:
            await customers.start(tx, NewImport(file_id=file_id, mapping=mapped))
    assert refused.value.code == "customers.mapping"
    assert refused.value.pointer == "/columns"


def customers_field(name):
    from huoke.govern import privacy

    return privacy.Field(name)


def set_of(tenant, seqs):
    from huoke.kernel.sets import CustomerSet

    return CustomerSet.of(tenant, seqs)


async def test_the_file_goes_with_the_end_of_an_import_and_stays_after_a_try(database, bank, units):
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code"})
    file_id = await make.file(database, bank, "customer_no,unit_code\nF1,N\n")
    left = []
    for dry_run in (True, False):
        async with database.begin(bank) as tx:
            import_id = await customers.start(tx, NewImport(file_id=file_id, mapping=mapped, dry_run=dry_run))
        assert (await customers.run_import(database, bank, import_id, actor=SYSTEM)).status == "done"
        async with database.begin(bank) as tx:
            left.append(await tx.fetch_value("SELECT count(*) FROM files.chunk WHERE file_id = $1", file_id))
    assert left == [1, 0]


async def test_an_import_cancelled_from_outside_keeps_what_is_in_and_says_what_it_found(
    database, bank, units, monkeypatch
):
    from huoke.know.customers import reading

    monkeypatch.setattr(reading, "CHUNK_ROWS", 10)
    rows = [{"customer_no": f"Y{n}", "unit_code": "N" if n else "??"} for n in range(50)]
    file_id = await make.file(database, bank, make.csv_text(rows))
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code"})
    async with database.begin(bank) as tx:
        import_id = await customers.start(tx, NewImport(file_id=file_id, mapping=mapped))

    async def progress(done, _total):
        if done == 20:
            async with database.begin(bank) as tx:
                await customers.cancel_import(tx, import_id)
        return True

    found = await customers.run_import(database, bank, import_id, actor=SYSTEM, progress=progress)
    assert (found.status, found.rows_added, found.rows_refused) == ("cancelled", 19, 1)
    assert found.report.causes == {"unit_code": 1}
    async with database.begin(bank) as tx:
        with pytest.raises(files.FileMissing):
            await files.get(tx, file_id)
        assert await customers.rejects_file(tx, import_id)


async def test_a_running_import_shows_how_far_it_is_and_how_long_the_rest_takes(database, bank, units, clock):
    rows = "".join(f"P{number},N\n" for number in range(20_001))
    mapped = make.mapping({"customer_no": "customer_no", "unit_code": "unit_code"})
    file_id = await make.file(database, bank, "customer_no,unit_code\n" + rows)
    async with database.begin(bank) as tx:
        import_id = await customers.start(tx, customers.NewImport(file_id=file_id, mapping=mapped))
    seen = []

    async def progress(_done, _total):
        clock.advance(timedelta(seconds=10))
        async with database.begin(bank) as tx:
            found = await customers.get_import(tx, import_id)
        seen.append((found.rows_total, found.share_ppm, found.seconds_left))
        return True

    done = await customers.run_import(database, bank, import_id, actor=SYSTEM, progress=progress)
    assert (done.rows_total, done.share_ppm, done.seconds_left) == (20_001, 1_000_000, None)
    assert [(total, share // 1000) for total, share, _ in seen] == [(20_001, 499), (20_001, 999), (20_001, 1000)]
    assert [left for *_, left in seen] == [10, 0, 0], "as long again as it took up to here"

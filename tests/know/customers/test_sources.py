"""Excel, Parquet and fixed-width files give the customers that the same rows as CSV give, and the same refusals."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huoke.kernel import files
from huoke.know import customers
from huoke.know.customers import FileUnfit, Look, Mapping, propose, reading
from huoke.know.customers.mapping import FixedColumn, MappingUnfit, read_layout
from huoke.know.customers.readers import open_reader
from tests.make import customers as make

HEADER = ("客户号", "姓名", "机构", "开户日", "月日均", "年龄", "代发")
ROWS = [
    ("S1", "张三", "N", date(2020, 3, 31), Decimal("1234.5"), 34, True),
    ("S2", "李四", "S", None, Decimal(0), None, False),
    ("S3", "王五", "ZZ", date(2021, 1, 2), None, 51, True),
]
COLUMNS = {"客户号": "customer_no", "姓名": "name", "机构": "unit_code"}
ATTRIBUTES = {"开户日": ("opened_on", "date"), "月日均": ("average", "decimal"), "年龄": ("age", "integer"),
              "代发": ("payroll", "boolean")}  # fmt: skip
WIDTHS = (4, 8, 4, 10, 10, 4, 5)


class Held:
    """Bytes as a source."""

    name = "held"

    def __init__(self, body):
        self.body = body

    def stream(self):
        for start in range(0, len(self.body), 7):
            yield self.body[start : start + 7]

    def seekable(self):
        return io.BytesIO(self.body)


def mapped(**more):
    columns = [{"column": column, "to": to} for column, to in COLUMNS.items()]
    columns += [
        {"column": column, "to": "attribute", "name": name, "type": kind} for column, (name, kind) in ATTRIBUTES.items()
    ]
    return {"columns": columns, **more}


def texts(row):
    return ["" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in row]


def as_csv(prefix):
    lines = [
        ",".join(HEADER),
        *(",".join([prefix + text if at == 0 else text for at, text in enumerate(texts(row))]) for row in ROWS),
    ]
    return ("\n".join(lines) + "\n").encode()


def as_excel(prefix, *, sheet="客户", above=()):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    page = book.create_sheet(sheet)
    for line in above:
        page.append(line)
    page.append(HEADER)
    for row in ROWS:
        page.append([prefix + row[0], *row[1:]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_parquet(prefix):
    columns = [list(column) for column in zip(*ROWS, strict=True)]
    columns[0] = [prefix + one for one in columns[0]]
    types = [pa.string(), pa.string(), pa.string(), pa.date32(), pa.decimal128(18, 4), pa.int32(), pa.bool_()]
    table = pa.table([pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], list(HEADER))
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def as_fixed(prefix, encoding):
    lines = []
    for row in ROWS:
        cells = [prefix + row[0], *texts(row)[1:]]
        lines.append(b"".join(cell.encode(encoding).ljust(size) for cell, size in zip(cells, WIDTHS, strict=True)))
    return b"\r\n".join(lines) + b"\r\n"


LAYOUT = [{"column": column, "bytes": size} for column, size in zip(HEADER, WIDTHS, strict=True)]
FILES = {
    "csv": (as_csv("A"), {}),
    "excel": (as_excel("B"), {"sheet": "客户"}),
    "excel below a title": (as_excel("C", above=[["客户清单"], []]), {"sheet": "客户", "header_line": 3}),
    "parquet": (as_parquet("D"), {}),
    "gbk": (as_fixed("E", "gbk"), {"layout": LAYOUT}),
    "utf-8": (as_fixed("F", "utf-8"), {"layout": LAYOUT, "encoding": "utf-8"}),
}


@pytest.mark.parametrize("kind", FILES)
async def test_every_source_brings_the_same_customers_and_refusals(database, bank, units, kind):
    body, more = FILES[kind]
    found = await make.import_file(database, bank, body, mapped(**more))
    assert (found.status, found.rows_added, found.rows_refused) == ("done", 2, 1), found.refusal
    assert [(error.column, error.cause) for error in found.report.errors] == [("机构", "unit_code")]
    line = {"excel below a title": 6, "gbk": 3, "utf-8": 3}.get(kind, 4)
    assert found.report.errors[0].line == line
    prefix = "ABCDEF"[list(FILES).index(kind)]
    async with database.begin(bank) as tx:
        rows = [(await customers.find(tx, q=prefix + number))[0][0] for number in ("S1", "S2")]
        first, second = [await customers.get(tx, row.seq) for row in rows]
        body = b"".join([piece async for piece in files.open(tx, await customers.rejects_file(tx, found.id))])
    values = {one.name: one.value for one in first.attributes if one.value is not None}
    assert values == {"opened_on": "2020-03-31", "average": 1234.5, "age": 34, "payroll": True}
    assert {one.name: one.value for one in second.attributes if one.value is not None} == {
        "average": 0,
        "payroll": False,
    }
    assert (first.name, second.name) == ("张*", "李*")
    assert f"{prefix}S3" in body.decode("utf-8-sig")


async def test_a_number_where_a_name_of_digits_is_meant_is_warned_of_and_a_long_one_refused(database, bank, units):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["customer_no", "unit_code", "id_document", "note"])
    page.append([701, "N", 110101199003078515, "第一"])
    page.append(["0702", "N", "110101199003078515", "=1/0"])
    page["D3"].data_type = "e"
    page["D3"].value = "#DIV/0!"
    page.append(["0703", "N", None, datetime(2026, 3, 31, 8, 30)])
    out = io.BytesIO()
    book.save(out)
    mapping = make.mapping(
        {"customer_no": "customer_no", "unit_code": "unit_code", "id_document": "id_document", "note": "text"}
    )
    found = await make.import_file(database, bank, out.getvalue(), mapping)
    assert [(error.line, error.column, error.cause) for error in found.report.errors] == [
        (2, "id_document", "digits_lost"), (3, "note", "formula_error"),
    ]  # fmt: skip
    assert [(one.column, one.cause, one.cells) for one in found.report.warnings] == [("customer_no", "zeros_lost", 1)]
    async with database.begin(bank) as tx:
        (row,), _ = await customers.find(tx, q="0703")
        page = await customers.get(tx, row.seq)
    assert {one.name: one.value for one in page.attributes}["note"] == "2026-03-31 08:30:00"


def test_numbers_are_as_the_cell_holds_them():
    book = openpyxl.Workbook()
    book.active.append(["a"])
    for value in (0.1 + 0.2, 1e3, 12.50, -7, 1e-7):
        book.active.append([value])
    out = io.BytesIO()
    book.save(out)
    (chunk,) = open_reader(Held(out.getvalue()), Mapping(columns=())).chunks()
    assert chunk.rows == [["0.3"], ["1000"], ["12.5"], ["-7"], ["0.0000001"]]


def test_fixed_widths_count_bytes_and_a_line_of_another_length_is_refused_alone(monkeypatch):
    layout = (FixedColumn(column="姓名", bytes=6), FixedColumn(column="n", bytes=3))
    body = "张三  001\n欧阳某002\n李四 003\n\n王五  004".encode("gbk")
    reader = open_reader(Held(body), Mapping(columns=(), layout=layout, encoding="gbk"))
    (chunk,) = reader.chunks()
    assert list(zip(chunk.lines, chunk.rows, strict=True)) == [
        (1, ["张三", "001"]), (2, ["欧阳某", "002"]), (3, ["李四 003"]), (5, ["王五", "004"]),
    ]  # fmt: skip
    monkeypatch.setattr(reading, "CHUNK_ROWS", 2)
    chunks = list(open_reader(Held(body), Mapping(columns=(), layout=layout, encoding="gbk")).chunks())
    assert [(chunk.number, list(chunk.lines)) for chunk in chunks] == [(0, [1, 2]), (1, [3, 5])]


def test_a_width_that_cuts_a_character_refuses_the_cell():
    layout = (FixedColumn(column="a", bytes=3), FixedColumn(column="b", bytes=3))
    (chunk,) = open_reader(Held("张三李".encode("gbk")), Mapping(columns=(), layout=layout, encoding="gbk")).chunks()
    assert any("\ud800" <= sign <= "\udfff" for sign in chunk.rows[0][0] + chunk.rows[0][1])


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (b"PK\x03\x04 no workbook", {}),
        (as_excel("X"), {"sheet": "没有"}),
        (as_excel("X"), {"sheet": "说明"}),
        (as_excel("X")[:900], {"sheet": "客户"}),
        (b"PAR1 no parquet", {}),
        (as_parquet("X")[:-30], {}),
        (b"\xd0\xcf\x11\xe0 old", {}),
    ],
)
async def test_a_damaged_file_is_refused_whole(database, bank, units, body, more):
    found = await make.import_file(database, bank, body, mapped(**more))
    assert (found.status, found.refusal.code, found.rows_read) == ("refused", "customers.file", 0)


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch):
    from huoke.know.customers import records_excel

    monkeypatch.setattr(records_excel, "RATIO_BYTES_MIN", 1_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    with pytest.raises(FileUnfit, match="times its size"):
        open_reader(Held(out.getvalue()), Mapping(columns=()))


async def test_a_proposal_knows_sheets_formats_and_withholds_persons(database, bank, units):
    excel = await propose(database, bank, await make.file(database, bank, as_excel("P"), "p.xlsx"), Look(sheet="客户"))
    assert (excel.format, excel.sheets, excel.header) == ("excel", ["说明", "客户"], list(HEADER))
    assert {one["column"]: one["type"] for one in excel.mapping["columns"] if one["to"] == "attribute"} == {
        "开户日": "date", "月日均": "decimal", "年龄": "integer", "代发": "boolean",
    }  # fmt: skip
    assert excel.sample[0][1] == "****"
    parquet = await propose(database, bank, await make.file(database, bank, as_parquet("P"), "p.parquet"))
    assert (parquet.format, parquet.header) == ("parquet", list(HEADER))
    look = Look(layout=read_layout("".join(f"{one['column']},{one['bytes']}\n" for one in LAYOUT)))
    fixed = await propose(database, bank, await make.file(database, bank, as_fixed("P", "gbk"), "p.txt"), look)
    assert (fixed.format, fixed.encoding, fixed.header) == ("fixed", "gb18030", list(HEADER))
    assert [len(found.mapping["layout"]) for found in (excel, parquet, fixed)] == [0, 0, 7]


@pytest.mark.parametrize("text", ["客户号", "a,b", "a,1\na,2", "a,0"])
async def test_a_layout_that_cannot_be_is_refused(database, bank, text):
    file_id = await make.file(database, bank, b"x\n")
    with pytest.raises(MappingUnfit):
        await propose(database, bank, file_id, Look(layout=read_layout(text)))

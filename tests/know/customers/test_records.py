"""From bytes to records: encodings, line numbers, bounded memory; and cells as values of their type."""

import gzip
import resource
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.know.customers import FileUnfit, Mapping, check, reading
from huoke.know.customers.model import AttributeType
from huoke.know.customers.records import Records


def read(body, size=1 << 16, **mapping):
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    found = Records(pieces, Mapping(columns=(), **mapping))
    return found, [(line, row) for chunk in found.chunks() for line, row in zip(chunk.lines, chunk.rows, strict=True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_every_encoding_and_separator_reads_the_same(encoding, separator, pack, size):
    text = f'客户号{separator}姓名\n1{separator}"张\n三"\n\n2{separator}李四\n'
    found, rows = read(pack(text.encode(encoding)), size)
    assert found.header == ["客户号", "姓名"]
    assert rows == [(2, ["1", "张\n三"]), (5, ["2", "李四"])]
    assert found.separator == separator


def test_gbk_shows_itself_late_in_an_ascii_file():
    body = b"a,b\n" + b"1,x\n" * 100_000 + "2,杭州\n".encode("gbk")
    found, rows = read(body)
    assert (found.encoding, rows[-1]) == ("gb18030", (100_002, ["2", "杭州"]))


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2), max_size=20))
def test_what_was_written_is_read(rows):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    _, found = read(out.getvalue().encode())
    assert [row for _, row in found] == rows


def test_chunks_are_the_same_every_time(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 3)
    body = b"a\n" + b"".join(b"%d\n" % number for number in range(10))
    for size in (1, 5, 1_000):  # however the bytes arrive
        found = Records((body[start : start + size] for start in range(0, len(body), size)), Mapping(columns=()))
        assert [(chunk.number, chunk.lines[0], len(chunk.rows)) for chunk in found.chunks()] == [
            (0, 2, 3), (1, 5, 3), (2, 8, 3), (3, 11, 1),
        ]  # fmt: skip


def told(work):
    """A number, or that it cannot be read."""
    try:
        return work()
    except FileUnfit:
        return "refused"


@given(st.text("a,\"\n\r\0'", max_size=40), st.booleans(), st.integers(1, 9))
def test_counting_takes_the_same_for_records_as_reading_does(body, quoted, size):
    content = f"a,b\n{body}".encode()
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    mapping = Mapping(columns=(), quoted=quoted)
    counted = told(lambda: Records(pieces, mapping).count())
    assert counted == told(lambda: sum(len(chunk) for chunk in Records(pieces, mapping).chunks()))


def test_a_line_of_200_megabytes_is_refused_in_bounded_memory():
    def endless():
        yield b"a,b\n1,"
        for _ in range(200):
            yield b"x" * 1_000_000

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileUnfit) as refused:
        Records(endless(), Mapping(columns=())).count()
    assert refused.value.data["line"] == 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_zip_bomb_is_refused_before_it_unpacks():
    line = b"1," + b"x" * 9_000 + b"\n"
    bomb = gzip.compress(b"a,b\n" + line * 10_000, compresslevel=6, mtime=0)
    with pytest.raises(FileUnfit, match="unpacks to more than 200 times"):
        Records([bomb], Mapping(columns=())).count()


@pytest.mark.parametrize(
    "body", [b"", b"\n1\n", b"a,,b\n", gzip.compress(b"a,b\n1,2\n", mtime=0)[:-6], b"\x1f\x8bgarbage", b"PAR1x"]
)
def test_what_is_no_table_is_refused(body):
    with pytest.raises(FileUnfit):
        read(body)


def test_an_open_quote_names_the_line_where_it_begins():
    body = b'a,b\n1,2\n3,"open\n' + b"5,6\n" * 40_000
    with pytest.raises(FileUnfit) as refused:
        Records([body], Mapping(columns=())).count()
    assert refused.value.data["line"] == 3
    _, rows = read(body, quoted=False)
    assert (len(rows), rows[1]) == (40_002, (3, ["3", '"open']))


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("integer", "007", 7), ("integer", "+5", 5), ("integer", "-0", 0), ("integer", "１２", 12),
        ("integer", str(2**63 - 1), 2**63 - 1), ("integer", str(2**63), None), ("integer", str(-(2**63)), None),
        ("integer", "1.0", None), ("integer", "1,000", None), ("integer", "NaN", None), ("integer", "٣", None),
        ("decimal", "-0.5", Decimal("-0.5")), ("decimal", "１．５", Decimal("1.5")), ("decimal", "1e5", None),
        ("decimal", "0.00001", None), ("decimal", "100000000000000", None), ("decimal", "inf", None),
        ("date", "2024-02-29", date(2024, 2, 29)), ("date", "20240131", date(2024, 1, 31)),
        ("date", "2024/01/31", date(2024, 1, 31)), ("date", "2023-02-29", None), ("date", "1899-12-31", None),
        ("date", "0000-00-00", None), ("boolean", "是", True), ("boolean", "No", False), ("boolean", "maybe", None),
        ("text", "=1+1", "=1+1"), ("text", "a\x00b", None), ("text", "长" * 501, None),
    ],
)  # fmt: skip
def test_a_cell_is_a_value_of_its_type_or_refused(kind, cell, value):
    found = check.read_attribute(AttributeType(kind), pa.array([cell, None]))
    assert found.values.to_pylist() == [value, None]
    assert found.bad.tolist() == [value is None, False]


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs", "Cc"]))), min_size=1))
def test_attributes_become_json_that_reads_back(texts):
    import json

    objects = check.json_objects([("a", pa.array(texts, pa.string()))], len(texts))
    assert [json.loads(one).get("a") for one in objects] == texts

"""Looking into a file: how it is read, its first rows, and what each column probably is."""

import asyncio
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any
from uuid import UUID

import msgspec
import pyarrow as pa

from huoke.kernel import files
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know.customers import check, store
from huoke.know.customers.entities import Entity, EntityField, entity
from huoke.know.customers.heads import HEADS
from huoke.know.customers.mapping import (
    CUSTOMERS,
    NULL_WORDS,
    ColumnMapping,
    FixedColumn,
    Mapping,
    SourceFormat,
    Target,
    check_layout,
)
from huoke.know.customers.model import RESERVED_NAMES, Attribute, AttributeType
from huoke.know.customers.readers import format_of, open_reader
from huoke.know.customers.reading import Reader
from huoke.know.customers.records_excel import ExcelRecords
from huoke.know.customers.source import Source, StoredSource

SAMPLE_ROWS = 8
LOOKED_AT_ROWS = 2_000
LOOKED_AT_BYTES = 4 << 20

_WORDS: dict[Target, tuple[str, ...]] = {
    Target.CUSTOMER_NO: ("customerno", "custno", "custid", "customerid", "clientnum", "clientid", "客户号", "客户编号"),
    Target.NAME: ("name", "customername", "custname", "姓名", "客户姓名", "客户名称"),
    Target.PHONE: ("phone", "mobile", "phoneno", "mobileno", "手机", "手机号", "手机号码", "联系电话"),
    Target.ID_DOCUMENT: ("iddocument", "idno", "idcard", "certno", "身份证", "身份证号", "证件号", "证件号码"),
    Target.UNIT_CODE: ("unitcode", "unit", "orgcode", "branchcode", "机构", "机构号", "机构代码", "网点号"),
}
_DEPOSIT_WORDS = ("balance", "deposit", "aum", "存款", "余额", "月日均", "资产")
_UNKNOWN_WORDS = ("unknown", "n/a", "na", "null", "none", "?", "不详", "未知", "-")
_PERSONAL = (Target.NAME, Target.PHONE, Target.ID_DOCUMENT)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How to look into a file: what its rows are, and what it does not say itself."""

    entity: str = CUSTOMERS
    sheet: str = ""
    header_line: int = 1
    layout: tuple[FixedColumn, ...] = ()
    skip_lines: int = 0
    encoding: str = ""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping to start from. `sample` are the first rows of the file, personal columns withheld."""

    mapping: dict[str, Any]
    format: SourceFormat
    encoding: str
    separator: str
    header: list[str]
    sample: list[list[str]]
    deposit_columns: list[str]
    """Columns that look like facts about deposits (rule B1): confirm `deposit_derived` for each."""
    sheets: list[str]
    """Excel: the workbook's sheets."""


async def propose(database: Database, tenant: TenantId, file_id: UUID, look: Look | None = None) -> Proposal:
    """Look into an uploaded file; raises `files.FileMissing`, `FileUnfit`, `MappingUnfit`."""
    async with database.begin(tenant) as tx:
        file = await files.get(tx, file_id)
        known = {attribute.name: attribute for attribute in await store.attributes(tx)}
    source = StoredSource(database, tenant, file, asyncio.get_running_loop())
    return await asyncio.to_thread(propose_for, source, known, look)


def propose_for(source: Source, known: dict[str, Attribute], look: Look | None = None) -> Proposal:
    """The proposal for a file; attributes the bank has already keep their definition."""
    look = look or Look()
    started = Mapping(
        columns=(),
        entity=look.entity,
        sheet=look.sheet,
        header_line=look.header_line,
        layout=look.layout,
        skip_lines=look.skip_lines,
        encoding=look.encoding,
    )
    check_layout(started)
    kind = format_of(source, started)
    records = open_reader(_Head(source) if kind in (SourceFormat.CSV, SourceFormat.FIXED) else source, started)
    rows = _first_rows(records)
    target = None if look.entity == CUSTOMERS else entity(look.entity)
    columns = _columns(records.header, rows, known, target)
    whole = msgspec.structs.replace(
        started,
        columns=tuple(columns),
        format=kind,
        sheet=records.sheet if isinstance(records, ExcelRecords) else "",
        encoding=records.encoding if kind in (SourceFormat.CSV, SourceFormat.FIXED) else "",
        separator=records.separator,
        row_number_is_customer_no=target is None and all(column.to is not Target.CUSTOMER_NO for column in columns),
    )
    personal = {place for place, column in enumerate(columns) if _is_personal(column, target)}
    return Proposal(
        mapping=msgspec.to_builtins(whole),
        format=kind,
        encoding=records.encoding or "ascii",
        separator=records.separator,
        header=records.header,
        sample=[
            ["****" if place in personal and cell else cell[:80] for place, cell in enumerate(row)]
            for row in rows[:SAMPLE_ROWS]
        ],
        deposit_columns=[column.column for column in columns if column.deposit_derived],
        sheets=records.sheets if isinstance(records, ExcelRecords) else [],
    )


class _Head:
    """The first megabytes of a source, without a line that is cut off."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self._source = source

    def stream(self) -> Iterator[bytes]:
        """Whole lines."""
        head = bytearray()
        for piece in self._source.stream():
            head += piece
            if len(head) >= LOOKED_AT_BYTES:
                break
        yield _whole_lines(bytes(head))

    def seekable(self) -> IO[bytes]:
        """The whole source."""
        return self._source.seekable()


def _first_rows(records: Reader) -> list[list[str]]:
    chunk = next(iter(records.chunks()), None)
    if chunk is None:
        return []
    rows = [chunk.row(place) for place in islice(range(len(chunk)), LOOKED_AT_ROWS)]
    return [row for row in rows if len(row) == len(records.header)]


def _columns(
    header: list[str], rows: list[list[str]], known: dict[str, Attribute], target: Entity | None
) -> list[ColumnMapping]:
    taken: set[Any] = set()
    columns = []
    for place, name in enumerate(header):
        values = [row[place].strip() for row in rows]
        if target is None:
            column = _propose_column(name, place, values, known, taken)
            taken |= {column.to, column.name}
        else:
            column = _propose_field(name, target.fields, taken)
            taken.add(column.name)
        columns.append(column)
    return columns


def _propose_field(header: str, fields: Sequence[EntityField], taken: set[Any]) -> ColumnMapping:
    plain = _plain(header)
    for field in fields:
        words = (_plain(field.name), _plain(field.label), _plain(field.label_en), *field.words)
        if plain in words and field.name not in taken:
            return ColumnMapping(column=header, to=Target.FIELD, name=field.name)
    return ColumnMapping(column=header, to=Target.IGNORE)


def _is_personal(column: ColumnMapping, target: Entity | None) -> bool:
    if target is None or column.to is not Target.FIELD:
        return column.to in _PERSONAL
    return any(field.name == column.name and field.personal for field in target.fields)


def _propose_column(
    header: str, place: int, values: Sequence[str], known: dict[str, Attribute], taken: set[Any]
) -> ColumnMapping:
    plain = _plain(header)
    for target, words in _WORDS.items():
        if plain in words and target not in taken:
            return ColumnMapping(column=header, to=target)
    head = HEADS.get(plain)
    name = head.name if head and head.name not in taken else _name_of(header, place)
    null_words = (*NULL_WORDS, *sorted({value for value in values if value.lower() in _UNKNOWN_WORDS} - {*NULL_WORDS}))
    earlier = known.get(name)
    kind = earlier.type if earlier else _type_of([value for value in values if value not in null_words])
    return ColumnMapping(
        column=header,
        to=Target.ATTRIBUTE,
        name=name,
        label=earlier.label if earlier else header,
        label_en=earlier.label_en if earlier else head.label_en if head else header,
        type=kind,
        data_class=earlier.data_class if earlier else "C2" if _is_deposit(plain) else "C1",
        deposit_derived=earlier.deposit_derived if earlier else _is_deposit(plain),
        lineage=earlier.lineage if earlier else (),
        null_words=null_words,
    )


def _plain(header: str) -> str:
    return re.sub(r"[\s_\-.]", "", unicodedata.normalize("NFKC", header)).lower()


def _type_of(values: Sequence[str]) -> AttributeType:
    """The narrowest type that every value fits; text when there is none."""
    if not values:
        return AttributeType.TEXT
    array = pa.array(values, pa.string())
    for kind in (AttributeType.INTEGER, AttributeType.DECIMAL, AttributeType.DATE):
        if check.read_attribute(kind, array).refused == 0:
            return kind
    words = {value.lower() for value in values}
    return AttributeType.BOOLEAN if len(words) == 2 and words <= check.BOOLEAN_WORDS else AttributeType.TEXT


def _name_of(header: str, place: int) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKC", header).lower()).strip("_")[:60]
    if not name or not name[0].isalpha() or name in RESERVED_NAMES:
        return f"column_{place + 1}"
    return name


def _is_deposit(plain: str) -> bool:
    return any(word in plain for word in _DEPOSIT_WORDS)


def _whole_lines(head: bytes) -> bytes:
    """The head of a file without a last line that is cut off; a gzip head is unpacked as far as it goes."""
    if head.startswith(b"\x1f\x8b"):
        head = zlib.decompressobj(31).decompress(head, LOOKED_AT_BYTES)
    if len(head) < LOOKED_AT_BYTES:
        return head
    return head[: head.rfind(b"\n") + 1]

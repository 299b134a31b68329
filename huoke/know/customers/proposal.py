"""Looking into a file: how it is read, its first rows, and what each column probably is."""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import pyarrow as pa

from huoke.kernel import files
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know.customers import check, store
from huoke.know.customers.mapping import NULL_WORDS, ColumnMapping, Mapping, Target
from huoke.know.customers.model import RESERVED_NAMES, Attribute, AttributeType
from huoke.know.customers.records import Records

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


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping to start from. `sample` are the first rows of the file, personal columns withheld."""

    mapping: dict[str, Any]
    encoding: str
    separator: str
    header: list[str]
    sample: list[list[str]]
    deposit_columns: list[str]
    """Columns that look like facts about deposits (rule B1): confirm `deposit_derived` for each."""


async def propose(database: Database, tenant: TenantId, file_id: UUID) -> Proposal:
    """Look into the first 4 MB of an uploaded file; raises `files.FileMissing`, `FileUnfit`."""
    head = bytearray()
    async for piece in files.stream(database, tenant, files.FileId(file_id)):
        head += piece
        if len(head) >= LOOKED_AT_BYTES:
            break
    async with database.begin(tenant) as tx:
        known = {attribute.name: attribute for attribute in await store.attributes(tx)}
    return propose_for(bytes(head), known)


def propose_for(head: bytes, known: dict[str, Attribute]) -> Proposal:
    """The proposal for the first bytes of a file; attributes the bank has already keep their definition."""
    records = Records([_whole_lines(head)], Mapping(columns=()))
    rows = next(records.chunks()).rows[:LOOKED_AT_ROWS] if head else []
    rows = [row for row in rows if len(row) == len(records.header)]
    taken: set[Target] = set()
    columns = []
    for place, header in enumerate(records.header):
        values = [row[place].strip() for row in rows]
        column = _propose_column(header, place, values, known, taken)
        taken.add(column.to)
        columns.append(column)
    mapping = Mapping(
        columns=tuple(columns),
        encoding=records.encoding,
        separator=records.separator,
        row_number_is_customer_no=Target.CUSTOMER_NO not in taken,
    )
    personal = {place for place, column in enumerate(columns) if column.to in _PERSONAL}
    return Proposal(
        mapping=msgspec.to_builtins(mapping),
        encoding=records.encoding or "ascii",
        separator=records.separator,
        header=records.header,
        sample=[
            ["****" if place in personal and cell else cell[:80] for place, cell in enumerate(row)]
            for row in rows[:SAMPLE_ROWS]
        ],
        deposit_columns=[column.column for column in columns if column.deposit_derived],
    )


_PERSONAL = (Target.NAME, Target.PHONE, Target.ID_DOCUMENT)


def _propose_column(
    header: str, place: int, values: Sequence[str], known: dict[str, Attribute], taken: set[Target]
) -> ColumnMapping:
    plain = re.sub(r"[\s_\-.]", "", unicodedata.normalize("NFKC", header)).lower()
    for target, words in _WORDS.items():
        if plain in words and target not in taken:
            return ColumnMapping(column=header, to=target)
    name = _name_of(header, place)
    null_words = (*NULL_WORDS, *sorted({value for value in values if value.lower() in _UNKNOWN_WORDS} - {*NULL_WORDS}))
    earlier = known.get(name)
    kind = earlier.type if earlier else _type_of([value for value in values if value not in null_words])
    return ColumnMapping(
        column=header,
        to=Target.ATTRIBUTE,
        name=name,
        label=earlier.label if earlier else header,
        label_en=earlier.label_en if earlier else header,
        type=kind,
        data_class=earlier.data_class if earlier else "C2" if _is_deposit(plain) else "C1",
        deposit_derived=earlier.deposit_derived if earlier else _is_deposit(plain),
        lineage=earlier.lineage if earlier else (),
        null_words=null_words,
    )


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

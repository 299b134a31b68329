"""A mapping says what each column of a file is, and on which basis the bank may use what it brings."""

import hashlib
from enum import StrEnum
from typing import Any, Literal

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.know.consent import Basis
from huoke.know.customers.entities import entity
from huoke.know.customers.model import REGION, Attribute, AttributeType, check_names

CUSTOMERS = "customers"
NULL_WORDS = ("", "NULL", "null", "N/A", "NA", "-")


class MappingUnfit(Invalid):
    """The mapping does not fit the file, or contradicts itself."""

    code = "customers.mapping"


class Target(StrEnum):
    """What a column is."""

    CUSTOMER_NO = "customer_no"
    NAME = "name"
    PHONE = "phone"
    ID_DOCUMENT = "id_document"
    UNIT_CODE = "unit_code"
    ATTRIBUTE = "attribute"
    FIELD = "field"
    """A field, by its name, of an entity that is not the customers themselves."""
    IGNORE = "ignore"


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the file, named by its header. From `label` to `lineage` all is for `attribute` columns only."""

    column: str
    to: Target
    name: str = ""
    label: str = ""
    label_en: str = ""
    type: AttributeType = AttributeType.TEXT
    data_class: Literal["C1", "C2"] = "C1"
    deposit_derived: bool = False
    lineage: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    """Of class C2: the edges between which a rule may tell customers apart."""
    null_words: tuple[str, ...] = NULL_WORDS
    """Words that stand for "unknown" in this column, beside an empty cell."""


class SourceFormat(StrEnum):
    """How the file is made; AUTO finds out from its first bytes (a fixed-width file is known by its layout)."""

    AUTO = ""
    CSV = "csv"
    EXCEL = "excel"
    PARQUET = "parquet"
    FIXED = "fixed"


class FixedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a fixed-width file: its name, and its width in bytes of the file's encoding."""

    column: str
    bytes: int


class DeclaredBasis(msgspec.Struct, frozen=True, kw_only=True):
    """The legal basis, per purpose, that the bank declares for every customer in the file (rule P1)."""

    purpose: str
    basis: Basis
    text_version: str
    channel: str = "import"


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How to read a file. Empty `format`, `encoding` and `separator` are found out from the file itself."""

    columns: tuple[ColumnMapping, ...]
    entity: str = CUSTOMERS
    """What the rows are: the customers themselves, or one of `entities.entities()`."""
    format: SourceFormat = SourceFormat.AUTO
    sheet: str = ""
    """Excel: the sheet's name; empty is the first one."""
    header_line: int = 1
    """Excel: the row with the names of the columns."""
    layout: tuple[FixedColumn, ...] = ()
    """Fixed width: the columns from left to right; such a file has no header."""
    skip_lines: int = 0
    """Fixed width: so many lines come before the first record."""
    encoding: str = ""
    """utf-8, gb18030, utf-16, latin-1; empty: by byte-order mark, then UTF-8, then GB18030."""
    separator: str = ""
    quoted: bool = True
    """False for files whose quotes are plain characters."""
    row_number_is_customer_no: bool = False
    """The customer number is the number of the row, the first row after the header being 1."""
    unit_code: str = ""
    """The unit of customers whose row names none."""
    consents: tuple[DeclaredBasis, ...] = ()
    source: str = ""
    """Where the file comes from: the source of its attributes."""

    def hash(self) -> bytes:
        """SHA-256 of the canonical mapping."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).digest()

    def attributes(self) -> list[Attribute]:
        """The attributes the file brings."""
        return [_attribute(column, self.source) for column in self.columns if column.to is Target.ATTRIBUTE]

    def column_of(self, target: Target) -> str | None:
        """The file's column for a field of the customer, or None."""
        return next((column.column for column in self.columns if column.to is target), None)


def check_mapping(mapping: Mapping) -> None:
    """Raise `MappingUnfit` (or `AttributeNameUnfit`) where the mapping contradicts itself."""
    columns = [column.column for column in mapping.columns]
    if repeated := sorted({column for column in columns if columns.count(column) > 1}):
        raise MappingUnfit(f"Column '{repeated[0]}' is mapped twice; map each column once.", pointer="/columns")
    check_layout(mapping)
    if len(mapping.separator) > 1:
        raise MappingUnfit("The separator is one character: , ; | or a tab.", pointer="/separator")
    if mapping.entity == CUSTOMERS:
        _check_customers(mapping)
    else:
        _check_entity(mapping)


def check_layout(mapping: Mapping) -> None:
    """Raise `MappingUnfit` for a layout that cannot be: no width, a name twice, too wide a line."""
    names = [column.column for column in mapping.layout]
    if mapping.format is SourceFormat.FIXED and not names:
        raise MappingUnfit("A fixed-width file needs a layout: each column with its width in bytes.", pointer="/layout")
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise MappingUnfit(f"The layout names '{repeated[0]}' twice; name each column once.", pointer="/layout")
    for place, column in enumerate(mapping.layout):
        if not column.column.strip() or not 1 <= column.bytes <= 4_000:
            raise MappingUnfit(
                f"Column {place + 1} of the layout needs a name and a width of 1 to 4,000 bytes.",
                pointer=f"/layout/{place}",
            )
    if not 0 <= mapping.skip_lines <= 100 or not 1 <= mapping.header_line <= 100:
        raise MappingUnfit("Skip at most 100 lines.", pointer="/skip_lines")


def read_layout(text: str) -> tuple[FixedColumn, ...]:
    """A layout from lines of `column,width in bytes`; blank lines and those that begin with # say nothing."""
    columns = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, width = line.replace("，", ",").replace("\t", ",").rpartition(",")
        if not name.strip() or not width.strip().isdecimal():
            raise MappingUnfit(f"Line {number} of the layout reads 'column,width', as in 客户号,10.", pointer="/layout")
        columns.append(FixedColumn(column=name.strip(), bytes=int(width)))
    return tuple(columns)


def _check_entity(mapping: Mapping) -> None:
    fields = {field.name: field for field in entity(mapping.entity).fields}
    if mapping.consents or mapping.row_number_is_customer_no or mapping.unit_code:
        raise MappingUnfit("Consents, row numbers and a unit are for files of customers only.", pointer="/entity")
    mapped = [column.name for column in mapping.columns if column.to is Target.FIELD]
    for place, column in enumerate(mapping.columns):
        if column.to not in (Target.FIELD, Target.IGNORE):
            raise MappingUnfit(
                f"'{column.column}' goes to {column.to}; here it is a field, or ignored.", pointer=f"/columns/{place}"
            )
        if column.to is Target.FIELD and (column.name not in fields or mapped.count(column.name) > 1):
            raise MappingUnfit(
                f"'{column.name[:60]}' is not one of {', '.join(fields)}, or is mapped twice.",
                pointer=f"/columns/{place}/name",
            )
    if missing := [name for name, field in fields.items() if field.required and name not in mapped]:
        raise MappingUnfit(f"Map a column to {missing[0]}; every row needs one.", pointer="/columns", missing=missing)


def _check_customers(mapping: Mapping) -> None:
    if any(column.to is Target.FIELD for column in mapping.columns):
        raise MappingUnfit("Customers have attributes, not fields; say to = attribute.", pointer="/columns")
    for target in Target:
        if target in (Target.ATTRIBUTE, Target.FIELD, Target.IGNORE):
            continue
        mapped = [column.column for column in mapping.columns if column.to is target]
        if len(mapped) > 1:
            raise MappingUnfit(f"{' and '.join(mapped)} are both mapped to {target}; choose one.", pointer="/columns")
    for place, column in enumerate(mapping.columns):
        if column.to is Target.ATTRIBUTE and column.name == REGION and column.type is not AttributeType.TEXT:
            raise MappingUnfit("A region is a code of 6 digits: say type = text.", pointer=f"/columns/{place}/type")
    if mapping.row_number_is_customer_no == (mapping.column_of(Target.CUSTOMER_NO) is not None):
        raise MappingUnfit(
            "Say where the customer number comes from: map one column to customer_no,"
            " or set row_number_is_customer_no, not both.",
            pointer="/columns",
        )
    if not mapping.unit_code and mapping.column_of(Target.UNIT_CODE) is None:
        raise MappingUnfit("Map a column to unit_code, or give one unit_code for the whole file.", pointer="/unit_code")
    check_names(mapping.attributes())


def check_columns(mapping: Mapping, header: list[str]) -> None:
    """Raise `MappingUnfit` when header and mapping do not name the same columns."""
    if repeated := sorted({column for column in header if header.count(column) > 1}):
        raise MappingUnfit(f"The header names '{repeated[0]}' twice; name each column once.", pointer="/columns")
    mapped = {column.column for column in mapping.columns}
    if unknown := sorted(mapped - set(header)):
        raise MappingUnfit(
            f"The file has no column '{unknown[0]}'; its columns are {', '.join(header)[:400]}.",
            pointer="/columns",
            missing=unknown,
        )
    if unmapped := [column for column in header if column not in mapped]:
        raise MappingUnfit(
            f"Column '{unmapped[0]}' is not in the mapping; map it, or set it to ignore.",
            pointer="/columns",
            unmapped=unmapped,
        )


def read_mapping(value: Any) -> Mapping:
    """A mapping from JSON values, checked; `MappingUnfit` names what is wrong."""
    try:
        mapping = msgspec.convert(value, Mapping)
    except msgspec.ValidationError as error:
        raise MappingUnfit(f"The mapping is not well formed: {error}.", pointer="/mapping") from None
    check_mapping(mapping)
    return mapping


def _attribute(column: ColumnMapping, source: str) -> Attribute:
    name = column.name or column.column
    return Attribute(
        name=name,
        label=column.label or column.column,
        label_en=column.label_en or column.label or column.column,
        type=column.type,
        data_class=column.data_class,
        deposit_derived=column.deposit_derived,
        lineage=column.lineage,
        source=source,
        bands=column.bands,
    )

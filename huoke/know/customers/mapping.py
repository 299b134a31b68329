"""A mapping says what each column of a file is, and on which basis the bank may use what it brings."""

import hashlib
from enum import StrEnum
from typing import Any

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.know.consent import Basis
from huoke.know.customers.model import Attribute, AttributeType, check_names

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
    IGNORE = "ignore"


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the file, named by its header. The fields from `name` on are for `attribute` columns only."""

    column: str
    to: Target
    name: str = ""
    label: str = ""
    label_en: str = ""
    type: AttributeType = AttributeType.TEXT
    data_class: str = "C1"
    deposit_derived: bool = False
    lineage: tuple[str, ...] = ()
    null_words: tuple[str, ...] = NULL_WORDS
    """Words that stand for "unknown" in this column, beside an empty cell."""


class DeclaredBasis(msgspec.Struct, frozen=True, kw_only=True):
    """The legal basis, per purpose, that the bank declares for every customer in the file (rule P1)."""

    purpose: str
    basis: Basis
    text_version: str
    channel: str = "import"


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How to read a file. Empty `encoding` and `separator` are found out from the file itself."""

    columns: tuple[ColumnMapping, ...]
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
    for target in Target:
        if target in (Target.ATTRIBUTE, Target.IGNORE):
            continue
        mapped = [column.column for column in mapping.columns if column.to is target]
        if len(mapped) > 1:
            raise MappingUnfit(f"{' and '.join(mapped)} are both mapped to {target}; choose one.", pointer="/columns")
    if mapping.row_number_is_customer_no == (mapping.column_of(Target.CUSTOMER_NO) is not None):
        raise MappingUnfit(
            "Say where the customer number comes from: map one column to customer_no,"
            " or set row_number_is_customer_no, not both.",
            pointer="/columns",
        )
    if not mapping.unit_code and mapping.column_of(Target.UNIT_CODE) is None:
        raise MappingUnfit("Map a column to unit_code, or give one unit_code for the whole file.", pointer="/unit_code")
    if len(mapping.separator) > 1:
        raise MappingUnfit("The separator is one character: , ; | or a tab.", pointer="/separator")
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
    )

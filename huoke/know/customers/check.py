"""Columns checked as arrays: each cell becomes a value of its field, is empty, or is refused with a cause and a mend.

Full-width digits and letters are folded (NFKC) in numbers, dates, customer numbers, phones, documents and unit codes;
names and texts are kept as they are written. A text that begins like a formula stays text.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huoke.know.customers.mapping import ColumnMapping, Target
from huoke.know.customers.model import REGION, AttributeType

TEXT_CHARACTERS_MAX = 500
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_TRUE = ("true", "yes", "y", "1", "t", "是")
_FALSE = ("false", "no", "n", "0", "f", "否")
BOOLEAN_WORDS = frozenset({*_TRUE, *_FALSE})
_INTEGER = r"^[+-]?[0-9]{1,19}$"
_DECIMAL = r"^[+-]?[0-9]{1,14}(\.[0-9]{1,4})?$"
_DATE = r"^[0-9]{4}([-/]?)[0-9]{2}([-/]?)[0-9]{2}$"
_CUSTOMER_NO = r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,63}$"
_PHONE = r"^[0-9]{5,20}$"
_REGION = r"^[1-9][0-9]{5}$"
_ID_DOCUMENT = r"^[0-9A-Z]{5,20}$"
INTEGER_MAX = 2**63 - 1


class Checked(msgspec.Struct, frozen=True):
    """A column: `values` (null where empty or refused) and which cells are refused, all for one cause."""

    values: pa.Array
    bad: NDArray[np.bool_]
    cause: str = ""
    mend: str = ""

    @property
    def refused(self) -> int:
        """How many cells are refused."""
        return int(self.bad.sum())


def to_array(cells: Sequence[str] | pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Cells as an Arrow column, and which of them hold bytes that are no text in the file's encoding (null there)."""
    if isinstance(cells, pa.Array):
        return cells, np.zeros(len(cells), dtype=bool)
    try:
        return pa.array(cells, pa.string()), np.zeros(len(cells), dtype=bool)
    except UnicodeEncodeError:
        broken = np.array([any("\ud800" <= sign <= "\udfff" for sign in cell) for cell in cells])
        kept = [None if bad else cell for cell, bad in zip(cells, broken, strict=True)]
        return pa.array(kept, pa.string()), broken


def read_column(mapping: ColumnMapping, cells: pa.Array) -> Checked:
    """One column's cells (text, already trimmed of nothing) as its mapping says."""
    if mapping.to is Target.ATTRIBUTE and mapping.name == REGION:
        return _read_region(_known(cells, mapping.null_words))
    if mapping.to is Target.ATTRIBUTE:
        return read_as(mapping.type, mapping.null_words, cells)
    return _FIELDS[mapping.to](_known(cells, mapping.null_words))


def read_as(kind: AttributeType, null_words: Sequence[str], cells: pa.Array) -> Checked:
    """One column's cells as values of a type; empty ones and `null_words` are unknown."""
    return read_attribute(kind, _known(cells, null_words))


def _known(cells: pa.Array, null_words: Sequence[str]) -> pa.Array:
    text = pc.utf8_trim_whitespace(cells)
    empty = pc.is_in(text, value_set=pa.array(["", *null_words], pa.string()))
    return pc.if_else(empty, pa.scalar(None, pa.string()), text)


def read_attribute(kind: AttributeType, text: pa.Array) -> Checked:
    """Text as values of an attribute's type."""
    return _TYPES[kind](text)


def json_literals(values: pa.Array) -> pa.Array:
    """Each value as a JSON literal, null where unknown."""
    kind = values.type
    if pa.types.is_string(kind):
        return _quote(pc.replace_substring(pc.replace_substring(values, "\\", "\\\\"), '"', '\\"'))
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "true", "false")
    if pa.types.is_decimal(kind):
        return pc.replace_substring_regex(values.cast(pa.string()), r"\.?0+$", "")
    if pa.types.is_date(kind):
        return _quote(values.cast(pa.string()))
    return values.cast(pa.string())


def json_objects(columns: Sequence[tuple[str, pa.Array]], count: int) -> list[str]:
    """One JSON object a row out of named columns of values; unknown values are left out."""
    if not columns:
        return ["{}"] * count
    pairs = [
        pc.fill_null(
            pc.binary_join_element_wise(f'"{name}":', json_literals(values), ",", "", null_handling="emit_null"), ""
        )
        for name, values in columns
    ]
    body = pc.ascii_rtrim(pc.binary_join_element_wise(*pairs, ""), ",")
    objects: list[str] = pc.binary_join_element_wise("{", body, "}", "").to_pylist()
    return objects


def _pair(name: str, literals: pa.Array) -> pa.Array:
    whole = pc.binary_join_element_wise(f'"{name}":', literals, ",", "", null_handling="emit_null")
    return pc.fill_null(whole, "")


def _quote(text: pa.Array) -> pa.Array:
    quoted = pc.binary_join_element_wise('"', text, '"', "", null_handling="emit_null")
    for sign, escape in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        quoted = pc.replace_substring(quoted, sign, escape)
    return quoted


def _checked(text: pa.Array, values: pa.Array, good: Any, cause: str, mend: str) -> Checked:
    """`values` where `good`; a cell that holds something and is not good is refused."""
    fits = pc.fill_null(good, fill_value=False)
    bad = pc.and_(pc.is_valid(text), pc.invert(fits)).to_numpy(zero_copy_only=False)
    return Checked(pc.if_else(fits, values, pa.scalar(None, values.type)), bad, cause, mend)


def _fold(text: pa.Array) -> pa.Array:
    """Text in NFKC form; plain ASCII is in it already."""
    plain = pc.all(pc.string_is_ascii(text)).as_py()
    return pc.utf8_normalize(text, form="NFKC") if plain is False else text


def _matching(text: pa.Array, pattern: str) -> pa.Array:
    """Text where it matches, else null."""
    return pc.if_else(pc.match_substring_regex(text, pattern), text, pa.scalar(None, pa.string()))


def _read_region(text: pa.Array) -> Checked:
    values = _matching(_fold(text), _REGION)
    return _checked(text, values, pc.is_valid(values), "region", "Write the region's code of 6 digits (GB/T 2260).")


def _read_integer(text: pa.Array) -> Checked:
    digits = pc.replace_substring_regex(_matching(_fold(text), _INTEGER), r"^\+", "")
    wide = digits.cast(pa.decimal128(20, 0))
    good = pc.and_(pc.less_equal(wide, INTEGER_MAX), pc.greater_equal(wide, -INTEGER_MAX))
    values = pc.if_else(good, wide, pa.scalar(None, wide.type)).cast(pa.int64())
    mend = "Write a whole number between -9223372036854775807 and 9223372036854775807, without separators."
    return _checked(text, values, good, "integer", mend)


def _read_decimal(text: pa.Array) -> Checked:
    digits = pc.replace_substring_regex(_matching(_fold(text), _DECIMAL), r"^\+", "")
    values = digits.cast(pa.decimal128(18, 4))
    mend = "Write a number with at most 14 digits before the point and 4 after it, without separators."
    return _checked(text, values, pc.is_valid(values), "decimal", mend)


def _read_date(text: pa.Array) -> Checked:
    plain = pc.replace_substring_regex(_matching(_fold(text), _DATE), "[-/]", "")
    plain = pc.replace_substring_regex(plain, r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3")
    try:
        values = plain.cast(pa.date32())
    except pa.ArrowInvalid:  # one of them is no day of any calendar
        values = pa.array([_day(day) for day in plain.to_pylist()], pa.date32())
    year = pc.year(values)
    good = pc.and_(pc.greater_equal(year, 1900), pc.less_equal(year, 2299))
    return _checked(text, values, good, "date", "Write a date as 2026-03-31, between 1900 and 2299.")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _read_boolean(text: pa.Array) -> Checked:
    word = pc.utf8_lower(_fold(text))
    true = pc.is_in(word, value_set=pa.array(_TRUE))
    good = pc.or_(true, pc.is_in(word, value_set=pa.array(_FALSE)))
    return _checked(text, true, good, "boolean", "Write true or false, yes or no, 1 or 0, 是 or 否.")


def _read_text(text: pa.Array) -> Checked:
    clean = pc.invert(pc.match_substring_regex(text, _CONTROL))
    good = pc.and_(clean, pc.less_equal(pc.utf8_length(text), TEXT_CHARACTERS_MAX))
    mend = f"Keep to {TEXT_CHARACTERS_MAX} characters, without control characters."
    return _checked(text, text, good, "text", mend)


def _read_name(text: pa.Array) -> Checked:
    clean = pc.invert(pc.match_substring_regex(text, r"[\x00-\x1f\x7f]"))
    good = pc.and_(clean, pc.less_equal(pc.utf8_length(text), 80))
    return _checked(text, text, good, "name", "Write a name of at most 80 characters on one line.")


def _read_customer_no(text: pa.Array) -> Checked:
    folded = _fold(text)
    good = pc.match_substring_regex(folded, _CUSTOMER_NO)
    mend = "Write 1 to 64 letters, digits and . _ / -, beginning with a letter or digit."
    return _checked(text, folded, good, "customer_no", mend)


def _read_phone(text: pa.Array) -> Checked:
    digits = pc.replace_substring_regex(_fold(text), r"[\s()-]", "")
    digits = pc.replace_substring_regex(digits, r"^(\+|00)86", "")
    digits = pc.replace_substring_regex(digits, r"^\+", "")
    good = pc.match_substring_regex(digits, _PHONE)
    return _checked(text, digits, good, "phone", "Write 5 to 20 digits; +86 and hyphens are fine.")


def _read_id_document(text: pa.Array) -> Checked:
    plain = pc.utf8_upper(pc.replace_substring_regex(_fold(text), r"[\s-]", ""))
    good = pc.match_substring_regex(plain, _ID_DOCUMENT)
    return _checked(text, plain, good, "id_document", "Write 5 to 20 letters and digits.")


def _read_unit_code(text: pa.Array) -> Checked:
    folded = _fold(text)
    good = pc.less_equal(pc.utf8_length(folded), 64)
    return _checked(text, folded, good, "unit_code", "Write the code of one of the bank's units.")


_TYPES = {
    AttributeType.INTEGER: _read_integer,
    AttributeType.DECIMAL: _read_decimal,
    AttributeType.DATE: _read_date,
    AttributeType.BOOLEAN: _read_boolean,
    AttributeType.TEXT: _read_text,
}
_FIELDS = {
    Target.CUSTOMER_NO: _read_customer_no,
    Target.NAME: _read_name,
    Target.PHONE: _read_phone,
    Target.ID_DOCUMENT: _read_id_document,
    Target.UNIT_CODE: _read_unit_code,
}

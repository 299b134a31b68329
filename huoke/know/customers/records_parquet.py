"""Parquet files: columns of their own types, given on as texts, so that one mapping checks every source alike."""

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huoke.know.customers import reading
from huoke.know.customers.reading import ColumnChunk, FileUnfit, Warned

_NO_TIME = r"[ T]00:00:00(\.0+)?(Z|[+-]00:?00)?$"
FLOAT_DIGITS = 10
"""Digits after the point that a binary fraction is given with; what lies beyond is its noise."""


class ParquetRecords:
    """The header and the chunks of a Parquet file; line 1 stands for the header, as in a CSV file."""

    encoding = "utf-8"
    separator = ""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._file = pq.ParquetFile(pa.PythonFile(file, mode="r"))
        except (pa.ArrowException, OSError) as error:
            raise _cannot_read(error) from None
        schema = self._file.schema_arrow
        self.header = [name.strip() for name in schema.names]
        if not self.header or any(not name for name in self.header):
            raise FileUnfit("Every column of the file needs a name.", pointer="/file_id")
        for field in schema:
            if not _is_plain(field.type):
                raise FileUnfit(
                    f"Column '{field.name}' holds {field.type}: write plain columns, one value a cell.",
                    pointer="/file_id",
                )

    def chunks(self) -> Iterator[ColumnChunk]:
        """All records, in batches that may end early where a group of rows does."""
        line, number = 2, 0
        try:
            for batch in self._file.iter_batches(batch_size=reading.CHUNK_ROWS):
                lines = range(line, line + batch.num_rows)
                yield ColumnChunk(number, lines, [as_text(array) for array in batch.columns])
                line, number = line + batch.num_rows, number + 1
        except (pa.ArrowException, OSError) as error:
            raise _cannot_read(error) from None

    def count(self) -> int:
        """How many records there are; every page is read, so a damaged one shows before anything is written."""
        try:
            return sum(batch.num_rows for batch in self._file.iter_batches(batch_size=65_536))
        except (pa.ArrowException, OSError) as error:
            raise _cannot_read(error) from None

    def warnings(self) -> list[Warned]:
        """None: the file says of each column what it is."""
        return []


def as_text(array: pa.Array) -> pa.Array:
    """Values as people write them, empty where unknown: 2026-03-31, 12.5, true."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return as_text(array.dictionary_decode())
    if pa.types.is_floating(kind):
        text = _floats(array)
    elif pa.types.is_timestamp(kind):
        text = pc.replace_substring_regex(array.cast(pa.string()), _NO_TIME, "")
    elif pa.types.is_boolean(kind):
        text = pc.if_else(array, "true", "false")
    else:
        text = array.cast(pa.string())
    return pc.fill_null(text, "")


def _floats(array: pa.Array) -> pa.Array:
    known = pc.if_else(pc.is_finite(array), array, pa.scalar(None, array.type))
    try:
        text = pc.round(known.cast(pa.float64()), FLOAT_DIGITS).cast(pa.decimal128(38, FLOAT_DIGITS)).cast(pa.string())
    except pa.ArrowInvalid:  # larger than any amount: as it is, and refused by its type
        return array.cast(pa.string())
    text = pc.replace_substring_regex(text, r"\.?0+$", "")
    return pc.if_else(pc.is_finite(array), text, array.cast(pa.string()))


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    tests = (
        pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal,
        pa.types.is_boolean, pa.types.is_date, pa.types.is_timestamp, pa.types.is_null,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def _cannot_read(error: Exception) -> FileUnfit:
    return FileUnfit(f"The Parquet file cannot be read: {str(error)[:200]}.", pointer="/file_id")

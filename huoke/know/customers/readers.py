"""Which reader a source needs: found out from its first bytes, unless the mapping says."""

from huoke.know.customers.mapping import Mapping, SourceFormat
from huoke.know.customers.reading import FileUnfit, Reader
from huoke.know.customers.records import Records
from huoke.know.customers.records_excel import ExcelRecords
from huoke.know.customers.records_fixed import FixedRecords
from huoke.know.customers.records_parquet import ParquetRecords
from huoke.know.customers.source import Source

_MAGIC = {b"PK\x03\x04": SourceFormat.EXCEL, b"PAR1": SourceFormat.PARQUET}


def format_of(source: Source, mapping: Mapping) -> SourceFormat:
    """What the mapping says; else fixed width where it has a layout, else by the first bytes, else CSV."""
    if mapping.format is not SourceFormat.AUTO:
        return mapping.format
    if mapping.layout:
        return SourceFormat.FIXED
    with source.seekable() as file:
        head = file.read(4)
    return _MAGIC.get(head, SourceFormat.CSV)


def open_reader(source: Source, mapping: Mapping) -> Reader:
    """The reader of a source; `FileUnfit` where it is of no kind we read, or not of the kind the mapping says."""
    kind = format_of(source, mapping)
    if kind is SourceFormat.EXCEL:
        return ExcelRecords(source.seekable(), mapping)
    if kind is SourceFormat.PARQUET:
        return ParquetRecords(source.seekable())
    if kind is SourceFormat.FIXED:
        if not mapping.layout:
            raise FileUnfit(
                "A fixed-width file needs a layout: each column with its width in bytes.", pointer="/layout"
            )
        return FixedRecords(source.stream(), mapping)
    return Records(source.stream(), mapping)

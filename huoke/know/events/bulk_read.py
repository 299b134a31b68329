"""Reading bulk event files: Parquet, CSV and NDJSON as batches of columns, in bounded memory."""

import csv
import gzip
import io
from collections.abc import Iterator
from typing import IO, Any, Protocol

import msgspec
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from huoke.know.events.columns import PREFIX
from huoke.know.events.file_model import ColumnTarget, FileColumn, FileFormat, FileMapping
from huoke.know.events.fit import NAMED, given_by
from huoke.know.events.model import Kind, Malformed, Message

BATCH_ROWS = 250_000
BLOCK_BYTES = 24 << 20
LINES_AT_ONCE = 100_000
HEAD_BYTES = 64 << 10
_FORMATS = {
    ".csv": FileFormat.CSV, ".txt": FileFormat.CSV, ".tsv": FileFormat.CSV, ".parquet": FileFormat.PARQUET,
    ".ndjson": FileFormat.NDJSON, ".jsonl": FileFormat.NDJSON,
}  # fmt: skip
_SEPARATORS = ",\t;|"
_CALLED = {
    ColumnTarget.CUSTOMER_NO: ("customer_no", "userid", "user_id", "客户号", "客户编号"),
    ColumnTarget.EVENT: ("event", "name", "事件", "事件名称"),
    ColumnTarget.TIMESTAMP: ("timestamp", "at", "time", "时间", "发生时间", "交易时间"),
    ColumnTarget.MESSAGE_ID: ("messageid", "message_id", "消息编号", "流水号", "交易流水号"),
    ColumnTarget.AMOUNT_FEN: ("amount_fen", "金额(分)", "金额（分）"),
    ColumnTarget.AMOUNT_YUAN: ("amount_yuan", "金额", "金额(元)", "金额（元）", "交易金额"),
    ColumnTarget.ENTRY_CODE: ("entry_code", "入口", "入口码"),
}  # fmt: skip
"""What a file may call our columns; every other column is a property."""
_TARGETS = {name: target for target, names in _CALLED.items() for name in names}
OURS = {
    ColumnTarget.CUSTOMER_NO: "user_id",
    ColumnTarget.EVENT: "name",
    ColumnTarget.TIMESTAMP: "at",
    ColumnTarget.MESSAGE_ID: "message_id",
    ColumnTarget.AMOUNT_FEN: "amount_fen",
    ColumnTarget.AMOUNT_YUAN: "amount_yuan",
    ColumnTarget.ENTRY_CODE: "entry_code",
}
"""What our columns are called further on."""
_NEEDED = (ColumnTarget.CUSTOMER_NO, ColumnTarget.EVENT, ColumnTarget.TIMESTAMP)
_KINDS = frozenset(Kind)
_MARKS = ("properties.", PREFIX)


class Source(Protocol):
    """The bytes of one file, and what it is called."""

    name: str

    def seekable(self) -> IO[bytes]:
        """The bytes, to be read anywhere."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is made: found out from its name and its first bytes."""

    format: FileFormat
    packed: bool
    encoding: str = "utf-8"
    separator: str = ","
    header: tuple[str, ...] = ()


def shape_of(source: Source) -> Shape:
    """How a file is made, by its ending (.csv .txt .tsv .ndjson .jsonl, these also .gz; .parquet); `Malformed`."""
    name = source.name.lower()
    packed = name.endswith(".gz")
    format_ = _FORMATS.get("." + name.removesuffix(".gz").rpartition(".")[2])
    if format_ is None or (packed and format_ is FileFormat.PARQUET):
        raise Malformed(
            f"{source.name}: a file of events ends in .csv, .ndjson or .jsonl (also .gz), or .parquet.", pointer="/file"
        )
    with _reading(source):
        if format_ is FileFormat.NDJSON:
            return Shape(format=format_, packed=packed)
        if format_ is FileFormat.PARQUET:
            with source.seekable() as file:
                return Shape(format=format_, packed=False, header=tuple(pq.read_schema(file).names))
        return _csv_shape(source, packed=packed)


def propose(header: tuple[str, ...]) -> FileMapping:
    """What columns of these names are; every name we do not know is a property."""
    columns = []
    for name in header:
        target = _TARGETS.get(name.strip().lower())
        bare = next((name.removeprefix(mark) for mark in _MARKS if name.startswith(mark)), name)
        columns.append(
            FileColumn(column=name, to=target)
            if target
            else FileColumn(column=name, to=ColumnTarget.PROPERTY, property=bare)
        )
    return FileMapping(columns=columns)


def check_mapping(mapping: FileMapping, shape: Shape) -> None:
    """Raise `Malformed` unless customer, event and time are told, nothing twice, and every column is there."""
    if shape.format is FileFormat.NDJSON:
        return
    told = [(one.to, one.property) for one in mapping.columns if one.to is not ColumnTarget.IGNORE]
    targets = {target for target, _ in told} | ({ColumnTarget.EVENT} if mapping.event else set())
    if missing := [target for target in _NEEDED if target not in targets]:
        raise Malformed(f"No column of the file is {missing[0]}.", pointer="/mapping/columns")
    if len(set(told)) < len(told):
        raise Malformed("Two columns of the file mean the same.", pointer="/mapping/columns")
    if absent := [one.column for one in mapping.columns if one.column not in shape.header]:
        raise Malformed(f"The file has no column '{absent[0][:60]}'.", pointer="/mapping/columns")
    if any(one.to is ColumnTarget.PROPERTY and not one.property for one in mapping.columns):
        raise Malformed("A column is a property without a name.", pointer="/mapping/columns")


def read_batches(
    source: Source, shape: Shape, mapping: FileMapping, *, rows: int = BATCH_ROWS
) -> Iterator[tuple[pa.Table, float]]:
    """The rows of a file as tables of the columns `OURS` and p_<property>, each with the share that is read by then.

    `Malformed` where the file cannot be read on.
    """
    reader = {FileFormat.PARQUET: _parquet, FileFormat.CSV: _csv, FileFormat.NDJSON: _ndjson}[shape.format]
    with _reading(source):
        for table, share in reader(source, shape, rows):
            yield (table if shape.format is FileFormat.NDJSON else _placed(table, mapping)), share


class _reading:  # noqa: N801 - reads as a word
    """What the file's own readers raise, as our refusal."""

    def __init__(self, source: Source) -> None:
        self._name = source.name

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, (pa.ArrowInvalid, pa.ArrowTypeError, gzip.BadGzipFile, EOFError, UnicodeDecodeError)):
            raise Malformed(f"{self._name} cannot be read: {str(error)[:200]}", pointer="/file") from None


def _csv_shape(source: Source, *, packed: bool) -> Shape:
    with source.seekable() as raw, _unpacked(raw, packed=packed) as file:
        head = file.read(HEAD_BYTES)
    encoding = "utf-8"
    try:
        head.rpartition(b"\n")[0].decode()
    except UnicodeDecodeError:
        encoding = "gb18030"
    first = next(iter(head.decode(encoding, "replace").removeprefix("\ufeff").splitlines()), "")
    separator = max(_SEPARATORS, key=first.count)
    header = next(csv.reader([first], delimiter=separator), [])
    return Shape(format=FileFormat.CSV, packed=packed, encoding=encoding, separator=separator, header=tuple(header))


def _unpacked(raw: IO[bytes], *, packed: bool) -> IO[bytes]:
    return gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[return-value]


def _size(raw: IO[bytes]) -> int:
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    return max(size, 1)


def _parquet(source: Source, _shape: Shape, rows: int) -> Iterator[tuple[pa.Table, float]]:
    with source.seekable() as raw:
        file = pq.ParquetFile(raw)
        total, read = max(file.metadata.num_rows, 1), 0
        for batch in file.iter_batches(rows):
            read += batch.num_rows
            yield pa.Table.from_batches([batch]), read / total


def _csv(source: Source, shape: Shape, rows: int) -> Iterator[tuple[pa.Table, float]]:
    # Every column as text: what a value is, its schema says.
    texts = pcsv.ConvertOptions(
        column_types=dict.fromkeys(shape.header, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    reading = pcsv.ReadOptions(block_size=BLOCK_BYTES, encoding=shape.encoding)
    parsing = pcsv.ParseOptions(delimiter=shape.separator, newlines_in_values=True)
    with source.seekable() as raw:
        size = _size(raw)
        with (
            _unpacked(raw, packed=shape.packed) as file,
            pcsv.open_csv(file, reading, parsing, texts) as blocks,
        ):
            for batch in blocks:
                for start in range(0, batch.num_rows, rows):
                    yield pa.Table.from_batches([batch.slice(start, rows)]), raw.tell() / size


def _ndjson(source: Source, shape: Shape, rows: int) -> Iterator[tuple[pa.Table, float]]:
    at_once = min(rows, LINES_AT_ONCE)
    with source.seekable() as raw:
        size = _size(raw)
        with _unpacked(raw, packed=shape.packed) as file:
            while lines := [line for line in file.readlines(BLOCK_BYTES) if line.strip()]:
                for start in range(0, len(lines), at_once):
                    yield _table([_message(line) for line in lines[start : start + at_once]]), raw.tell() / size


def _message(line: bytes) -> Message:
    try:
        return msgspec.json.decode(line, type=Message)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Message()  # a row without name, customer and time: refused as one, not with its file


def _table(messages: list[Message]) -> pa.Table:
    kinds = [Kind(one.type) if one.type in _KINDS else Kind.TRACK for one in messages]
    said = [given_by(one, kind) for one, kind in zip(messages, kinds, strict=True)]
    keys = sorted({key for one in said for key in one} - {"amount_fen", "entry_code"})
    columns = {
        "user_id": [None if one.user_id is None else str(one.user_id) for one in messages],
        "name": [NAMED.get(kind, one.event) for one, kind in zip(messages, kinds, strict=True)],
        "kind": [kind.value for kind in kinds],
        "at": [_instant(one) for one in messages],
        "message_id": [one.message_id for one in messages],
        "amount_fen": [_text(one.get("amount_fen")) for one in said],
        "entry_code": [_text(one.get("entry_code")) for one in said],
    }
    columns |= {PREFIX + key: [_text(one.get(key)) for one in said] for key in keys}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _instant(message: Message) -> str | None:
    at = message.original_timestamp or message.timestamp
    return at.isoformat() if at else None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _placed(table: pa.Table, mapping: FileMapping) -> pa.Table:
    """The mapped columns under our names."""
    placed = {
        OURS.get(one.to, PREFIX + one.property): table.column(one.column)
        for one in mapping.columns
        if one.to is not ColumnTarget.IGNORE
    }
    if "name" not in placed:
        placed["name"] = pa.chunked_array([pa.repeat(mapping.event, table.num_rows)])
    return pa.table(placed)

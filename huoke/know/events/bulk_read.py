"""Reading bulk event files: Parquet, CSV and NDJSON as batches of columns, in bounded memory."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from huoke.know.events.columns import PREFIX
from huoke.know.events.model import Malformed, Message

BATCH_ROWS = 400_000
BLOCK_BYTES = 64 << 20
LINES_AT_ONCE = 100_000
_CALLED = {
    "customer_no": "user_id", "userid": "user_id", "user_id": "user_id", "event": "name", "name": "name",
    "timestamp": "at", "at": "at", "time": "at", "messageid": "message_id", "message_id": "message_id",
    "amount_fen": "amount_fen", "entry_code": "entry_code",
}  # fmt: skip
"""What a file may call our columns; every other column is a property."""
_NEEDED = ("user_id", "name", "at")
_MARKS = ("properties.", PREFIX)


def read_batches(path: Path) -> Iterator[pa.Table]:
    """The rows of a file as tables of user_id, name, at, message_id, amount_fen, entry_code and p_<property> columns.

    By its ending: .parquet, .csv (UTF-8, with a header), .ndjson or .jsonl (messages of the Segment spec). `Malformed`.
    """
    reader = {".parquet": _parquet, ".csv": _csv, ".ndjson": _ndjson, ".jsonl": _ndjson}.get(path.suffix.lower())
    if reader is None:
        raise Malformed(f"{path.name}: a file of events ends in .parquet, .csv, .ndjson or .jsonl.", pointer="/file")
    try:
        yield from reader(path)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise Malformed(f"{path.name} cannot be read: {str(error)[:200]}", pointer="/file") from None


def _parquet(path: Path) -> Iterator[pa.Table]:
    for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS):
        yield _named(pa.Table.from_batches([batch]))


def _csv(path: Path) -> Iterator[pa.Table]:
    # Every column as text: what a value is, its schema says.
    texts = pcsv.ConvertOptions(
        column_types=dict.fromkeys(_header(path), pa.string()), strings_can_be_null=True, null_values=[""]
    )
    with pcsv.open_csv(path, pcsv.ReadOptions(block_size=BLOCK_BYTES), convert_options=texts) as blocks:
        for batch in blocks:
            for start in range(0, batch.num_rows, BATCH_ROWS):
                yield _named(pa.Table.from_batches([batch.slice(start, BATCH_ROWS)]))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return next(csv.reader(file), [])


def _ndjson(path: Path) -> Iterator[pa.Table]:
    with path.open("rb") as file:
        while lines := [line for line in file.readlines(BLOCK_BYTES) if line.strip()]:
            for start in range(0, len(lines), LINES_AT_ONCE):
                yield _table([_message(line) for line in lines[start : start + LINES_AT_ONCE]])


def _message(line: bytes) -> Message:
    try:
        return msgspec.json.decode(line, type=Message)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Message()  # a row without name, customer and time: refused as one, not with its file


def _table(messages: list[Message]) -> pa.Table:
    said: list[dict[str, Any]] = [message.properties or {} for message in messages]
    keys = sorted({key for one in said for key in one} - {"amount_fen", "entry_code"})
    columns = {
        "user_id": [None if one.user_id is None else str(one.user_id) for one in messages],
        "name": [one.event for one in messages],
        "at": [one.timestamp.isoformat() if one.timestamp else None for one in messages],
        "message_id": [one.message_id for one in messages],
        "amount_fen": [_text(one.get("amount_fen")) for one in said],
        "entry_code": [_text(one.get("entry_code")) for one in said],
    }
    columns |= {PREFIX + key: [_text(one.get(key)) for one in said] for key in keys}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _named(table: pa.Table) -> pa.Table:
    """The same columns under our names."""
    names = []
    for name in table.column_names:
        ours = _CALLED.get(name.lower())
        bare = next((name.removeprefix(mark) for mark in _MARKS if name.startswith(mark)), name)
        names.append(ours or PREFIX + bare)
    if missing := [name for name in _NEEDED if name not in names]:
        raise Malformed(f"The file lacks a column for {missing[0]}.", pointer="/file")
    if len(set(names)) < len(names):
        raise Malformed("Two columns of the file mean the same.", pointer="/file")
    return table.rename_columns(names)

"""Files of a bank: sealed under its key, in chunks in PostgreSQL, gone when they expire."""

from huoke.kernel.files.model import (
    CHUNK_BYTES,
    SIZE_BYTES_MAX,
    BadFileName,
    File,
    FileDamaged,
    FileId,
    FileMissing,
    FileTooLarge,
)
from huoke.kernel.files.put import put, remove, upload
from huoke.kernel.files.read import get, piece, stream
from huoke.kernel.files.read import open_ as open  # noqa: A004 - callers read files.open(tx, id)
from huoke.kernel.files.rows import TableUnread, rows, text_of
from huoke.kernel.files.seal import Keys, MasterKeys, register_keys

__all__ = [
    "CHUNK_BYTES",
    "SIZE_BYTES_MAX",
    "BadFileName",
    "File",
    "FileDamaged",
    "FileId",
    "FileMissing",
    "FileTooLarge",
    "Keys",
    "MasterKeys",
    "TableUnread",
    "get",
    "open",
    "piece",
    "put",
    "register_keys",
    "remove",
    "rows",
    "stream",
    "text_of",
    "upload",
]

"""Where the bytes of an import lie: in a file of this machine, or sealed in the bank's file store.

A reader takes them in order (`stream`) or out of order (`seekable`); neither ever writes a copy in clear.
"""

import asyncio
import io
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from huoke.kernel import files
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database

PIECE_BYTES = 1 << 20
PIECES_HELD = 8
"""So many pieces of 1 MiB are kept open for readers that jump."""


class Source(Protocol):
    """The bytes of one import."""

    name: str

    def stream(self) -> Iterator[bytes]:
        """From the first to the last byte."""

    def seekable(self) -> IO[bytes]:
        """The same bytes, to be read anywhere."""


class LocalSource:
    """A file of this machine."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    def stream(self) -> Iterator[bytes]:
        """From the first to the last byte."""
        with self._path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def seekable(self) -> IO[bytes]:
        """The file itself."""
        return self._path.open("rb")


class StoredSource:
    """A file of the bank's store, read from a thread while `loop` runs in another."""

    def __init__(self, database: Database, tenant: TenantId, file: files.File, loop: asyncio.AbstractEventLoop) -> None:
        self.name = file.name
        self._database = database
        self._tenant = tenant
        self._file = file
        self._loop = loop
        self.bytes_read = 0
        """How much was opened since the source was made; what is read twice counts twice."""

    @property
    def size_bytes(self) -> int:
        """How long the file is."""
        return self._file.size_bytes

    def piece(self, number: int) -> bytes:
        """Piece `number` of 1 MiB; raises `files.FileMissing`, `files.FileDamaged`."""
        wanted = files.piece(self._database, self._tenant, self._file.id, number)
        opened = asyncio.run_coroutine_threadsafe(wanted, self._loop).result()
        self.bytes_read += len(opened)
        return opened

    def stream(self) -> Iterator[bytes]:
        """From the first to the last byte."""
        for number in range(-(-self._file.size_bytes // files.CHUNK_BYTES)):
            yield self.piece(number)

    def seekable(self) -> IO[bytes]:
        """The bytes opened piece by piece as they are asked for."""
        return io.BufferedReader(_Pieces(self), PIECE_BYTES // 4)


class _Pieces(io.RawIOBase):
    """A stored file as Python reads files."""

    def __init__(self, source: StoredSource) -> None:
        self._source = source
        self._at = 0
        self._held: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size_bytes}[whence]
        self._at = max(begin + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        if self._at >= self._source.size_bytes or not len(view):
            return 0
        number, offset = divmod(self._at, files.CHUNK_BYTES)
        part = self._piece(number)[offset : offset + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        if number not in self._held:
            self._held[number] = self._source.piece(number)
            if len(self._held) > PIECES_HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(number)
        return self._held[number]

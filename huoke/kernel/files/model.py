"""What a file is, and what may be refused."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NewType
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict, Invalid, NotFound, Refusal

FileId = NewType("FileId", UUID)

CHUNK_BYTES = 1 << 20
SIZE_BYTES_MAX = 512 << 20
NAME_CHARACTERS_MAX = 200


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file of one bank. `download_permission` is who may fetch it over HTTP; empty is nobody."""

    id: FileId
    name: str
    content_type: str
    size_bytes: int
    sha256: str
    download_permission: str
    created_at: datetime
    expires_at: datetime


class FileMissing(NotFound):
    """There is no such file in this bank, or it has expired, or it is not there for the caller."""

    code = "files.missing"


class FileDamaged(Conflict):
    """The stored bytes do not open: they were changed after they were written."""

    code = "files.damaged"


class FileTooLarge(Refusal):
    """The file is larger than allowed; nothing of it is kept."""

    code = "files.too_large"
    status = 413


class BadFileName(Invalid):
    """A file's name is 1 … 200 characters without path separators or control characters."""

    code = "files.bad_name"


def check_name(name: str) -> str:
    """The name when it is a plain one; raises `BadFileName`."""
    if not 0 < len(name) <= NAME_CHARACTERS_MAX or any(
        sign in "/\\" or ord(sign) < 32 or ord(sign) == 127 for sign in name
    ):
        raise BadFileName(f"A file's name is 1 to {NAME_CHARACTERS_MAX} characters without / or \\.", pointer="/name")
    return name


def too_large(size_bytes_max: int) -> FileTooLarge:
    """The refusal that names the limit."""
    return FileTooLarge(
        f"The file is larger than {size_bytes_max / 1_000_000:.0f} MB; split it.", size_bytes_max=size_bytes_max
    )


async def chunked(source: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of exactly 1 MiB, the last one shorter; no pieces for nothing."""
    held = bytearray()
    async for piece in source:
        held += piece
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)

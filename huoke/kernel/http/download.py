"""Sending a file of a bank to whoever may have it."""

from urllib.parse import quote

from litestar.response import Stream

from huoke.kernel import files
from huoke.kernel.files import File
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database


def download(database: Database, tenant: TenantId, file: File) -> Stream:
    """The bytes of a file under its name, in pieces; no browser opens or runs what came from outside."""
    return Stream(
        files.stream(database, tenant, file.id),
        media_type=file.content_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
            "Content-Length": str(file.size_bytes),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )

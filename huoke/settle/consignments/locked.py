"""A ZIP archive that opens with a key alone: AES-256 as WinZip describes it, which common archivers open. Pure.

Keys are drawn out of the given one by a thousand rounds only, so the archive is as strong as that: give a random one.
Names are readable. Source: WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2".
"""

import io
from collections.abc import Mapping
from datetime import datetime

import pyzipper


def locked(files: Mapping[str, bytes], key: str, at: datetime) -> bytes:
    """An archive of files (name → content) under a key, as of a local time."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(key.encode())
        for name, content in files.items():
            archive.writestr(archive.zipinfo_cls(name, at.timetuple()[:6]), content, pyzipper.ZIP_DEFLATED)
    return out.getvalue()

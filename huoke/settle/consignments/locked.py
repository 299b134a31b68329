"""A ZIP archive that opens with a key alone: AES-256 as WinZip's AE-2 describes it, which common archivers open. Pure.

Each file: salt (16) · verifier (2) · AES-CTR (little-endian counter from 1) · HMAC-SHA1 (10). Keys by PBKDF2-HMAC-SHA1,
1,000 rounds: the archive is as strong as the key it is given, so the key is a random one. Names are readable.
Source: https://www.winzip.com/en/support/aes-encryption/ and PKWARE's APPNOTE 6.3.
"""

import hashlib
import hmac
import os
import struct
import zlib
from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_AES = 99
_DEFLATED = 8
_SALT_BYTES = 16
_KEY_BYTES = 32
_ROUNDS = 1_000
_MARK_BYTES = 10
_NEEDS = 51
_FLAGS = 0x0801
"""Encrypted, names in UTF-8."""
_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, _DEFLATED)


def locked(files: Mapping[str, bytes], key: str, at: datetime) -> bytes:
    """An archive of files (name → content) under a key, as of a local time."""
    out, directory = bytearray(), bytearray()
    day = (max(at.year - 1980, 0) << 9) | (at.month << 5) | at.day
    time = (at.hour << 11) | (at.minute << 5) | (at.second // 2)
    for name, content in files.items():
        body, raw = _sealed(content, key.encode()), name.encode()
        sizes = struct.pack("<HHHHIIIHH", _FLAGS, _AES, time, day, 0, len(body), len(content), len(raw), len(_EXTRA))
        place = len(out)
        out += struct.pack("<IH", 0x04034B50, _NEEDS) + sizes + raw + _EXTRA + body
        directory += struct.pack("<IHH", 0x02014B50, _NEEDS, _NEEDS) + sizes
        directory += struct.pack("<HHHII", 0, 0, 0, 0, place) + raw + _EXTRA
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(files), len(files), len(directory), len(out), 0)
    return bytes(out + directory + end)


def _sealed(content: bytes, key: bytes) -> bytes:
    salt = os.urandom(_SALT_BYTES)
    derived = hashlib.pbkdf2_hmac("sha1", key, salt, _ROUNDS, 2 * _KEY_BYTES + 2)
    cipher, signing, verifier = derived[:_KEY_BYTES], derived[_KEY_BYTES:-2], derived[-2:]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = _counted(packer.compress(content) + packer.flush(), cipher)
    return salt + verifier + body + hmac.digest(signing, body, "sha1")[:_MARK_BYTES]


def _counted(plain: bytes, key: bytes) -> bytes:
    """AES in counter mode whose counter is little-endian, as the format wants it."""
    blocks = -(-len(plain) // 16)
    counters = b"".join(number.to_bytes(16, "little") for number in range(1, blocks + 1))
    stream = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(counters)[: len(plain)]  # noqa: S305
    return (int.from_bytes(plain) ^ int.from_bytes(stream)).to_bytes(len(plain))

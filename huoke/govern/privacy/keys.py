"""Keys of personal fields: one master key a cell, wrapped data keys a bank, versions that never die.

    master key      32 bytes in the instance's file, mode 0600
    └─ wraps        privacy.data_key, one row a version: 32 bytes for fields, 32 bytes for blind indexes

Ciphertext: algorithm (1 byte) · key version (2 bytes, big-endian) · nonce (12) · AES-256-GCM text and tag (16).
Associated data is `tenant|field|seq`, so that a ciphertext moved to another customer, field or bank does not open
(rule D4). Nonces are random: NIST SP 800-38D §8.3 allows 2^32 of them a key, far above 10 M customers × fields × years.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huoke.govern.privacy import store
from huoke.govern.privacy.model import Field, KeyUnknown, Unreadable, normalise
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.tx import Tx

AES_256_GCM: Final = 1
"""Algorithm byte; 2 is kept for SM4-GCM."""
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
HEAD_BYTES: Final = 3
INDEX_BYTES: Final = 16


class TenantKeys:
    """The opened keys of one bank. Never leaves the process, prints nothing of itself."""

    def __init__(self, tenant: TenantId, fields: dict[int, bytes], index: bytes) -> None:
        self.tenant = tenant
        self.version = max(fields)
        self._ciphers = {version: AESGCM(key) for version, key in fields.items()}
        self._index = index

    def encrypt(self, field: str, seqs: Sequence[int], texts: Sequence[str | None]) -> list[bytes | None]:
        """Ciphertexts of one field of many customers, in order; None stays None. About 1 µs each."""
        assert len(seqs) == len(texts), "one text a customer"
        seal = self._ciphers[self.version].encrypt
        head = bytes([AES_256_GCM]) + self.version.to_bytes(2, "big")
        place = f"{int(self.tenant)}|{field}|".encode()
        noise = os.urandom(NONCE_BYTES * len(seqs))
        sealed: list[bytes | None] = []
        start = 0
        for seq, text in zip(seqs, texts, strict=True):
            nonce = noise[start : start + NONCE_BYTES]
            start += NONCE_BYTES
            sealed.append(None if text is None else head + nonce + seal(nonce, text.encode(), place + b"%d" % seq))
        return sealed

    def decrypt(self, field: str, seqs: Sequence[int], sealed: Sequence[bytes | None]) -> list[str | None]:
        """The texts again, in order; `KeyUnknown`, `Unreadable`."""
        place = f"{int(self.tenant)}|{field}|".encode()
        return [
            None if one is None else self._open(one, place + b"%d" % seq) for seq, one in zip(seqs, sealed, strict=True)
        ]

    def blind_index(self, field: str, texts: Sequence[str | None]) -> list[bytes | None]:
        """16 bytes by which equal values of a field are found, in order; None and empty stay None.

        HMAC-SHA256 over the normalised text under the bank's index key: two banks never share an index.
        """
        kind = Field(field)
        inner, outer = _hmac_states(self._index, field.encode() + b"|")
        found: list[bytes | None] = []
        for text in texts:
            plain = normalise(kind, text) if text else ""
            if not plain:
                found.append(None)
                continue
            within, whole = inner.copy(), outer.copy()
            within.update(plain.encode())
            whole.update(within.digest())
            found.append(whole.digest()[:INDEX_BYTES])
        return found

    def mac(self, purpose: str, text: str) -> bytes:
        """HMAC-SHA256 of a text for one purpose, such as `sign_in.code`: 32 bytes that say nothing without the key."""
        return hmac.digest(self._index, f"mac|{purpose}|{text}".encode(), "sha256")

    def _open(self, sealed: bytes, place: bytes) -> str:
        version = int.from_bytes(sealed[1:HEAD_BYTES], "big")
        cipher = self._ciphers.get(version)
        if sealed[:1] != bytes([AES_256_GCM]) or cipher is None:
            raise KeyUnknown("The key of this value is not in this instance; restore master.key and its data keys.")
        nonce, text = sealed[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], sealed[HEAD_BYTES + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, text, place).decode()
        except InvalidTag:
            raise Unreadable("The stored value does not belong to this customer and field.") from None


def _hmac_states(key: bytes, prefix: bytes) -> "tuple[hashlib._Hash, hashlib._Hash]":
    """HMAC-SHA256 (RFC 2104) as its inner state after `prefix` and its outer state: a third of the time of `hmac`."""
    padded = key.ljust(hashlib.sha256().block_size, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + prefix)
    return inner, hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))


def unlock(path: Path) -> None:
    """Take the master key of this process from its file; makes the file (mode 0600) where there is none."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        master = path.read_bytes()
    else:
        master = os.urandom(KEY_BYTES)
        with os.fdopen(handle, "wb") as file:
            file.write(master)
            file.flush()
            os.fsync(file.fileno())
    if len(master) != KEY_BYTES:
        raise Outage(f"{path} is not a master key of 32 bytes; restore it from the backup.")
    _master[:] = [master]
    _opened.cache_clear()


async def keys(tx: Tx) -> TenantKeys:
    """The keys of the transaction's bank; made at first use. `Outage` before `unlock`.

    The wrapped keys are read every time and only their opening is remembered: a key made in a transaction that was
    rolled back, or rotated by another process, is never used by mistake.
    """
    rows = await store.all_keys(tx)
    if not rows:
        for purpose in ("field", "index"):
            await store.add_key(tx, purpose, 1, _wrap(tx.tenant, purpose, 1, os.urandom(KEY_BYTES)))
        rows = await store.all_keys(tx)
    return _opened(tx.tenant, tuple(rows))


async def rotate(tx: Tx) -> int:
    """Make a new version of the field key: it encrypts from now on, older ones still open. Returns the version."""
    version = (await keys(tx)).version + 1
    await store.add_key(tx, "field", version, _wrap(tx.tenant, "field", version, os.urandom(KEY_BYTES)))
    return version


@lru_cache(maxsize=1024)
def _opened(tenant: TenantId, rows: tuple[tuple[str, int, bytes], ...]) -> TenantKeys:
    fields: dict[int, bytes] = {}
    index = b""
    for purpose, version, wrapped in rows:
        key = _unwrap(tenant, purpose, version, wrapped)
        if purpose == "field":
            fields[version] = key
        else:
            index = key
    return TenantKeys(tenant, fields, index)


def _wrap(tenant: TenantId, purpose: str, version: int, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_master_key()).encrypt(nonce, key, f"{int(tenant)}|{purpose}|{version}".encode())


def _unwrap(tenant: TenantId, purpose: str, version: int, wrapped: bytes) -> bytes:
    place = f"{int(tenant)}|{purpose}|{version}".encode()
    try:
        return AESGCM(_master_key()).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
    except InvalidTag:
        raise Outage(
            "The master key does not open this bank's data keys; restore the master.key it began with."
        ) from None


def _master_key() -> bytes:
    if not _master:
        raise Outage("This process has no master key yet.")
    return _master[0]


_master: list[bytes] = []

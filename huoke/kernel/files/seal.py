"""Sealing a file's chunks under a key of its bank.

Sealed bytes say what sealed them (rule D4): 1 byte algorithm (1 = AES-256-GCM), 1 byte key version, 12 bytes nonce,
then ciphertext and tag. A chunk is bound to its bank, file and number: moved elsewhere it does not open.
"""

import os
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage

AES_256_GCM = 1
KEY_VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
_HEAD_BYTES = 2


class Keys(Protocol):
    """Seals bytes for one bank. `bound` is not stored but must be the same to open them."""

    def seal(self, tenant: TenantId, plain: bytes, bound: bytes) -> bytes: ...

    def open(self, tenant: TenantId, sealed: bytes, bound: bytes) -> bytes: ...


class MasterKeys:
    """A key per bank, derived from one master key (HKDF-SHA-256, RFC 5869)."""

    def __init__(self, master: bytes) -> None:
        assert len(master) >= KEY_BYTES, "a master key has 32 bytes"
        self._master = master
        self._ciphers: dict[TenantId, AESGCM] = {}

    @classmethod
    def load(cls, path: Path) -> "MasterKeys":
        """Read the master key of an instance (`Settings.key_path`)."""
        try:
            return cls(path.read_bytes())
        except FileNotFoundError:
            raise Outage(f"There is no master key at {path}: put it back, or files cannot be read.") from None

    def seal(self, tenant: TenantId, plain: bytes, bound: bytes) -> bytes:
        """Seal bytes for a bank."""
        nonce = os.urandom(NONCE_BYTES)
        return bytes((AES_256_GCM, KEY_VERSION)) + nonce + self._cipher(tenant).encrypt(nonce, plain, bound)

    def open(self, tenant: TenantId, sealed: bytes, bound: bytes) -> bytes:
        """Open what `seal` made; `ValueError` when it was changed, moved, or is another bank's."""
        if sealed[:_HEAD_BYTES] != bytes((AES_256_GCM, KEY_VERSION)):
            raise ValueError("sealed by an unknown algorithm or key")
        nonce, body = sealed[_HEAD_BYTES : _HEAD_BYTES + NONCE_BYTES], sealed[_HEAD_BYTES + NONCE_BYTES :]
        try:
            return self._cipher(tenant).decrypt(nonce, body, bound)
        except InvalidTag:
            raise ValueError("these bytes were changed, moved, or belong to another bank") from None

    def _cipher(self, tenant: TenantId) -> AESGCM:
        if tenant not in self._ciphers:
            derive = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"huoke files {tenant}".encode())
            self._ciphers[tenant] = AESGCM(derive.derive(self._master))
        return self._ciphers[tenant]


_registered: list[Keys] = []


def register_keys(keys: Keys) -> None:
    """Say who seals files from now on; the application does so at start."""
    _registered[:] = [keys]


def keys_in_use() -> Keys:
    """The keys registered; a bug when there are none."""
    assert _registered, "no keys registered: call files.register_keys at start"
    return _registered[0]

"""A key of each customer's own, for what can be forgotten only by forgetting the key: events, archives, copies.

Sealed: algorithm (1 byte) · nonce (12) · AES-256-GCM text and tag (16). Associated data is `tenant|event|seq`. The
nonce is a keyed hash of the text (as in RFC 5297), so that the same history loaded twice is the same archive; it shows
no more than that one customer said the same thing twice. The customer's key itself stands in `privacy.customer_key`,
encrypted under the bank's field key.
"""

import base64
import os
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huoke.govern.privacy import store
from huoke.govern.privacy.keys import AES_256_GCM, KEY_BYTES, NONCE_BYTES, keys
from huoke.govern.privacy.model import CustomersForgotten, Unreadable
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx

_FIELD = "customer_key"
_HEAD = bytes([AES_256_GCM])


class CustomerKeys:
    """The opened keys of some customers of one bank. Never leaves the process, prints nothing of itself."""

    def __init__(self, tenant: TenantId, keys_: Mapping[int, bytes]) -> None:
        self._tenant = tenant
        self._keys = dict(keys_)
        self._ciphers = {seq: AESGCM(key) for seq, key in keys_.items()}

    def seal(self, seqs: Sequence[int], texts: Sequence[str | None]) -> list[bytes | None]:
        """Ciphertexts in order; None stays None, and whatever belongs to a forgotten customer becomes None."""
        place = f"{int(self._tenant)}|event|".encode()
        sealed: list[bytes | None] = []
        for seq, text in zip(seqs, texts, strict=True):
            cipher = self._ciphers.get(seq)
            if cipher is None or text is None:
                sealed.append(None)
                continue
            plain = text.encode()
            nonce = blake2b(plain, digest_size=NONCE_BYTES, key=self._keys[seq]).digest()
            sealed.append(_HEAD + nonce + cipher.encrypt(nonce, plain, place + b"%d" % seq))
        return sealed

    def open(self, seqs: Sequence[int], sealed: Sequence[bytes | None]) -> list[str | None]:
        """The texts again, in order; None for a forgotten customer. `Unreadable` for bytes that are not theirs."""
        return [self._open(seq, one) for seq, one in zip(seqs, sealed, strict=True)]

    def _open(self, seq: int, sealed: bytes | None) -> str | None:
        cipher = self._ciphers.get(seq)
        if cipher is None or sealed is None:
            return None
        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, text, self._place(seq)).decode()
        except InvalidTag:
            raise Unreadable("The stored value does not belong to this customer.") from None

    def _place(self, seq: int) -> bytes:
        return f"{int(self._tenant)}|event|{seq}".encode()


async def customer_keys(tx: Tx, seqs: Sequence[int], *, make: bool = False) -> CustomerKeys:
    """The keys of some customers; with `make`, customers who have none and were not forgotten get one.

    Up to 10,000 seqs.
    """
    wanted = sorted(set(seqs))
    bank = await keys(tx)
    found = await store.customer_keys(tx, wanted)
    if make and (missing := [seq for seq in wanted if seq not in found]):
        fresh: list[str | None] = [base64.b64encode(os.urandom(KEY_BYTES)).decode() for _ in missing]
        await store.add_customer_keys(tx, missing, bank.encrypt(_FIELD, missing, fresh))
        found |= await store.customer_keys(tx, missing)
    kept = [seq for seq, wrapped in found.items() if wrapped is not None]
    opened = bank.decrypt(_FIELD, kept, [found[seq] for seq in kept])
    return CustomerKeys(tx.tenant, {seq: base64.b64decode(key) for seq, key in zip(kept, opened, strict=True) if key})


async def forget(tx: Tx, seqs: Sequence[int]) -> int:
    """Forget customers' keys for good: what they sealed is unreadable from now on, wherever a copy of it lies.

    No new key is ever made for them. Returns how many had one.
    """
    wanted = sorted(set(seqs))
    had = await store.forget_customer_keys(tx, wanted)
    tx.emit(CustomersForgotten(seqs=tuple(wanted)))
    return had

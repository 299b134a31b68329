"""Numbers of erased customers: kept as hashes under the bank's key, so that no import brings them back unasked."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.govern import privacy
from huoke.kernel.tx import Tx
from huoke.know.customers import store_personal

SAYS = "This customer was erased at their own wish; take the row out, or open them anew under another number."
_KIND = privacy.Field.NAME
_PREFIX = "customer_no|"
"""Hashed as a name is, apart from all names."""


class Forgotten(msgspec.Struct, frozen=True):
    """The hashes of a bank's erased numbers, and the key to compare with them."""

    keys: privacy.TenantKeys
    hashes: frozenset[bytes]

    def among(self, customer_nos: Sequence[str | None]) -> NDArray[np.bool_]:
        """Which of these numbers belonged to somebody who was erased."""
        if not self.hashes:
            return np.zeros(len(customer_nos), dtype=bool)
        hashed = _hashed(self.keys, customer_nos)
        return np.fromiter((one in self.hashes for one in hashed), dtype=bool, count=len(hashed))


async def forgotten(tx: Tx) -> Forgotten:
    """The bank's erased numbers as they stand."""
    return Forgotten(await privacy.keys(tx), frozenset(await store_personal.forgotten(tx)))


async def remember(tx: Tx, seqs: Sequence[int]) -> None:
    """Keep the hashes of these customers' numbers, before the numbers go; again does nothing."""
    rows = await store_personal.numbers(tx, seqs)
    hashed = _hashed(await privacy.keys(tx), [row["customer_no"] for row in rows])
    await store_personal.remember(tx, [one for one in hashed if one is not None])


def _hashed(keys: privacy.TenantKeys, customer_nos: Sequence[str | None]) -> list[bytes | None]:
    return keys.blind_index(_KIND, [_PREFIX + number if number else None for number in customer_nos])

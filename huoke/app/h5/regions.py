"""Whether a benefit is of use where its customer lives: told before it is claimed or ordered, and refused to nobody.

Of a bundle, what is of no use there is not offered while enough else is left to choose.
"""

from collections.abc import Iterable
from uuid import UUID

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.catalogue import Sku


async def is_elsewhere(tx: Tx, seq: int | None, sku: Sku | None) -> bool:
    """Whether a benefit holds in some regions and its customer is known to live in none of them."""
    return bool(await elsewhere(tx, seq, [sku]))


async def elsewhere(tx: Tx, seq: int | None, skus: Iterable[Sku | None]) -> set[UUID]:
    """Which of these benefits hold in some regions whose customer is known to live in none of them."""
    bound = [sku for sku in skus if sku is not None and sku.regions]
    if seq is None or not bound:
        return set()
    _, _, values, _ = await customers.state(tx, Seq(seq))
    region = str(values.get(customers.REGION) or "")
    return {sku.id for sku in bound if region and not sku.holds_in(region)}

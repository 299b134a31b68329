"""Whether a benefit is of use where its customer lives: told before it is claimed or ordered, and refused to nobody."""

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.catalogue import Sku


async def is_elsewhere(tx: Tx, seq: int | None, sku: Sku | None) -> bool:
    """Whether a benefit holds in some regions and its customer is known to live in none of them."""
    if seq is None or sku is None or not sku.regions:
        return False
    _, _, values, _ = await customers.state(tx, Seq(seq))
    region = str(values.get(customers.REGION) or "")
    return bool(region) and not sku.holds_in(region)

"""Where a customer lives: their city stands in the form of what is sent to them, and whether a benefit is of use there
is told before it is claimed or ordered, and refused to nobody.

Of a bundle, what is of no use there is not offered while enough else is left to choose.
"""

from collections.abc import Iterable
from uuid import UUID

from huoke.app.h5.delivery import Asked
from huoke.kernel.ids import Seq
from huoke.kernel.regions import city_of
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
    region = await _region_of(tx, seq)
    return {sku.id for sku in bound if region and not sku.holds_in(region)}


async def own_city(tx: Tx, seq: int | None, asks: Asked) -> str:
    """The code of the city a form that asks where to send something begins with; empty where nobody knows it."""
    return city_of(await _region_of(tx, seq)) if seq is not None and asks == "postal" else ""


async def _region_of(tx: Tx, seq: int) -> str:
    _, _, values, _ = await customers.state(tx, Seq(seq))
    return str(values.get(customers.REGION) or "")

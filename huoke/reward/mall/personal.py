"""What the mall holds of a person: where an order goes to while it waits for its money."""

from collections.abc import Sequence
from typing import Any

import msgspec

from huoke.govern import privacy
from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reward.mall import store_purchase
from huoke.reward.mall.finish import FIELD


class PersonalMall:
    """Serves `privacy.PersonalData` for the mall. Orders themselves stay: they are money."""

    columns = frozenset({"mall.purchase.delivery"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Where unpaid orders would go."""
        rows = await store_purchase.sealed(tx, [seq])
        keys = await privacy.keys(tx)
        texts = keys.decrypt(FIELD, [row["id"].int for row in rows], [row["delivery"] for row in rows])
        return {"unpaid_orders": [msgspec.json.decode(text) for text in texts if text]}

    async def hindrances(self, tx: Tx, seqs: Sequence[int]) -> list[str]:
        """Nothing: an unpaid order without its address is simply not delivered, and its money goes back."""
        del tx, seqs
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Delete where unpaid orders would go."""
        await store_purchase.forget_delivery(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Addresses that are still there."""
        count = len(await store_purchase.sealed(tx, seqs))
        return [Remainder("mall.purchase.delivery", f"{count} rows")] if count else []

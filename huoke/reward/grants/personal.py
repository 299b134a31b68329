"""What grants hold of a person: where a benefit was sent to."""

from collections.abc import Sequence
from typing import Any

import msgspec

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reward.grants import store_delivery
from huoke.reward.grants.delivery import deliveries, erase_deliveries
from huoke.reward.grants.read import wallet


class PersonalGrants:
    """Serves `privacy.PersonalData` for grants. Grants themselves stay: they are money."""

    columns = frozenset({"grants.delivery.sealed"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Everything granted, and where it was sent."""
        items = await wallet(tx, seq)
        sent = await deliveries(tx, [item.id for item in items])
        return {
            "benefits": [
                {
                    "title": item.title,
                    "state": item.state,
                    "claimed_at": item.claimed_at,
                    "used_at": item.used_at,
                    "sent_to": msgspec.to_builtins(sent[item.id]) if item.id in sent else None,
                }
                for item in items
            ]
        }

    async def hindrances(self, tx: Tx, seqs: Sequence[int]) -> list[str]:
        """A benefit on its way needs its address until it has arrived."""
        count = await store_delivery.on_the_way(tx, seqs)
        return [f"还有 {count} 份权益在配送途中，送达后才能删除 / {count} benefits are on their way"] if count else []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Delete where things were sent."""
        await erase_deliveries(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Addresses that are still there."""
        count = await store_delivery.count(tx, seqs)
        return [Remainder("grants.delivery.sealed", f"{count} rows")] if count else []

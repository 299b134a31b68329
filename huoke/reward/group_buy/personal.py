"""What group buys hold of a person: the seats they took, as numbers, and where open ones would be delivered."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reward.group_buy import delivery, store, store_read


class PersonalGroupBuy:
    """Serves `privacy.PersonalData` for group buys. Seats stay, pseudonymous: money hangs on them."""

    columns = frozenset({"group_buy.seat.delivery"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Every seat the customer took, without anybody else."""
        rows = await store_read.own_seats(tx, [seq], limit=1_000)
        told = await delivery.opened(tx, [row["id"] for row in rows if row["delivery"] is not None])
        return {
            "group_buy_deliveries": [msgspec.to_builtins(one) for one in told.values()],
            "group_buys": [
                {
                    "name": row["name"],
                    "state": row["state"],
                    "points": row["points"],
                    "cash_fen": row["cash_fen"],
                    "reserved_at": row["reserved_at"],
                    "ended_at": row["ended_at"],
                }
                for row in rows
            ],
        }

    async def hindrances(self, tx: Tx, seqs: Sequence[int]) -> list[str]:
        """Nothing: what an open seat cannot deliver any more is not delivered, and its group gets everything back."""
        del tx, seqs
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Delete where open seats would be delivered; numbers say nothing once names are gone."""
        await store.forget_deliveries(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Addresses that are still there."""
        count = len(await store.deliveries(tx, seqs=seqs))
        return [Remainder("group_buy.seat.delivery", f"{count} rows")] if count else []


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Let the seats of customers (seq → natural person) count as those persons'. Serves `customers.register_recount`.

    A seat that would be a person's second in its group keeps the person it was written with.
    """
    await store.count_as(tx, list(persons), list(persons.values()))

"""What group buys hold of a person: the seats they took, as numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reward.group_buy import store, store_read


class PersonalGroupBuy:
    """Serves `privacy.PersonalData` for group buys. Seats stay, pseudonymous: money hangs on them."""

    columns: frozenset[str] = frozenset()

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Every seat the customer took, without anybody else."""
        rows = await store_read.own_seats(tx, [seq], limit=1_000)
        return {
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
            ]
        }

    async def hindrances(self, tx: Tx, seqs: Sequence[int]) -> list[str]:
        """Nothing here keeps anybody from being deleted."""
        del tx, seqs
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Numbers say nothing once names are gone."""
        del tx, seqs

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """There is nothing personal left to find."""
        del tx, seqs
        return []


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Let the seats of customers (seq → natural person) count as those persons'. Serves `customers.register_recount`.

    A seat that would be a person's second in its group keeps the person it was written with.
    """
    await store.count_as(tx, list(persons), list(persons.values()))

"""What points hold of a person: under which key something was earned, which numbers they tried as receivers today."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reward.points import store_earn, store_gift


class PersonalPoints:
    """Serves `privacy.PersonalData`. Earnings and points stay: they are the bank's books."""

    columns = frozenset({"points.earning.key", "points.look.number"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """What was earned."""
        rows = await store_earn.earnings_of(tx, [seq], 1_000)
        return {
            "points_earned": [
                {"rule": row["body"]["name"], "points": row["points"], "state": row["state"], "at": row["earned_at"]}
                for row in rows
            ]
        }

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget the keys, and the numbers tried."""
        await store_earn.forget_keys(tx, seqs)
        await store_gift.forget_looks(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Keys that are left."""
        count = await store_earn.keys_left(tx, seqs)
        return [Remainder("points.earning.key", f"{count} rows")] if count else []

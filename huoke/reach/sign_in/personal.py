"""What sign-in holds of a person, for a day: that somebody asked for a code to their number."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reach.sign_in import store


class PersonalSignIn:
    """Serves `privacy.PersonalData` for codes that were asked for."""

    columns = frozenset({"sign_in.challenge.number_hash"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """How many codes were asked for within a day; nothing of them is readable."""
        return {"sign_in_codes": await store.count_customers(tx, [seq])}

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget their codes."""
        await store.forget_customers(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Codes that are still there."""
        count = await store.count_customers(tx, seqs)
        return [Remainder("sign_in.challenge.number_hash", f"{count} rows")] if count else []

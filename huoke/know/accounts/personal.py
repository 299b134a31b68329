"""What accounts hold of a person: numbers and amounts under the customer's own key, and what they were before."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.know.accounts import read, store


class PersonalAccounts:
    """Serves `privacy.PersonalData` for accounts. The rows stay, pseudonymous: how many there were is the bank's."""

    columns = frozenset(
        {f"accounts.account.{column}" for column in ("number_enc", "number_masked", "number_index", "balance_enc")}
        | {"accounts.holding.amount_enc", "accounts.holding.account_index", "accounts.former.before"}
    )

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Accounts and holdings with numbers and amounts in clear."""
        return await read.copy_of(tx, seq)

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None: the bank's own ledger is elsewhere."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Empty numbers, amounts and history."""
        await store.erase(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Any number, amount or earlier value that is still there."""
        return [Remainder(row["place"], row["what"]) for row in await store.left(tx, seqs)]

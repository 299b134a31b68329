"""What temperature holds of a person in PostgreSQL: early warnings and complaints. Readings follow who is left."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.know.temperature import store


class PersonalTemperature:
    """Serves `privacy.PersonalData`."""

    columns = frozenset({"temperature.warning.seq", "temperature.complaint.seq"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """The warnings somebody worked on."""
        return {"early_warnings": await store.told_of(tx, seq)}

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget their warnings and complaints."""
        await store.erase(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Any warning that is left."""
        count = await store.left_of(tx, seqs)
        return [Remainder("temperature", f"{count} warnings and complaints")] if count else []

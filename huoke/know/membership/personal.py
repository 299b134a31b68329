"""What followed segments hold of a person: in which they are, and when they entered and left."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pyroaring import BitMap

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.know.membership import store


class PersonalMembership:
    """Serves `privacy.PersonalData`."""

    columns = frozenset({"membership.chunk.members", "membership.delta.entered", "membership.delta.gone"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """The followed segments a customer is in, by name, and the days they entered and left."""
        found: dict[str, dict[str, Any]] = {}
        for row in await store.named_in(tx, seq):
            names = [
                name
                for name, payload in (("in", row["members"]), ("out", row["gone"]))
                if payload is not None and seq in BitMap.deserialize(payload)
            ]
            if names:
                about = found.setdefault(str(row["segment_id"]), {"member": False, "entered": [], "left": []})
                if row["day"] is None:
                    about["member"] = True
                else:
                    about["entered" if names == ["in"] else "left"].append(row["day"].isoformat())
        return {"segments": {(await segments.get(tx, UUID(one))).name: about for one, about in found.items()}}

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Take the customers out of every set that is kept."""
        await store.erase(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Any set that still names one of them."""
        return [Remainder("membership", what) for what in await store.left_of(tx, seqs)]

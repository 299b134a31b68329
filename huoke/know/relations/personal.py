"""What relations hold of a person: edges to others and to what they share, and a place in a ring."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.know.relations import store
from huoke.know.relations.model import Joined, Kind


class PersonalRelations:
    """Serves `privacy.PersonalData`."""

    columns = frozenset(
        {"relations.edge.seq", "relations.edge.other_seq", "relations.ring.seqs", "relations.cascade.seq"}
    )

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """The customer's own edges, without naming anybody else; verdicts on rings would warn those who abuse."""
        rows = await store.edges_of(tx, Joined({}), [seq], [kind.value for kind in Kind], 10_000)
        return {"relations": [{"kind": row["kind"], "since": row["since"].isoformat()} for row in rows]}

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget them."""
        await store.erase(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Any edge or ring that still names them."""
        count = await store.left_of(tx, seqs)
        return [Remainder("relations", f"{count} edges and rings")] if count else []

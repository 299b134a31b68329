"""What tags hold of a person: what people, files and models put, with its history, and what the customer deleted."""

from collections.abc import Sequence
from typing import Any

from pyroaring import BitMap

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.know.tags import store, store_sets


class PersonalTags:
    """Serves `privacy.PersonalData`. What is worked out lies in ClickHouse and follows the customers who are left."""

    columns = frozenset({"tags.chunk.members", "tags.delta.entered", "tags.delta.gone", "tags.hidden.seq"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """The values that were put, by the tag's label, and the tags the customer deleted."""
        rows = await store_sets.put_of(tx, seq)
        put = [(row["number"], row["value"]) for row in rows if seq in BitMap.deserialize(row["members"])]
        deleted = await store_sets.hidden_by(tx, seq)
        known = await store.by_numbers(tx, [*(number for number, _ in put), *deleted])
        named: dict[str, str] = {}
        for number, code in put:
            values = {each: value for value, each in known[number]["codes"].items()}
            named[known[number]["label"]] = values.get(code, "")
        return {"tags": {"put": named, "deleted": [known[number]["label"] for number in deleted]}}

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Take the customers out of every set that is kept."""
        await store_sets.erase(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Any set that still names one of them."""
        return [Remainder("tags", what) for what in await store_sets.left_of(tx, seqs)]

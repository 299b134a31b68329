"""What events hold of a person: properties of class C2, sealed under the customer's own key wherever they lie."""

from collections.abc import Sequence
from typing import Any

import msgspec

from huoke.govern import privacy
from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.know.events import store_personal, store_traits


class PersonalEvents:
    """Serves `privacy.PersonalData` for events; forgetting the key reaches log, archives and ClickHouse."""

    columns = frozenset(
        {"events.event.sealed", "events.waiting.sealed", "events.event.properties", "events.waiting.properties"}
    )

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """The latest 10,000 events that are not in closed months, properties in clear."""
        rows = await store_personal.of_customer(tx, seq)
        keys = await privacy.customer_keys(tx, [seq])
        opened = keys.open([seq] * len(rows), [row["sealed"] for row in rows])
        told = [
            {"name": row["name"], "at": row["at"], **row["properties"], **(msgspec.json.decode(text) if text else {})}
            for row, text in zip(rows, opened, strict=True)
        ]
        return {"events": told}

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget the customers' keys and which devices were theirs."""
        await privacy.forget(tx, seqs)
        await store_personal.unbind(tx, seqs)
        await store_traits.forget(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """A key that still opens something, or a device that is still known."""
        keys = await privacy.customer_keys(tx, seqs)
        kept = [seq for seq in seqs if keys.seal([seq], ["x"])[0] is not None]
        left = [Remainder("events.event.sealed", f"{len(kept)} keys")] if kept else []
        bound = await store_personal.bound(tx, seqs)
        said = await store_traits.kept(tx, seqs)
        left += [Remainder("events.trait_said.at", f"{said} traits")] if said else []
        return left + ([Remainder("events.binding.visitor", f"{bound} devices")] if bound else [])

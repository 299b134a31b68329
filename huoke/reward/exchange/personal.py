"""What exchange holds of a person: which member of a partner they are, and what they exchanged."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reward.exchange import store, store_partner
from huoke.reward.exchange.connect import open_members
from huoke.reward.exchange.model import ON_THE_WAY


class PersonalExchange:
    """Serves `privacy.PersonalData`. Exchanges stay, by number alone: they are the bank's books."""

    columns = frozenset({"exchange.member.number", "exchange.member.blind"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Memberships and exchanges."""
        found = await store.of_customer(tx, [seq], 1_000)
        return {
            "partner_memberships": [
                {"partner": code, "number": number, "since": since}
                for code, since, number in await open_members(tx, [seq])
            ],
            "exchanges": [
                {"from": one.source, "to": one.target, "points": one.points, "gained": one.gained,
                 "state": one.state.value, "at": one.asked_at}
                for one in found
            ],
        }  # fmt: skip

    async def hindrances(self, tx: Tx, seqs: Sequence[int], /) -> list[str]:
        """An exchange that is on its way to a partner needs its member."""
        waiting = [one for one in await store.of_customer(tx, seqs, 1_000) if one.state in ON_THE_WAY]
        return [f"{len(waiting)} exchanges with partners are on their way"] if waiting else []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget the memberships."""
        await store_partner.forget_members(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Memberships that are left."""
        count = len(await store_partner.members(tx, seqs))
        return [Remainder("exchange.member.number", f"{count} rows")] if count else []

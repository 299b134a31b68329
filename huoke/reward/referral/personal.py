"""What referral holds of a person: whom they invited and who invited them, as numbers."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.reward.referral import store_read
from huoke.reward.referral.own import person_of


class PersonalReferral:
    """Serves `privacy.PersonalData` for referral. Accepted invitations stay, pseudonymous: benefits hang on them."""

    columns: frozenset[str] = frozenset()

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Every invitation the customer sent or accepted, without the other one's name."""
        person = await person_of(tx, seq)
        rows = [] if person is None else await store_read.of_person(tx, person)
        return {
            "referrals": [
                {
                    "role": "invitee" if row["invitee_person"] == person else "inviter",
                    "state": row["state"],
                    "accepted_at": row["bound_at"],
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

"""What customers hold of a person: the master row and what it was before."""

from collections.abc import Sequence
from typing import Any

from huoke.govern import privacy
from huoke.govern.privacy import Remainder
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import consent
from huoke.know.customers import forgotten, sealing, store_ownership, store_personal

FIELDS = ("name", "phone", "id_document")


class PersonalCustomers:
    """Serves `privacy.PersonalData` for customers. The row stays, pseudonymous: ledgers refer to its number."""

    columns = frozenset(
        {f"customers.customer.{field}_{form}" for field in FIELDS for form in ("enc", "masked", "index")}
        | {"customers.customer.attributes", "customers.customer.customer_no", "customers.former.before"}
        | {"customers.former.sealed"}
    )

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Fields in clear, attributes, consents."""
        row = await store_personal.row(tx, seq)
        if row is None:
            return {}
        keys = await privacy.keys(tx)
        fields = {field: keys.decrypt(field, [seq], [row[f"{field}_enc"]])[0] for field in FIELDS}
        attributes = sealing.unseal(await privacy.customer_keys(tx, [seq]), seq, row["attributes"])
        said = [
            {"purpose": one.label, "verdict": one.verdict, "channel": one.channel, "at": one.at}
            for one in await consent.consents_of(tx, Seq(seq))
        ]
        return {"customer": {"customer_no": row["customer_no"], **fields, **attributes}, "consents": said}

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None: master data never waits."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Null the fields, empty attributes and history, take the number of the bank away; the status says erased.

        What is left of the number is its hash under the bank's key, so that no import brings the customer back.
        """
        await forgotten.remember(tx, seqs)
        await store_personal.erase(tx, seqs)
        await store_ownership.forget(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Any field, attribute, earlier value or bank's number that is still there."""
        return [Remainder(row["place"], row["what"]) for row in await store_personal.left(tx, seqs)]

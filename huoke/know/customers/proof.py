"""Who somebody is who has a customer's phone: found by the number, proven by what only they know."""

from collections.abc import Sequence

import msgspec

from huoke.govern import privacy
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know.customers import store_proof

LAST = 4


class FiledIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is in clear, for a filing that the law asks for; "" where it was erased."""

    customer_no: str
    name: str
    id_document: str


async def with_phone(tx: Tx, phone: str, *, limit: int) -> list[int]:
    """Active customers whose phone this is, ascending; a family may share one. At most `limit`."""
    [index] = (await privacy.keys(tx)).blind_index("phone", [phone])
    return await store_proof.with_phone(tx, index, limit) if index else []


async def proven(tx: Tx, seqs: Sequence[int], factor: str) -> Seq | None:
    """The first of a few active customers whose customer number, or last four of the id document, `factor` is."""
    rows = await store_proof.documents(tx, seqs)
    found = [row["seq"] for row in rows]
    documents = (await privacy.keys(tx)).decrypt("id_document", found, [row["id_document_enc"] for row in rows])
    said = privacy.normalise(privacy.Field.ID_DOCUMENT, factor)
    for row, document in zip(rows, documents, strict=True):
        kept = privacy.normalise(privacy.Field.ID_DOCUMENT, document or "")
        if factor.strip() == row["customer_no"] or (len(said) == LAST <= len(kept) and kept.endswith(said)):
            return Seq(row["seq"])
    return None


async def filed_identities(tx: Tx, seqs: Sequence[int]) -> dict[int, FiledIdentity]:
    """Name and id document in clear, by seq: for filings alone; who calls this writes the trail (rule F2)."""
    rows = await store_proof.identities(tx, seqs)
    keys, found = await privacy.keys(tx), [row["seq"] for row in rows]
    names = keys.decrypt("name", found, [row["name_enc"] for row in rows])
    documents = keys.decrypt("id_document", found, [row["id_document_enc"] for row in rows])
    return {
        row["seq"]: FiledIdentity(customer_no=row["customer_no"], name=name or "", id_document=document or "")
        for row, name, document in zip(rows, names, documents, strict=True)
    }

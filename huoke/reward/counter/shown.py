"""What a counter is shown of a benefit that is to be used there: whose it is, masked, and what."""

from typing import Any

from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue
from huoke.reward.grants import GrantItem
from huoke.reward.merchants import Desk


async def shown_at(tx: Tx, desk: Desk, item: GrantItem) -> dict[str, Any]:
    """Whose a grant is and what it gives, by the names of the API; a merchant's clerk sees no number and no unit."""
    person = next(iter(await customers.masked_rows(tx, [item.seq])), None)
    english = await catalogue.names_en(tx, [(item.sku_id, item.sku_version)])
    return {
        "grant_id": item.id,
        "customer_no": person.customer_no if person and not desk.is_clerk else "",
        "customer_name": person.name if person else None,
        "customer_unit_id": None if desk.is_clerk else item.unit_id,
        "title": item.title,
        "title_en": english.get((item.sku_id, item.sku_version), ""),
        "kind": item.kind,
        "face_value_fen": item.face_value_fen,
    }

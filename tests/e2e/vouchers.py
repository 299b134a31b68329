"""Customers of the demo with a voucher to use: the bank's app lets them in, their phone shows the code."""

from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
from playwright.async_api import Page

from huoke.app.demo.bank_app import ask_ticket

_READY = """
SELECT g.id, c.customer_no, c.name_masked, o.title, v.name_en AS title_en
FROM grants.grant g JOIN grants.offer o ON o.tenant_id = g.tenant_id AND o.id = g.offer_id
  JOIN catalogue.sku_version v ON v.tenant_id = o.tenant_id AND v.sku_id = o.sku_id AND v.version = o.sku_version
  JOIN customers.customer c ON c.tenant_id = g.tenant_id AND c.seq = g.seq
  JOIN tenants.tenant t ON t.id = g.tenant_id
WHERE t.code = $1 AND g.state = 'fulfilled' AND o.handover = 'counter' AND g.expires_at > $2
  AND (o.title LIKE $3 || '%') AND NOT (g.id = ANY($4))
  AND NOT EXISTS (SELECT FROM grants.redemption r WHERE r.tenant_id = g.tenant_id AND r.grant_id = g.id)
ORDER BY g.expires_at DESC, g.id LIMIT 1
"""
_shown: set[str] = set()


class Voucher(msgspec.Struct):
    """One customer's benefit and the phone that shows its code."""

    grant_id: str
    customer_no: str
    name: str
    title: str
    phone: Page

    async def code(self) -> str:
        """The code the phone shows now."""
        await self.phone.reload()
        return (await self.phone.locator("#digits").text_content() or "").replace(" ", "")


async def voucher(place, bank: str, title: str = "", language: str = "zh-CN") -> Voucher:
    """A voucher nobody showed yet whose title begins so, on its customer's phone."""
    connection = await asyncpg.connect(place.settings.database_owner_url)
    try:
        soon = datetime.now(UTC) + timedelta(hours=1)
        row = await connection.fetchrow(_READY, bank, soon, title, list(_shown))
    finally:
        await connection.close()
    assert row is not None, f"nobody has a voucher '{title}' left"
    _shown.add(str(row["id"]))
    ticket = ask_ticket(place.settings.web_port, place.notes(bank).api_key, row["customer_no"], "benefits")
    phone = await place.phone(language)
    await phone.goto(f"{place.web}/h5/{bank}/enter?ticket={ticket}")
    await phone.goto(f"{place.web}/h5/{bank}/benefits/{row['id']}")
    shown = row["title_en"] if language == "en" else row["title"]
    return Voucher(str(row["id"]), row["customer_no"], row["name_masked"], shown, phone)


async def redemptions_of(place, grant_id: str) -> list[asyncpg.Record]:
    """Every redemption there ever was of a grant, the first first."""
    connection = await asyncpg.connect(place.settings.database_owner_url)
    try:
        return await connection.fetch(
            "SELECT id, way, store_id, undone_at FROM grants.redemption WHERE grant_id = $1 ORDER BY at, id", grant_id
        )
    finally:
        await connection.close()

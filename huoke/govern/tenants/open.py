"""Opening a bank: a number, a row, a database for what is derived of it; and its colours later."""

from typing import Protocol

from huoke.govern.tenants import store
from huoke.govern.tenants.brand import Brand, check_brand
from huoke.govern.tenants.model import NewTenant, TenantCodeTaken, TenantStatus, check_tenant
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database


class Analytics(Protocol):
    """What opening a bank needs of ClickHouse."""

    async def create_database(self, tenant: TenantId) -> None:
        """Make the bank's database where it is missing."""


async def open_bank(owner: Database, clickhouse: Analytics | None, new: NewTenant) -> TenantId:
    """Open a bank; returns its number. `TenantCodeTaken`, `TenantUnfit`, `UnreadableBrand`.

    `owner` is the database in the owner's role: no other may add banks. A call that broke half way is finished by
    calling again with the same code.
    """
    check_tenant(new)
    async with owner.begin_shared() as tx:
        known = await store.find_code(tx, new.code)
        if known and known.status is not TenantStatus.OPENING:
            raise TenantCodeTaken(f"The code '{new.code}' is taken by {known.name}.", pointer="/code")
        tenant = known.id if known else await store.add(tx, new)
    if clickhouse is not None:
        await clickhouse.create_database(tenant)
    async with owner.begin_shared() as tx:
        await store.set_status(tx, tenant, TenantStatus.OPEN)
    return tenant


async def set_brand(owner: Database, tenant: TenantId, brand: Brand) -> None:
    """Give a bank's customer pages other colours; `UnreadableBrand`."""
    check_brand(brand)
    async with owner.begin_shared() as tx:
        await store.set_brand(tx, tenant, brand)

"""PostgreSQL under our own supervisor: its locale, its durability, its roles."""

from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database


async def test_acknowledged_writes_are_on_disk_and_pages_have_checksums(owner: Database):
    async with owner.begin_shared() as tx:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert await tx.fetch_value(f"SHOW {setting}") == "on"


async def test_chinese_has_trigrams(owner: Database):
    async with owner.begin_shared() as tx:
        await tx.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
        assert await tx.fetch_value("SELECT public.show_trgm('火客银行') <> '{}'")


async def test_the_app_role_sees_its_own_bank_only(database: Database, bank: TenantId, other_bank: TenantId):
    assert bank != other_bank
    async with database.begin(bank) as tx:
        assert await tx.fetch_value("SELECT kernel.tenant()") == bank
        assert await tx.fetch_value("SELECT current_user") == "huoke_app"


async def test_the_feed_role_is_not_bound_by_row_level_security(feed: Database):
    async with feed.begin_shared() as tx:
        assert await tx.fetch_value("SELECT rolbypassrls AND NOT rolsuper FROM pg_roles WHERE rolname = current_user")

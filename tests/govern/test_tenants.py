"""Banks are opened whole or finished by a second call; settings keep their limits; a theme can be read."""

from datetime import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.govern import audit, tenants
from huoke.govern.tenants import CONTROL_PERCENT, LOG_MONTHS, QUIET_HOURS, Brand, QuietHours
from huoke.kernel.refusals import Invalid
from tests.make.tenants import new_tenant, tenant


class Away:
    async def create_database(self, tenant):
        raise ConnectionError("away")


async def test_a_bank_opens_with_a_database_of_its_own(owner, database, clickhouse):
    opened = await tenant(owner, clickhouse, code="jiangnan", name="江南银行")

    found = await tenants.find(database, "jiangnan")

    assert (found.id, found.name, found.status) == (opened, "江南银行", "open")
    assert (await clickhouse.query(opened, "SELECT currentDatabase() AS d")).to_pylist() == [{"d": f"t{opened}"}]


async def test_an_opening_that_broke_is_finished_by_the_same_call(owner, database, clickhouse):
    with pytest.raises(ConnectionError):
        await tenant(owner, Away(), code="broken")
    with pytest.raises(tenants.TenantUnknown):
        await tenants.find(database, "broken")

    opened = await tenant(owner, clickhouse, code="broken")

    assert (await tenants.find(database, "broken")).id == opened


async def test_a_code_is_taken_once(owner, clickhouse):
    await tenant(owner, clickhouse, code="taken")
    with pytest.raises(tenants.TenantCodeTaken):
        await tenant(owner, clickhouse, code="taken")


@pytest.mark.parametrize("code", ["", "a", "Upper", "9bank", "with space", "x" * 33, "半角"])
async def test_a_code_that_cannot_be_typed_is_refused(owner, code):
    with pytest.raises(tenants.TenantUnfit):
        await tenants.open_bank(owner, None, msgspec.structs.replace(new_tenant(), code=code))


async def test_the_app_role_cannot_open_or_change_a_bank(database):
    with pytest.raises(Exception, match="permission denied"):
        await tenants.open_bank(database, None, new_tenant(code="sneaked"))


async def test_a_setting_is_the_default_until_the_bank_sets_it(database, bank, other_bank):
    async with database.begin(bank) as tx:
        assert await tenants.setting(tx, CONTROL_PERCENT) == 10
        await tenants.set_setting(tx, "experiments.control_percent", 20, "更大的对照组")
        assert await tenants.setting(tx, CONTROL_PERCENT) == 20
    async with database.begin(other_bank) as tx:
        assert await tenants.setting(tx, CONTROL_PERCENT) == 10
    async with database.begin(bank) as tx:
        await tenants.set_setting(tx, "experiments.control_percent", None, "回到默认值")
        assert await tenants.setting(tx, CONTROL_PERCENT) == 10
        trail = await audit.find(tx, audit.AuditFilter(action="tenants.set_setting"))
    assert [(row.before, row.after, row.reason) for row in trail] == [
        ({"value": 20}, {"value": 10}, "回到默认值"),
        ({"value": 10}, {"value": 20}, "更大的对照组"),
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("experiments.control_percent", 51),
        ("experiments.control_percent", -1),
        ("experiments.control_percent", "10"),
        ("experiments.control_percent", 10.5),
        ("experiments.control_percent", 2**63),
        ("contact_policy.quiet_hours", {"start": "25:00", "end": "08:00"}),
        ("audit.log_months", 5),
        ("approvals.stages", {"default": []}),
    ],
)
async def test_a_value_outside_its_limits_is_refused_and_nothing_is_stored(database, bank, key, value):
    async with database.begin(bank) as tx:
        before = await tenants.list_settings(tx)
        with pytest.raises(tenants.SettingUnfit):
            await tenants.set_setting(tx, key, value, "a good reason")
        assert await tenants.list_settings(tx) == before


async def test_an_unknown_setting_is_refused(database, bank):
    async with database.begin(bank) as tx:
        with pytest.raises(tenants.SettingUnknown):
            await tenants.set_setting(tx, "no.such", 1, "a good reason")


async def test_a_structured_setting_survives_the_way_through_the_database(database, bank):
    async with database.begin(bank) as tx:
        await tenants.set_setting(tx, QUIET_HOURS.key, {"start": "20:30:00", "end": "09:00:00"}, "更安静")
        assert await tenants.setting(tx, QUIET_HOURS) == QuietHours(time(20, 30), time(9))


def test_the_log_cannot_be_kept_under_six_months():
    """Rule D1."""
    with pytest.raises(tenants.SettingUnfit):
        LOG_MONTHS.read(5)


def test_the_default_theme_can_be_read():
    tenants.check_brand(Brand())


def test_a_pale_brand_is_refused():
    with pytest.raises(tenants.UnreadableBrand) as refused:
        tenants.derive_brand("#F6C863")
    assert refused.value.pointer == "/brand/brand"


async def test_a_bank_changes_its_colours_and_keeps_them_readable(owner, database, clickhouse):
    opened = await tenant(owner, clickhouse, code="repainted")
    await tenants.set_brand(owner, opened, tenants.derive_brand("#8A1F2B"))
    with pytest.raises(tenants.UnreadableBrand):
        await tenants.set_brand(owner, opened, Brand(on_brand="#12589C"))
    assert (await tenants.find(database, "repainted")).brand.brand == "#8A1F2B"


@given(st.integers(0, 0xFFFFFF))
def test_a_derived_theme_is_readable_or_refused(number):
    colour = f"#{number:06x}"
    try:
        brand = tenants.derive_brand(colour)
    except Invalid:
        return
    assert tenants.contrast(brand.brand, "#FFFFFF") >= 4.5
    assert tenants.contrast(brand.brand, brand.brand_tint) >= 4.5
    assert tenants.contrast(brand.on_brand, brand.brand_2) >= 4.5


def test_black_on_white_is_21_to_1():
    assert tenants.contrast("#000000", "#FFFFFF") == pytest.approx(21)

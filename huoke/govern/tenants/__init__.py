"""The banks of this cell: registry, opening, brand, and the typed settings each bank may change."""

from huoke.govern.tenants.brand import Brand, UnreadableBrand, check_brand, contrast, derive_brand
from huoke.govern.tenants.defaults import (
    CONTROL_PERCENT,
    LOG_MONTHS,
    QUIET_HOURS,
    REASK_DAYS,
    QuietHours,
    Setting,
    SettingUnfit,
    SettingUnknown,
    declare,
)
from huoke.govern.tenants.model import (
    NewTenant,
    Tenant,
    TenantCodeTaken,
    TenantStatus,
    TenantUnfit,
    TenantUnknown,
)
from huoke.govern.tenants.open import Analytics, open_bank, set_brand
from huoke.govern.tenants.read import (
    SettingRow,
    every,
    find,
    find_by_code,
    get,
    list_settings,
    set_setting,
    setting,
    settings,
)

__all__ = [
    "CONTROL_PERCENT",
    "LOG_MONTHS",
    "QUIET_HOURS",
    "REASK_DAYS",
    "Analytics",
    "Brand",
    "NewTenant",
    "QuietHours",
    "Setting",
    "SettingRow",
    "SettingUnfit",
    "SettingUnknown",
    "Tenant",
    "TenantCodeTaken",
    "TenantStatus",
    "TenantUnfit",
    "TenantUnknown",
    "UnreadableBrand",
    "check_brand",
    "contrast",
    "declare",
    "derive_brand",
    "every",
    "find",
    "find_by_code",
    "get",
    "list_settings",
    "open_bank",
    "set_brand",
    "set_setting",
    "setting",
    "settings",
]

"""A bank, what opening one takes, and the refusals."""

import re
from datetime import datetime
from enum import StrEnum

import msgspec

from huoke.govern.tenants.brand import Brand, check_brand
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Conflict, Invalid, NotFound

_CODE = re.compile(r"[a-z][a-z0-9-]{1,31}")


class TenantStatus(StrEnum):
    """Where a bank stands; `opening` until its analytical database is there too."""

    OPENING = "opening"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A bank of this cell."""

    id: TenantId
    code: str
    name: str
    name_en: str
    status: TenantStatus
    brand: Brand
    created_at: datetime


class NewTenant(msgspec.Struct, frozen=True, kw_only=True):
    """A bank to open. `code` is what staff type when they sign in: a-z, 0-9 and -, 2 to 32 characters."""

    code: str
    name: str
    name_en: str = ""
    brand: Brand = Brand()


class TenantUnknown(NotFound):
    """No bank has this code or number."""

    code = "tenants.unknown"


class TenantCodeTaken(Conflict):
    """Another bank has the code."""

    code = "tenants.code_taken"


class TenantUnfit(Invalid):
    """The new bank's code or name cannot be used."""

    code = "tenants.unfit"


def check_tenant(new: NewTenant) -> None:
    """Raise `TenantUnfit` or `UnreadableBrand`."""
    if not _CODE.fullmatch(new.code):
        raise TenantUnfit("A code has 2 to 32 of a-z, 0-9 and -, a letter first.", pointer="/code")
    if not 1 <= len(new.name.strip()) <= 60:
        raise TenantUnfit("A name has 1 to 60 characters.", pointer="/name")
    check_brand(new.brand)

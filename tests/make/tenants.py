"""Banks for tests that need more of one than the fixture `bank`."""

from itertools import count

from huoke.govern import tenants
from huoke.govern.tenants import NewTenant

_numbers = count(1)


def new_tenant(code: str = "", **changes) -> NewTenant:
    return NewTenant(
        **{"code": code or f"made-{next(_numbers)}", "name": "江南银行", "name_en": "Jiangnan Bank", **changes}
    )


async def tenant(owner, clickhouse=None, **changes):
    """Open a bank; returns its number."""
    return await tenants.open_bank(owner, clickhouse, new_tenant(**changes))

"""Opening a bank so that people can begin: the bank itself, its head office, and its first two administrators."""

import msgspec

from huoke.app.runtime import Runtime
from huoke.app.worker import streams
from huoke.govern import identity, people, tenants
from huoke.govern.identity import Enrolment
from huoke.govern.people import NewStaff, NewUnit, Role, RoleScope, UnitKind
from huoke.govern.tenants import NewTenant, TenantCodeTaken
from huoke.kernel import log
from huoke.kernel.ids import TenantId, UnitId
from huoke.kernel.tx import Tx

HEAD_OFFICE_CODE = "HO"


class FirstStaff(msgspec.Struct, frozen=True):
    """Somebody who begins; `post` as the bank calls it."""

    role: Role
    login: str
    name: str
    post: str


class Enrolled(msgspec.Struct, frozen=True):
    """A first administrator and the one-time code with which they choose a password."""

    login: str
    role: Role
    enrolment: Enrolment


class Founded(msgspec.Struct, frozen=True):
    """A bank that people can begin to use."""

    tenant: TenantId
    head_office: UnitId
    administrators: list[Enrolled]


ADMINISTRATORS = (
    FirstStaff(Role.SYSTEM_ADMIN, "system", "系统管理员", "系统管理"),
    FirstStaff(Role.SECURITY_ADMIN, "security", "安全管理员", "安全管理"),
)
"""Two people, since rule D2 lets nobody be both; the security administrator adds everybody else."""


async def found_bank(runtime: Runtime, new: NewTenant) -> Founded:
    """Open a bank with its head office and first administrators. `TenantCodeTaken`, `TenantUnfit`, `UnreadableBrand`.

    A call that broke half way is finished by calling again with the same code.
    """
    assert runtime.owner is not None, "opening a bank takes the owner's role"
    assert runtime.feed is not None, "the tables in ClickHouse are made as feed"
    try:
        tenant = await tenants.open_bank(runtime.owner, runtime.clickhouse, new)
    except TenantCodeTaken:
        tenant = await tenants.find_by_code(runtime.database, new.code)
        async with runtime.database.begin(tenant) as tx:
            if await people.units.tree(tx):
                raise
    await log.Shipper(runtime.feed, runtime.clickhouse, streams()).prepare(tenant)
    async with runtime.database.begin(tenant) as tx:
        head = NewUnit(kind=UnitKind.HEAD_OFFICE, code=HEAD_OFFICE_CODE, name="总行", name_en="Head office")
        (head_office,) = await people.units.add(tx, [head])
        administrators = [await _add(tx, first, head_office) for first in ADMINISTRATORS]
    return Founded(tenant, head_office, administrators)


async def _add(tx: Tx, first: FirstStaff, head_office: UnitId) -> Enrolled:
    new = NewStaff(
        login=first.login,
        name=first.name,
        post=first.post,
        unit_id=head_office,
        roles=[RoleScope(first.role, head_office)],
    )
    (staff_id,) = await people.staff.add(tx, [new])
    return Enrolled(first.login, first.role, await identity.enrol(tx, staff_id))

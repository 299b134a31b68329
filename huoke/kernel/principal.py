"""Who is asking: the answer of authentication, and all that a handler may know of a caller."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq, TenantId, UnitId
from huoke.kernel.refusals import Forbidden
from huoke.kernel.tx import Actor


class OutOfScope(Forbidden):
    """The unit is not in the caller's scope."""

    code = "scope.unit"


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in member of staff, a customer or a bank's own backend."""

    actor: Actor
    tenant: TenantId
    permissions: frozenset[str] = frozenset()
    units: frozenset[UnitId] | None = frozenset()
    """Units in scope, descendants included; None is the whole bank."""
    unit_id: UnitId | None = None
    name: str = ""
    session_id: UUID | None = None
    csrf_token: str = ""
    """Must come back with every unsafe request of a cookie session; empty for API keys."""
    proved_at: datetime | None = None
    """When this session last showed a second factor; None for everyone but staff."""
    seq: Seq | None = None
    """The customer's own number; None for everyone else."""

    @property
    def own_unit(self) -> UnitId:
        """The unit a member of staff sits in; for what staff alone may ask."""
        assert self.unit_id is not None, "staff sit in a unit"
        return self.unit_id

    def may(self, permission: str) -> bool:
        """Whether a role of this principal holds the permission."""
        return permission in self.permissions

    def covers(self, unit_id: int) -> bool:
        """Whether the unit lies in this principal's scope."""
        return self.units is None or unit_id in self.units

    def require_unit(self, unit_id: int) -> None:
        """Raise `OutOfScope` unless the unit lies in scope."""
        if not self.covers(unit_id):
            raise OutOfScope(f"Unit {unit_id} is outside your scope; ask head office.", unit_id=unit_id)


class Credentials(msgspec.Struct, frozen=True):
    """What a request carried to say who it is; at most one is used, in this order."""

    bearer: str | None = None
    staff_token: str | None = None
    customer_token: str | None = None

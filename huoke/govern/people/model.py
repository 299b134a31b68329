"""Units, staff, roles and what each role may do."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import UnitId
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


class UnitKind(StrEnum):
    """Head office → branch → sub-branch."""

    HEAD_OFFICE = "head_office"
    BRANCH = "branch"
    SUB_BRANCH = "sub_branch"


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation unit; `path` leads from the head office down to it, itself last."""

    id: UnitId
    parent_id: UnitId | None
    kind: UnitKind
    code: str
    name: str
    name_en: str
    path: list[UnitId]


class NewUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit to open; `parent_code` is empty for the head office alone."""

    kind: UnitKind
    code: str
    name: str
    name_en: str = ""
    parent_code: str = ""


class Role(StrEnum):
    """What a member of staff is for; the last three are exclusive (rule D2)."""

    OPERATOR = "operator"
    BRANCH_OPERATOR = "branch_operator"
    BUYER = "buyer"
    APPROVER = "approver"
    CONSUMER_REVIEWER = "consumer_reviewer"
    TELLER = "teller"
    SERVICE_DESK = "service_desk"
    MERCHANT_CLERK = "merchant_clerk"
    ANALYST = "analyst"
    RISK_OFFICER = "risk_officer"
    RM = "rm"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


EXCLUSIVE = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class RoleScope(msgspec.Struct, frozen=True, order=True):
    """A role within a unit and everything below it."""

    role: Role
    unit_id: UnitId


OWN_CUSTOMERS = frozenset({Role.RM})
"""Roles for which only the customers somebody looks after are there."""


class StaffStatus(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff with every role held."""

    id: UUID
    login: str
    name: str
    post: str
    unit_id: UnitId
    status: StaffStatus
    roles: list[RoleScope]
    added_at: datetime

    @property
    def active(self) -> bool:
        """Whether this person may sign in and act."""
        return self.status is StaffStatus.ACTIVE


class NewStaff(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to add. A role without a unit counts for the person's own unit and below."""

    login: str
    name: str
    post: str
    unit_id: UnitId
    roles: list[RoleScope]


class StaffChange(msgspec.Struct, frozen=True, kw_only=True):
    """The whole new state of somebody already there."""

    id: UUID
    name: str
    post: str
    unit_id: UnitId
    roles: list[RoleScope]


class StaffAdded(Event, frozen=True, kw_only=True):
    """Somebody joined."""

    name: ClassVar[str] = "people.staff_added"
    staff_id: UUID
    unit_id: int


class StaffChanged(Event, frozen=True, kw_only=True):
    """Post, unit or roles of somebody changed."""

    name: ClassVar[str] = "people.staff_changed"
    staff_id: UUID


class StaffDisabled(Event, frozen=True, kw_only=True):
    """Somebody may no longer sign in."""

    name: ClassVar[str] = "people.staff_disabled"
    staff_id: UUID


class UnitUnknown(NotFound):
    """This bank has no such unit."""

    code = "people.unit_unknown"


class UnitUnfit(Invalid):
    """The unit cannot stand there, or its code cannot be used."""

    code = "people.unit_unfit"


class StaffUnknown(NotFound):
    """This bank has no such member of staff."""

    code = "people.staff_unknown"


class StaffUnfit(Invalid):
    """The login or name cannot be used."""

    code = "people.staff_unfit"


class LoginTaken(Conflict):
    """Somebody of this bank has the login."""

    code = "people.login_taken"


class ExclusiveRoles(Invalid):
    """An administrator's role beside any other role (rule D2)."""

    code = "people.exclusive_roles"


class UnevenRoles(Invalid):
    """Roles that reach over different units."""

    code = "people.uneven_roles"


class OwnRoles(Forbidden):
    """Nobody changes or disables themselves."""

    code = "people.own_roles"


_PARENT = {UnitKind.BRANCH: UnitKind.HEAD_OFFICE, UnitKind.SUB_BRANCH: UnitKind.BRANCH}


def check_place(new: NewUnit, parent: Unit | None) -> None:
    """Raise `UnitUnfit` unless a unit of this kind stands under such a parent."""
    wanted = _PARENT.get(new.kind)
    if (parent.kind if parent else None) != wanted:
        place = f"a {wanted}" if wanted else "nothing: it is the top"
        raise UnitUnfit(f"A {new.kind} stands under {place}.", pointer="/parent_code")
    if not 1 <= len(new.code) <= 32 or not new.code.isascii() or not new.name.strip():
        raise UnitUnfit("A unit has a name, and a code of 1 to 32 plain characters.", pointer="/code")


def check_person(login: str, name: str) -> None:
    """Raise `StaffUnfit`."""
    if not _LOGIN.fullmatch(login):
        raise StaffUnfit("A login has 2 to 64 of a-z, 0-9, dot, - and _.", pointer="/login")
    if not 1 <= len(name.strip()) <= 40:
        raise StaffUnfit("A name has 1 to 40 characters.", pointer="/name")


def duty_of(roles: Collection[RoleScope]) -> str:
    """`business`, or the one administrator's role; `ExclusiveRoles` for a mixture (rule D2)."""
    held = {scope.role for scope in roles}
    if held & EXCLUSIVE and len(held) > 1:
        names = ", ".join(sorted(held))
        raise ExclusiveRoles(
            f"One person cannot hold {names}: system, security and audit administrators hold nothing else.",
            pointer="/roles",
            rule="D2",
        )
    return next(iter(held & EXCLUSIVE), "business")


def check_even(roles: Collection[RoleScope]) -> None:
    """Raise `UnevenRoles` unless every role reaches over the same units.

    Permissions and units travel separately in a `Principal`; with even roles their product is exactly what was granted.
    Who sees own customers only holds no role beside: it would see the same customers, or this one would see all.
    """
    held_roles = {scope.role for scope in roles}
    if held_roles & OWN_CUSTOMERS and len(held_roles) > 1:
        raise UnevenRoles(
            "A relationship manager sees own customers only and holds no other role; open a second login.",
            pointer="/roles",
        )
    units: dict[Role, set[int]] = {}
    for scope in roles:
        units.setdefault(scope.role, set()).add(scope.unit_id)
    if len({frozenset(held) for held in units.values()}) > 1:
        raise UnevenRoles("All roles of one person reach over the same units; open a second login.", pointer="/roles")


def own_customers_only(roles: Iterable[RoleScope]) -> bool:
    """Whether only the customers they look after are there for somebody with these roles."""
    return any(scope.role in OWN_CUSTOMERS for scope in roles)


def permissions_of(roles: Iterable[RoleScope]) -> frozenset[str]:
    """All that these roles may do."""
    return frozenset[str]().union(*(PERMISSIONS[scope.role] for scope in roles))


def _may(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DESIGN = (
    "customer.read customer.explain customer.reveal customer.erase customer.merge tag.read tag.write model.read"
    " segment.read segment.write audience.freeze list.export benefit.read budget.read"
    " campaign.read campaign.write campaign.submit campaign.run approval.read redemption.read statement.read"
    " job.read job.cancel figure.read entry_point.read message.read outlet.read control.read"
    " points.read warning.read warning.act relation.read lead.read grid.read grid.write customer.assign"
    " tier.read tier.write referral.invite"
)

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OPERATOR: _may(
        f"{_DESIGN} campaign.halt exclusion.write customer.import source.read source.write event.read event.write"
        " model.write identity.write points.write"
    ),
    Role.BRANCH_OPERATOR: _may(f"{_DESIGN} campaign.halt"),
    Role.BUYER: _may(
        "benefit.read benefit.write tier.read outlet.read budget.read budget.write campaign.read approval.read"
        " redemption.read statement.read statement.write supply.read supply.write job.read job.cancel figure.read"
        " case.read payment.read payment.write order.read order.decide"
    ),
    Role.APPROVER: _may(
        "approval.read approval.decide campaign.halt campaign.read segment.read tag.read model.read benefit.read"
        " tier.read exclusion.write budget.read supply.read figure.read job.read case.read payment.read order.read"
    ),
    Role.CONSUMER_REVIEWER: _may(
        "approval.read approval.decide campaign.read segment.read benefit.read figure.read price.read"
    ),
    Role.TELLER: _may("customer.read redemption.read redemption.redeem outlet.read outlet.keep lobby.host"),
    Role.SERVICE_DESK: _may(
        "customer.read customer.explain desk.find desk.act case.read message.read job.read job.cancel order.read"
    ),
    Role.MERCHANT_CLERK: _may("redemption.redeem redemption.read statement.own"),
    Role.ANALYST: _may(
        "customer.read customer.explain tag.read tag.write model.read model.write grid.read grid.write segment.read"
        " segment.write"
        " audience.freeze benefit.read budget.read campaign.read figure.read job.read job.cancel entry_point.read"
        " tier.read event.read control.read"
    ),
    Role.RISK_OFFICER: _may(
        "customer.read relation.read ring.read ring.judge list.export benefit.read campaign.read job.read job.cancel"
    ),
    Role.RM: _may("customer.read warning.read warning.act lead.read referral.invite lobby.host review.hold"),
    Role.SYSTEM_ADMIN: _may(
        "message.read message.write staff.read setting.read setting.write job.read job.cancel event.read"
    ),
    Role.SECURITY_ADMIN: _may("staff.read staff.write setting.read"),
    Role.AUDITOR: _may(
        "audit.read audit.export supply.read staff.read setting.read approval.read campaign.read statement.read"
        " job.read payment.read price.read"
    ),
}
"""Who may do what: one table, in code, so that a change of it is reviewed like code."""

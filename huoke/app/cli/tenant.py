"""`huoke tenant`: open and look at banks, their units, people and keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import run
from huoke.app.cli.tenant_bands import app as bands_app
from huoke.app.cli.tenant_databases import app as database_app
from huoke.app.cli.tenant_sources import app as source_app
from huoke.app.founding import Founded, found_bank
from huoke.app.runtime import Runtime, open_runtime
from huoke.govern import identity, people, tenants
from huoke.govern.identity import Enrolment, MadeKey, NewKey
from huoke.govern.people import NewStaff, NewUnit, Role, RoleScope, UnitKind
from huoke.govern.tenants import Brand, NewTenant, derive_brand
from huoke.kernel import settings as instance

app = App(name="tenant", help="Open and look at banks.")
staff_app = App(name="staff", help="People of a bank.")
unit_app = App(name="unit", help="Units of a bank.")
key_app = App(name="key", help="Keys with which a bank's own backend calls the API.")
app.command(staff_app)
app.command(unit_app)
app.command(key_app)
app.command(source_app)
app.command(database_app)
app.command(bands_app)

BankCode = Annotated[str, Parameter(help="The bank's code, such as binhai.")]
Login = Annotated[str, Parameter(help="What somebody types to sign in.")]
Name = Annotated[str, Parameter(help="The name that people read.")]
NameEn = Annotated[str, Parameter(help="The same in English.")]
Colour = Annotated[str, Parameter(help="The bank's own colour, #RRGGBB: the phone theme is derived from it.")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON instead of a table.")]


@app.command(name="open")
def open_(
    code: BankCode,
    name: Name,
    *,
    name_en: NameEn = "",
    colour: Colour = "",
    as_json: AsJson = False,
) -> None:
    """Open a bank: CODE is what its staff type when they sign in, NAME is on every page.

    Prints a one-time enrolment code for its system and its security administrator.
    """
    new = NewTenant(code=code, name=name, name_en=name_en)
    if colour:
        new = msgspec.structs.replace(new, brand=derive_brand(colour))
    founded = run(_open(new))
    if as_json:
        _print_json(founded)
        return
    console = stdout()
    console.print(f"{name} is open: bank code {code}, number {founded.tenant}.")
    for one in founded.administrators:
        console.print(f"{one.role} signs in as {one.login}; enrolment code {one.enrolment.code}", soft_wrap=True)
    console.print(f"The codes are good until {founded.administrators[0].enrolment.expires_at:%Y-%m-%d %H:%M} UTC.")


@app.command(name="list")
def list_(*, as_json: AsJson = False) -> None:
    """Every bank of this instance."""
    found = run(_list())
    if as_json:
        _print_json(found)
        return
    table = Table("Number", "Code", "Name", "Name (en)", "State", "Opened")
    for bank in found:
        table.add_row(str(bank.id), bank.code, bank.name, bank.name_en, bank.status, f"{bank.created_at:%Y-%m-%d}")
    stdout().print(table)


@app.command
def show(code: BankCode, *, as_json: AsJson = False) -> None:
    """One bank: its units, and its people with their roles."""
    shown = run(_show(code))
    if as_json:
        _print_json(shown)
        return
    console = stdout()
    console.print(f"{shown['tenant'].name} ({code}), {shown['tenant'].status}")
    units = Table("Unit", "Code", "Name", "Kind")
    for unit in shown["units"]:
        units.add_row(str(unit.id), unit.code, "  " * (len(unit.path) - 1) + unit.name, unit.kind)
    console.print(units)
    staff = Table("Login", "Name", "Post", "Unit", "State", "Roles")
    for person in shown["staff"]:
        roles = ", ".join(f"{held.role}@{held.unit_id}" for held in person.roles)
        staff.add_row(person.login, person.name, person.post, str(person.unit_id), person.status, roles)
    console.print(staff)


@app.command
def brand(code: BankCode, colour: Colour) -> None:
    """Give a bank's phone pages the theme derived from its COLOUR (#RRGGBB); refused where nobody could read it."""
    theme = derive_brand(colour)
    run(_brand(code, theme))
    stdout().print(f"{code}: brand {theme.brand}, pressed {theme.brand_2}, fills {theme.brand_tint}")


@unit_app.command(name="add")
def add_unit(
    bank: BankCode,
    code: Annotated[str, Parameter(help="The unit's own code.")],
    name: Name,
    *,
    parent: Annotated[str, Parameter(help="Code of the unit above it.")] = "HO",
    name_en: NameEn = "",
) -> None:
    """Open a branch under the head office, or a sub-branch under a branch (--parent CODE)."""
    unit_id = run(_add_unit(bank, code, name, parent, name_en))
    stdout().print(f"Unit {unit_id}: {name} ({code})")


@staff_app.command(name="add")
def add_staff(
    bank: BankCode,
    login: Login,
    name: Name,
    *,
    role: Annotated[list[Role], Parameter(help="What they may do; may be repeated.")],
    unit: Annotated[
        str, Parameter(help="Code of the unit whose people they are and over which the roles reach.")
    ] = "HO",
    post: Annotated[str, Parameter(help="Their post, as colleagues read it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add somebody with one or more roles; prints the one-time code with which they choose a password."""
    enrolment = run(_add_staff(bank, login, name, role, unit, post))
    if as_json:
        _print_json(enrolment)
        return
    stdout().print(f"{name} signs in as {login}; enrolment code {enrolment.code}", soft_wrap=True)


@staff_app.command(name="enrol")
def enrol_staff(bank: BankCode, login: Login, *, as_json: AsJson = False) -> None:
    """A new one-time code for somebody who lost a factor; what they signed in with before ends."""
    enrolment = run(_enrol(bank, login))
    if as_json:
        _print_json(enrolment)
        return
    stdout().print(f"Enrolment code of {login}: {enrolment.code}", soft_wrap=True)


@key_app.command(name="add")
def add_key(
    bank: BankCode,
    name: Name,
    *,
    permission: Annotated[list[str], Parameter(help="What it may do, such as ticket.issue; may be repeated.")],
    days: Annotated[int, Parameter(help="For how many days it is good; 0 is for ever.")] = 365,
) -> None:
    """Make a key called NAME for a bank's own backend and print it: it is shown this once."""
    print(run(_add_key(bank, NewKey(name=name, permissions=permission, days=days))).key)


@asynccontextmanager
async def _runtime() -> AsyncIterator[Runtime]:
    async with open_runtime(instance.load(), maintenance=True, connections_max=4) as runtime:
        yield runtime


async def _open(new: NewTenant) -> Founded:
    async with _runtime() as runtime:
        return await found_bank(runtime, new)


async def _brand(code: str, theme: Brand) -> None:
    async with _runtime() as runtime:
        assert runtime.owner is not None
        await tenants.set_brand(runtime.owner, await tenants.find_by_code(runtime.database, code), theme)


async def _list() -> list[tenants.Tenant]:
    async with _runtime() as runtime:
        return await tenants.every(runtime.database)


async def _show(code: str) -> dict[str, Any]:
    async with _runtime() as runtime:
        tenant = await tenants.find(runtime.database, code)
        async with runtime.database.begin(tenant.id) as tx:
            units = await people.units.tree(tx)
            return {"tenant": tenant, "units": units, "staff": await people.staff.find(tx, limit=10_000)}


async def _add_unit(bank: str, code: str, name: str, parent: str, name_en: str) -> int:
    async with _runtime() as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        async with runtime.database.begin(tenant) as tx:
            above = await people.units.by_code(tx, parent)
            kind = UnitKind.BRANCH if above.kind is UnitKind.HEAD_OFFICE else UnitKind.SUB_BRANCH
            new = NewUnit(kind=kind, code=code, name=name, name_en=name_en, parent_code=parent)
            return (await people.units.add(tx, [new]))[0]


async def _add_staff(bank: str, login: str, name: str, roles: list[Role], unit: str, post: str) -> Enrolment:
    async with _runtime() as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        async with runtime.database.begin(tenant) as tx:
            unit_id = (await people.units.by_code(tx, unit)).id
            held = [RoleScope(role, unit_id) for role in roles]
            new = NewStaff(login=login, name=name, post=post, unit_id=unit_id, roles=held)
            return await identity.enrol(tx, (await people.staff.add(tx, [new]))[0])


async def _enrol(bank: str, login: str) -> Enrolment:
    async with _runtime() as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        async with runtime.database.begin(tenant) as tx:
            person = await people.staff.by_login(tx, login)
            if person is None:
                raise people.StaffUnknown(f"Nobody signs in as '{login[:40]}' at {bank}.")
            return await identity.enrol(tx, person.id)


async def _add_key(bank: str, new: NewKey) -> MadeKey:
    async with _runtime() as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        async with runtime.database.begin(tenant) as tx:
            return await identity.api_keys.add(tx, new)


def _print_json(value: Any) -> None:
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())

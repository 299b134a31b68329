"""`huoke tenant database`: what imports of a bank may read, set up by whoever runs the instance."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from getpass import getpass
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import run
from huoke.app.runtime import open_runtime
from huoke.govern import tenants
from huoke.kernel import settings as instance
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import ImportDatabase, NewDatabase

app = App(name="database", help="Databases that imports of a bank may read. HUOKE_IMPORT_ADDRESSES allows addresses.")
PASSWORD = "HUOKE_DATABASE_PASSWORD"  # noqa: S105 - the name of a variable

BankCode = Annotated[str, Parameter(help="The bank's code, such as binhai.")]
Name = Annotated[str, Parameter(help="The database's name, such as 核心.")]


@app.command
def add(
    bank: BankCode,
    name: Name,
    address: Annotated[str, Parameter(help="host:port/database")],
    login: Annotated[str, Parameter(help="A user that may only read what is needed.")],
    *,
    plain: Annotated[bool, Parameter(help="Without TLS; on this machine only.", negative="")] = False,
) -> None:
    """Add a database at once, or change the one called NAME.

    The password is asked for, is the first line of the input, or stands in HUOKE_DATABASE_PASSWORD; never among the
    arguments.
    """
    password = os.environ.get(PASSWORD) or (
        getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    )
    new = NewDatabase(name=name, address=address, login=login, password=password or None, encrypted=not plain)
    run(_add(bank, new))
    stdout().print(f"{name} may be read: {address} as {login}.", soft_wrap=True)


@app.command(name="list")
def list_(bank: BankCode) -> None:
    """Every database of a bank, without its password; those asked for wait for their decision."""
    table = Table("Name", "Address", "User", "TLS", "State", "Changed")
    for one in run(_list(bank)):
        state = "in force" if one.in_force else "asked for"
        tls = "yes" if one.encrypted else "no"
        table.add_row(one.name, one.address, one.login, tls, state, f"{one.changed_at:%Y-%m-%d %H:%M}")
    stdout().print(table)


@app.command
def remove(bank: BankCode, name: Name) -> None:
    """Forget a database with its password; feeds that read it miss their days from then on."""
    run(_remove(bank, name))
    stdout().print(f"{name} is forgotten.")


@asynccontextmanager
async def _begin(bank: str) -> AsyncIterator[Tx]:
    async with open_runtime(instance.load(), connections_max=2) as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        async with runtime.database.begin(tenant) as tx:
            yield tx


async def _add(bank: str, new: NewDatabase) -> None:
    async with _begin(bank) as tx:
        await customers.put_database(tx, new, customers.allowed_of(instance.load().import_addresses))


async def _list(bank: str) -> list[ImportDatabase]:
    async with _begin(bank) as tx:
        return await customers.list_databases(tx)


async def _remove(bank: str, name: str) -> None:
    async with _begin(bank) as tx:
        for one in await customers.list_databases(tx):
            if one.name == name and one.in_force:
                await customers.remove_database(tx, one.id)
                return
        raise customers.DatabaseUnknown(f"{bank} has no database called '{name[:80]}'.")

"""`huoke tenant source`: who may send a bank's events."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import run
from huoke.app.runtime import open_runtime
from huoke.govern import tenants
from huoke.kernel import settings as instance
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.events import EventSource, NewSource

app = App(name="source", help="Who may send a bank's events: each source has a write key of its own.")

BankCode = Annotated[str, Parameter(help="The bank's code, such as binhai.")]
Name = Annotated[str, Parameter(help="The source's name, such as 手机银行.")]


@app.command
def add(bank: BankCode, name: Name) -> None:
    """Open a source called NAME and print its write key: it is shown this once."""
    print(run(_add(bank, name)))


@app.command(name="list")
def list_(bank: BankCode) -> None:
    """Every source of a bank; of a key only its last four characters."""
    table = Table("Name", "Key", "Opened", "Rotated", "State")
    for one in run(_list(bank)):
        rotated = f"{one.rotated_at:%Y-%m-%d %H:%M}" if one.rotated_at else ""
        state = "revoked" if one.revoked_at else "open"
        table.add_row(one.name, f"…{one.key_hint}", f"{one.made_at:%Y-%m-%d %H:%M}", rotated, state)
    stdout().print(table)


@app.command
def rotate(bank: BankCode, name: Name) -> None:
    """Give a source a new write key and print it; the one before is good for 24 hours more."""
    print(run(_rotate(bank, name)))


@app.command
def revoke(bank: BankCode, name: Name) -> None:
    """End a source at once."""
    run(_revoke(bank, name))
    stdout().print(f"{name} may send no more.")


@asynccontextmanager
async def _begin(bank: str) -> AsyncIterator[Tx]:
    async with open_runtime(instance.load(), connections_max=2) as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        async with runtime.database.begin(tenant) as tx:
            yield tx


async def _add(bank: str, name: str) -> str:
    async with _begin(bank) as tx:
        return (await events.sources.add(tx, NewSource(name=name))).write_key


async def _list(bank: str) -> list[EventSource]:
    async with _begin(bank) as tx:
        return await events.sources.find(tx)


async def _rotate(bank: str, name: str) -> str:
    async with _begin(bank) as tx:
        return (await events.sources.rotate(tx, await events.sources.by_name(tx, name))).write_key


async def _revoke(bank: str, name: str) -> None:
    async with _begin(bank) as tx:
        await events.sources.revoke(tx, await events.sources.by_name(tx, name))

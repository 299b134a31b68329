"""`huoke migrate`: bring the database schema up to date, as huoke_owner."""

import asyncio
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from huoke.app.migrate import upgrade, write
from huoke.kernel import settings as instance

app = App(name="migrate")


@app.default
def migrate() -> None:
    """Bring the database schema up to date: run every migration that this database has not seen."""
    ran = asyncio.run(upgrade(instance.load().database_owner_url))
    Console().print(f"Ran {', '.join(ran)}." if ran else "The schema is up to date.")


@app.command
def make(message: Annotated[str, Parameter(help="What it does, in a few words; it names the file.")]) -> None:
    """Write a migration with what the declared tables have and this instance's database has not."""
    path = asyncio.run(write(instance.load().database_owner_url, message))
    Console().print(f"Wrote {path.name}; read it before you commit it.")

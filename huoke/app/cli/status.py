"""`huoke status`: what runs and whether it is well."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from huoke.app.up import status

app = App(name="status", help="Say what runs and whether it is well.")


@app.default
def show(
    *, home: Annotated[Path | None, Parameter(help="The instance's folder; $HUOKE_HOME, else ./.huoke.")] = None
) -> None:
    """Print every process of the instance with its memory; exit code 1 when one is missing."""
    parts = status(home)
    table = Table("Process", "PID", "State", "Restarts", "Memory")
    for part in parts:
        memory = f"{part.pss_bytes / 1e6:,.0f} MB"
        table.add_row(part.name, str(part.pid), "running" if part.alive else "away", str(part.restarts), memory)
    Console().print(table if parts else "It does not run.")
    sys.exit(0 if parts and all(part.alive for part in parts) else 1)

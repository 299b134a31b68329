"""`huoke stop`: end a running instance in order."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from huoke.app.up import stop

app = App(name="stop", help="Stop a running instance.")


@app.default
def end(
    *, home: Annotated[Path | None, Parameter(help="The instance's folder; $HUOKE_HOME, else ./.huoke.")] = None
) -> None:
    """Stop the instance at HOME and wait for its end."""
    Console().print("Stopped." if stop(home) else "It does not run.")

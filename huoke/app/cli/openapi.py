"""`huoke openapi FILE`: the API's contract, deterministic."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from huoke.app.openapi import render

app = App(name="openapi")


@app.default
def write(file: Annotated[Path, Parameter(help="Where to write, such as web/openapi.json.")]) -> None:
    """Write the API's OpenAPI 3.1 document to FILE; the pages' typed client is made from it."""
    file.write_bytes(render())

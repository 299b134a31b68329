"""`huoke openapi FILE`: the API's contract, deterministic."""

from pathlib import Path

from cyclopts import App

from huoke.app.openapi import render

app = App(name="openapi", help="Write the API's OpenAPI document.")


@app.default
def write(file: Path) -> None:
    """Write the OpenAPI 3.1 document to FILE.

    Parameters
    ----------
    file: where to write; the pages' typed client is made from web/openapi.json.
    """
    file.write_bytes(render())

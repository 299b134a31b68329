"""`huoke compliance report`: rule → test → evidence."""

import re
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.table import Table

app = App(name="compliance", help="Rules, the tests that hold them, and their evidence.")


@app.command
def report() -> None:
    """Print every rule that a test of this version holds, with the test's own sentence."""
    table = Table("Rule", "Test", "What it shows")
    for file in sorted((Path(__file__).parents[3] / "tests" / "compliance").glob("test_*.py")):
        rule = file.stem.removeprefix("test_")
        for name in re.findall(r"^(?:async )?def test_(\w+)\(", file.read_text(), re.MULTILINE):
            table.add_row(rule, file.name, name.replace("_", " "))
    Console().print(table)

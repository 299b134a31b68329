"""The command line: `huoke COMMAND`. Each command group is a file of its own, loaded when it is called."""

import sys

from cyclopts import App
from rich.console import Console

from huoke import __version__
from huoke.kernel.refusals import Outage, Refusal

app = App(name="huoke", version=__version__, help="Win customers, keep them active: the command line of Huoke.")

for _name, _help in {
    "up": "Start everything: databases, API, worker. Ctrl-C stops it.",
    "stop": "Stop a running instance.",
    "status": "Say what runs and whether it is well.",
    "demo": "Addresses and sign-ins of the demo banks.",
    "tenant": "Open and look at banks.",
    "import": "Import customers from a file.",
    "segment": "Count, save, explain and freeze segments.",
    "campaign": "Create, submit, approve, run, stop and report campaigns.",
    "statement": "Make and export supplier statements.",
    "bench": "Measure the headline figures against their baselines.",
    "compliance": "Rules, the tests that hold them, and their evidence.",
    "rebuild": "Make ClickHouse new from PostgreSQL.",
    "openapi": "Write the API's OpenAPI document.",
    "migrate": "Bring the database schema up to date.",
}.items():
    app.command(f"huoke.app.cli.{_name if _name != 'import' else 'importing'}:app", name=_name, help=_help)


def main() -> None:
    """Run a command; a refusal or an outage is a sentence on stderr and exit code 2 or 3, never a traceback."""
    stderr = Console(stderr=True)
    try:
        app()
    except Refusal as refusal:
        stderr.print(f"[red]{refusal.code}[/red] {refusal.detail}")
        sys.exit(2)
    except Outage as outage:
        stderr.print(f"[red]outage[/red] {outage.detail}")
        sys.exit(3)

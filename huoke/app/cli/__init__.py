"""The command line: `huoke COMMAND`. Each command group is a file of its own, loaded when it is called."""

import logging
import sys
from collections.abc import Sequence
from typing import NoReturn

from cyclopts import App
from rich.console import Console
from rich.text import Text

from huoke import __version__
from huoke.kernel.refusals import Outage, Refusal

app = App(name="huoke", version=__version__, help="Win customers, keep them active: the command line of Huoke.")

for _name, _help in {
    "up": "Start everything: databases, API, worker. Ctrl-C stops it.",
    "stop": "Stop a running instance.",
    "status": "Say what runs and whether it is well.",
    "demo": "Start the demo banks; addresses and sign-ins; customers that come.",
    "tenant": "Open and look at banks.",
    "import": "Import customers from a file.",
    "segment": "Count, save and freeze segments.",
    "explain": "Why a customer is in a segment or not, as a tree.",
    "tags": "Tags as code, refreshes, and why a customer has one.",
    "models": "Train, list and score; what models tell of one customer.",
    "campaign": "Create, submit, approve, run, stop and report campaigns.",
    "statement": "Make and export supplier statements.",
    "draws": "Do the draws of a play again.",
    "ledger": "The books of points, day by day.",
    "bench": "Measure the headline figures against their baselines.",
    "compliance": "Rules, the tests that hold them, and their evidence.",
    "rebuild": "Make ClickHouse new from PostgreSQL and the archives.",
    "archive": "Months of the log that were closed, and history that was loaded.",
    "openapi": "Write the API's OpenAPI document.",
    "migrate": "Bring the database schema up to date.",
}.items():
    app.command(f"huoke.app.cli.{_name if _name != 'import' else 'importing'}:app", name=_name, help=_help)


def main(words: Sequence[str] | None = None) -> None:
    """Run a command; a refusal or an outage is a sentence on stderr and exit code 2 or 3, never a traceback."""
    # What a driver says to nobody in particular would stand before the sentence.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        app(words)
    except Refusal as refusal:
        _refuse(refusal.code, refusal.detail, 2)
    except Outage as outage:
        _refuse("outage", outage.detail, 3)
    except ConnectionError as error:
        _refuse("outage", f"An engine does not answer: {error}", 3)
    except OSError as error:
        if error.filename is None:
            raise
        _refuse("file", f"{error.filename}: {error.strerror}.", 2)


def _refuse(code: str, detail: str, exit_code: int) -> NoReturn:
    """Names in a detail may hold brackets: they are no markup."""
    Console(stderr=True).print(Text.assemble((code, "red"), " ", detail), soft_wrap=True)
    sys.exit(exit_code)

"""Where commands print: names as people wrote them, and lines as long as they need outside a terminal."""

import sys

from rich.console import Console
from rich.table import Column

WIDTH_OUTSIDE_A_TERMINAL = 240
ID_LETTERS = 36


def stdout() -> Console:
    """A console that takes nothing for markup, so that a bank's or a campaign's name may hold brackets."""
    width = None if sys.stdout.isatty() else WIDTH_OUTSIDE_A_TERMINAL
    return Console(markup=False, highlight=False, width=width)


def whole(heading: str) -> Column:
    """A column that is never cut: of ids, which people copy."""
    return Column(heading, no_wrap=True, min_width=ID_LETTERS)

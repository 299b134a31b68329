"""`huoke ledger`: the books of points, day by day."""

import sys
from datetime import date, datetime, timedelta
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, open_session, run
from huoke.kernel.clock import CHINA
from huoke.reward import points
from huoke.reward.ledger import RollForward

app = App(name="ledger", help="The books of points, day by day.")


@app.command
def close(
    *,
    bank: Bank,
    as_: As,
    day: Annotated[datetime | None, Parameter(help="A day that is over; yesterday where not given.")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
) -> None:
    """Close DAY: print opening + moved = closing of every type of points; exit code 1 unless the difference is 0."""
    rolled = run(_close(day.date() if day else None, bank, as_))
    if as_json:
        print(msgspec.json.encode(rolled).decode())
    else:
        stdout().print(_table(rolled))
        print(f"difference {sum(one.difference for one in rolled)}")
    if any(one.difference for one in rolled):
        sys.exit(1)


def _table(rolled: list[RollForward]) -> Table:
    table = Table("Points", "Opening", "Moved", "Closing", "Difference", title=str(rolled[0].day) if rolled else None)
    for one in rolled:
        moved = ", ".join(f"{kind} {amount:+,}" for kind, amount in one.moved.items())
        table.add_row(one.currency, f"{one.opening:,}", moved, f"{one.closing:,}", f"{one.difference:,}")
    return table


async def _close(day: date | None, bank: str, login: str) -> list[RollForward]:
    async with open_session(bank, login) as session, session.begin("points.write") as tx:
        return await points.close_day(tx, day or tx.now.astimezone(CHINA).date() - timedelta(days=1))

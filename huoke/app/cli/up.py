"""`huoke up`: start everything and stay."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from huoke.app.up import DEMO_MODULES, MODULES, up
from huoke.kernel.refusals import Invalid
from huoke.kernel.settings import Settings

app = App(name="up")
SEED = "huoke.app.demo.seed"
CUSTOMERS_MIN, CUSTOMERS_MAX = 1_000, 1_000_000


class CustomersUnfit(Invalid):
    """A demo bank is not made so small or so large."""

    code = "demo.customers_unfit"


@app.default
def start(
    *,
    home: Annotated[Path | None, Parameter(help="The instance's folder; $HUOKE_HOME, else ./.huoke.")] = None,
    port: Annotated[int, Parameter(help="Where to listen on 127.0.0.1; 0 takes a free one and remembers it.")] = 0,
    demo: Annotated[bool, Parameter(help="Also fill two demo banks and run the demo's small bank app.")] = False,
    customers: Annotated[
        int | None, Parameter(help="Customers of the first demo bank, 1,000 to 1,000,000; its first start decides.")
    ] = None,
) -> None:
    """Run PostgreSQL, ClickHouse, the set server, the API and the worker until Ctrl-C."""
    up(
        home,
        web_port=port,
        demo=demo,
        modules=DEMO_MODULES if demo else MODULES,
        then=[_seed(customers)] if demo else [],
        when_ready=_say_demo if demo else _say,
    )


def _seed(customers: int | None) -> list[str]:
    if customers is None:
        return [SEED]
    if not CUSTOMERS_MIN <= customers <= CUSTOMERS_MAX:
        raise CustomersUnfit(f"A demo bank has {CUSTOMERS_MIN:,} to {CUSTOMERS_MAX:,} customers.")
    return [SEED, "--customers", str(customers)]


def _say(settings: Settings) -> None:
    Console().print(f"Huoke answers at [bold]http://127.0.0.1:{settings.web_port}/[/bold]; Ctrl-C stops it.")


def _say_demo(settings: Settings) -> None:
    from huoke.app.cli.demo import show

    show(settings.home)
    _say(settings)

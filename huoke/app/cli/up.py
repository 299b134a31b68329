"""`huoke up`: start everything and stay."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from huoke.app.up import DEMO_MODULES, MODULES, up
from huoke.kernel.settings import Settings

app = App(name="up")


@app.default
def start(
    *,
    home: Annotated[Path | None, Parameter(help="The instance's folder; $HUOKE_HOME, else ./.huoke.")] = None,
    port: Annotated[int, Parameter(help="Where to listen on 127.0.0.1; 0 takes a free one and remembers it.")] = 0,
    demo: Annotated[bool, Parameter(help="Also fill two demo banks and run the demo's small bank app.")] = False,
) -> None:
    """Run PostgreSQL, ClickHouse, the set server, the API and the worker until Ctrl-C."""
    up(
        home,
        web_port=port,
        demo=demo,
        modules=DEMO_MODULES if demo else MODULES,
        then=["huoke.app.demo.seed"] if demo else [],
        when_ready=_say_demo if demo else _say,
    )


def _say(settings: Settings) -> None:
    Console().print(f"Huoke answers at [bold]http://127.0.0.1:{settings.web_port}/[/bold]; Ctrl-C stops it.")


def _say_demo(settings: Settings) -> None:
    from huoke.app.cli.demo import show

    show(settings.home)
    _say(settings)

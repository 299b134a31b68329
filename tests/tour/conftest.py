"""One whole instance for the tours of real data, a bank each, and the command line as their people use it."""

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.instances import ALL, Instance, forget, furnish, running
from tests.make.command_line import command_line
from tests.quick import quick_folder


@pytest.fixture(scope="package")
def instance() -> Iterator[Instance]:
    """Everything that `huoke up` runs."""
    home = Path(tempfile.mkdtemp(prefix="huoke tour ", dir=quick_folder())) / "home"
    home.parent.chmod(0o711)
    furnish(home)
    with running(home, ALL) as up:
        yield up
    forget(home)


@pytest.fixture(scope="module")
def environment(instance: Instance, request: pytest.FixtureRequest) -> dict[str, str]:
    """What the commands of a tour run in: its BANK and the person AS whom it is done."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "CLICKHOUSE_"))}
    return {
        **known,
        "HUOKE_HOME": str(instance.home),
        "HUOKE_BANK": request.module.BANK,
        "HUOKE_AS": request.module.AS,
    }


@pytest.fixture(scope="package")
def commands(instance: Instance) -> Iterator[Callable[..., str]]:
    """One command line for all tours: to load it takes longer than most commands do."""
    with command_line({**os.environ, "HUOKE_HOME": str(instance.home)}) as run:
        yield run


@pytest.fixture(scope="module")
def huoke(commands: Callable[..., str], environment: dict[str, str]) -> Callable[..., str]:
    """Give one command: what it printed, or its sentence when it is to refuse."""
    return partial(commands, known={name: environment[name] for name in ("HUOKE_BANK", "HUOKE_AS")})

"""Moving a demo's clock: into the past while its history is made, back to the present, and faster than life.

No real bank's clock is ever moved: an instance is a demo from its first start or never.
"""

import asyncio
from datetime import datetime

from huoke.app.runtime import Runtime
from huoke.kernel import clock as clocks
from huoke.kernel import log
from huoke.kernel.refusals import Forbidden
from huoke.kernel.settings import Settings

SPEED_MAX = 600.0


class NoDemo(Forbidden):
    """The clock of an instance that is no demo stays as it is."""

    code = "demo.no_demo"


class SpeedUnfit(Forbidden):
    """A clock runs forward, and not so fast that schedules miss whole days."""

    code = "demo.speed_unfit"


def require_demo(settings: Settings) -> None:
    """Raise `NoDemo` for an instance that was not begun as a demo."""
    if not settings.demo:
        raise NoDemo(f"The instance at {settings.home} is no demo: its clock is never moved.")


async def travel(runtime: Runtime, instant: datetime | None) -> None:
    """Put the clock of the whole instance at `instant`; None is the machine's own time. Returns when all agree.

    Partitions for the months around it stand by then.
    """
    require_demo(runtime.settings)
    machine = runtime.clock.machine()
    clocks.change_pace(runtime.settings.clock_path, machine, instant=instant or machine + clocks.LEAD)
    await _settle()
    assert runtime.owner is not None, "partitions are the owner's"
    await log.partitions.ensure(runtime.owner)


async def run_at(runtime: Runtime, speed: float) -> None:
    """Let the clock of the whole instance run `speed` times as fast from where it stands. `NoDemo`, `SpeedUnfit`."""
    require_demo(runtime.settings)
    if not 1 <= speed <= SPEED_MAX:
        raise SpeedUnfit(f"A speed is 1 to {SPEED_MAX:.0f}.")
    clocks.change_pace(runtime.settings.clock_path, runtime.clock.machine(), speed=speed)
    await _settle()


async def _settle() -> None:
    await asyncio.sleep(clocks.LEAD.total_seconds() + 2 * clocks.READ_SECONDS)

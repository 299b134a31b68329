"""`python -m huoke.app.machine_code`: every loop that is compiled, made once and kept beside its source.

A process compiles what it needs and does not find. Of many that begin at once each would; this goes before them.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from huoke.kernel import sets
from huoke.know import models, tags, temperature

READY: tuple[Callable[[], None], ...] = (sets.make_ready, temperature.make_ready, tags.make_ready, models.make_ready)
"""What takes longest first."""


def compile_loops() -> None:
    """Every module's loops, as many at once as there are processors."""
    with ProcessPoolExecutor() as processes:
        for made in [processes.submit(make_ready) for make_ready in READY]:
            made.result()


if __name__ == "__main__":
    compile_loops()

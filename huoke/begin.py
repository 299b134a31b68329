"""`python -m huoke.begin MODULE …` does what `python -m MODULE …` does, and hardly ever looks for garbage meanwhile.

What a process loads at its start stays until its end: a quarter of a start went into finding that out. Who serves for
long says later how garbage is to be looked for (`app.runtime.settle`).
"""

import gc
import runpy
import sys

OBJECTS = 100_000
"""So many more objects than went, and the youngest are looked through; older ones every tenth time, as ever."""


def main() -> None:
    """Be the module of the first argument, with the arguments that follow."""
    gc.set_threshold(OBJECTS, 10, 10)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

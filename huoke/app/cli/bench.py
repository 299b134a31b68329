"""`huoke bench NAME …`: the headline figures, each against a named baseline of the same run, one JSON object a row."""

import importlib
import json
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Annotated

import uvloop
from cyclopts import App, Parameter

from huoke.kernel.refusals import Invalid

app = App(name="bench")

BENCHES = {
    "grants-single": ("bench.grants", "run_single"),
    "grants-bulk": ("bench.grants", "run_bulk"),
    "grants-http": ("bench.grants", "run_http"),
    "draw": ("bench.draw", "run"),
    "flash-sale": ("bench.flash_sale", "run"),
    "sets": ("bench.sets", "run"),
    "import": ("bench.imports", "run"),
    "events-http": ("bench.events", "run"),
    "segment-live": ("bench.segment_live", "run"),
    "tags": ("bench.tags", "run_sets"),
    "tags-refresh": ("bench.tags_refresh", "run"),
    "timeline": ("bench.timeline", "run"),
    "temperature": ("bench.temperature", "run"),
    "grid": ("bench.grid", "run"),
    "graph": ("bench.graph", "run"),
    "effect": ("bench.effect", "run"),
    "h5-paint": ("bench.h5_paint", "run"),
    "statements": ("bench.statements", "run"),
    "tier-whatif": ("bench.tier_whatif", "run"),
    "churn-score": ("bench.churn_score", "run"),
    "library-search": ("bench.library_search", "run"),
    "catalogue-import": ("bench.catalogue_import", "run"),
    "burn": ("bench.points", "run_burn"),
    "expire": ("bench.points", "run_expire"),
    "earn": ("bench.points", "run_earn"),
}
"""Name → (module, coroutine taking a size or None)."""


@app.default
def bench(
    *names: Annotated[
        str,
        Parameter(help=f"{', '.join(BENCHES)}; all when not given."),
    ],
    size: Annotated[int | None, Parameter(help="Rows, grants or customers; each bench has its own default.")] = None,
) -> None:
    """Measure headline figures against their baselines, on engines of their own, in a folder that is removed then.

    Each row: name, ok, ours, unit, baseline, baseline_value, ratio (null without one), checks. One that breaks off is a
    row too, with its error. All are run; exit code 1 where any is not ok.
    """
    wanted = names or tuple(BENCHES)
    for name in wanted:
        if name not in BENCHES:
            raise Invalid(f"There is no bench '{name}'; choose from {', '.join(BENCHES)}.", pointer="/name")
    if len(wanted) == 1:
        missed = [] if _measured(wanted[0], size) else list(wanted)
    else:
        missed = [name for name in wanted if not _apart(name, size)]
    if missed:
        sys.exit(f"Not as they must be: {', '.join(missed)}.")


def _apart(name: str, size: int | None) -> bool:
    """Run one of several in a process of its own: what the others left in memory is none of its."""
    more = [] if size is None else ["--size", str(size)]
    return subprocess.run([sys.executable, sys.argv[0], "bench", name, *more], check=False).returncode == 0  # noqa: S603


def _measured(name: str, size: int | None) -> bool:
    """Run one bench and print its rows; whether all of them are what they must be."""
    sys.path.insert(0, str(Path(__file__).parents[3]))
    module, function = BENCHES[name]
    measure = getattr(importlib.import_module(module), function)
    began = time.perf_counter()
    try:
        rows = uvloop.run(measure() if size is None else measure(size))
    except Exception as error:  # noqa: BLE001 - one that breaks off is a row that is not ok
        traceback.print_exc()
        rows = [{"name": name, "error": f"{type(error).__name__}: {error}", "checks": {"ran to its end": False}}]
    good = [all(row["checks"].values()) for row in rows]
    for row, ok in zip(rows, good, strict=True):
        took = round(time.perf_counter() - began, 1)
        print(json.dumps({"name": row["name"], "ok": ok, **row, "bench_s": took}, ensure_ascii=False), flush=True)
    return all(good)

"""`huoke bench NAME …`: the headline figures, each against a named baseline of the same run, one JSON object a row."""

import asyncio
import importlib
import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from huoke.kernel.refusals import Invalid

app = App(name="bench")

BENCHES = {
    "grants-single": ("bench.grants", "run_single"),
    "grants-bulk": ("bench.grants", "run_bulk"),
    "grants-http": ("bench.grants", "run_http"),
    "sets": ("bench.sets", "run"),
    "import": ("bench.imports", "run"),
    "events-http": ("bench.events", "run"),
    "segment-live": ("bench.segment_live", "run"),
    "tags": ("bench.tags", "run_sets"),
    "tags-refresh": ("bench.tags_refresh", "run"),
    "timeline": ("bench.timeline", "run"),
    "temperature": ("bench.temperature", "run"),
    "graph": ("bench.graph", "run"),
    "effect": ("bench.effect", "run"),
    "h5-paint": ("bench.h5_paint", "run"),
    "statements": ("bench.statements", "run"),
    "churn-score": ("bench.churn_score", "run"),
}
"""Name → (module, coroutine taking a size or None)."""


@app.default
def bench(
    *names: Annotated[
        str,
        Parameter(
            help="grants-single, grants-bulk, grants-http, sets, import, events-http, segment-live, tags,"
            " tags-refresh, timeline, temperature, effect, h5-paint, statements, churn-score; all when not given."
        ),
    ],
    size: Annotated[int | None, Parameter(help="Rows, grants or customers; each bench has its own default.")] = None,
) -> None:
    """Measure headline figures against their baselines, on engines of their own, in a folder that is removed then.

    Each row: name, ours, unit, baseline, baseline_value, ratio (null without one), checks (all true, or it fails).
    """
    root = Path(__file__).parents[3]
    sys.path.insert(0, str(root))
    for name in names or tuple(BENCHES):
        if name not in BENCHES:
            raise Invalid(f"There is no bench '{name}'; choose from {', '.join(BENCHES)}.", pointer="/name")
        module, function = BENCHES[name]
        measure = getattr(importlib.import_module(module), function)
        rows = asyncio.run(measure() if size is None else measure(size))
        for row in rows:
            print(json.dumps(row, ensure_ascii=False), flush=True)
        if not all(all(row["checks"].values()) for row in rows):
            sys.exit(1)

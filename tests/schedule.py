"""Which worker tests what, and when, while `pytest -n 3 --dist loadfile` shares the suite between them.

A file stays whole. Files that walk through one instance stay together too, the browser's walks in two rooms: each has a
copy of the demo. What takes longest begins first, so that nobody is left alone with it at the end; the second room of
walks begins when the first one has had the demo made.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

ROOMS = {
    "tests/e2e/test_walk": "first walks",
    "tests/e2e/test_console": "first walks",
    "tests/e2e/test_operator": "first walks",
    "tests/e2e/": "walks",
    "tests/tour/": "tour",
}
"""By the beginning of a test's id, first match; the first walks are about half of all."""
LONGEST = (
    *(walks for walks, room in ROOMS.items() if room == "first walks"),
    "tests/faults/",
    "tests/e2e/",
    "tests/tour/",
    "tests/reward/grants/",
    "tests/api/",
)


def place_in_line(nodeid: str) -> int:
    """Sorts tests by what their room takes, longest first; rooms that take little are equal and keep their order."""
    return next((place for place, room in enumerate(LONGEST) if nodeid.startswith(room)), len(LONGEST))


class RoomScheduling(LoadFileScheduling):
    """xdist's `loadfile`, which keeps rooms of one instance on one worker and the order of collection."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return next((room for part, room in ROOMS.items() if nodeid.startswith(part)), super()._split_scope(nodeid))

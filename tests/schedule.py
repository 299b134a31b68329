"""Which worker tests what, and when, while `pytest -n 3 --dist loadfile` shares the suite between them.

A file stays whole. Files that walk through one instance stay together too, the browser's walks in two rooms: each has a
copy of the demo; whoever moves its clock comes last of all. The gates share what they read of the tree.

What takes longest begins first, so that nobody is left alone with it at the end; the second room of walks begins when
the first one has had the demo made.
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
    "tests/gates/": "gates",
    "tests/web/test_words": "gates",
}
"""By the beginning of a test's id, first match; the first walks are about half of all."""
LONGEST = (
    *(walks for walks, room in ROOMS.items() if room == "first walks"),
    "tests/faults/",
    "tests/reward/grants/",
    "tests/e2e/",
    "tests/tour/",
    "tests/api/",
    "tests/gates/",
)
LAST = "tests/e2e/test_days_that_pass"
"""Of its room: days that passed are not taken back."""


def place_in_line(nodeid: str) -> tuple[int, bool]:
    """Sorts tests by what their room takes, longest first; rooms that take little are equal and keep their order."""
    place = next((place for place, room in enumerate(LONGEST) if nodeid.startswith(room)), len(LONGEST))
    return place, nodeid.startswith(LAST)


class RoomScheduling(LoadFileScheduling):
    """xdist's `loadfile`, which keeps rooms of one instance on one worker and the order of collection."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return next((room for part, room in ROOMS.items() if nodeid.startswith(part)), super()._split_scope(nodeid))

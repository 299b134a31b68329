"""Which worker tests what, and when, while `pytest -n 2 --dist loadfile` shares the suite between two.

A file stays whole. Rooms whose files walk through one instance stay whole too: a second instance would cost more than
its worker could save. What takes longest begins first, so that nobody is left alone with it at the end.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

ONE_INSTANCE = ("tests/e2e/", "tests/tour/")
LONGEST = ("tests/e2e/", "tests/faults/", "tests/tour/", "tests/api/", "tests/reward/grants/")


def place_in_line(nodeid: str) -> int:
    """Sorts tests by what their room takes, longest first; rooms that take little are equal and keep their order."""
    return next((place for place, room in enumerate(LONGEST) if nodeid.startswith(room)), len(LONGEST))


class RoomScheduling(LoadFileScheduling):
    """xdist's `loadfile`, which keeps rooms of one instance on one worker and the order of collection."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return next((room for room in ONE_INSTANCE if nodeid.startswith(room)), super()._split_scope(nodeid))

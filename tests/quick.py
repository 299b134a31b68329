"""Where the engines of tests lie: in memory where there is plenty of it, else where temporary files lie."""

import os
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
ROOM_BYTES = 8 << 30
"""What the homes of a whole run, its demo among them, take at most is a third of this."""


def quick_folder() -> Path | None:
    """A folder in memory, where making and removing thousands of small files costs next to nothing; None where it
    is small.
    """
    if not os.access(MEMORY, os.W_OK):
        return None
    room = os.statvfs(MEMORY)
    enough = min(room.f_bavail * room.f_frsize, psutil.virtual_memory().available) >= ROOM_BYTES
    return MEMORY if enough else None

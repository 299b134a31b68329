"""Loads: files of events brought in as a whole, watched while they come, and taken back as a whole.

look = await loads.look(database, clickhouse, tenant, NewLook(file_id=...))   how it would be read, and what is unfit
load_id = await loads.start(tx, NewLoad(file_id=..., source_id=..., mapping=...))
await loads.withdraw(tx, load_id)                                              out of every reading, for good
"""

from huoke.know.loads.model import (
    EventLoad,
    LoadAtWork,
    LoadEndedAlready,
    LoadStatus,
    LoadUnknown,
    NewLoad,
    NewLook,
    NoRejects,
    NotWithdrawn,
    RefusedCause,
)
from huoke.know.loads.read import find, get, rejects_file
from huoke.know.loads.run import run_load, run_withdrawal
from huoke.know.loads.start import look, start
from huoke.know.loads.steer import cancel, withdraw

__all__ = [
    "EventLoad",
    "LoadAtWork",
    "LoadEndedAlready",
    "LoadStatus",
    "LoadUnknown",
    "NewLoad",
    "NewLook",
    "NoRejects",
    "NotWithdrawn",
    "RefusedCause",
    "cancel",
    "find",
    "get",
    "look",
    "rejects_file",
    "run_load",
    "run_withdrawal",
    "start",
    "withdraw",
]

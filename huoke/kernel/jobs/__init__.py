"""Background work: declared by kind, enqueued by subscribers, run by workers, shown in the console.

A port over PgQueuer: its queue says whose turn it is, our table what became of it.
"""

from huoke.kernel.jobs.context import JobContext
from huoke.kernel.jobs.enqueue import cancel, enqueue
from huoke.kernel.jobs.model import Job, JobFinished, JobKind, JobMissing, JobState, job, jobs_of
from huoke.kernel.jobs.pace import Pace
from huoke.kernel.jobs.read import Change, changes, count, find, get
from huoke.kernel.jobs.schedule import Schedule, Scheduler, Sweep, every, schedules_of
from huoke.kernel.jobs.worker import Worker

__all__ = [
    "Change",
    "Job",
    "JobContext",
    "JobFinished",
    "JobKind",
    "JobMissing",
    "JobState",
    "Pace",
    "Schedule",
    "Scheduler",
    "Sweep",
    "Worker",
    "cancel",
    "changes",
    "count",
    "enqueue",
    "every",
    "find",
    "get",
    "job",
    "jobs_of",
    "schedules_of",
]

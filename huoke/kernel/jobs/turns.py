"""PgQueuer, which says whose turn it is: loaded by those who run jobs and by nobody else, for it takes long."""

from asyncpg import Connection
from pgqueuer import AsyncpgDriver, Queries, QueueManager
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob

from huoke.kernel.jobs.tables import QUEUE

__all__ = ["QueueManager", "QueuedJob", "RetryRequested", "enqueue_sql", "manager"]


def manager(connection: Connection) -> QueueManager:
    """Who takes jobs out of the queue over a connection of its own."""
    queries = Queries(
        AsyncpgDriver(connection),
        QueryBuilderEnvironment(QUEUE),
        QueryQueueBuilder(QUEUE),
        QuerySchedulerBuilder(QUEUE),
    )
    return QueueManager(queries, QUEUE.channel)


def enqueue_sql() -> str:
    """The statement that puts jobs in, each once."""
    return str(QueryQueueBuilder(QUEUE).build_enqueue_query("skip"))

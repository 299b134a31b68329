"""The shape of a table of requests; it lies in the schema of the module that decides what is asked for."""

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.schema import SchemaItem

from huoke.govern.requests.model import RequestState
from huoke.kernel.schema import module_table

LIFE = ("id", "reason", "state", "change_id", "requested_by", "requested_at", "ended_at")
"""The columns that every table of requests has; the others say what is asked for."""


def request_table(
    schema: str,
    name: str,
    *asked: SchemaItem,
    ends: Sequence[RequestState],
    open_index: str,
    open_per: str | None = None,
    comment: str,
) -> Table:
    """Declare `schema.name`: what is asked for, and a request's life.

    `ends` are the states beyond `requested`; one request is open at a time, or one for each value of `open_per`.
    """
    states = ", ".join(f"'{state.value}'" for state in (RequestState.REQUESTED, *ends))
    requested = text("state = 'requested'")
    return module_table(
        schema,
        name,
        Column("id", UUID, primary_key=True),
        *asked,
        Column("reason", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("change_id", UUID),
        Column("requested_by", Text, nullable=False),
        Column("requested_at", DateTime(timezone=True), nullable=False),
        Column("ended_at", DateTime(timezone=True)),
        CheckConstraint(f"state IN ({states})", name="state_known"),
        Index(open_index, "tenant_id", *([open_per] if open_per else []), unique=True, postgresql_where=requested),
        comment=comment,
    )


def in_force_index(name: str) -> Index:
    """The table itself says what holds: one row at a time."""
    return Index(name, "tenant_id", unique=True, postgresql_where=text("state = 'in_force'"))


HOLDS = (RequestState.IN_FORCE, RequestState.REPLACED, RequestState.REFUSED, RequestState.WITHDRAWN)
"""The ends in a table that itself says what holds."""

"""Hand-overs that were asked for."""

from sqlalchemy import Column, Text

from huoke.govern.requests import RequestState, request_table

hand_over = request_table(
    "ownership",
    "hand_over",
    Column("login", Text, nullable=False, comment="whose customers"),
    Column("to_login", Text, nullable=False, comment="to whom, by login; empty for the pool"),
    ends=(RequestState.DONE, RequestState.REFUSED, RequestState.WITHDRAWN),
    open_index="uq_hand_over_open",
    open_per="login",
    comment="Hand-overs of all customers of a relationship manager, and how each ended",
)

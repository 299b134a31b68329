"""What one person asks for and another decides, where a bank holds one of it: rules, scales, axes, bands.

A module declares its table (`request_table`), one `Requests` that says what holds, what fits and what changes, and one
`Approval` that says what a decision would do; asking, the diff, staleness, the audit entry and the list are here:

request_id = await SCALES.ask(tx, wanted, "reason")        another person decides, one request at a time
scale = await SCALES.in_force(tx)                          None until a bank decided for itself
approvals.register(ScaleApproval(clickhouse))              where it is decided
"""

from huoke.govern.requests.decide import Approval
from huoke.govern.requests.each import ask_each
from huoke.govern.requests.keep import Once, Requests
from huoke.govern.requests.model import Request, RequestState, RequestUnknown
from huoke.govern.requests.tables import HOLDS, in_force_index, request_table

__all__ = [
    "HOLDS",
    "Approval",
    "Once",
    "Request",
    "RequestState",
    "RequestUnknown",
    "Requests",
    "ask_each",
    "in_force_index",
    "request_table",
]

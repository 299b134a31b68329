"""Ownership 管户 as those see it who give customers out: managers, the pool, hand-overs of all, files.

The pairs themselves stand with customers (`customers.give`, `customers.owners_of`), where row-level security reads
them.

await ownership.request_hand_over(tx, NewHandOver(login="ann", to="bo", reason="Ann leaves"))      another decides
customers.register_entity(ownership.Ownerships())                                                 files bring them
"""

from huoke.know.ownership.file import Ownerships
from huoke.know.ownership.handover import HandOverApproval, hand_overs, request_hand_over
from huoke.know.ownership.model import HandOverOpen, HandOverRequest, Manager, NewHandOver
from huoke.know.ownership.portfolios import managers

__all__ = [
    "HandOverApproval",
    "HandOverOpen",
    "HandOverRequest",
    "Manager",
    "NewHandOver",
    "Ownerships",
    "hand_overs",
    "managers",
    "request_hand_over",
]

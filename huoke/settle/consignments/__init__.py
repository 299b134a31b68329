"""Consignments (发货清单): goods to send, handed to suppliers without an interface as locked files, answered by files.

consignment_id = await consignments.ask(tx, principal, NewConsignment(…))     another person approves (rule F3)
told = await consignments.answer(database, principal, consignment_id, "answer.xlsx", content)
"""

from huoke.settle.consignments.answer import answer, read_answer
from huoke.settle.consignments.ask import ConsignmentChange, ask, cancel
from huoke.settle.consignments.locked import locked
from huoke.settle.consignments.make import make_file
from huoke.settle.consignments.model import (
    ADAPTER,
    Answered,
    AnswerUnfit,
    AskedByPeople,
    Consignment,
    ConsignmentApproved,
    ConsignmentMade,
    ConsignmentOpen,
    ConsignmentState,
    ConsignmentUnfit,
    ConsignmentUnknown,
    Line,
    LineProblem,
    NewConsignment,
)
from huoke.settle.consignments.port import FileSupplier, check_key
from huoke.settle.consignments.read import WaitingDay, days, find

__all__ = [
    "ADAPTER",
    "AnswerUnfit",
    "Answered",
    "AskedByPeople",
    "Consignment",
    "ConsignmentApproved",
    "ConsignmentChange",
    "ConsignmentMade",
    "ConsignmentOpen",
    "ConsignmentState",
    "ConsignmentUnfit",
    "ConsignmentUnknown",
    "FileSupplier",
    "Line",
    "LineProblem",
    "NewConsignment",
    "WaitingDay",
    "answer",
    "ask",
    "cancel",
    "check_key",
    "days",
    "find",
    "locked",
    "make_file",
    "read_answer",
]

"""Lists of customers handed out as files (名单下发): frozen, approved by another, checked again, marked, logged.

list_id = await lists.request_list(tx, principal, analytics, NewListExport(segment_id=…, columns=[…], reason=…, …))
"""

from huoke.know.lists.export import ListChange, cancel_list, list_columns, own, request_list, users
from huoke.know.lists.model import (
    FIELDS,
    ROWS_MAX,
    ByPeople,
    ClearNotAllowed,
    ListColumn,
    ListExport,
    ListState,
    ListUnfit,
    ListUnknown,
    NewListExport,
)

__all__ = [
    "FIELDS",
    "ROWS_MAX",
    "ByPeople",
    "ClearNotAllowed",
    "ListChange",
    "ListColumn",
    "ListExport",
    "ListState",
    "ListUnfit",
    "ListUnknown",
    "NewListExport",
    "cancel_list",
    "list_columns",
    "own",
    "request_list",
    "users",
]

"""The audit trail: who did or saw what, when, why, and what changed; nobody can rewrite it."""

from huoke.govern.audit.export import request_export
from huoke.govern.audit.model import (
    AuditEntry,
    AuditExport,
    AuditFilter,
    AuditRow,
    ExportRequested,
    NewExport,
    require_reason,
    safe_cell,
)
from huoke.govern.audit.read import count, exports, find, get_export, register_names
from huoke.govern.audit.record import record, record_all

__all__ = [
    "AuditEntry",
    "AuditExport",
    "AuditFilter",
    "AuditRow",
    "ExportRequested",
    "NewExport",
    "count",
    "exports",
    "find",
    "get_export",
    "record",
    "record_all",
    "register_names",
    "request_export",
    "require_reason",
    "safe_cell",
]

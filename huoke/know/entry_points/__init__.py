"""Entry points: the links and QR codes a customer comes through.

[point] = await entry_points.add(tx, [NewEntryPoint(kind="qr", name="城东支行海报", target_kind="campaign", ...)])
point = await entry_points.resolve(tx, code)
"""

from huoke.know.entry_points.model import (
    EntryPoint,
    EntryPointKind,
    EntryPointUnknown,
    NewEntryPoint,
    path_of,
    tenant_of,
)
from huoke.know.entry_points.resolve import add, close, find, of_target, resolve, resolve_anywhere

__all__ = [
    "EntryPoint",
    "EntryPointKind",
    "EntryPointUnknown",
    "NewEntryPoint",
    "add",
    "close",
    "find",
    "of_target",
    "path_of",
    "resolve",
    "resolve_anywhere",
    "tenant_of",
]

"""How somebody looks at lists: saved views, files of lists, and the bank's first guide."""

from huoke.govern.views.export import cancel_export, request_export
from huoke.govern.views.guide import dismiss_guide, guide_dismissed, restore_guide
from huoke.govern.views.model import (
    Export,
    ExportColumn,
    ExportFormat,
    ExportRequested,
    ExportState,
    ExportUnfit,
    ExportUnknown,
    Listing,
    ListUnknown,
    NewExport,
    NewView,
    SavedView,
    TooManyViews,
    ViewChange,
    ViewNameTaken,
    ViewUnfit,
    ViewUnknown,
    register_listings,
)
from huoke.govern.views.read import exports, find, get_export
from huoke.govern.views.saved import change, remove, save
from huoke.govern.views.write import Out, open_file

__all__ = [
    "Export",
    "ExportColumn",
    "ExportFormat",
    "ExportRequested",
    "ExportState",
    "ExportUnfit",
    "ExportUnknown",
    "ListUnknown",
    "Listing",
    "NewExport",
    "NewView",
    "Out",
    "SavedView",
    "TooManyViews",
    "ViewChange",
    "ViewNameTaken",
    "ViewUnfit",
    "ViewUnknown",
    "cancel_export",
    "change",
    "dismiss_guide",
    "exports",
    "find",
    "get_export",
    "guide_dismissed",
    "open_file",
    "register_listings",
    "remove",
    "request_export",
    "restore_guide",
    "save",
]

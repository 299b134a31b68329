"""Kits: scenarios ready to be set up — segments, benefits, bundle or play, campaign, texts and metrics in one go.

preview = await kits.preview(tx, principal, analytics, terms)      whom it reaches, what it costs, what is missing
setup_id = await kits.set_up(tx, principal, NewSetup(key="payroll", …))      drafts, nothing more
await kits.submit(tx, database, principal, analytics, setup_id)    each part to its own approval by others
"""

from huoke.reach.kits.act import remove, stop, submit
from huoke.reach.kits.model import (
    Chosen,
    Gap,
    Kit,
    KitRemoved,
    KitSetUp,
    KitStopped,
    KitUnfit,
    KitUnknown,
    KitView,
    NewSetup,
    Part,
    PartKind,
    Preview,
    Reach,
    Setup,
    SetupRow,
    Stage,
    Terms,
    Threshold,
    VisitPlan,
    WrongStage,
)
from huoke.reach.kits.read import find, gallery, get
from huoke.reach.kits.set_up import preview, set_up
from huoke.reach.kits.templates import KITS

__all__ = [
    "KITS",
    "Chosen",
    "Gap",
    "Kit",
    "KitRemoved",
    "KitSetUp",
    "KitStopped",
    "KitUnfit",
    "KitUnknown",
    "KitView",
    "NewSetup",
    "Part",
    "PartKind",
    "Preview",
    "Reach",
    "Setup",
    "SetupRow",
    "Stage",
    "Terms",
    "Threshold",
    "VisitPlan",
    "WrongStage",
    "find",
    "gallery",
    "get",
    "preview",
    "remove",
    "set_up",
    "stop",
    "submit",
]

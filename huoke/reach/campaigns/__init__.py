"""Campaigns: drafted, checked, approved by another, released in steps, run in chunks; paused, amended, stopped, ended.

campaign_id = await campaigns.create(tx, principal, NewCampaign(name="秋日咖啡季", …))
change_id = await campaigns.submit(tx, database, principal, Analytics(clickhouse, sets), campaign_id)
progress = await campaigns.run(database, tenant, campaign_id, report)
"""

from huoke.reach.campaigns.amend import AmendmentApproval, amend, amendments
from huoke.reach.campaigns.amend_model import Amendment, AmendmentBody, AmendmentState, NewAmendment
from huoke.reach.campaigns.approve import CampaignApproval
from huoke.reach.campaigns.calendar import Calendar, CalendarRow, CalendarUnfit, calendar
from huoke.reach.campaigns.draft import change, create, discard
from huoke.reach.campaigns.entry import close_entry, entries, open_entries, picture
from huoke.reach.campaigns.events import (
    CampaignAmended,
    CampaignApproved,
    CampaignDrafted,
    CampaignEnded,
    CampaignPaused,
    CampaignResumed,
    CampaignReturned,
    CampaignStarted,
    CampaignStopped,
    CampaignSubmitted,
    ChunkReached,
    ReleaseHeld,
    ReleaseOpened,
    RunFinished,
)
from huoke.reach.campaigns.halt import Halt, Halted, HaltVerb, halt
from huoke.reach.campaigns.message import TryMessage, letter, try_message
from huoke.reach.campaigns.model import (
    CHUNK_ROWS_MAX,
    Board,
    BundleShown,
    Campaign,
    CampaignChange,
    CampaignMode,
    CampaignRow,
    CampaignState,
    Checks,
    Cost,
    Draft,
    FieldProblem,
    Line,
    Meeting,
    NewCampaign,
    Overlap,
    PageText,
    PageTexts,
    Progress,
    Release,
    Report,
    Share,
    Waterfall,
)
from huoke.reach.campaigns.offered import differs
from huoke.reach.campaigns.phrases import ONE_EACH, ONE_EACH_EN, ago, attr, every, page_of, sms
from huoke.reach.campaigns.plan import (
    EntryPlan,
    MessageChannel,
    MessagePlan,
    MessageTexts,
    Pilot,
    ReleasePlan,
)
from huoke.reach.campaigns.ports import register_ports
from huoke.reach.campaigns.reach import eligible
from huoke.reach.campaigns.read import boards, count, find, get, names, page_texts, states
from huoke.reach.campaigns.refusals import (
    AmendmentOpen,
    AmendmentUnfit,
    AmendmentUnknown,
    CampaignUnknown,
    DraftUnfit,
    NameMismatch,
    ReleaseUnfit,
    TemplateUnknown,
    VersionMoved,
    WindowClosed,
    WrongState,
)
from huoke.reach.campaigns.release import wind_up
from huoke.reach.campaigns.report import report
from huoke.reach.campaigns.rollout import open_due, open_next
from huoke.reach.campaigns.run import run, run_chunk
from huoke.reach.campaigns.state import end, pause, resume, start, stop
from huoke.reach.campaigns.submit import preview, submit
from huoke.reach.campaigns.template import copy, templates
from huoke.reach.campaigns.template import drop as drop_template
from huoke.reach.campaigns.template import keep as keep_template
from huoke.reach.campaigns.template import use as use_template
from huoke.reach.campaigns.template_model import NewTemplate, TemplateView, UseTemplate
from huoke.reach.campaigns.using import users_of_segments
from huoke.reach.campaigns.why import Condition, Finding, Why, why

__all__ = [
    "CHUNK_ROWS_MAX",
    "ONE_EACH",
    "ONE_EACH_EN",
    "Amendment",
    "AmendmentApproval",
    "AmendmentBody",
    "AmendmentOpen",
    "AmendmentState",
    "AmendmentUnfit",
    "AmendmentUnknown",
    "Board",
    "BundleShown",
    "Calendar",
    "CalendarRow",
    "CalendarUnfit",
    "Campaign",
    "CampaignAmended",
    "CampaignApproval",
    "CampaignApproved",
    "CampaignChange",
    "CampaignDrafted",
    "CampaignEnded",
    "CampaignMode",
    "CampaignPaused",
    "CampaignResumed",
    "CampaignReturned",
    "CampaignRow",
    "CampaignStarted",
    "CampaignState",
    "CampaignStopped",
    "CampaignSubmitted",
    "CampaignUnknown",
    "Checks",
    "ChunkReached",
    "Condition",
    "Cost",
    "Draft",
    "DraftUnfit",
    "EntryPlan",
    "FieldProblem",
    "Finding",
    "Halt",
    "HaltVerb",
    "Halted",
    "Line",
    "Meeting",
    "MessageChannel",
    "MessagePlan",
    "MessageTexts",
    "NameMismatch",
    "NewAmendment",
    "NewCampaign",
    "NewTemplate",
    "Overlap",
    "PageText",
    "PageTexts",
    "Pilot",
    "Progress",
    "Release",
    "ReleaseHeld",
    "ReleaseOpened",
    "ReleasePlan",
    "ReleaseUnfit",
    "Report",
    "RunFinished",
    "Share",
    "TemplateUnknown",
    "TemplateView",
    "TryMessage",
    "UseTemplate",
    "VersionMoved",
    "Waterfall",
    "Why",
    "WindowClosed",
    "WrongState",
    "ago",
    "amend",
    "amendments",
    "attr",
    "boards",
    "calendar",
    "change",
    "close_entry",
    "copy",
    "count",
    "create",
    "differs",
    "discard",
    "drop_template",
    "eligible",
    "end",
    "entries",
    "every",
    "find",
    "get",
    "halt",
    "keep_template",
    "letter",
    "names",
    "open_due",
    "open_entries",
    "open_next",
    "page_of",
    "page_texts",
    "pause",
    "picture",
    "preview",
    "register_ports",
    "report",
    "resume",
    "run",
    "run_chunk",
    "sms",
    "start",
    "states",
    "stop",
    "submit",
    "templates",
    "try_message",
    "use_template",
    "users_of_segments",
    "why",
    "wind_up",
]

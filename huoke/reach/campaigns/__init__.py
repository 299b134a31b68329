"""Campaigns: drafted, checked, approved by another, run in chunks; paused, resumed, stopped, ended.

campaign_id = await campaigns.create(tx, principal, NewCampaign(name="秋日咖啡季", …))
change_id = await campaigns.submit(tx, database, principal, Analytics(clickhouse, sets), campaign_id)
progress = await campaigns.run(database, tenant, campaign_id, report)
"""

from huoke.reach.campaigns.approve import CampaignApproval
from huoke.reach.campaigns.draft import change, create
from huoke.reach.campaigns.events import (
    CampaignApproved,
    CampaignDrafted,
    CampaignEnded,
    CampaignPaused,
    CampaignResumed,
    CampaignReturned,
    CampaignStarted,
    CampaignStopped,
    CampaignSubmitted,
    RunFinished,
)
from huoke.reach.campaigns.model import (
    CHUNK_ROWS_MAX,
    Campaign,
    CampaignChange,
    CampaignMode,
    CampaignRow,
    CampaignState,
    Checks,
    Cost,
    Draft,
    FieldProblem,
    NewCampaign,
    PageText,
    PageTexts,
    Progress,
    Report,
    Share,
    Waterfall,
)
from huoke.reach.campaigns.ports import register_ports
from huoke.reach.campaigns.reach import eligible
from huoke.reach.campaigns.read import count, find, get, names, page_texts
from huoke.reach.campaigns.refusals import CampaignUnknown, DraftUnfit, VersionMoved, WindowClosed, WrongState
from huoke.reach.campaigns.release import wind_up
from huoke.reach.campaigns.report import report
from huoke.reach.campaigns.run import run, run_chunk
from huoke.reach.campaigns.state import end, pause, resume, start, stop
from huoke.reach.campaigns.submit import preview, submit

__all__ = [
    "CHUNK_ROWS_MAX",
    "Campaign",
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
    "Cost",
    "Draft",
    "DraftUnfit",
    "FieldProblem",
    "NewCampaign",
    "PageText",
    "PageTexts",
    "Progress",
    "Report",
    "RunFinished",
    "Share",
    "VersionMoved",
    "Waterfall",
    "WindowClosed",
    "WrongState",
    "change",
    "count",
    "create",
    "eligible",
    "end",
    "find",
    "get",
    "names",
    "page_texts",
    "pause",
    "preview",
    "register_ports",
    "report",
    "resume",
    "run",
    "run_chunk",
    "start",
    "stop",
    "submit",
    "wind_up",
]

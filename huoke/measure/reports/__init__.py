"""Reports of a campaign: its effect, what a plan could show, its funnel, the customers behind a number, papers.

told = await reports.effect(tx, clickhouse, campaign_id)
rows = await reports.drill(tx, clickhouse, principal, campaign_id, Stage.CLAIMED, Narrowed(unit_id=3))
paper = await reports.request_paper(tx, principal, campaign_id, NewPaper(format=PaperFormat.PDF))
"""

from huoke.measure.reports.content import Content, content
from huoke.measure.reports.drill import drill
from huoke.measure.reports.effect import effect
from huoke.measure.reports.looked_after import WarningEffect, looked_after
from huoke.measure.reports.model import (
    CampaignEffect,
    CustomersClosed,
    Drilled,
    EffectPlan,
    Language,
    Narrowed,
    NewPaper,
    Paper,
    PaperFormat,
    PaperRequested,
    PaperUnknown,
    PartEffect,
    PdfUnavailable,
    Stage,
    Ways,
)
from huoke.measure.reports.paper import draw, get_paper, request_paper
from huoke.measure.reports.plan import effect_plan
from huoke.measure.reports.ways import ways

__all__ = [
    "CampaignEffect",
    "Content",
    "CustomersClosed",
    "Drilled",
    "EffectPlan",
    "Language",
    "Narrowed",
    "NewPaper",
    "Paper",
    "PaperFormat",
    "PaperRequested",
    "PaperUnknown",
    "PartEffect",
    "PdfUnavailable",
    "Stage",
    "WarningEffect",
    "Ways",
    "content",
    "draw",
    "drill",
    "effect",
    "effect_plan",
    "get_paper",
    "looked_after",
    "request_paper",
    "ways",
]

"""Figures: a campaign live, as a board and as a stream of changes; and the first page of the console.

found = await figures.board(tx, clickhouse, campaign_id)
"""

from huoke.measure.figures.board import board, data_until, money, require
from huoke.measure.figures.cost import cost_of
from huoke.measure.figures.home import home
from huoke.measure.figures.home_model import Alarm, GuideStep, Home, NorthStar, RunningCampaign, Todo
from huoke.measure.figures.model import (
    Board,
    BranchFigures,
    CampaignUnknown,
    Funnel,
    HourFigures,
    Money,
    StockLeft,
)
from huoke.measure.figures.streams import STEPS
from huoke.measure.figures.watch import Update, watch

__all__ = [
    "STEPS",
    "Alarm",
    "Board",
    "BranchFigures",
    "CampaignUnknown",
    "Funnel",
    "GuideStep",
    "Home",
    "HourFigures",
    "Money",
    "NorthStar",
    "RunningCampaign",
    "StockLeft",
    "Todo",
    "Update",
    "board",
    "cost_of",
    "data_until",
    "home",
    "money",
    "require",
    "watch",
]

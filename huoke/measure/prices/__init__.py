"""Prices: what customers really paid for the same thing, and got for the same points, beside what is registered (P5).

found = await prices.spreads(tx, analytics, Asked(since_on=…, until_on=…, by=By.TIER))
"""

from huoke.measure.prices.model import Asked, By, Group, Kind, PeriodUnfit, PriceLine, Status, Why
from huoke.measure.prices.read import spreads

__all__ = ["Asked", "By", "Group", "Kind", "PeriodUnfit", "PriceLine", "Status", "Why", "spreads"]

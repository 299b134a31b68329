"""An effect in sentences and figures: what a board reads first."""

import math

from huoke.decide.experiments import Effect, Estimate, Gap, Verdict
from huoke.know.metrics import Metric, Unit
from huoke.measure.reports.model import CampaignEffect, Language
from huoke.measure.reports.words import words

FEN = 100


def headline(told: CampaignEffect, language: Language) -> str:
    """The one sentence on top."""
    say, effect, metric = words(language), told.effect, told.metric
    if metric is None:
        return say["no_metric"]
    name = name_of(metric, language)
    if effect.verdict is Verdict.NOT_COMPARABLE:
        return say["incomparable"]
    if effect.difference is None or effect.incremental is None:
        return say["silent"]
    if effect.verdict is Verdict.NOT_ENOUGH_DATA:
        return say["interim"].format(metric=name, difference=signed(effect.difference.value, metric.unit, language))
    if effect.verdict is Verdict.NO_DIFFERENCE_SEEN:
        return say["unseen"].format(metric=name)
    way = "brought" if effect.verdict is Verdict.RAISED else "lost"
    return say[f"{way}_{metric.unit}"].format(n=amount(abs(effect.incremental.value), metric.unit), metric=name)


def reason(gap: Gap | None, language: Language) -> str:
    """What is missing, empty where nothing is."""
    if gap is None:
        return ""
    return words(language)[gap.code].format(have=f"{gap.have:,}", enough=f"{gap.enough:,}")


def enough(effect: Effect, language: Language) -> str:
    """How many persons would show a difference of this size; empty where one is seen."""
    return "" if effect.enough is None else words(language)["enough"].format(enough=f"{effect.enough:,}")


def name_of(metric: Metric, language: Language) -> str:
    """A metric's name."""
    return metric.name if language is Language.ZH else metric.name_en


def amount(value: float, unit: Unit) -> str:
    """A total: customers, times, or money."""
    return money(value) if unit is Unit.FEN else f"{value:,.0f}"


def mean(value: float | None, unit: Unit) -> str:
    """A mean per person: 41.8 %, 3.42, ¥128.00."""
    if value is None or math.isnan(value):
        return "—"
    return {Unit.SHARE: f"{100 * value:.1f} %", Unit.COUNT: f"{value:,.2f}", Unit.FEN: money(value)}[unit]


def signed(value: float, unit: Unit, language: Language) -> str:
    """A difference with its sign and unit."""
    say = words(language)
    sign = "−" if value < 0 else "+"
    if unit is Unit.SHARE:
        return f"{sign}{100 * abs(value):.1f} {say['points']}"
    shown = f"{abs(value):,.2f} {say['times']}" if unit is Unit.COUNT else money(abs(value))
    return f"{sign}{shown}"


def between(found: Estimate, unit: Unit) -> str:
    """An interval of a difference without its unit: 4.0 … 7.4."""
    if unit is Unit.SHARE:
        return f"{_minus(100 * found.low, 1)} … {_minus(100 * found.high, 1)}"
    scale = FEN if unit is Unit.FEN else 1
    return f"{_minus(found.low / scale, 2)} … {_minus(found.high / scale, 2)}"


def total_between(found: Estimate, unit: Unit) -> str:
    """An interval of a total: 208 … 616."""
    scale, places = (FEN, 2) if unit is Unit.FEN else (1, 0)
    return f"{_minus(found.low / scale, places)} … {_minus(found.high / scale, places)}"


def percent(value: float) -> str:
    """A relative change with its sign."""
    return f"{'−' if value < 0 else '+'}{100 * abs(value):.1f} %"


def money(fen: float) -> str:
    """Fen as yuan with two places."""
    return f"{'−' if fen < 0 else ''}¥{abs(fen) / FEN:,.2f}"


def _minus(value: float, places: int) -> str:
    text = f"{abs(value):,.{places}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text

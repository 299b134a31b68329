"""The one page that goes to the board: drawn as HTML, printed to PDF."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from huoke.decide.experiments import Estimate, Verdict
from huoke.kernel.clock import CHINA
from huoke.know.metrics import Unit
from huoke.measure.reports import telling
from huoke.measure.reports.checks import checks_of
from huoke.measure.reports.content import Content
from huoke.measure.reports.model import Language, PdfUnavailable
from huoke.measure.reports.plot import Row, intervals
from huoke.measure.reports.words import words

BRANCHES_MAX = 8
WAYS_MAX = 5
ROWS_WIDE = 6
_SCALE = {Unit.SHARE: 100.0, Unit.COUNT: 1.0, Unit.FEN: 0.01}


def page(found: Content, language: Language) -> bytes:
    """The PDF. Raises `PdfUnavailable`, naming what is to be installed."""
    printer = _printer()
    return bytes(printer.HTML(string=html(found, language)).write_pdf())


def html(found: Content, language: Language) -> str:
    """The page before printing."""
    say = words(language)
    template = _environment().get_template("page.html")
    return template.render(
        found=found,
        told=found.told,
        say=say,
        language=language.value,
        headline=telling.headline(found.told, language),
        badge=say[found.told.effect.verdict],
        tone=_TONES[found.told.effect.verdict],
        figures=_figures(found, language),
        level=_level(found),
        plot=_plot(found, language),
        plot_unit=_plot_unit(found, say),
        missing=telling.reason(found.told.effect.gap, language) or telling.enough(found.told.effect, language),
        bars=_bars(found, say),
        funnel=_funnel(found, say),
        branches=_branches(found),
        ways=found.ways.entry_points[:WAYS_MAX],
        checks=checks_of(found.told, language),
        money=telling.money,
        day=lambda at: "—" if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d"),
        minute=lambda at: "—" if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
        metric=telling.name_of(found.told.metric, language) if found.told.metric else "—",
        cost=_cost(found, language),
    )


_TONES = {
    Verdict.RAISED: "ok",
    Verdict.LOWERED: "bad",
    Verdict.NO_DIFFERENCE_SEEN: "still",
    Verdict.NOT_ENOUGH_DATA: "still",
    Verdict.NOT_COMPARABLE: "bad",
}


def _figures(found: Content, language: Language) -> dict[str, str] | None:
    """Difference, relative change and total with their intervals; None where nothing is told."""
    effect, metric = found.told.effect, found.told.metric
    if metric is None or effect.difference is None or effect.incremental is None:
        return None
    relative = effect.relative
    return {
        "difference": telling.signed(effect.difference.value, metric.unit, language),
        "difference_between": telling.between(effect.difference, metric.unit),
        "relative": "—" if relative is None else telling.percent(relative.value),
        "relative_between": ""
        if relative is None
        else f"{telling.percent(relative.low)} … {telling.percent(relative.high)}",
        "incremental": telling.amount(effect.incremental.value, metric.unit),
        "incremental_between": telling.total_between(effect.incremental, metric.unit),
        "treated": telling.mean(effect.treated_average, metric.unit),
        "control": telling.mean(effect.control_average, metric.unit),
    }


def _level(found: Content) -> tuple[float, float]:
    """Both means as parts of the larger one, in percent."""
    treated, control = found.told.effect.treated_average or 0.0, found.told.effect.control_average or 0.0
    most = max(treated, control) or 1.0
    return 100 * treated / most, 100 * control / most


def _plot(found: Content, language: Language) -> str:
    say, told = words(language), found.told
    if told.metric is None or told.effect.difference is None:
        return ""
    rows = [Row(say["all"], told.effect.difference, main=True)]
    rows += [_row(part.name, part.effect.difference) for part in told.parts.branch if part.effect.difference]
    rows += [_row(say[part.key], part.effect.difference) for part in told.parts.before if part.effect.difference]
    shown = rows[: BRANCHES_MAX + 3]
    height = 22 if len(shown) <= ROWS_WIDE else 17
    return intervals(shown, width=360, scale=_SCALE[told.metric.unit], row_height=height)


def _plot_unit(found: Content, say: dict[str, str]) -> str:
    """What the axis of the plot counts."""
    unit = found.told.metric.unit if found.told.metric else Unit.SHARE
    return {Unit.SHARE: f" · {say['points']}", Unit.COUNT: f" · {say['per_person']}", Unit.FEN: " · ¥"}[unit]


def _row(label: str, difference: Estimate | None) -> Row:
    assert difference is not None
    return Row(label, difference)


def _bars(found: Content, say: dict[str, str]) -> list[tuple[str, int, float, float, str]]:
    """The waterfall: (label, customers, begin %, width %, tone)."""
    counts, whole = found.waterfall, max(found.waterfall["audience"], 1)
    bars, left = [(say["audience"], counts["audience"], 0.0, 100.0, "full")], counts["audience"]
    for name in ("no_consent", "suppressed", "control"):
        left -= counts[name]
        tone = "gold" if name == "control" else "off"
        bars.append((say[name], counts[name], 100 * left / whole, 100 * counts[name] / whole, tone))
    return [*bars, (say["reachable"], counts["reachable"], 0.0, 100 * counts["reachable"] / whole, "full")]


def _funnel(found: Content, say: dict[str, str]) -> list[tuple[str, int, float, str]]:
    """Steps: (label, customers, width %, share of the step before)."""
    ways = found.ways
    told = [("reached", ways.reached), ("delivered", ways.delivered), ("visited", ways.visited or None)]
    told += [("claimed", ways.claimed), ("redeemed", ways.redeemed)]
    steps = [(name, count) for name, count in told if count is not None]
    whole = max([count for _, count in steps] + [1])
    before = [None, *(count for _, count in steps)]
    return [
        (say[name], count, 100 * count / whole, f"{100 * count / last:.1f} %" if last else "")
        for (name, count), last in zip(steps, before, strict=False)
    ]


def _branches(found: Content) -> list[tuple[str, int, int, float, int]]:
    """Branches by redemptions: (name, claimed, redeemed, width %, fen)."""
    rows = found.board.by_branch[:BRANCHES_MAX]
    most = max([row.redeemed for row in rows] + [1])
    return [(row.unit, row.claimed, row.redeemed, 100 * row.redeemed / most, row.redeemed_fen) for row in rows]


def _cost(found: Content, language: Language) -> tuple[str, str, str]:
    """What one more customer cost: label, figure, interval or what is missing."""
    say, cost, metric = words(language), found.told.cost, found.told.metric
    unit = metric.unit if metric else Unit.SHARE
    label = say[{Unit.SHARE: "per_customer", Unit.COUNT: "per_time", Unit.FEN: "per_yuan"}[unit]]
    each = cost.per_incremental
    if each is None:
        return label, "—", telling.reason(cost.gap, language)
    scale = 100.0 if unit is Unit.FEN else 1.0
    ends = f"{telling.money(each.low * scale)} … {telling.money(each.high * scale)}"
    return label, telling.money(each.value * scale), ends


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    environment.filters["n"] = lambda count: f"{count:,}"
    return environment


@cache
def _printer() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - loads system libraries, which a machine without them must survive
    except OSError as error:
        raise PdfUnavailable(
            "PDF reports need Pango: install the package libpango-1.0-0 and libpangoft2-1.0-0 (Debian) or pango."
        ) from error
    _require_font()
    return weasyprint


def _require_font() -> None:
    """Without a font for Chinese every sign would be a box."""
    lister = shutil.which("fc-list")
    if lister and not subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False).stdout.strip():  # noqa: S603
        raise PdfUnavailable("PDF reports need a Chinese font: install the package fonts-noto-cjk.")

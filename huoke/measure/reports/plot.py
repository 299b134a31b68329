"""Interval plots as SVG, for paper: every estimate with its 95 % interval on one axis around 0."""

import math
from collections.abc import Callable, Sequence

import msgspec
from markupsafe import Markup, escape

from huoke.decide.experiments import Estimate

JADE, GREY, GOLD, INK, FAINT, LINE = "#0E7C6B", "#8B979E", "#B7832F", "#14212B", "#62727D", "#E3E9EC"
_TICKS = 5


class Row(msgspec.Struct, frozen=True):
    """One estimate of a plot; a `main` one is drawn as a diamond."""

    label: str
    found: Estimate
    main: bool = False


def intervals(rows: Sequence[Row], *, width: int, scale: float, label_width: int = 110, row_height: int = 22) -> Markup:
    """Estimates under each other; grey where the interval holds 0. `scale` turns values into the unit of the axis."""
    low = min(0.0, *(row.found.low * scale for row in rows))
    high = max(0.0, *(row.found.high * scale for row in rows))
    step = _step((high - low) or 1.0)
    first, last = math.floor(low / step) * step, math.ceil(high / step) * step
    left, right, bottom = label_width, width - 12, len(rows) * row_height + 6

    def x(value: float) -> float:
        return left + (value - first) / (last - first) * (right - left)

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + 20}"'
            f' viewBox="0 0 {width} {bottom + 20}">'
        )
    ]
    for number in range(round((last - first) / step) + 1):
        value = first + number * step
        zero = abs(value) < step / 1e6
        parts.append(
            f'<line x1="{x(value):.1f}" x2="{x(value):.1f}" y1="0" y2="{bottom}" stroke="{FAINT if zero else LINE}"/>'
            f'<text x="{x(value):.1f}" y="{bottom + 14}" font-size="9" fill="{FAINT}" text-anchor="middle">'
            f"{_tick(0.0 if zero else value, step)}</text>"
        )
    parts += [_row(row, number * row_height + row_height / 2 + 2, x, scale) for number, row in enumerate(rows)]
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - labels are escaped in _row, the rest are numbers


def _row(row: Row, y: float, x: Callable[[float], float], scale: float) -> str:
    low, middle, high = (x(value * scale) for value in (row.found.low, row.found.value, row.found.high))
    colour = GREY if row.found.low <= 0 <= row.found.high else JADE
    mark = (
        f'<path d="M{middle:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6Z" fill="{colour}"/>'
        if row.main
        else f'<circle cx="{middle:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
    )
    ends = "".join(
        f'<line x1="{end:.1f}" x2="{end:.1f}" y1="{y - 4:.1f}" y2="{y + 4:.1f}" stroke="{colour}" stroke-width="1.5"/>'
        for end in (low, high)
    )
    weight = "600" if row.main else "400"
    return (
        f'<text x="0" y="{y + 3.5:.1f}" font-size="10" font-weight="{weight}" fill="{INK}">{escape(row.label)}</text>'
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="2"/>'
        f"{ends}{mark}"
    )


def _step(span: float) -> float:
    raw = span / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * nice for nice in (1, 2, 5, 10) if power * nice >= raw)


def _tick(value: float, step: float) -> str:
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{abs(value):,.{places}f}"

"""The board of a play as vectors: sectors of a wheel, cells of a grid; all fields alike, whatever their odds."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import cos, radians, sin

import msgspec

SIZE = 336
CENTRE = SIZE / 2
DISC = 148
FIELDS_MIN = 6
CELLS = 8
"""Of a nine-grid, around its button."""
_COLOURS = ("play-a", "foam", "play-b", "foam", "brand", "foam", "play-c", "foam")
_FILLS = tuple(f"var(--{name})" for name in _COLOURS)
_DARK = "var(--brand)"
_LINE_WIDTH = 13
"""Letters that a field of eight has room for."""


class Sector(msgspec.Struct, frozen=True, kw_only=True):
    """One field: where it lies, how it is painted, what it says in up to two lines; `line` is the table's."""

    line: int
    path: str
    turn: float
    fill: str
    ink: str
    text: list[str]
    icon: str


class Dot(msgspec.Struct, frozen=True):
    """A light of the rim."""

    x: float
    y: float
    gold: bool


def fields(lines: Sequence[tuple[str, str]], certain: AbstractSet[int] = frozenset()) -> list[int]:
    """Which line stands in each field, the first on top: each as often as the others, six fields at least.

    Lines that are certain are drawn by nobody and stand in no field.
    """
    drawn = [line for line in range(len(lines)) if line not in certain]
    rounds = -(-FIELDS_MIN // len(drawn)) if drawn else 0
    return drawn * rounds if len(drawn) < FIELDS_MIN else drawn


def cells(lines: Sequence[tuple[str, str]], certain: AbstractSet[int] = frozenset()) -> list[int]:
    """Which line stands in each cell of a nine-grid: each as often as the others, eight cells at most."""
    drawn = [line for line in range(len(lines)) if line not in certain][:CELLS]
    return drawn * (CELLS // len(drawn)) if drawn else []


def sectors(lines: Sequence[tuple[str, str]], certain: AbstractSet[int] = frozenset()) -> list[Sector]:
    """Equal sectors of (title, picture) lines; a line without a picture wins nothing."""
    order = fields(lines, certain)
    step = 360 / max(len(order), 1)
    found = []
    for place, line in enumerate(order):
        title, picture = lines[line]
        fill = _FILLS[place % len(_FILLS)] if len(order) % 2 == 0 or place < len(order) - 1 else "var(--play-b)"
        found.append(
            Sector(
                line=line,
                path=_slice(place * step - step / 2, place * step + step / 2),
                turn=round(place * step, 3),
                fill=fill,
                ink="var(--on-brand)" if fill == _DARK else "#14212B",
                text=wrap(title),
                icon=picture or "drop",
            )
        )
    return found


def dots() -> list[Dot]:
    """Sixteen lights, every second one gold."""
    return [Dot(*_at(n * 22.5, 157), n % 2 == 1) for n in range(16)]


def wrap(title: str) -> list[str]:
    """A title in at most two short lines, broken between words as evenly as they allow; what is too long ends in an
    ellipsis.
    """
    if _width(title) <= _LINE_WIDTH - 1:
        return [title]
    words = title.split()
    ways = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    even = min(ways, key=lambda way: max(_width(part) for part in way), default=(title, ""))
    if not title.isascii() and max(_width(part) for part in even) > _LINE_WIDTH:
        half = min(-(-len(title) // 2), _LINE_WIDTH // 2)
        even = (title[:half].strip(), title[half:].strip())
    return [_shortened(part) for part in even if part]


def _shortened(text: str) -> str:
    if _width(text) <= _LINE_WIDTH:
        return text
    kept = next(n for n in range(len(text), 0, -1) if _width(text[:n]) < _LINE_WIDTH)
    return f"{text[:kept]}…"


def _width(text: str) -> int:
    """In letters of the Latin script; a Chinese character is as wide as two."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def _slice(begin: float, end: float) -> str:
    (x1, y1), (x2, y2) = _at(begin, DISC), _at(end, DISC)
    return f"M{CENTRE:g} {CENTRE:g}L{x1:g} {y1:g}A{DISC} {DISC} 0 0 1 {x2:g} {y2:g}Z"


def _at(degrees: float, radius: float) -> tuple[float, float]:
    angle = radians(degrees)
    return round(CENTRE + radius * sin(angle), 2), round(CENTRE - radius * cos(angle), 2)

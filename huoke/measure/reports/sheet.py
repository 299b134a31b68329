"""The workbook of a report: summary, funnel, branches, hours, entry points, one sheet each."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from huoke.decide.experiments import Effect
from huoke.kernel.clock import CHINA
from huoke.measure.reports import telling
from huoke.measure.reports.checks import checks_of
from huoke.measure.reports.content import Content
from huoke.measure.reports.model import Language
from huoke.measure.reports.words import words

_WIDE, _NARROW = 34, 16
_JADE = "#0E7C6B"
_YUAN = "#,##0.00"


def workbook(found: Content, language: Language) -> bytes:
    """The bytes of an xlsx file; amounts in yuan, shares as numbers between 0 and 1."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": found.told.name, "company": found.bank, "created": found.made_at.replace(tzinfo=None)}
    )
    sheets = _Sheets(book)
    say = words(language)
    _summary(sheets, found, language, say)
    _effects(sheets, found, say)
    sheets.add(
        say["branches"],
        [say[name] for name in ("branch", "granted", "claimed", "redeemed", "amount")],
        ([row.unit, row.granted, row.claimed, row.redeemed, row.redeemed_fen / 100] for row in found.board.by_branch),
    )
    sheets.add(
        say["hours"],
        [say[name] for name in ("hour", "granted", "claimed", "redeemed", "amount")],
        (
            [
                f"{hour.at.astimezone(CHINA):%Y-%m-%d %H:00}",
                hour.granted,
                hour.claimed,
                hour.redeemed,
                hour.redeemed_fen / 100,
            ]
            for hour in found.board.by_hour
        ),
    )
    sheets.add(
        say["ways"],
        [say[name] for name in ("ways", "visited", "claimed", "redeemed")],
        (
            [way.name or way.entry_code or say["direct"], way.visited, way.claimed, way.redeemed]
            for way in found.ways.entry_points
        ),
    )
    sheets.add(
        f"{say['benefits']} ",
        [say[name] for name in ("benefit", "granted", "claimed", "redeemed", "amount", "stock")],
        (
            [one.name, one.granted, one.claimed, one.redeemed, one.redeemed_fen / 100, one.stock]
            for one in found.ways.benefits
        ),
    )
    book.close()
    return buffer.getvalue()


class _Sheets:
    """The sheets of a workbook in one style."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": _JADE, "valign": "vcenter"})
        self._title = book.add_format({"bold": True, "font_size": 16, "font_color": _JADE})
        self._label = book.add_format({"font_color": "#62727D"})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._whole = book.add_format({"num_format": "#,##0"})
        self._part = book.add_format({"num_format": "#,##0.0000"})
        self._yuan = book.add_format({"num_format": _YUAN})

    def add(self, name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A table with a frozen head and a filter."""
        sheet = self._book.add_worksheet(name.strip()[:31])
        sheet.set_row(0, 22)
        sheet.write_row(0, 0, titles, self._head)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self._write(sheet, last, column, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(last, 1), len(titles) - 1)
        sheet.set_column(0, 0, _WIDE)
        sheet.set_column(1, max(len(titles) - 1, 1), _NARROW)

    def facts(self, name: str, title: str, rows: Iterable[tuple[str, Any]]) -> None:
        """A sheet of labelled facts under a title."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.hide_gridlines(2)
        sheet.write(0, 0, title, self._title)
        for place, (label, value) in enumerate(rows, 2):
            sheet.write(place, 0, label, self._label)
            self._write(sheet, place, 1, value)
        sheet.set_column(0, 0, _WIDE)
        sheet.set_column(1, 1, 70)

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None:
            sheet.write_string(row, column, "—")
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self._text)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self._whole)
        else:
            sheet.write_number(row, column, value, self._part if abs(value) < 10 else self._yuan)


def _summary(sheets: _Sheets, found: Content, language: Language, say: dict[str, str]) -> None:
    told, budget = found.told, found.board.budget
    facts: list[tuple[str, Any]] = [
        (say["effect"], telling.headline(told, language)),
        ("", say[told.effect.verdict]),
        ("", telling.reason(told.effect.gap, language) or telling.enough(told.effect, language)),
        (say["metric"], telling.name_of(told.metric, language) if told.metric else "—"),
        (say["goal"], found.goal),
        (say["unit"], found.unit),
        (say["owner"], found.owner),
        *((say[name], count) for name, count in found.waterfall.items()),
        (say["reached"], found.ways.reached),
        (say["delivered"], found.ways.delivered),
        (say["visited"], found.ways.visited),
        (say["claimed"], found.ways.claimed),
        (say["redeemed"], found.ways.redeemed),
        (say["limit"], budget.limit_fen / 100),
        (say["spent"], budget.committed_fen / 100),
        (say["held"], budget.reserved_fen / 100),
        (say["left"], budget.available_fen / 100),
        *((say["checks"], sentence) for _, sentence in checks_of(told, language)),
    ]
    sheets.facts(say["title"], told.name, facts)


def _effects(sheets: _Sheets, found: Content, say: dict[str, str]) -> None:
    parts = [(part.name or say.get(part.key, part.key), part.effect) for part in found.told.parts.branch]
    parts += [(say[part.key], part.effect) for part in found.told.parts.before]
    head = ["", say["treated"], say["control"], f"{say['treated']} {say['per_person']}"]
    head += [f"{say['control']} {say['per_person']}"]
    for name in ("difference", "relative", "incremental"):
        head += [say[name], f"{say[name]} ↓", f"{say[name]} ↑"]
    rows = [_effect_row(found.told.name, found.told.effect), *(_effect_row(name, effect) for name, effect in parts)]
    sheets.add(say["effect"], head, rows)


def _effect_row(name: str, effect: Effect) -> list[Any]:
    row: list[Any] = [name, effect.treated, effect.control, effect.treated_average, effect.control_average]
    for found in (effect.difference, effect.relative, effect.incremental):
        row += [None] * 3 if found is None else [float(found.value), float(found.low), float(found.high)]
    return row

"""A statement as a file: CSV or Excel, headers Chinese or English, numbers as numbers, text that is no formula."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

import msgspec
import xlsxwriter

from huoke.govern.audit import safe_cell
from huoke.kernel.clock import CHINA
from huoke.settle.statements.model import Statement, StatementLine, StoreLineKind

HEADERS = {
    "zh": ["序号", "活动", "权益", "核销", "撤销", "结算数量", "单价（元）", "金额（元）"],
    "en": ["No.", "Campaign", "Benefit", "Redeemed", "Undone", "Quantity", "Unit cost (CNY)", "Amount (CNY)"],
}
STORE_HEADERS = {
    "zh": ["序号", "日期", "门店", "内容", "笔数", "撤销", "金额（元）", "立减（元）", "商户承担（元）", "应付（元）"],
    "en": ["No.", "Day", "Store", "What", "Done", "Undone", "Price (CNY)", "Reduction (CNY)",
           "Borne by the merchant (CNY)", "Owed (CNY)"],
}  # fmt: skip
SALES = {"zh": "收款", "en": "Sales"}
BENEFITS = {"zh": "（由供应商结算）", "en": " (settled with its supplier)"}
TITLES = {
    "zh": ["结算单号", "供应商", "期间", "截至", "状态"],
    "en": ["Statement", "Supplier", "Period", "Up to", "State"],
}
MERCHANT = {"zh": "商户", "en": "Merchant"}
TOTALS = {"zh": "合计", "en": "Total"}
DIFFERENCE = {"zh": "对账差异 {day} · 订单 {number}", "en": "Difference of {day}, order {number}"}
PREPAID = {"zh": ["其中已从预付款扣除", "尚应支付"], "en": ["Of it drawn from prepayment", "Still payable"]}
STATES = {"zh": {"draft": "草稿", "confirmed": "已确认", "reversed": "已冲销"}, "en": {}}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal


class ExportFormat(StrEnum):
    """Kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportFile(msgspec.Struct, frozen=True):
    """A file's name, type and bytes."""

    name: str
    content_type: str
    content: bytes


def export(statement: Statement, file_format: ExportFormat, lang: str = "zh") -> ExportFile:
    """Write a statement as a file; `lang` other than "en" is Chinese. Money is in yuan, exact to the fen."""
    language = "en" if lang == "en" else "zh"
    head = list(zip(TITLES[language], _head(statement, language), strict=True))
    if statement.merchant_id is not None:
        head[1] = (MERCHANT[language], head[1][1])
        rows = _store_rows(statement, language)
    else:
        rows = [
            HEADERS[language],
            *_rows(statement, language),
            _total(statement, language),
            *_prepaid(statement, language),
        ]
    if file_format is ExportFormat.CSV:
        return ExportFile(f"{statement.number}.csv", "text/csv; charset=utf-8", _csv(head, rows))
    return ExportFile(f"{statement.number}.xlsx", _XLSX, _xlsx(head, rows))


def yuan(amount_fen: int) -> Decimal:
    """Fen as an exact number of yuan with two decimals."""
    return Decimal(amount_fen).scaleb(-2)


def difference_of(line: StatementLine, language: str) -> str:
    """What a line of a difference says where others name their campaign."""
    return DIFFERENCE[language].format(day=line.on_day, number=line.number)


def _head(statement: Statement, language: str) -> list[str]:
    return [
        statement.number,
        statement.supplier,
        f"{statement.since_on} – {statement.until_on}",
        f"{statement.until_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        STATES[language].get(statement.state.value, statement.state.value),
    ]


def _rows(statement: Statement, language: str) -> list[list[Cell]]:
    return [
        [
            line.place,
            line.campaign if line.difference_id is None else difference_of(line, language),
            line.title,
            line.redeemed,
            line.undone,
            line.quantity,
            yuan(line.unit_cost_fen) if line.difference_id is None else "",
            yuan(line.amount_fen),
        ]
        for line in statement.lines
    ]


def _store_rows(statement: Statement, language: str) -> list[Sequence[Cell]]:
    """Header, lines and total of what a merchant's stores did; benefits stand there at nothing."""
    names = ("price_fen", "reduction_fen", "own_fen", "amount_fen")
    rows: list[Sequence[Cell]] = [STORE_HEADERS[language]]
    for line in statement.store_lines:
        what = SALES[language] if line.kind is StoreLineKind.SALE else line.title + BENEFITS[language]
        money = [yuan(getattr(line, name)) for name in names]
        rows.append([line.place, line.on_day.isoformat(), line.store, what, line.done, line.undone, *money])
    sums = [yuan(sum(getattr(line, name) for line in statement.store_lines)) for name in names]
    counts = [sum(getattr(line, name) for line in statement.store_lines) for name in ("done", "undone")]
    return [*rows, [TOTALS[language], "", "", "", *counts, *sums]]


def _total(statement: Statement, language: str) -> list[Cell]:
    redeemed, undone = (sum(getattr(line, name) for line in statement.lines) for name in ("redeemed", "undone"))
    return [TOTALS[language], "", "", redeemed, undone, statement.quantity, "", yuan(statement.amount_fen)]


def _prepaid(statement: Statement, language: str) -> list[list[Cell]]:
    """How the total divides into what was paid ahead and what is still to be paid."""
    amounts = (statement.prepaid_fen, statement.payable_fen)
    blank: list[Cell] = [""] * (len(HEADERS[language]) - 2)
    return [[label, *blank, yuan(amount)] for label, amount in zip(PREPAID[language], amounts, strict=True)]


def _csv(head: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in [*head, (), *rows]:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff".encode() + out.getvalue().encode()


def _xlsx(head: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Statement")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        for place, row in enumerate([*head, (), *rows]):
            strong = bold if place <= len(head) + 1 and place != len(head) else None
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(place, column, cell, strong)
                else:
                    sheet.write_number(place, column, cell, money if isinstance(cell, Decimal) else None)
        sheet.set_column(1, 2, 28)
        sheet.set_column(3, len(rows[0]) - 1, 14)
    return out.getvalue()

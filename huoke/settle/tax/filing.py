"""The file of a closed month: one line for each natural person, as the tax bureau takes occasional income."""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from asyncpg import Record

from huoke.govern import audit, tenants
from huoke.govern.audit import safe_cell
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import FiledIdentity
from huoke.settle.tax import store
from huoke.settle.tax.model import Bearer, MonthOpen

HEADERS = {
    "zh": (
        "序号", "客户号", "姓名", "证件号码", "所得项目", "所属月份", "收入额（元）", "计税金额（元）", "税率",
        "代扣税额（元）", "税款负担", "笔数",
    ),
    "en": (
        "No.", "Customer no.", "Name", "Id document", "Kind of income", "Month", "Value (CNY)", "Base (CNY)", "Rate",
        "Tax withheld (CNY)", "Borne by", "Records",
    ),
}  # fmt: skip
WORDS = {
    "zh": ("偶然所得", {Bearer.BANK: "支付单位", Bearer.CUSTOMER: "本人"}, "扣缴义务人"),
    "en": ("Occasional income", {Bearer.BANK: "Payer", Bearer.CUSTOMER: "Recipient"}, "Withholding agent"),
}
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal


async def file(tx: Tx, month: date, lang: str = "zh") -> bytes:
    """An Excel file of a closed month, persons by number, amounts in yuan; `lang` other than "en" is Chinese.

    Names and id documents are in clear: that it was taken, and by whom, stands in the trail. Raises `MonthOpen`.
    """
    [state] = [row["state"] for row in await store.months(tx, month, None)] or [None]
    if state != "done":
        raise MonthOpen("The month is not closed: two people close it first.", pointer="/month")
    language = "en" if lang == "en" else "zh"
    rows = await store.by_person(tx, month)
    people = await customers.filed_identities(tx, [row["seq"] for row in rows])
    payer = (await tenants.get(tx, tx.tenant)).name
    entry = audit.AuditEntry(
        action="tax.file", subject_kind="tax_month", subject_id=month.isoformat(), after={"people": len(rows)}
    )
    await audit.record(tx, entry)
    return _workbook([_line(n, row, people, month, language) for n, row in enumerate(rows, 1)], payer, month, language)


def _line(number: int, row: Record, people: dict[int, FiledIdentity], month: date, language: str) -> list[Cell]:
    kind, bearers, _ = WORDS[language]
    who = people[row["seq"]]
    return [
        number,
        who.customer_no,
        who.name,
        who.id_document,
        kind,
        f"{month:%Y-%m}",
        Decimal(row["value_fen"]).scaleb(-2),
        Decimal(row["base_fen"]).scaleb(-2),
        f"{row['rate_ppm'] / 10_000:g}%",
        Decimal(row["tax_fen"]).scaleb(-2),
        bearers[Bearer(row["bearer"])],
        row["records"],
    ]


def _workbook(lines: Sequence[Sequence[Cell]], payer: str, month: date, language: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(f"{month:%Y-%m}")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.write_string(0, 0, f"{WORDS[language][2]}: {payer}", bold)
        for place, row in enumerate([HEADERS[language], *lines], 2):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(place, column, safe_cell(cell), bold if place == 2 else None)
                else:
                    sheet.write_number(place, column, cell, money if isinstance(cell, Decimal) else None)
        sheet.set_column(1, 11, 16)
    return out.getvalue()

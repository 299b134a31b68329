"""Data in: an Excel file with one wrong row, which is fetched; a feed whose day is refused, then repaired."""

import hashlib
import io
from uuid import uuid4

import openpyxl
import pytest
from playwright.async_api import expect

from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import settled
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

HEADER = ("客户号", "姓名", "机构号", "开户日")


def workbook(rows):
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_excel_comes_in_and_a_feeds_day_is_repaired(place, tmp_path):
    words = Words("zh-CN")
    console = Console(await place.staff("binhai", "operator", words), words, place.web)
    page, mark = console.page, uuid4().hex[:8]
    rows = [(f"{mark}-1", "张三", "HO", "2020-03-31"), (f"{mark}-2", "李四", "没有这个机构", "2021-08-02")]
    file = tmp_path / f"{mark}.xlsx"
    file.write_bytes(workbook(rows))

    await console.go("/imports/new")
    await page.locator("input[type=file]").last.set_input_files(file)
    await expect(page.get_by_text(words("import.mapping"), exact=True)).to_be_visible(timeout=LONG_MS)
    await settled(page)
    name = f"每日 {mark}"
    await console.button("import.saveMapping").click()
    await page.get_by_label(words("import.mappingName")).fill(name)
    await page.get_by_role("dialog").get_by_role("button").last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0, timeout=LONG_MS)
    await console.button("import.try").click()
    run = page.get_by_role("button", name=words("import.run", shown="1"))
    await expect(run).to_be_visible(timeout=LONG_MS)
    await run.click()
    await expect(page.get_by_text(words("brought.title"), exact=True)).to_be_visible(timeout=LONG_MS)
    await expect(page.get_by_role("link", name=f"{mark}-1")).to_be_visible(timeout=LONG_MS)
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name=words("import.rejects")).click()
    refused = tmp_path / "rejects.csv"
    await (await waiting.value).save_as(refused)
    text = refused.read_text("utf-8-sig")
    assert f"{mark}-2" in text
    assert f"{mark}-1" not in text

    await console.go("/feeds")
    await settled(page)
    await console.button("feed.declare").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(words("feed.name"), exact=True).fill(name)
    await dialog.get_by_label(words("feed.mapping")).click()
    await page.get_by_title(name).click()
    await dialog.get_by_text(words("feed.byUpload"), exact=True).click()
    await dialog.get_by_role("button").last.click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=LONG_MS)

    body = workbook([(f"{mark}-1", "张三", "HO", "2020-03-31"), (f"{mark}-3", "王五", "HO", "2022-01-05")])
    feed = tmp_path / f"{mark}-day.xlsx"
    feed.write_bytes(body)

    async def upload(count):
        await console.button("feed.upload").click()
        await dialog.locator("input[type=file]").set_input_files(feed)
        await dialog.get_by_label(words("feed.rowsSay"), exact=True).fill(str(count))
        await dialog.get_by_label(words("feed.sum")).fill(hashlib.sha256(body).hexdigest())
        await dialog.get_by_role("button").last.click()
        await expect(dialog).to_have_count(0, timeout=LONG_MS)

    row = page.get_by_role("row").filter(has_text=f"{mark}-day.xlsx")
    await upload(3)
    await expect(row.get_by_text(words("status.feedDay.failed"), exact=True)).to_be_visible(timeout=LONG_MS)
    await upload(2)
    await expect(row.get_by_text(words("status.feedDay.done"), exact=True)).to_be_visible(timeout=LONG_MS)
    await expect(row.get_by_text(words("feed.done", added="1", changed="0"))).to_be_visible()
    await settled(page)

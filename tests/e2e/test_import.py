"""Data in: an Excel file with one wrong row, which is fetched; a feed whose day is refused, then repaired; a file of
events, looked into before it is loaded.
"""

import hashlib
import io
from uuid import uuid4

import openpyxl
import pytest
from playwright.async_api import expect

from tests.e2e.console import LONG_MS
from tests.e2e.tour import both_languages, stop
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

ROLE = "import"
EVENTS = """客户号,事件,时间
10000001,app.login,2026-11-02T09:30:00
10000002,app.login,2026-11-02T10:05:00
10000003,不认识的事件,2026-11-02T11:20:00
"""
HEADER = ("客户号", "姓名", "机构号", "开户日")


def workbook(rows):
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@both_languages(ROLE)
async def test_a_tour_of_data_coming_in(place, tmp_path, language):
    words = Words(language)
    console = await place.console("binhai", "operator", words)
    page, mark = console.page, uuid4().hex[:8]
    rows = [(f"{mark}-1", "张三", "HO", "2020-03-31"), (f"{mark}-2", "李四", "没有这个机构", "2021-08-02")]
    file = tmp_path / f"{mark}.xlsx"
    file.write_bytes(workbook(rows))

    await console.go("/imports/new")
    await page.locator("input[type=file]").last.set_input_files(file)
    await expect(page.get_by_text(words("import.mapping"), exact=True)).to_be_visible(timeout=LONG_MS)
    await stop(page, ROLE, 1, "mapping")
    name = f"每日 {mark}"
    await console.button("import.saveMapping").click()
    await page.get_by_label(words("import.mappingName")).fill(name)
    await page.get_by_role("dialog").get_by_role("button").last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0, timeout=LONG_MS)
    await console.button("import.try").click()
    run = page.get_by_role("button", name=words("import.run", shown="1"))
    await expect(run).to_be_visible(timeout=LONG_MS)
    await stop(page, ROLE, 2, "tried")
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

    await console.turn_to("/feeds")
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
    await stop(page, ROLE, 3, "feed")

    events = tmp_path / f"{mark}.csv"
    events.write_text(EVENTS, "utf-8")
    await console.turn_to("/event-loads/new")
    await page.locator("input[type=file]").last.set_input_files(events)
    await expect(page.get_by_text(words("events.load.checked"), exact=True)).to_be_visible(timeout=LONG_MS)
    await expect(page.get_by_text(words("events.load.causes.unknown_name"), exact=True)).to_be_visible()
    await stop(page, ROLE, 4, "events")

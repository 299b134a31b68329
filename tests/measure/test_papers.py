"""Reports on paper: the page says what the effect says, in both languages, on one page; the workbook has numbers."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
import weasyprint

from huoke.decide.experiments import Group, sample_ratio, share_effect
from huoke.know import metrics
from huoke.measure import figures, reports
from huoke.measure.reports import Language, PaperFormat, PartEffect
from huoke.measure.reports.model import BenefitFigures, Breakdowns, CampaignEffect, Cost, Way, Ways
from huoke.measure.reports.page import html
from tests.decide.test_effect import _hits as hits

AT = datetime(2026, 11, 19, 6, 32, tzinfo=UTC)
ID = UUID(int=7)


BRANCHES = (
    ("东城分行", 5_000, 2_400, 520, 170),
    ("滨江分行", 6_200, 2_700, 690, 240),
    ("新港分行", 4_100, 1_610, 450, 178),
)


def content(*, goal="支付活跃", effect=None, name="秋日咖啡季 · 支付活跃", branches=BRANCHES):
    whole = effect or share_effect(
        Group(hits(13_410, 32_081)), Group(hits(1_287, 3_565)), sample_ratio(32_081, 3_565, 0.1)
    )
    branches = [
        ("东城分行", 5_000, 2_400, 520, 170),
        ("滨江分行", 6_200, 2_700, 690, 240),
        ("新港分行", 4_100, 1_610, 450, 178),
    ]
    parts = [
        PartEffect(key=str(n), name=label, effect=share_effect(Group(hits(a, b)), Group(hits(c, d)), confidence=0.98))
        for n, (label, b, a, d, c) in enumerate(branches)
    ]
    told = CampaignEffect(
        campaign_id=ID,
        name=name,
        state="ended",
        metric=metrics.get("payment"),
        metric_days=14,
        begin=AT - timedelta(days=20),
        end=AT - timedelta(days=6),
        closes_at=AT - timedelta(days=6),
        before_begin=AT - timedelta(days=34),
        provisional=False,
        data_at=AT,
        effect=whole,
        sample_ratio=sample_ratio(32_081, 3_565, 0.1),
        cost=Cost(spent_fen=10_324_840, per_incremental=_cost(whole), gap=None if _cost(whole) else whole.gap),
        parts=Breakdowns(branch=parts),
    )
    ways = Ways(
        data_at=AT,
        reached=29_874,
        delivered=28_911,
        visited=15_400,
        claimed=11_206,
        redeemed=8_437,
        entry_points=[
            Way(entry_code="A", name="短信链接", kind="link", visited=12_300, claimed=9_100, redeemed=6_950),
            Way(entry_code="B", name="网点海报", kind="qr", visited=3_100, claimed=1_906, redeemed=1_380),
            Way(entry_code="", name="", kind="", visited=0, claimed=200, redeemed=107),
        ],
        benefits=[
            BenefitFigures(
                offer_id=ID, name="中杯咖啡券", name_en="Coffee, medium",
                granted=29_874, claimed=11_206, redeemed=8_437, redeemed_fen=10_324_840,
                stock=12_000, stock_reserved=1_320, stock_used=8_437,
            )
        ],
    )  # fmt: skip
    board = figures.Board(
        campaign_id=ID,
        name=name,
        state="ended",
        opens_at=AT - timedelta(days=20),
        closes_at=AT + timedelta(days=10),
        data_at=AT,
        funnel=figures.Funnel(audience=36_900, control=3_565, reachable=32_081),
        budget=figures.Money(
            limit_fen=25_600_000, reserved_fen=3_357_840, committed_fen=10_324_840, available_fen=11_917_320
        ),
        stock=figures.StockLeft(),
        by_branch=[
            figures.BranchFigures(
                unit_id=n, unit=label, granted=b, claimed=b // 2, redeemed=b // 3 - 40 * n, redeemed_fen=b * 600
            )
            for n, (label, b, *_) in enumerate(branches)
        ],
        by_hour=[
            figures.HourFigures(at=AT - timedelta(hours=n), granted=9, claimed=5, redeemed=n, redeemed_fen=n * 1_980)
            for n in range(5)
        ],
    )
    return reports.Content(
        bank="滨海银行",
        unit="总行",
        owner="林晓舟",
        goal=goal,
        opens_at=board.opens_at,
        closes_at=board.closes_at,
        made_at=AT,
        waterfall={"audience": 36_900, "no_consent": 900, "suppressed": 354, "control": 3_565, "reachable": 32_081},
        told=told,
        ways=ways,
        board=board,
    )


def _cost(effect):
    from huoke.decide.experiments import Estimate, cost_per_incremental

    found = cost_per_incremental(10_324_840, effect)
    return found if isinstance(found, Estimate) else None


def test_the_page_says_what_was_found_in_both_languages():
    zh, en = html(content(), Language.ZH), html(content(), Language.EN)
    assert "多带来 1,828 位支付活跃客户" in zh
    assert "95 % 区间 1,290 … 2,359" in zh
    assert "+5.7 个百分点" in zh
    assert "¥56.47" in zh
    assert "分组人数与抽取比例相符" in zh
    assert "1,828 more customers: Paid" in en
    chinese = "".join(sign for sign in en.split("<body>")[1] if "一" <= sign <= "鿿")
    assert set(chinese) <= set("秋日咖啡季支付活跃滨海银行总林晓舟东城江新港分短信链接网点报"), "names only"


def test_without_enough_data_the_page_says_what_is_missing_and_gives_no_number():
    few = share_effect(Group(hits(4, 5_000)), Group(hits(0, 500)))
    page = html(content(effect=few), Language.ZH)
    assert "数据不足，不下结论" in page
    assert "两组一共只有 4 人有此行为，至少要 10 人" in page
    assert "个百分点" not in page.split('class="hero')[1].split("</section>")[0]


def test_what_a_person_typed_stays_text():
    page = html(content(goal="<script>alert(1)</script>", name="=1+1<b>"), Language.ZH)
    assert "<script>alert" not in page
    assert "=1+1&lt;b&gt;" in page


@pytest.mark.parametrize("language", list(Language))
def test_the_pdf_is_one_page(language):
    body = reports.draw(content(), PaperFormat.PDF, language)
    assert body.startswith(b"%PDF")
    crowded = weasyprint.HTML(string=html(content(branches=BRANCHES * 4), language)).render()
    assert len(crowded.pages) == 1
    two = weasyprint.HTML(string=html(content(branches=BRANCHES * 4, goal="目标。" * 150 * 2), language)).render()
    assert len(two.pages) > 1, "the count sees a second page"
    if folder := os.environ.get("PAPERS"):
        Path(folder, f"paper-{language.value}.pdf").write_bytes(body)


def test_the_workbook_holds_numbers_and_never_a_formula():
    book = openpyxl.load_workbook(io.BytesIO(reports.draw(content(name="=1+1"), PaperFormat.XLSX, Language.ZH)))
    assert book.sheetnames == ["活动效果报告", "效果", "分行核销", "分时", "入口", "权益"]
    assert book["活动效果报告"]["A1"].data_type == "s"
    row = [cell.value for cell in book["效果"][2]]
    assert row[:3] == ["=1+1", 32_081, 3_565]
    assert row[5] == pytest.approx(13_410 / 32_081 - 1_287 / 3_565)
    assert [cell.value for cell in book["入口"][2]] == ["短信链接", 12_300, 9_100, 6_950]
    assert book["分行核销"]["E2"].value == pytest.approx(30_000.0)

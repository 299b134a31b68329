from collections import Counter
from datetime import date
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from huoke.app.demo import population, telling
from huoke.app.demo.binhai import BINHAI
from huoke.app.demo.binhai_past import PAST
from huoke.app.demo.seasons import DAY_MS, instant_ms
from huoke.app.demo.telling import Finished, Story, tell
from huoke.app.demo.truth import read_truths, write_truths
from huoke.app.demo.visits import Claims

STORY = Story(plan=BINHAI, customers=2_000, today=date(2026, 11, 22))
SEQS = np.arange(1, 4_001, 2, dtype=np.uint32)
STARTED_MS = instant_ms(date(2026, 7, 25)) + DAY_MS // 2
CLAIMS = Claims(SEQS[:200:2], np.full(100, STARTED_MS + 3 * DAY_MS))


def finished(name: str = "夏日咖啡唤醒") -> Finished:
    plan = next(plan for plan in PAST if plan.name == name)
    return Finished(
        campaign_id=UUID(int=1),
        plan=plan,
        started_ms=STARTED_MS,
        treated=SEQS[::2],
        control=SEQS[1::2],
        codes=["own", "poster"],
        claims=CLAIMS,
    )


def test_the_story_is_told_month_by_month_in_customers_numbers():
    months = list(tell(STORY, SEQS, []))
    assert len(months) == 7
    everything = pa.concat_tables(months)
    assert everything.num_rows == pytest.approx(2_000 * 60, rel=0.06)
    assert pc.all(pc.is_in(everything["seq"], pa.array(SEQS))).as_py()
    for month in months:
        days = pc.unique(pc.strftime(month["at"], "%Y-%m"))
        assert len(days) == 1


def test_the_same_story_is_told_the_same_way():
    once, again = (list(tell(STORY, SEQS, [finished()])) for _ in range(2))
    assert len(once) == len(again)
    assert all(table.equals(same) for table, same in zip(once, again, strict=True))


def test_a_large_bank_is_told_slice_by_slice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telling, "SLICE", 1_000)
    campaign = finished()
    tables = list(tell(STORY, SEQS, [campaign]))[:-1]
    rows = sum(table.num_rows for table in tables)
    assert rows == pytest.approx(2_000 * 60, rel=0.08)
    truth = campaign.truth("binhai")
    assert truth.treated == 1_000
    assert 0 < truth.without < truth.with_ < 1
    assert population.SLICE == 100_000


def test_who_claims_had_opened_the_page_before_and_some_only_look():
    *_, visits = tell(STORY, SEQS, [finished()])
    assert set(visits["name"].to_pylist()) == {"campaign.viewed"}
    assert set(visits["p_campaign"].to_pylist()) == {str(UUID(int=1))}
    through = Counter(visits["entry_code"].to_pylist())
    assert through["own"] == pytest.approx(visits.num_rows / 2, rel=0.2)
    assert set(through) == {"own", "poster"}
    at = dict(zip(visits["seq"].to_pylist(), visits["at"].cast(pa.int64()).to_pylist(), strict=True))
    assert len(at) == visits.num_rows, "everybody once"
    for seq, claimed_ms in zip(CLAIMS.seqs.tolist(), CLAIMS.at_ms.tolist(), strict=True):
        assert claimed_ms - 180_000 <= at.pop(seq) < claimed_ms
    assert set(at) <= set(SEQS[::2].tolist()) - set(CLAIMS.seqs.tolist())
    assert len(at) == pytest.approx(900 * 0.25, rel=0.2)
    assert min(at.values()) > STARTED_MS


def test_the_truth_is_what_the_told_events_say():
    campaign = finished()
    told = pa.concat_tables(list(tell(STORY, SEQS, [campaign]))[:-1])
    start = pa.scalar(campaign.started_ms, pa.timestamp("ms", tz="UTC"))
    end = pa.scalar(campaign.started_ms + 14 * DAY_MS, pa.timestamp("ms", tz="UTC"))
    inside = told.filter(
        pc.and_(
            pc.and_(pc.equal(told["name"], "app.login"), pc.greater_equal(told["at"], start)), pc.less(told["at"], end)
        )
    )
    came = pc.sum(pc.is_in(pa.array(campaign.treated), pc.unique(inside["seq"]))).as_py()
    assert campaign.truth("binhai").with_ == came / len(campaign.treated)


def test_truths_are_kept_beside_the_demo(tmp_path):
    assert read_truths(tmp_path) == []
    campaign = finished()
    list(tell(STORY, SEQS, [campaign]))
    write_truths(tmp_path, [campaign.truth("binhai")])
    (kept,) = read_truths(tmp_path)
    assert kept == campaign.truth("binhai")
    assert kept.effect == kept.with_ - kept.without
    assert msgspec.structs.replace(kept, without=0.0).relative is None

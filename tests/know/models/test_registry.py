"""Models in service: learned from the bank's own past, approved by a second person, scoring everybody, explained."""

import msgspec
import numpy as np
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import models, tags
from huoke.know.models import FeatureLeaks, NoChampion, NothingHappened, StandingUnfit, State, StateUnfit, TaskName
from huoke.know.models import features as declared
from huoke.know.models.features import FEATURES, Feature
from huoke.know.models.model import recommended
from huoke.know.models.score import Looked, opened
from huoke.know.models.sql_matrix import Reach
from huoke.know.models.train import cut_offs, midnight
from tests.conftest import START
from tests.make import models as make
from tests.make import people
from tests.make import tags as make_tags

COUNT = 3_000
CHURN = TaskName.CHURN_30
MAKER = Actor(ActorKind.SYSTEM, "maker")
PLANTED = Feature(
    name="planted", label="偷看", label_en="Planted", unit="count",
    sql="countIf(name = 'app.login' AND ago <= 30)",
)  # fmt: skip


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    models_port()
    return await make.past(database, feed, clickhouse, bank, START, COUNT)


def models_port():
    approvals.register(models.ModelApproval())


@pytest.fixture(scope="module")
async def learned(database, bank, clickhouse, world):
    return await models.train(database, clickhouse, bank, MAKER, CHURN, standing=["age"])


async def crowned(database, bank, version):
    async with database.begin(bank) as tx:
        maker = people.actor(await people.staff(tx, Role.ANALYST))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
    async with database.begin(bank, maker) as tx:
        change_id = await models.propose(tx, version.id)
    async with database.begin(bank, checker) as tx:
        asked = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", asked.diff_hash)


def test_features_are_many_named_once_and_blind_to_deposits():
    names = [feature.name for feature in FEATURES]
    assert len(names) == len(set(names)) >= 60
    assert not {"transaction.posted", "salary.received"} & {*declared.EVENTS}
    assert not [one.name for one in FEATURES if "transaction" in one.sql or "salary" in one.sql]
    assert all(one.label and one.label_en for one in FEATURES)


def test_what_comes_after_is_never_what_another_cut_off_learns_from():
    for task in models.TASKS.values():
        earlier, judged_on = cut_offs(task, START)
        assert all(cut_off < judged_on < START for cut_off in earlier)
        span = judged_on - max(earlier)
        assert span == START - judged_on
        assert span.days >= task.horizon_days


async def test_no_feature_looks_past_its_cut_off(bank, clickhouse, world):
    _, judged_on = cut_offs(models.TASKS[CHURN], midnight(START))
    compared = await models.check_leak(clickhouse, bank, FEATURES, judged_on, START, Reach())
    assert compared > COUNT / 2


async def test_a_feature_that_looks_past_its_cut_off_is_named(database, bank, clickhouse, world):
    async with database.begin(bank) as tx:
        before = await models.versions(tx)
    with pytest.raises(FeatureLeaks) as refused:
        await models.train(database, clickhouse, bank, MAKER, CHURN, features=[*FEATURES, PLANTED])
    assert refused.value.data["feature"] == "planted"
    async with database.begin(bank) as tx:
        assert await models.versions(tx) == before


async def test_both_algorithms_are_learned_and_the_better_one_recommended(learned):
    by_algorithm = {version.algorithm: version for version in learned}
    assert sorted(by_algorithm) == ["boosted", "logistic"]
    assert all(0.65 < version.metrics["auc"] < 0.99 for version in learned)
    fit = [version for version in learned if version.metrics["calibration_error"] <= 0.015]
    best = max(fit, key=lambda version: version.metrics["auc"], default=None)
    assert [version.id for version in learned if version.recommended] == ([best.id] if best else [])
    for version in learned:
        assert (version.state, version.made_by) == (State.DRAFT, "system:maker")
        assert sum(one.share for one in version.features) == pytest.approx(1, abs=1e-3)
        assert [one.name for one in version.features if one.standing] == ["attribute_age"]
        assert len(version.groups) == 10
    assert len({version.data_hash for version in learned}) == 1


def test_the_best_whose_shares_are_the_seen_ones_is_recommended():
    judged = [{"auc": 0.9, "calibration_error": 0.016}, {"auc": 0.8, "calibration_error": 0.01},
              {"auc": 0.7, "calibration_error": 0.001}]  # fmt: skip
    assert recommended(judged) == 1
    assert recommended(judged[:1]) is None


async def test_what_is_no_number_or_not_there_cannot_stand_as_a_feature(database, bank, clickhouse, world):
    async with database.begin(bank) as tx:
        with pytest.raises(StandingUnfit):
            await models.ask_training(tx, clickhouse, CHURN, ["nothing"])


async def test_a_bank_without_a_past_learns_nothing(database, other_bank, clickhouse):
    with pytest.raises(NothingHappened):
        await models.train(database, clickhouse, other_bank, MAKER, CHURN)


async def test_nobody_is_scored_before_a_second_person_said_yes(database, bank, clickhouse, learned):
    with pytest.raises(NoChampion):
        await models.score(database, clickhouse, bank, CHURN)


async def test_from_draft_to_scores_in_words(database, bank, clickhouse, world, learned):
    await make.tags_count_at_once(database, bank)
    async with database.begin(bank) as tx:
        await make_tags.count(tx, *models.band_tags([CHURN]))
    version = min(learned, key=lambda one: one.metrics["calibration_error"])
    await _allow(database, bank, version)
    await crowned(database, bank, version)
    async with database.begin(bank) as tx:
        assert (await models.get(tx, version.id)).state is State.CHAMPION
        with pytest.raises(StateUnfit):
            await models.propose(tx, version.id)
    run = await models.score(database, clickhouse, bank, CHURN)
    assert sum(run.bands.values()) == run.rows > 500
    async with database.begin(bank) as tx:
        everybody = await models.scores_of(tx, clickhouse, world)
        high = await models.members(tx, clickhouse, CHURN, 0.6)
    told = {seq: scores[0] for seq, scores in everybody.items()}
    assert len(told) == run.rows
    assert len(high) == run.bands["high"] == sum(one.band == "high" for one in told.values())
    assert run.average == pytest.approx(np.mean([one.value for one in told.values()]))
    await _explained(database, bank, clickhouse, told)
    await _in_the_tag(database, bank, clickhouse, high, told)


async def _explained(database, bank, clickhouse, told):
    ordered = sorted(told.values(), key=lambda one: one.value)
    async with database.begin(bank) as tx:
        (safe,) = await models.explain(tx, clickhouse, ordered[0].seq)
        (leaving,) = await models.explain(tx, clickhouse, ordered[-1].seq)
    assert safe.score.value < leaving.score.value
    assert (safe.drivers[0].direction, leaving.drivers[0].direction) == ("down", "up")
    assert len(leaving.drivers) == 5
    assert leaving.drivers[0].label
    assert leaving.drivers[0].share >= leaving.drivers[1].share


async def _in_the_tag(database, bank, clickhouse, high, told):
    await make_tags.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        assert await tags.members(tx, clickhouse, "model_churn_30", "high") == high
        seq = next(seq for seq, one in told.items() if one.band == "low")
        held = await tags.of_customer(tx, clickhouse, seq, names=["model_churn_30"])
    assert [one.value for one in held] == ["low"]


async def _allow(database, bank, version):
    """Few customers are judged by chance: the tests let a model in whose shares are near enough."""
    metrics = version.metrics | {"calibration_error": 0.01}
    async with database.begin(bank) as tx:
        await tx.execute("UPDATE models.version SET metrics = $2 WHERE id = $1", version.id, metrics)


async def test_what_tells_other_shares_than_were_seen_is_not_let_in(database, bank, learned):
    version = max(learned, key=lambda one: one.metrics["calibration_error"])
    async with database.begin(bank) as tx:
        metrics = version.metrics | {"calibration_error": 0.0151}
        await tx.execute("UPDATE models.version SET metrics = $2 WHERE id = $1", version.id, metrics)
        checks = await models.ModelApproval().check(tx, str(version.id))
        assert {one.rule: one.verdict.value for one in checks} == {
            "models.calibration": "fail", "models.text": "pass", "models.standing": "warn",
        }  # fmt: skip
        await tx.execute("UPDATE models.version SET text = text || ' ' WHERE id = $1", version.id)
        checks = await models.ModelApproval().check(tx, str(version.id))
        assert {one.rule: one.verdict.value for one in checks}["models.text"] == "fail"
        await tx.execute("UPDATE models.version SET text = rtrim(text) WHERE id = $1", version.id)


async def test_other_customers_than_those_it_learned_from_raise_an_alarm(database, bank, clickhouse, learned):
    version = learned[0]
    async with database.begin(bank) as tx:
        chosen = await opened(tx, version)
    looked = Looked(chosen)
    features = np.full((500, len(chosen.features)), 1e6, dtype=np.float32)
    looked.add(np.arange(500, dtype=np.uint32), np.full(500, 0.5), features)
    assert looked.drift()[0].index > 0.25


async def test_what_customers_will_pay_is_judged_on_a_quarter_it_did_not_see(database, bank, clickhouse, world):
    (version,) = await models.train(database, clickhouse, bank, MAKER, TaskName.VALUE)
    assert version.algorithm == "comeback"
    assert version.metrics["correlation"] > 0.3
    assert version.metrics["total_error"] < 0.6
    assert version.rows > COUNT / 3


def test_rows_scored_on_two_threads_are_those_of_one():
    rows = np.random.default_rng(1).normal(size=(4_001, 3)).astype(np.float32)
    outcome = rows[:, 0] + np.random.default_rng(2).normal(size=4_001) > 0
    learned = models.learn(models.Algorithm.BOOSTED, models.Rows(rows, outcome), models.Rows(rows, outcome))
    assert np.array_equal(models.predict(learned, rows), models.scores(learned, rows))
    assert msgspec.json.decode(msgspec.json.encode(learned), type=models.Learned) == learned

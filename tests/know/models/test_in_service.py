"""Models in service: a champion and its challenger, who may not be chosen is not, others than before are seen."""

from datetime import timedelta

import numpy as np
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import consent, events, models
from huoke.know.consent import Statement, Verdict
from huoke.know.models import NoChampion, State, TaskName
from huoke.know.models.score import champion
from huoke.know.models.sql_matrix import Reach, matrix
from huoke.know.models.train import midnight
from tests.conftest import START
from tests.make import models as make
from tests.make import people

COUNT, DAYS = 1_500, 260
MAKER = Actor(ActorKind.SYSTEM, "maker")


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    """Customers of nine months who sign in, pay, are granted benefits; their seqs."""
    approvals.register(models.ModelApproval())
    seqs = await make.past(database, feed, clickhouse, bank, START, COUNT, days=DAYS)
    await make.granted(clickhouse, bank, seqs, START, DAYS)
    return seqs


async def crowned(database, bank, version):
    """Let in by a second person; few customers judge by chance, so that its error is said to be small."""
    async with database.begin(bank) as tx:
        metrics = version.metrics | {"calibration_error": 0.01}
        await tx.execute("UPDATE models.version SET metrics = $2 WHERE id = $1", version.id, metrics)
        maker = people.actor(await people.staff(tx, Role.ANALYST))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
    async with database.begin(bank, maker) as tx:
        change_id = await models.propose(tx, version.id)
        asked = await approvals.find_change(tx, change_id)
    with pytest.raises(approvals.OwnChange):
        async with database.begin(bank, maker) as tx:
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", asked.diff_hash)
    async with database.begin(bank, checker) as tx:
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", asked.diff_hash)


async def states(database, bank, task):
    async with database.begin(bank) as tx:
        return {one.number: one.state for one in await models.versions(tx, task)}


async def test_who_leaves_within_90_days_is_learned_and_the_next_champion_takes_over(database, bank, clickhouse, world):
    first, second = await models.train(database, clickhouse, bank, MAKER, TaskName.CHURN_90)
    assert min(first.metrics["auc"], second.metrics["auc"]) > 0.6
    assert all((START.date() - day).days >= 180 for day in first.cut_offs)
    assert (START.date() - first.judged_on).days == 90
    with pytest.raises(NoChampion):
        await models.score(database, clickhouse, bank, TaskName.CHURN_90)
    await crowned(database, bank, first)
    assert (await models.score(database, clickhouse, bank, TaskName.CHURN_90)).number == first.number
    await crowned(database, bank, second)
    assert await states(database, bank, TaskName.CHURN_90) == {
        first.number: State.CHALLENGER, second.number: State.CHAMPION
    }  # fmt: skip
    run = await models.score(database, clickhouse, bank, TaskName.CHURN_90)
    assert run.number == second.number
    async with database.begin(bank) as tx:
        told = await models.scores_of(tx, clickhouse, world, [TaskName.CHURN_90])
    assert {score.version for scores in told.values() for score in scores} == {second.number}
    assert len(told) == run.rows


async def test_who_switched_choosing_off_is_told_nothing_of_by_what_marketing_chooses_by(
    database, bank, clickhouse, world
):
    versions = await models.train(database, clickhouse, bank, MAKER, TaskName.RESPONSE)
    await crowned(database, bank, versions[0])
    before = await models.score(database, clickhouse, bank, TaskName.RESPONSE)
    async with database.begin(bank) as tx:
        told = await models.scores_of(tx, clickhouse, world, [TaskName.RESPONSE])
        likely = await models.members(tx, clickhouse, TaskName.RESPONSE, 0.0)
        off = sorted(told)[:5]
        members = CustomerSet.of(bank, off, tx.now)
        await consent.record(
            tx, [Statement(purpose=consent.PROFILING, verdict=Verdict.WITHDRAWN, members=members, text_version="1")]
        )
    assert set(off) <= set(likely)
    async with database.begin(bank) as tx:
        assert (await models.scores_of(tx, clickhouse, off, [TaskName.RESPONSE])) == {}
        assert await models.members(tx, clickhouse, TaskName.RESPONSE, 0.0) == likely - members
        assert all(one.score.task is not TaskName.RESPONSE for one in await models.explain(tx, clickhouse, off[0]))
    after = await models.score(database, clickhouse, bank, TaskName.RESPONSE)
    assert after.rows == before.rows - len(off)
    async with database.begin(bank) as tx:
        kept = await models.scores_of(tx, clickhouse, off, [TaskName.CHURN_90])
    assert kept, "what serves looking after them is told"


async def test_the_hour_of_a_scoring_makes_nobody_another_customer(database, bank, clickhouse, world, clock):
    morning = await models.score(database, clickhouse, bank, TaskName.CHURN_90)
    clock.advance(timedelta(hours=14))
    evening = await models.score(database, clickhouse, bank, TaskName.CHURN_90)
    assert (evening.at - morning.at, evening.rows) == (timedelta(hours=14), morning.rows)
    assert (evening.average, evening.drift) == (morning.average, morning.drift)
    async with database.begin(bank) as tx:
        chosen = await champion(tx, TaskName.CHURN_90)
    whole, cut_short = [
        models.drift(chosen.model, (await matrix(clickhouse, bank, chosen.features, at, Reach())).values)
        for at in (midnight(evening.at), evening.at)
    ]
    assert np.abs(cut_short - whole).max() > 0.02, "the hour would have been taken for a change of theirs"


async def test_customers_unlike_those_it_learned_from_raise_an_alarm_for_all_who_listen(
    database, bank, clickhouse, world
):
    calm = await models.score(database, clickhouse, bank, TaskName.CHURN_90)
    told = await alarms(database, bank)
    table = make.happenings(np.repeat(np.array(world, dtype=np.uint32), 30), START, 30)
    await events.load_archive(database, clickhouse, bank, table)
    shifted = await models.score(database, clickhouse, bank, TaskName.CHURN_90)
    assert shifted.alarm
    assert shifted.drift[0].index > max(models.DRIFT_MAX, calm.drift[0].index)
    *before, last = await alarms(database, bank)
    assert before == told
    assert set(last) <= {one.name for one in shifted.drift if one.index > models.DRIFT_MAX}


async def alarms(database, bank):
    """Features of every alarm there was of the task, earliest first."""
    async with database.begin(bank) as tx:
        found = await tx.fetch(
            "SELECT payload FROM kernel.event WHERE name = 'models.drift_alarm' ORDER BY xid, ordinal"
        )
    return [row["payload"]["features"] for row in found if row["payload"]["task"] == TaskName.CHURN_90]


async def test_no_text_of_a_model_is_a_pickle_and_all_of_it_can_be_read(database, bank, world):
    async with database.begin(bank) as tx:
        texts = [row["text"] for row in await tx.fetch("SELECT text FROM models.version")]
    assert len(texts) == 4
    for text in texts:
        assert text.isprintable()
        assert text.startswith("{")
        assert not text.encode().startswith(b"\x80")

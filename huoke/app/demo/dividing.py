"""The demo's grid: its axes, asked for by the operator and let in by the approver, and two months from before Huoke."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huoke.app.demo import population
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.demo.population import JOBS, SLICE, STAGES, Population
from huoke.app.demo.telling import Story
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.sets import CustomerSet
from huoke.know import grid
from huoke.know.grid import USUAL, AskedAxis, AxisName

MONTHS = 2
WEALTH_YUAN = (6_000_000, 500_000, 50_000, 0)
_STAGE_BANDS = dict(zip(STAGES, (band.name for band in USUAL[AxisName.LIFE].bands), strict=True))
_MOVES = 0.035
"""So much balances wander in a month, as a standard deviation of their logarithm."""
_OLDER, _OTHER_JOB, _FOUND_OUT = 0.008, 0.004, 0.01
"""Of how many customers a month brings another stage of life, another occupation, or tells what was unknown."""


async def bring_grid(runtime: Runtime, bank: Filled, story: Story, seqs: NDArray[np.uint32]) -> None:
    """Axes and past months, unless they are there; the worker places everybody as of today once the axes are filled."""
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant) as tx:
        there = {one.axis for one in await grid.in_force(tx)}
        kept = {one.month for one in await grid.months(tx)}
    for axis in [one for one in USUAL.values() if one.axis not in there]:
        async with runtime.database.begin(bank.tenant, operator.actor) as tx:
            request_id = await grid.request_axis(tx, AskedAxis(axis=axis, reason="启用 112 宫格"))
            (change_id,) = [one.change_id for one in await grid.requests(tx) if one.id == request_id]
            await approve(tx, bank, change_id, comment="")
    for ago in range(MONTHS, 0, -1):
        day = _month_end(story.today, ago)
        if day.replace(day=1) not in kept:
            bands = _bands(bank, story, seqs, ago)
            await grid.bring_month(runtime.database, runtime.clickhouse, bank.tenant, day, bands)


def _month_end(today: date, ago: int) -> date:
    """The last day of the month so many before."""
    day = today
    for _ in range(ago):
        day = day.replace(day=1) - timedelta(days=1)
    return day


def _bands(bank: Filled, story: Story, seqs: NDArray[np.uint32], ago: int) -> dict[AxisName, dict[str, CustomerSet]]:
    """Who stood in each band so many months ago."""
    found: dict[AxisName, dict[str, list[NDArray[np.uint32]]]] = {axis: {} for axis in AxisName}
    for first in range(0, story.customers, SLICE):
        count = min(SLICE, story.customers - first)
        people = population.draw(count, bank.plan.seed, bank.plan.place, story.today, first=first)
        for axis, names in _stood(people, ago, np.random.default_rng([bank.plan.seed, first, ago])).items():
            for name in np.unique(names):
                found[axis].setdefault(str(name), []).append(seqs[first : first + count][names == name])
    return {
        axis: {name: CustomerSet.of(bank.tenant, np.concatenate(parts)) for name, parts in bands.items() if name}
        for axis, bands in found.items()
    }


def _stood(people: Population, ago: int, random: np.random.Generator) -> dict[AxisName, NDArray[np.str_]]:
    """The name of each customer's band on each axis, empty where it was unknown."""
    count = len(people)
    richest = np.maximum(people.deposit, people.wealth) * np.exp(random.normal(0, _MOVES * ago, count))
    wealth = np.array([band.name for band in USUAL[AxisName.WEALTH].bands])[
        np.argmax(richest[:, None] >= np.array(WEALTH_YUAN), axis=1)
    ]
    stage = np.maximum(people.stage - (random.random(count) < _OLDER * ago), 0)
    job = np.where(random.random(count) < _OTHER_JOB * ago, random.integers(0, len(JOBS), count), people.job)
    new = people.joined_days < ago * 30
    unheard = people.prospect | (random.random(count) < _FOUND_OUT * ago)
    return {
        AxisName.WEALTH: np.where(people.prospect | new, "", wealth),
        AxisName.LIFE: np.where(unheard | new, "", np.array(list(_STAGE_BANDS.values()))[stage]),
        AxisName.OCCUPATION: np.where(people.prospect | new, "", np.array(_JOB_BANDS)[job]),
    }


def _job_band(job: str) -> str:
    """The band whose expression lists an occupation; the last takes everybody else."""
    bands = USUAL[AxisName.OCCUPATION].bands
    listed = {value: band.name for band in bands for value in band.expression.get("value", ())}
    return listed.get(job, bands[-1].name)


_JOB_BANDS = [_job_band(job) for job in JOBS]

"""What looking after early warnings does, over HTTP: those shown against those kept back, once their days are over."""

from datetime import timedelta

import pytest

from huoke.kernel.ids import new_id
from huoke.know.language import day_of
from huoke.know.temperature import store
from tests.measure.test_http import client as client

SHOWN, CONTROL = (120, 90), (100, 50)
"""How many were warned of, and how many of them stayed."""


async def warned(world, kept_back, count, stayed, first):
    """Warnings of forty days ago, each measured."""
    async with world.begin() as tx:
        row = {"unit_id": 1, "signs": "quiet,due", "temperature": 20.0, "was_stage": "warm", "stage": "cool"}
        rows = [
            {**row, "id": new_id(), "seq": 1_000 + first + n, "value_fen": 30_000, "control": kept_back}
            for n in range(count)
        ]
        assert await store.add_warnings(tx, day_of(tx.now) - timedelta(days=40), rows) == count
        after = [20_000 if n < stayed else 0 for n in range(count)]
        await store.note_outcomes(tx, [one["id"] for one in rows], [n < stayed for n in range(count)], after)


async def effect(client):
    return (await client.get("/v1/early-warnings/effect")).json()


async def test_shown_and_kept_back_are_compared_once_there_are_enough(client, world):
    none = await effect(client)
    assert (none["shown"], none["control"], none["stayed"]["difference"]) == (0, 0, None)
    await warned(world, False, *SHOWN, 0)
    await warned(world, True, 99, 50, 500)
    few = await effect(client)
    assert (few["shown"], few["control"], few["stayed"]["difference"]) == (120, 99, None), "one too few to say anything"
    await warned(world, True, 1, 0, 900)
    found = await effect(client)
    assert (found["shown"], found["control"]) == (SHOWN[0], CONTROL[0])
    assert (found["stayed"]["treated_average"], found["stayed"]["control_average"]) == (0.75, 0.5)
    told = found["stayed"]["difference"]
    assert told["value"] == pytest.approx(0.25)
    assert 0 < told["low"] < 0.25 < told["high"] < 0.4
    assert (found["shown_before_fen"], found["shown_after_fen"]) == (30_000, 15_000)
    assert (found["control_before_fen"], found["control_after_fen"]) == (30_000, 10_000)
    async with world.begin() as tx:
        await tx.execute("DELETE FROM temperature.warning")

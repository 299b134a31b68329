"""The set server: a process of its own, plans, cache, and what it never does to its callers."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import (
    Absent,
    All,
    Any_,
    Bucket,
    CustomerSet,
    Leaf,
    Not,
    Plan,
    Sample,
    SetCache,
    SetServer,
    Want,
    blocks,
    keys,
)
from huoke.kernel.sets.customer_set import head_of
from huoke.kernel.sets.evaluate import count, evaluate
from tests.make import sets as make_sets

BANK, OTHER = TenantId(1), TenantId(2)
A, B, ALL = Leaf(key="a"), Leaf(key="b"), Leaf(key="all")


@pytest.fixture(scope="module")
def server_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="huoke sets ") as folder:
        path = Path(folder) / "s"
        process = subprocess.Popen([sys.executable, "-m", "huoke.kernel.sets.server", path])
        try:
            while not path.exists():
                assert process.poll() is None
                os.sched_yield()
            yield path
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(params=["process", "in place"])
async def server(request, server_path: Path) -> AsyncIterator[SetServer]:
    opened = SetServer(str(server_path) if request.param == "process" else "")
    await opened.drop(BANK, ["a", "b", "all"])
    yield opened
    await opened.close()


async def put(server: SetServer, **sets: CustomerSet) -> None:
    await server.put(BANK, {key: members.to_bytes() for key, members in sets.items()})


async def test_a_plan_is_counted_at_every_named_node(server: SetServer):
    await put(server, a=make_sets.of(1, 1, 2, 3, 4), b=make_sets.of(1, 3, 4, 5), all=CustomerSet.of(BANK, range(10)))
    plan = All(
        name="both",
        parts=(
            Any_(name="either", parts=(A, B)),
            Not(name="not b", part=Leaf(key="b", name="b"), within=ALL),
        ),
    )
    found = await server.evaluate(BANK, plan, Want(members=True, sample=5, sample_salt="s"))
    assert found.total == 2
    assert found.counts == {"both": 2, "either": 5, "not b": 7, "b": 3}
    assert found.members == make_sets.of(1, 1, 2)
    assert found.sample == (1, 2)
    counted = await server.evaluate(BANK, plan)
    assert (counted.total, counted.counts) == (found.total, found.counts)


async def test_buckets_and_samples_are_those_of_the_set_itself(server: SetServer):
    whole = make_sets.spread(1, 5_000, among=100_000)
    await put(server, a=whole)
    bucket = await server.evaluate(BANK, Bucket(within=A, salt="s", low=0, high=300_000), Want(members=True))
    assert bucket.members == whole.bucket("s", 0, 300_000)
    sample = await server.evaluate(BANK, Sample(within=A, salt="s", count=77), Want(members=True))
    assert sample.members == whole.sample(77, "s")


async def test_absent_sets_are_named_and_fetched_once(server: SetServer):
    asked = []

    async def load(wanted):
        asked.append(list(wanted))
        return {key: make_sets.of(1, 1, 2, 3).to_bytes() for key in wanted}

    await put(server, a=make_sets.of(1, 2, 9))
    assert await server.missing(BANK, ["b", "a"]) == ["b"]
    with pytest.raises(Absent) as absent:
        await server.evaluate(BANK, All(parts=(A, B)))
    assert absent.value.keys == ("b",)
    assert (await server.resolve(BANK, All(parts=(A, B)), load)).total == 1
    assert (await server.resolve(BANK, All(parts=(A, B)), load)).total == 1
    assert asked == [["b"]]


async def test_one_banks_sets_are_absent_for_another(server: SetServer):
    await put(server, a=make_sets.of(1, 1))
    assert await server.missing(OTHER, ["a"]) == ["a"]
    with pytest.raises(Absent):
        await server.evaluate(OTHER, A)


async def test_a_foreign_set_cannot_be_put(server: SetServer):
    with pytest.raises(AssertionError, match="bank 2"):
        await server.put(BANK, {"a": make_sets.of(2, 1).to_bytes()})
    assert await server.missing(BANK, ["a"]) == ["a"]


async def test_a_bad_request_does_not_end_the_server(server: SetServer):
    with pytest.raises(AssertionError):
        await server.put(BANK, {"a": b"junk"})
    await put(server, a=make_sets.of(1, 1))
    assert (await server.evaluate(BANK, A)).total == 1


async def test_many_callers_get_their_own_answers(server: SetServer):
    await server.put(BANK, {f"k{n}": CustomerSet.of(BANK, range(n)).to_bytes() for n in range(50)})
    found = await asyncio.gather(*(server.evaluate(BANK, Leaf(key=f"k{n}")) for n in range(50)))
    assert [evaluation.total for evaluation in found] == list(range(50))


async def test_heavy_set_work_leaves_the_callers_process_free(server_path: Path):
    """While the server combines millions of members, the caller's interpreter spends next to nothing."""
    server = SetServer(str(server_path))
    await put(server, a=make_sets.spread(1, 2_000_000, among=8_000_000))
    plan = Any_(parts=tuple(Bucket(within=A, salt=str(n), low=0, high=500_000) for n in range(12)))
    before = _own_cpu_seconds()
    found = await server.evaluate(BANK, plan)
    remote = _own_cpu_seconds() - before
    assert found.total > 1_900_000
    local = SetServer()
    await local.put(BANK, {"a": make_sets.spread(1, 2_000_000, among=8_000_000).to_bytes()})
    before = _own_cpu_seconds()
    assert (await local.evaluate(BANK, plan)).total == found.total
    own = _own_cpu_seconds() - before
    assert remote < own / 5, f"the caller computed for {remote:.3f} s, where doing it all itself takes {own:.3f} s"
    await server.close()


async def test_a_server_that_went_away_is_an_outage_and_comes_back(tmp_path_factory):
    with tempfile.TemporaryDirectory(prefix="huoke sets ") as folder:
        path = Path(folder) / "s"
        server = SetServer(str(path))
        with pytest.raises(Outage):
            await server.missing(BANK, ["a"])
        for _ in range(2):
            process = subprocess.Popen([sys.executable, "-m", "huoke.kernel.sets.server", path])
            assert await _answers(server) == ["a"]
            await put(server, a=make_sets.of(1, 1))
            process.kill()
            process.wait()
            with pytest.raises(Outage):
                await server.missing(BANK, ["a"])
        await server.close()


async def test_only_its_own_user_may_open_the_socket(server_path: Path):
    assert server_path.stat().st_mode & 0o077 == 0


def test_the_least_recently_used_set_goes_first():
    one = make_sets.spread(1, 1000, among=60_000).to_bytes()
    size_bytes = blocks.read((head_of(one)[2],)).size_bytes
    cache = SetCache(bytes_max=size_bytes * 2 + 10)
    cache.put(BANK, {"a": one, "b": one})
    assert cache.missing(BANK, ["a"]) == []
    cache.put(BANK, {"c": one})
    assert cache.missing(BANK, ["a", "b", "c"]) == ["b"]
    assert cache.bytes_held == 2 * size_bytes
    cache.put(BANK, {"a": one})
    assert cache.bytes_held == 2 * size_bytes
    cache.drop(BANK, ["a", "c", "never"])
    assert cache.bytes_held == 0


async def test_a_cap_too_small_for_a_plan_is_an_outage_and_no_endless_loop():
    async def load(wanted):
        return {key: make_sets.spread(1, 1000, among=60_000).to_bytes() for key in wanted}

    with pytest.raises(Outage, match="memory cap"):
        await SetServer(bytes_max=3000).resolve(BANK, All(parts=(A, B)), load)


leaves = st.sampled_from([Leaf(key=key) for key in "abc"])
plans = st.recursive(
    leaves,
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map(lambda parts: All(parts=tuple(parts))),
        st.lists(part, max_size=3).map(lambda parts: Any_(parts=tuple(parts))),
        st.tuples(part, part).map(lambda pair: Not(part=pair[0], within=pair[1])),
    ),
    max_leaves=8,
)
few = st.sets(st.sampled_from([*range(12), *range(1_048_570, 1_048_582)]), max_size=16)


@given(plans, few, few, few)
def test_every_plan_agrees_with_python_sets_and_changes_no_stored_set(plan, a, b, c):
    sets = {"a": a, "b": b, "c": c}
    stored = {key: blocks.of(BitMap(members)) for key, members in sets.items()}
    members, counts = evaluate(plan, stored)
    assert set(members) == _oracle(plan, sets)
    assert count(plan, stored) == (len(_oracle(plan, sets)), counts)
    assert counts == {}
    assert {key: set(evaluate(Leaf(key=key), stored)[0]) for key in stored} == sets
    assert keys(plan) <= {"a", "b", "c"}


def _oracle(plan: Plan, sets: dict[str, set[int]]) -> set[int]:
    match plan:
        case Leaf(key=key):
            return sets[key]
        case All(parts=parts):
            return set.intersection(*(_oracle(part, sets) for part in parts))
        case Any_(parts=parts):
            return set().union(*(_oracle(part, sets) for part in parts))
        case Not(part=part, within=within):
            return _oracle(within, sets) - _oracle(part, sets)
    raise AssertionError(plan)


async def _answers(server: SetServer) -> list[str]:
    while True:
        try:
            return await server.missing(BANK, ["a"])
        except Outage:
            await asyncio.sleep(0.02)


def _own_cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system

"""What may be done beside other work is begun before the work before it is kept; nothing else is."""

import asyncio
from contextlib import aclosing
from functools import partial

import pytest

from huoke.know.tags.refresh import _one_ahead, _Work


class Diary:
    """What was begun, done and kept, in order."""

    def __init__(self):
        self.lines = []

    async def work(self, name, fails=False, seconds=0.02):
        self.lines.append(f"begin {name}")
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.lines.append(f"cut off {name}")
            raise
        if fails:
            raise RuntimeError(name)
        return [name]

    async def keep(self, works, until=None):
        async def each():
            for work in works:
                yield work

        async with aclosing(_one_ahead(each())) as found:
            async for [name] in found:
                await asyncio.sleep(0.005)
                self.lines.append(f"keep {name}")
                if name == until:
                    break

    def beside(self, name, **more):
        return _Work(partial(self.work, name, **more), beside=True)

    def alone(self, name):
        return _Work(partial(self.work, name))


@pytest.fixture
def diary():
    return Diary()


async def test_the_next_is_begun_before_the_one_before_is_kept(diary):
    await diary.keep([diary.beside("a"), diary.beside("b"), diary.beside("c")])
    assert diary.lines == ["begin a", "begin b", "keep a", "begin c", "keep b", "keep c"]


async def test_what_needs_all_memory_is_begun_when_all_before_it_is_kept(diary):
    await diary.keep([diary.beside("a"), diary.alone("b"), diary.alone("c"), diary.beside("d"), diary.beside("e")])
    assert diary.lines == [
        "begin a", "keep a", "begin b", "keep b", "begin c", "keep c", "begin d", "begin e", "keep d", "keep e"
    ]  # fmt: skip


async def test_who_stops_leaves_nothing_running_behind(diary):
    await diary.keep([diary.beside("a"), diary.beside("b", seconds=60), diary.beside("c")], until="a")
    assert diary.lines == ["begin a", "begin b", "keep a", "cut off b"]


async def test_what_fails_fails_the_whole_and_leaves_nothing_running_behind(diary):
    with pytest.raises(RuntimeError, match="a"):
        await diary.keep([diary.beside("a", fails=True), diary.beside("b", seconds=60)])
    assert diary.lines == ["begin a", "begin b", "cut off b"]

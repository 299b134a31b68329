"""What the bank noted, as its customer reads it; deleted by a press, and out of every set from then on (rule P4)."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import language, segments, tags
from huoke.know.segments import NewSegment, Scope
from huoke.know.tags import Kind
from tests.make import tags as make

pytestmark = pytest.mark.usefixtures("clock")

WORDED = {"wording": "您常用手机银行", "wording_en": "You often use the app"}


def form(page: str, name: str) -> dict[str, str]:
    """The hidden fields of a tag's button."""
    found = re.search(rf'id="tag-{name}".*?(<form.*?</form>)', page, re.DOTALL)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[1]))


def listed(page: str) -> list[tuple[str, str]]:
    """The tags of a page, each with what its button does."""
    return re.findall(r'id="tag-(\w+)".*?name="wanted" value="(\w+)"', page, re.DOTALL)


def leaf(name: str) -> dict[str, object]:
    return {"kind": "tag", "name": name, "op": "in", "value": ["yes"]}


@pytest.fixture(scope="module")
async def noted(walk, database, clickhouse):
    """Three customers have a tag with words, one for the bank alone, and one of risk."""
    tenant, three = walk.world.tenant, walk.world.seqs[20:23]
    yes = (make.value("yes"),)
    async with walk.world.begin() as tx:
        await make.count(
            tx,
            make.define("often", Kind.MANUAL, yes, **WORDED),
            make.define("silent", Kind.MANUAL, yes),
            make.define("risky", Kind.MANUAL, yes, risk=True, **WORDED),
        )
        for name in ("often", "silent", "risky"):
            await tags.mark(tx, name, "yes", CustomerSet.of(tenant, three), source="柜面")
        one = CustomerSet.of(tenant, walk.world.seqs[26:27])
        await make.count(tx, *(make.define(name, Kind.MANUAL, yes, **WORDED) for name in ("rides", "walks")))
        for name in ("rides", "walks"):
            await tags.mark(tx, name, "yes", one, source="柜面")
        both = {"kind": "all", "of": [leaf("rides"), leaf("walks")]}
        await make.count(tx, make.rule("moves", both, kind=Kind.DERIVED, **WORDED))
    await make.refresh(database, clickhouse, tenant)
    return three


async def counted(walk, name: str) -> int:
    async with walk.world.begin() as tx:
        return (await segments.count(tx, walk.world.analytics, language.parse(leaf(name)), Scope())).total


async def freeze(walk, segment_id) -> UUID:
    async with walk.world.begin(walk.world.operator) as tx:
        return await segments.freeze_now(tx, walk.world.analytics, segment_id)


async def members(walk, audience_id) -> set[int]:
    async with walk.world.begin(walk.world.operator) as tx:
        return set(await segments.audience_members(tx, audience_id))


async def frozen(walk, segment_id) -> set[int]:
    """Whom a hand-over of the segment now would go to."""
    return await members(walk, await freeze(walk, segment_id))


async def test_a_customer_reads_only_what_has_words_for_them(walk, noted):
    phone = await walk.phone(noted[0])
    page = (await phone.get("noted")).text
    assert listed(page) == [("often", "delete")]
    assert "您常用手机银行" in page
    english = (await phone.get("noted?lang=en")).text
    assert "You often use the app" in english
    assert "您常用" not in english
    other = await walk.phone(walk.world.seqs[25])
    assert listed((await other.get("noted?lang=zh")).text) == []


async def test_what_is_deleted_is_in_no_set_until_it_is_taken_back(walk, noted, clock):
    seq = noted[0]
    async with walk.world.begin(walk.world.operator) as tx:
        segment_id = await segments.save(tx, NewSegment(name="常用", expression=leaf("often")))
    assert await counted(walk, "often") == 3
    before = await freeze(walk, segment_id)
    assert await members(walk, before) == set(noted)
    clock.advance(timedelta(minutes=1))
    phone = await walk.phone(seq)
    page = (await phone.get("noted")).text
    answer = await phone.post("noted", data=form(page, "often"))
    assert answer.headers["Location"] == f"{phone.home}/noted"
    page = (await phone.get("noted")).text
    assert listed(page) == [("often", "restore")]
    assert await counted(walk, "often") == 2
    assert await frozen(walk, segment_id) == set(noted) - {seq}
    async with walk.world.begin() as tx:
        assert set(await segments.hid_since(tx, before)) == {seq}, "no hand-over of what was frozen before is for them"
    await phone.post("noted", data=form(page, "often"))
    assert await counted(walk, "often") == 3
    assert await frozen(walk, segment_id) == set(noted)
    async with walk.world.begin() as tx:
        assert set(await segments.hid_since(tx, before)) == set()


async def test_what_a_deleted_tag_is_derived_from_stays_where_it_was(walk, noted):
    phone = await walk.phone(walk.world.seqs[26])
    page = (await phone.get("noted")).text
    assert listed(page) == [("moves", "delete"), ("rides", "delete"), ("walks", "delete")]
    await phone.post("noted", data=form(page, "moves"))
    page = (await phone.get("noted")).text
    assert listed(page) == [("rides", "delete"), ("walks", "delete"), ("moves", "restore")]
    await phone.post("noted", data=form(page, "moves"))
    assert "restore" not in dict(listed((await phone.get("noted")).text)).values()


async def test_delete_tapped_twice_deletes_once_and_takes_nothing_back(walk, noted):
    seq = noted[2]
    phone = await walk.phone(seq)
    fields = form((await phone.get("noted")).text, "often")
    assert fields["wanted"] == "delete"
    answers = await asyncio.gather(*(phone.post("noted", data=fields) for _ in range(2)))
    answers.append(await phone.post("noted", data=fields))
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    page = (await phone.get("noted")).text
    assert listed(page) == [("often", "restore")]
    assert await counted(walk, "often") == 2
    async with walk.world.begin() as tx:
        assert await told_of(tx, seq) == 1, "whoever hears of a deletion hears of it once"
    await phone.post("noted", data=form(page, "often"))
    assert await counted(walk, "often") == 3


async def told_of(tx, seq: int) -> int:
    """How often the deletion of a tag by a customer was announced."""
    return await tx.fetch_value("SELECT count(*) FROM kernel.event WHERE name = 'tags.hidden' AND seq = $1", seq)


async def test_nobody_deletes_what_they_are_not_shown_nor_without_their_session(walk, noted):
    phone = await walk.phone(noted[1])
    fields = form((await phone.get("noted")).text, "often")
    assert (await phone.post("noted", data={**fields, "tag": "silent"})).status_code == 409
    assert (await phone.post("noted", data={**fields, "tag": "risky"})).status_code == 409
    assert (await phone.post("noted", data={**fields, "tag": "no_such"})).status_code == 404
    assert (await phone.post("noted", data={**fields, "csrf": "0"})).status_code == 403
    assert [await counted(walk, name) for name in ("often", "silent", "risky")] == [3, 3, 3]
    stranger = await walk.phone()
    assert listed((await stranger.get("noted")).text) == []

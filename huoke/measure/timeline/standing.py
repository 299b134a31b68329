"""How a customer stood at the end of a day: what each room kept of then, or what is now less what came since."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from pyroaring import BitMap

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.know import customers, grid, tags, temperature
from huoke.know.temperature import LifecycleName, StageName
from huoke.measure.timeline import changes, store
from huoke.measure.timeline.changes import CHANGES_MAX, FIELDS


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A field, its value that day, and whether it is another now. Values of class C2 read ****."""

    name: str
    label: str
    label_en: str
    value: Any
    differs: bool


class Had(msgspec.Struct, frozen=True, kw_only=True):
    """A tag with its value, a consent that stood, or a product held."""

    label: str
    label_en: str
    detail: str = ""
    since: date | None = None


class Warmth(msgspec.Struct, frozen=True, kw_only=True):
    """The temperature as last measured by then, 0 to 100, with its stage."""

    temperature: int
    stage: StageName
    lifecycle: LifecycleName
    measured_on: date


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A customer at the end of `day`; `existed` is false before there was a record."""

    day: date
    existed: bool
    facts: list[Fact] = []
    consents: list[Had] = []
    tags: list[Had] = []
    products: list[Had] = []
    segments: list[Had] = []
    """Segments that were followed by then."""
    temperature: Warmth | None = None
    cell: Had | None = None
    """Where the customer stood in the grid at the end of the month before, or of the running one if that is over."""


async def standing(tx: Tx, clickhouse: ClickHouse, principal: Principal, seq: int, day: date) -> Standing:
    """How a customer stood at the end of a day; `customers.CustomerUnknown`, `Invalid` for a day to come.

    Tags without a history are left out: how they were then is not known.
    """
    now = await customers.get(tx, Seq(seq), scope=principal.units)
    if day > tx.now.astimezone(CHINA).date():
        raise Invalid("The day is yet to come.", pointer="/day")
    end = datetime.combine(day + timedelta(days=1), time(), CHINA)
    if now.created_at >= end or now.status is customers.CustomerStatus.ERASED:
        return Standing(day=day, existed=False)
    numbers = await customers.numbers_of(tx, Seq(seq))
    return Standing(
        day=day,
        existed=True,
        facts=await _facts(tx, now, end),
        consents=await _consents(tx, seq, end),
        tags=await _tags(tx, clickhouse, Seq(seq), day),
        products=[
            Had(label=row["name"] or "", label_en=row["name"] or "", detail=row["kind"], since=row["began_on"])
            for row in await store.products(tx, numbers, day)
        ],
        segments=await _segments(tx, numbers, day),
        temperature=await _warmth(tx, clickhouse, Seq(seq), day),
        cell=await _cell(tx, Seq(seq), day),
    )


async def _facts(tx: Tx, now: customers.Customer, end: datetime) -> list[Fact]:
    """Every known field, wound back by what each change since put aside."""
    present: dict[str, Any] = {name: getattr(now, name) for name in FIELDS}
    present |= {one.name: "****" if one.masked else one.value for one in now.attributes}
    labels = FIELDS | {one.name: (one.label, one.label_en) for one in now.attributes}
    then = dict(present)
    touched: set[str] = set()
    for change in await customers.history(tx, now.seq, limit=CHANGES_MAX):
        if change.replaced_at < end:
            break
        then |= change.before
        touched |= change.before.keys()
    return [
        Fact(name=name, label=labels[name][0], label_en=labels[name][1], value=then[name], differs=name in touched)
        for name in labels
        if then.get(name) is not None or name in touched
    ]


async def _consents(tx: Tx, seq: int, end: datetime) -> list[Had]:
    """What stood by the last word on each purpose."""
    said = sorted((line for line in await changes.of_consents(tx, [seq]) if line.at < end), key=lambda line: line.place)
    last = {line.about: line for line in said if line.name.startswith("consent.")}
    return [
        Had(label=one.about, label_en=one.about_en, since=one.at.astimezone(CHINA).date())
        for one in last.values()
        if one.name == "consent.given"
    ]


async def _segments(tx: Tx, seqs: Sequence[int], day: date) -> list[Had]:
    """Who is in now, less who came after the day, with who went."""
    mine = BitMap(seqs)
    inside: dict[tuple[str, Any], bool] = {}
    for row in await store.followed(tx, seqs, day):
        key = (row["name"], (row["segment_id"], row["chunk"]))
        if key not in inside:
            inside[key] = row["members"] is not None and not mine.isdisjoint(BitMap.deserialize(row["members"]))
        if row["day"] is not None:
            if not mine.isdisjoint(BitMap.deserialize(row["entered"])):
                inside[key] = False
            if not mine.isdisjoint(BitMap.deserialize(row["gone"])):
                inside[key] = True
    return [Had(label=name, label_en=name) for name, _ in [key for key, was in inside.items() if was]]


async def _warmth(tx: Tx, clickhouse: ClickHouse, seq: Seq, day: date) -> Warmth | None:
    points = await temperature.history(tx, clickhouse, seq, since=day - timedelta(days=changes.YEAR_DAYS))
    known = [point for point in points if point.day <= day]
    if not known:
        return None
    last = known[-1]
    return Warmth(temperature=round(last.temperature), stage=last.stage, lifecycle=last.lifecycle, measured_on=last.day)


async def _cell(tx: Tx, seq: Seq, day: date) -> Had | None:
    stays = [stay for stay in await grid.of(tx, seq) if stay.day <= day]
    if not stays:
        return None
    words = changes.cell_words(stays[-1])
    return Had(label=words[0], label_en=words[1], since=stays[-1].day)


async def _tags(tx: Tx, clickhouse: ClickHouse, seq: Seq, day: date) -> list[Had]:
    """What one has now, less what came since, with what went since."""
    told = await tags.told_names(tx)
    known = {
        row["number"]: row
        for row in await store.tags(tx, [seq])
        if row["first_day"] and row["first_day"] <= day and (told is None or row["name"] in told)
    }
    held = {one.name: one.value for one in await tags.of_customer(tx, clickhouse, seq)}
    wanted = [
        {"number": number, "value": code, "chunk": seq // store.CHUNK}
        for number, row in known.items()
        for code in row["codes"].values()
    ]
    rows = await store.tag_days(tx, wanted, day + timedelta(days=1), tx.now.astimezone(CHINA).date())
    codes = {number: row["codes"].get(held.get(row["name"]) or "") for number, row in known.items()}
    for row in sorted(rows, key=lambda row: row["day"], reverse=True):
        if seq in BitMap.deserialize(row["entered"]) and codes[row["number"]] == row["value"]:
            codes[row["number"]] = None
        if seq in BitMap.deserialize(row["gone"]):
            codes[row["number"]] = row["value"]
    return [
        Had(label=known[number]["label"], label_en=known[number]["label_en"],
            detail=changes.value_of(known[number], code)[0])
        for number, code in codes.items()
        if code is not None
    ]  # fmt: skip

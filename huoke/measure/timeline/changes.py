"""What a customer's record and tags were and became: changes that no table keeps as lines of one customer."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from pyroaring import BitMap

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, grid, tags, temperature
from huoke.measure.timeline import store
from huoke.measure.timeline.model import Asked, Kind, Line
from huoke.measure.timeline.words import STAGES, SUPPRESSED, TITLES

CHANGES_MAX = 2_000
YEAR_DAYS = 365
FIRST = date(2000, 1, 1)
"""Before any reading."""
WINDOWS_DAYS = (31, 190, 3_650)
"""How far back tags are looked at, until there are enough lines."""
FIELDS = {
    "name": ("姓名", "Name"),
    "phone": ("手机", "Phone"),
    "id_document": ("证件", "Id document"),
    "unit_id": ("归属机构", "Unit"),
    "status": ("状态", "Status"),
}
"""What a record holds beside attributes."""


async def of_record(tx: Tx, seqs: Sequence[Seq]) -> list[Line]:
    """The latest changes of each field of a record, with what it was and what it became."""
    return [line for seq in seqs for line in await _of_number(tx, seq)]


async def _of_number(tx: Tx, seq: Seq) -> list[Line]:
    found = await customers.history(tx, seq, limit=CHANGES_MAX)
    if not found:
        return []
    now = await customers.get(tx, seq)
    labels = FIELDS | {one.name: (one.label, one.label_en) for one in now.attributes}
    after: dict[str, Any] = {one.name: "****" if one.masked else one.value for one in now.attributes}
    after |= {name: getattr(now, name) for name in FIELDS}
    called = await customers.value_names(tx)
    lines = []
    for change in found:
        for name, before in change.before.items():
            label, label_en = labels.get(name, (name, name))
            names = called.get(name, {})
            became = after.get(name) if name in labels else "****"
            lines.append(
                Line(
                    at=_milli(change.replaced_at),
                    id=f"{seq}/{change.version:06d}/{name}",
                    name="record.changed",
                    kind=Kind.RECORD,
                    title=TITLES["record.changed"][0],
                    title_en=TITLES["record.changed"][1],
                    about=label,
                    about_en=label_en,
                    properties=_moved(before, became, names) | _brought(change.import_id),
                )
            )
        after |= change.before
    return lines


def _moved(before: Any, after: Any, called: customers.Called) -> dict[str, str]:
    """What it was and what it became, by name in both languages where values have names."""
    told = {"before": _text(before), "after": _text(after)}
    named = {key: called.get(value, (value, value)) for key, value in told.items()}
    english = {f"{key}_en": en for key, (_, en) in named.items()} if called else {}
    return {key: zh for key, (zh, _) in named.items()} | english


def _brought(import_id: object) -> dict[str, str]:
    return {"import": str(import_id)} if import_id else {}


def _text(value: Any) -> str:
    if value is None:
        return "—"
    return str(value).lower() if isinstance(value, bool) else str(value)


async def of_consents(tx: Tx, seqs: Sequence[int]) -> list[Line]:
    """What was consented to, withdrawn, suppressed, whether said of one customer or of a set."""
    purposes = {one.code: (one.label, one.label_en) for one in await consent.list_purposes(tx)}
    return [
        Line(
            at=_milli(row["at"]),
            id=str(row["id"]),
            name=row["name"],
            kind=Kind.CONSENT,
            title=TITLES[row["name"]][0],
            title_en=TITLES[row["name"]][1],
            about=about,
            about_en=about_en,
            properties={"channel": row["channel"]} if row["channel"] else {},
        )
        for row in await store.consents(tx, seqs)
        for about, about_en in [
            (purposes if row["name"].startswith("consent.") else SUPPRESSED).get(row["subject"], (row["subject"],) * 2)
        ]
        if row["members"] is None or not BitMap.deserialize(row["members"]).isdisjoint(BitMap(seqs))
    ]


Readings = dict[Seq, list[temperature.TrendPoint]]


async def readings(tx: Tx, clickhouse: ClickHouse, seqs: Sequence[Seq]) -> Readings:
    """Every reading of the temperature that was told anew, by number, earliest first."""
    return {seq: await temperature.history(tx, clickhouse, seq, since=FIRST) for seq in seqs}


def of_temperature(tx: Tx, read: Readings) -> list[Line]:
    """When the relationship came to another stage within a year, at the end of the day on which it was measured."""
    lines = []
    first = _day(tx.now) - timedelta(days=YEAR_DAYS)
    for seq, points in read.items():
        for before, point in pairwise(points):
            if before.stage is not point.stage and before.day >= first:
                was, became = STAGES[before.stage.value], STAGES[point.stage.value]
                lines.append(
                    Line(
                        at=_end_of(point.day),
                        id=f"temperature/{seq}",
                        name="temperature.moved",
                        kind=Kind.TEMPERATURE,
                        title=TITLES["temperature.moved"][0],
                        title_en=TITLES["temperature.moved"][1],
                        about=f"{was[0]} → {became[0]}（{point.temperature:.0f}）",
                        about_en=f"{was[1]} → {became[1]} ({point.temperature:.0f})",
                    )
                )
    return lines


def warmth(points: Sequence[temperature.TrendPoint], told: Sequence[Line]) -> list[int | None]:
    """How warm a customer was by the reading of the night before each line; None where there was none."""
    days = [point.day for point in points]
    places = [bisect_left(days, _day(line.at)) for line in told]
    return [round(points[place - 1].temperature) if place else None for place in places]


async def of_segments(tx: Tx, seqs: Sequence[int]) -> list[Line]:
    """Which followed segments a customer entered and left; whoever was in from the first day entered nothing."""
    mine = BitMap(seqs)
    return [
        Line(
            at=_milli(row["at"]),
            id=f"{row['segment_id']}/{name}",
            name=name,
            kind=Kind.SEGMENT,
            title=TITLES[name][0],
            title_en=TITLES[name][1],
            about=row["name"],
            about_en=row["name"],
        )
        for row in await store.followed(tx, seqs)
        if row["day"] is not None and row["day"] > row["since"]
        for name, members in (("segment.entered", row["entered"]), ("segment.left", row["gone"]))
        if not mine.isdisjoint(BitMap.deserialize(members))
    ]


async def of_cells(tx: Tx, seq: Seq) -> list[Line]:
    """When a customer came to another cell of the grid, by the day on which it was seen."""
    lines = []
    for before, stay in pairwise(await grid.of(tx, seq)):
        if before.cell != stay.cell:
            was, became = cell_words(before), cell_words(stay)
            lines.append(
                Line(
                    at=datetime.combine(stay.day, time(), CHINA).astimezone(UTC),
                    id=f"cell/{seq}",
                    name="cell.moved",
                    kind=Kind.CELL,
                    title=TITLES["cell.moved"][0],
                    title_en=TITLES["cell.moved"][1],
                    about=f"{was[0]} → {became[0]}",
                    about_en=f"{was[1]} → {became[1]}",
                )
            )
    return lines


def cell_words(stay: grid.Stay) -> tuple[str, str]:
    """A cell by the names its bands had that month."""
    return (
        " × ".join(band.label if band else "未知" for band in stay.bands),
        " × ".join(band.label_en if band else "unknown" for band in stay.bands),
    )


async def of_tags(tx: Tx, seqs: Sequence[int], asked: Asked) -> list[Line]:
    """Values of tags that were gained and lost, day by day; the first filling of a tag is no change."""
    told = await tags.told_names(tx)
    known = {
        row["number"]: row
        for row in await store.tags(tx, seqs)
        if row["first_day"] and (told is None or row["name"] in told)
    }
    wanted = [
        {"number": number, "value": code, "chunk": chunk}
        for number, row in known.items()
        for code in row["codes"].values()
        for chunk in sorted({seq // store.CHUNK for seq in seqs})
    ]
    if not wanted:
        return []
    last = _day(min([one for one in (asked.until, asked.before[0] if asked.before else None) if one], default=tx.now))
    earliest = min(row["first_day"] for row in known.values())
    stop = max(_day(asked.since), earliest) if asked.since else earliest
    lines: list[Line] = []
    upper = last
    for days in WINDOWS_DAYS:
        lower = max(stop, last - timedelta(days=days))
        lines += _told(await store.tag_days(tx, wanted, lower, upper), known, seqs)
        upper = lower - timedelta(days=1)
        if upper < stop or len(lines) > asked.limit:
            break
    return lines


def _told(rows: Sequence[Any], known: dict[int, Any], seqs: Sequence[int]) -> Iterator[Line]:
    mine = BitMap(seqs)
    for row in rows:
        tag = known[row["number"]]
        if row["day"] <= tag["first_day"]:
            continue
        for name, members in (("tag.entered", row["entered"]), ("tag.left", row["gone"])):
            if mine.isdisjoint(BitMap.deserialize(members)):
                continue
            value, value_en = value_of(tag, row["value"])
            yield Line(
                at=_milli(row["at"]),
                id=f"{row['number']:06d}/{row['value']:04d}/{name}",
                name=name,
                kind=Kind.TAG,
                title=TITLES[name][0],
                title_en=TITLES[name][1],
                about=tag["label"] + (f"：{value}" if value else ""),
                about_en=tag["label_en"] + (f": {value_en}" if value_en else ""),
            )


def value_of(tag: Any, code: int) -> tuple[str, str]:
    """The words of a value; none for the single value of a tag that one has or has not."""
    name = next((value for value, one in tag["codes"].items() if one == code), "")
    if name == "yes":
        return "", ""
    labels = next(((one["label"], one["label_en"]) for one in tag["values"] if one["name"] == name), (name, name))
    return labels[0] or name, labels[1] or name


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), CHINA).astimezone(UTC)


def _milli(at: datetime) -> datetime:
    """To the millisecond, as ClickHouse keeps instants."""
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)

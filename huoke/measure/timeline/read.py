"""All that happened to one customer, from every module, in one line of time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec
from asyncpg import Record

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.measure.timeline import changes, store
from huoke.measure.timeline.model import FOLDED, SENT, Asked, Kind, Line, group_of
from huoke.measure.timeline.words import TITLES

BENEFIT = "benefit"
"""The property in which an event names a benefit by its code; a line says its title instead, where there is one."""
AHEAD = timedelta(days=1)
"""So far ahead the clocks of the bank's devices may be."""


async def lines(tx: Tx, clickhouse: ClickHouse, principal: Principal, seq: int, asked: Asked) -> list[Line]:
    """What happened to a customer under any of their numbers, the latest first, at most `asked.limit` lines.

    An erased customer has no timeline. `customers.CustomerUnknown` outside the caller's units as well.
    """
    status, unit_id, *_ = await customers.state(tx, Seq(seq))
    if not principal.covers(unit_id):
        raise customers.CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    if status is customers.CustomerStatus.ERASED:
        return []
    numbers = await customers.numbers_of(tx, Seq(seq))
    read = await changes.readings(tx, clickhouse, numbers)
    found = [*await _sent(tx, clickhouse, numbers, asked), *await _kept(tx, numbers, asked, read)]
    latest = sorted(found, key=lambda line: line.place, reverse=True)[: asked.limit]
    warmth = changes.warmth(read.get(Seq(seq), []), latest)
    return [
        msgspec.structs.replace(line, group=group_of(line.kind, line.name), temperature=degrees)
        for line, degrees in zip(latest, warmth, strict=True)
    ]


async def _sent(tx: Tx, clickhouse: ClickHouse, seqs: Sequence[Seq], asked: Asked) -> list[Line]:
    """Events, with the bank's own words."""
    names = asked.event_names()
    if not asked.wants(Kind.EVENT) or names == frozenset():
        return []
    happened = await events.timeline(
        clickhouse,
        tx.tenant,
        seqs,
        before=asked.before,
        limit=asked.limit,
        names=sorted(names or ()),
        kinds=SENT,
        channels=asked.channels,
        since=asked.since,
        until=asked.until or tx.now + AHEAD,
        folded=sorted(FOLDED) if asked.folded else (),
    )
    schemas = {one.name: one for one in await events.schemas(tx)}
    codes = {one.properties[BENEFIT] for one in happened if one.properties.get(BENEFIT)}
    titles = await store.benefit_titles(tx, codes) if codes else {}
    return [_line(one, schemas.get(one.name), titles) for one in happened]


def _line(one: events.Happening, schema: events.EventSchema | None, benefits: Mapping[str, tuple[str, str]]) -> Line:
    about, about_en = benefits.get(one.properties.get(BENEFIT, ""), ("", ""))
    withheld = schema is not None and schema.deposit_derived and one.amount_fen != 0
    return Line(
        at=one.at,
        id=str(one.id),
        name=one.name,
        kind=Kind.EVENT,
        title=schema.title if schema else one.title,
        title_en=schema.title_en if schema else one.title_en,
        about=about,
        about_en=about_en,
        amount_fen=0 if withheld else one.amount_fen,
        withheld=withheld,
        entry_code=one.entry_code,
        properties={name: value for name, value in one.properties.items() if not (about and name == BENEFIT)},
        times=one.times,
    )


async def _kept(tx: Tx, seqs: Sequence[Seq], asked: Asked, read: changes.Readings) -> list[Line]:
    """What other modules keep in PostgreSQL."""
    found = await store.recorded(
        tx,
        seqs,
        [kind for kind in store.LISTED if asked.wants(kind)],
        names=asked.names,
        channels=asked.channels,
        since=asked.since,
        until=asked.until,
        before=asked.before,
        limit=asked.limit,
    )
    changed: list[Line] = []
    if asked.wants(Kind.CONSENT):
        changed += await changes.of_consents(tx, seqs)
    if asked.wants(Kind.RECORD):
        changed += await changes.of_record(tx, seqs)
    if asked.wants(Kind.TAG):
        changed += await changes.of_tags(tx, seqs, asked)
    if asked.wants(Kind.TEMPERATURE):
        changed += changes.of_temperature(tx, read)
    if asked.wants(Kind.SEGMENT) and not tx.actor.own_customers:
        changed += await changes.of_segments(tx, seqs)
    if asked.wants(Kind.CELL):
        changed += [line for seq in seqs for line in await changes.of_cells(tx, seq)]
    kept = [line for line in changed if _within(line, asked)]
    return [*(_of_row(row) for row in found), *_below(folded(kept) if asked.folded else kept, asked)]


def _of_row(row: Record) -> Line:
    title, title_en = TITLES[row["name"]]
    return Line(
        at=row["at"],
        id=row["id"],
        name=row["name"],
        kind=Kind(row["kind"]),
        title=title,
        title_en=title_en,
        about=row["about"] or "",
        about_en=row["about_en"] or "",
        properties=row["properties"],
    )


def folded(lines: Iterable[Line]) -> list[Line]:
    """Lines of which those that say little by themselves are one a day, at the latest of them."""
    days: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        day = line.at.astimezone(CHINA).date()
        key = (line.name, day) if line.name in FOLDED else (line.name, *line.place)
        days.setdefault(key, []).append(line)
    return [_one(day) for day in days.values()]


def _one(day: list[Line]) -> Line:
    latest = max(day, key=lambda line: line.place)
    if len(day) == 1:
        return latest
    said = sorted(day, key=lambda line: line.place, reverse=True)
    about = list(dict.fromkeys((line.about, line.about_en) for line in said))[:3]
    return msgspec.structs.replace(
        latest,
        about="、".join(zh for zh, _ in about),
        about_en=", ".join(en for _, en in about),
        properties={},
        times=len(day),
    )


def _within(line: Line, asked: Asked) -> bool:
    return (
        (not asked.names or line.name in asked.names)
        and (not asked.channels or line.properties.get("channel") in asked.channels)
        and (asked.since is None or line.at >= asked.since)
        and (asked.until is None or line.at < asked.until)
    )


def _below(found: Iterable[Line], asked: Asked) -> list[Line]:
    return [line for line in found if asked.before is None or line.place < asked.before]

"""Reading temperatures: the days since the last reading one after the other, or all of them from the beginning."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know import consent
from huoke.know.consent import SuppressionReason
from huoke.know.language import day_of
from huoke.know.temperature import engine, sql_states, store
from huoke.know.temperature.engine import Reading, Signals, State
from huoke.know.temperature.loops import NEVER
from huoke.know.temperature.mark import mark_tags
from huoke.know.temperature.model import LIFECYCLES, STAGES, Scale, TemperatureRead
from huoke.know.temperature.outcomes import measure_warnings
from huoke.know.temperature.scale import in_force, measure_of
from huoke.know.temperature.signs import FALLEN, Facts, alarmed, standing
from huoke.know.temperature.sql_states import CARRIED, PARTS, Columns, day_number
from huoke.know.temperature.warn import warn

SINCE, DUE = "joined_on", "matures_on"
"""Date attributes that say since when one is a customer, and when something of theirs falls due, where a bank has
them."""
HISTORY_DAYS = 365
"""So far back a reading from the beginning goes."""
LATE_DAYS = 7
"""An event that comes later than so is told only by a reading from the beginning."""
SETTLE = timedelta(minutes=5)
"""Events younger than this may still be on their way to ClickHouse."""
WARNED_DAYS = 14
"""A reading from the beginning warns of what began within so many days."""
TOLD = 3.0
"""By so many points a temperature has changed before it is told again."""
WINDOW_DAYS = 30
SPOKEN_DAYS = 30
"""What falls due is a sign when nobody followed it up for so long; so long a complaint is one."""
Progress = Callable[[int, int], Awaitable[object]]
"""Told how many days of how many are read."""


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What a refresh did: the days it read, and of the last of them how many customers and who came elsewhere."""

    first: date
    day: date
    whole: bool
    customers: int
    signals: int
    moved: int
    warnings: int


class Book(msgspec.Struct, kw_only=True):
    """All customers of a bank between two days: the engine's state, and what was said of them last."""

    seqs: NDArray[np.uint32]
    state: State
    told: engine.Floats
    signs: engine.Codes
    lifecycle: engine.Codes


async def refresh(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    *,
    whole: bool = False,
    until: date | None = None,
    progress: Progress | None = None,
) -> Ran | None:
    """Read every day up to yesterday (or `until`) that was not read; None when there is nothing to do.

    From the beginning when asked, when nothing was read yet, or when ClickHouse lost its part. Safe to be cut off
    anywhere: a day counts only when all of it stands.
    """
    async with database.begin(tenant) as tx:
        scale, last, horizon = await in_force(tx), await store.latest_run(tx), tx.now - SETTLE
        day = until or day_of(tx.now) - timedelta(days=1)
    await sql_states.ensure(clickhouse, tenant)
    if not await sql_states.is_there(clickhouse, tenant, "event"):
        return None
    reading = _Refresh(database, clickhouse, tenant, scale, horizon, day, progress)
    if last is not None and not whole:
        if last["day"] >= day:
            return None
        if await reading.open(last):
            return await reading.go_on(last["day"] + timedelta(days=1), last["horizon"])
    async with database.begin(tenant) as tx:
        await store.forget_runs(tx)
    return await reading.from_beginning()


class _Refresh:
    """One refresh on its way: what it reads with, and the book it carries from day to day."""

    book: Book
    _heard: Columns
    """Who complained, and whom somebody followed up, on which days."""

    def __init__(
        self,
        database: Database,
        clickhouse: ClickHouse,
        tenant: TenantId,
        scale: Scale,
        horizon: datetime,
        until: date,
        progress: Progress | None,
    ) -> None:
        self._database = database
        self._clickhouse = clickhouse
        self._tenant = tenant
        self._scale = scale
        self._horizon = horizon
        self._until = until
        self._progress = progress
        self._began = perf_counter()
        self._counted: list[Columns] = []
        self._said: list[Columns] = []

    async def open(self, last: Any) -> bool:
        """Take up the book of the last day; False when ClickHouse has it no more."""
        found = await sql_states.load(self._clickhouse, self._tenant, last["day"])
        if len(found["seq"]) != last["customers"]:
            return False
        self.book = _book_of(found, day_number(last["day"]), last["begun"])
        return True

    async def go_on(self, first: date, seen: datetime) -> Ran:
        """Read the days from `first` on."""
        await self._hear(first)
        for each in _days(first, self._until):
            people = await self._join(each)
            since = each - timedelta(days=LATE_DAYS - 1)
            found = await self._signals(since, each, seen)
            seen = self._horizon
            ran = await self._step(each, found, people, first=first, whole=False, last=True)
            await self._count(anew=True)
        return ran

    async def from_beginning(self) -> Ran:
        """Read a year, or as much of it as there are events."""
        day = self._until
        firsts = await sql_states.first_days(self._clickhouse, self._tenant)
        oldest = int(firsts["day"].min()) if len(firsts["day"]) else day_number(day)
        first = max(day - timedelta(days=HISTORY_DAYS - 1), sql_states.EPOCH + timedelta(days=oldest))
        first = min(first, day)
        people = await sql_states.people(self._clickhouse, self._tenant, SINCE, DUE, day)
        self.book = _blank(people, firsts, day_number(first) - 1)
        await sql_states.forget_past(self._clickhouse, self._tenant)
        await self._hear(max(first, day - timedelta(days=WARNED_DAYS - 1)))
        for start in range(0, (day - first).days + 1, WINDOW_DAYS):
            begin = first + timedelta(days=start)
            end = min(begin + timedelta(days=WINDOW_DAYS - 1), day)
            found = await self._signals(begin, end, None)
            for each in _days(begin, end):
                today = {name: values[found["day"] == day_number(each)] for name, values in found.items()}
                ran = await self._step(each, today, people, first=first, whole=True, last=each == day)
            await self._count(anew=False)
            if self._progress:
                await self._progress((end - first).days + 1, (day - first).days + 1)
        return ran

    async def _signals(self, first: date, last: date, seen: datetime | None) -> Columns:
        return await sql_states.signals(
            self._clickhouse, self._tenant, self._scale, first, last, self._horizon, seen
        )  # fmt: skip

    async def _hear(self, first: date) -> None:
        """Learn who complained and whom somebody followed up, for the facts of every day from `first` on."""
        since = first - timedelta(days=SPOKEN_DAYS - 1)
        self._heard = await sql_states.heard(self._clickhouse, self._tenant, since, self._until)

    def _lately(self, day: date, *, complained: bool) -> NDArray[np.uint32]:
        """Of whom it was heard within `SPOKEN_DAYS`, the last of which is `day`."""
        ago = day_number(day) - self._heard["day"]
        there = (self._heard["complained"] == complained) & (ago >= 0) & (ago < SPOKEN_DAYS)
        return np.asarray(self._heard["seq"][there], np.uint32)

    async def _join(self, day: date) -> Columns:
        """Let newcomers in and those who left out."""
        people = await sql_states.people(self._clickhouse, self._tenant, SINCE, DUE, day)
        self.book = _joined(self.book, people, day_number(day) - 1)
        return people

    async def _step(self, day: date, found: Columns, people: Columns, *, first: date, whole: bool, last: bool) -> Ran:
        book, before = self.book, _kept(self.book)
        given = placed(book.seqs, found, day_number(day))
        reading = await asyncio.to_thread(engine.step, book.state, given, measure_of(self._scale))
        ran = Ran(
            first=first, day=day, whole=whole, customers=len(book.seqs), signals=len(given.places), warnings=0,
            moved=int(np.count_nonzero((before.stage != reading.stage) & (before.staged != NEVER))),
        )  # fmt: skip
        ahead = (self._until - day).days if whole else 0
        if ahead < WARNED_DAYS:
            facts = await self._facts(day, people, now=ahead == 0)
            doublings = {part: engine.doublings(book.state, part) for part, _ in FALLEN.values()}
            book.signs = standing(book.state, doublings, before.signs, facts)
            places = alarmed(before.signs, book.signs)
            if ahead < WARNED_DAYS - 1:
                written = await warn(
                    self._database, self._clickhouse, self._tenant, day, book.seqs[places], book.signs[places],
                    reading.temperature[places], before.stage[places], reading.stage[places],
                )  # fmt: skip
                ran = msgspec.structs.replace(ran, warnings=written)
        self._counted.append(_counted(day, people["unit_id"], reading))
        await self._tell(day, book, before, reading)
        book.lifecycle = reading.lifecycle
        if last:
            await self._keep(ran, book, reading)
        return ran

    async def _facts(self, day: date, people: Columns, *, now: bool) -> Facts:
        """What else is a sign on a day; who stands on the list of open complaints `now` counts today alone."""
        seqs = self.book.seqs
        unpaid = await sql_states.unpaid(self._clickhouse, self._tenant, day)
        ends = datetime.combine(day + timedelta(days=1), time(), CHINA)
        async with self._database.begin(self._tenant) as tx:
            told = await store.complained(tx, ends - timedelta(days=SPOKEN_DAYS), ends)
            if now:
                told += (await consent.suppressed(tx, [SuppressionReason.COMPLAINT])).array().tolist()
        return Facts(
            unpaid=np.isin(seqs, unpaid),
            due=(people["due"] > 0) & ~np.isin(seqs, self._lately(day, complained=False)),
            complained=np.isin(seqs, self._lately(day, complained=True)) | np.isin(seqs, np.array(told, np.uint32)),
        )

    async def _count(self, *, anew: bool) -> None:
        rows = {name: np.concatenate([one[name] for one in self._counted]) for name in self._counted[0]}
        self._counted.clear()
        if len(rows["day"]):
            await sql_states.put_days(self._clickhouse, self._tenant, rows, anew=anew)

    async def _tell(self, day: date, book: Book, before: "_Before", reading: Reading) -> None:
        """Say what changed; days are said together until there is enough to say."""
        first = before.staged == NEVER
        said = first | (np.abs(reading.temperature - book.told) >= TOLD) | (before.stage != reading.stage)
        said |= before.lifecycle != reading.lifecycle
        self._said.append(
            {
                "seq": book.seqs[said],
                "day": np.full(int(said.sum()), day_number(day), np.int32),
                "temperature": reading.temperature[said],
                "was_stage": np.where(first, reading.stage, before.stage)[said],
                "stage": reading.stage[said],
                "was_lifecycle": np.where(first, reading.lifecycle, before.lifecycle)[said],
                "lifecycle": reading.lifecycle[said],
                "was_temperature": np.where(first, np.float32(np.nan), book.told)[said],
            }
        )
        book.told = np.where(said, reading.temperature, book.told)
        if sum(len(one["seq"]) for one in self._said) >= sql_states.CHUNK:
            await self._say()

    async def _say(self) -> None:
        if not self._said:
            return
        rows = {name: np.concatenate([one[name] for one in self._said]) for name in self._said[0]}
        self._said.clear()
        await sql_states.put_steps(self._clickhouse, self._tenant, rows)

    async def _keep(self, ran: Ran, book: Book, reading: Reading) -> None:
        await self._say()
        needed = await sql_states.needs(self._clickhouse, self._tenant, ran.day)
        need = np.zeros(len(book.seqs), np.uint8)
        place, there = _places(book.seqs, needed.column("seq").to_numpy())
        need[place[there]] = needed.column("need").to_numpy()[there]
        columns = {**_columns(book, reading, need), **await self._changes(ran.day, reading)}
        await sql_states.put(self._clickhouse, self._tenant, ran.day, columns)
        async with self._database.begin(self._tenant) as tx:
            await store.note_run(
                tx,
                {
                    **{
                        name: getattr(ran, name)
                        for name in ("day", "whole", "customers", "signals", "moved", "warnings")
                    },
                    "horizon": self._horizon,
                    "typical": [float(one) for one in book.state.typical],
                    "begun": book.state.begun,
                    "took_ms": round((perf_counter() - self._began) * 1000),
                    "ended_at": tx.now,
                },
            )
            tx.emit(TemperatureRead(day=ran.day, customers=ran.customers, moved=ran.moved, warnings=ran.warnings))
        await measure_warnings(self._database, self._clickhouse, self._tenant, self._scale, ran.day)
        await mark_tags(self._database, self._tenant, book.seqs, reading, ran.day)
        await sql_states.let_go_before(self._clickhouse, self._tenant, ran.day - timedelta(days=1))

    async def _changes(self, day: date, reading: Reading) -> Columns:
        """How far each temperature moved in 7 and 30 days, by what was told then; 0 where nothing was told since."""
        found = await sql_states.changes(self._clickhouse, self._tenant, day)
        place, there = _places(self.book.seqs, found["seq"])
        changes = {}
        for days in (7, 30):
            was = reading.temperature.copy()
            was[place[there]] = found[f"was_{days}"][there]
            changes[f"change_{days}"] = np.nan_to_num(reading.temperature - was)
        return changes


class _Before(msgspec.Struct, frozen=True):
    """What yesterday said."""

    stage: engine.Codes
    staged: engine.Days
    lifecycle: engine.Codes
    signs: engine.Codes


def _kept(book: Book) -> _Before:
    return _Before(book.state.stage.copy(), book.state.staged.copy(), book.lifecycle, book.signs)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _places(seqs: NDArray[np.uint32], wanted: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Where each wanted seq stands, and whether it does. Numbers of customers are dense: a table of them is small."""
    if not len(seqs) or not len(wanted):
        return np.full(len(wanted), -1, np.int32), np.zeros(len(wanted), np.bool_)
    table = np.full(max(int(seqs[-1]), int(wanted.max())) + 1, -1, np.int32)
    table[seqs] = np.arange(len(seqs), dtype=np.int32)
    place = table[wanted]
    return place, place >= 0


def placed(seqs: NDArray[np.uint32], found: Columns, day: int) -> Signals:
    """Signals by customer number as signals by place among ascending `seqs`; those of nobody there are left out."""
    place = engine.places_of(seqs, found["seq"])
    known = place >= 0
    there = slice(None) if known.all() else known
    return Signals(
        places=place[there],
        components=found["component"][there],
        heats=found["heat"][there],
        ages=(day - found["day"][there]).astype(np.int32),
    )


def _blank(people: Columns, firsts: Columns, day: int) -> Book:
    """Everybody before the first day; who has no date of joining came with their first event."""
    seqs, since = people["seq"], people["since"].astype(np.int32)
    place, there = _places(seqs, firsts["seq"])
    came = np.full(len(seqs), day, np.int32)
    came[place[there]] = firsts["day"][there]
    state = State.blank(np.where(since == NEVER, came, since), day)
    zeros = np.zeros(len(seqs), np.uint8)
    return Book(seqs=seqs, state=state, told=np.zeros(len(seqs), np.float32), signs=zeros, lifecycle=zeros)


def _book_of(found: Columns, day: int, begun: int) -> Book:
    state = State(
        day=day,
        begun=begun,
        heat=np.stack([found[f"heat_{part}"] for part in PARTS]),
        mean=np.stack([found[f"mean_{part}"] for part in PARTS]),
        typical=np.zeros(3, np.float32),
        **{name: found[name] for name in ("since", "last", "ever", "stage", "staged", "fell")},
    )
    return Book(seqs=found["seq"], state=state, told=found["told"], signs=found["signs"], lifecycle=found["lifecycle"])


def _joined(book: Book, people: Columns, day: int) -> Book:
    """The book of `people`: those who were in it as they stood, the others blank."""
    if np.array_equal(book.seqs, people["seq"]):
        return book
    fresh = _blank(people, {"seq": np.empty(0, np.uint32), "day": np.empty(0, np.int32)}, day)
    fresh.state.begun = book.state.begun
    place, there = _places(book.seqs, fresh.seqs)
    old = place[there]
    for name in ("since", "last", "ever", "stage", "staged", "fell"):
        getattr(fresh.state, name)[there] = getattr(book.state, name)[old]
    fresh.state.heat[:, there] = book.state.heat[:, old]
    fresh.state.mean[:, there] = book.state.mean[:, old]
    for name in ("told", "signs", "lifecycle"):
        values = getattr(fresh, name).copy()
        values[there] = getattr(book, name)[old]
        setattr(fresh, name, values)
    return fresh


def _counted(day: date, units: NDArray[Any], reading: Reading) -> Columns:
    """How many customers of a unit stand in a stage and lifecycle, and the sum of their temperatures."""
    known, place = np.unique(units, return_inverse=True)
    kinds = len(STAGES) * len(LIFECYCLES)
    keys = place * kinds + reading.stage * np.int64(len(LIFECYCLES)) + reading.lifecycle
    customers = np.bincount(keys, minlength=len(known) * kinds)
    total = np.bincount(keys, reading.temperature, minlength=len(known) * kinds)
    there = np.flatnonzero(customers)
    return {
        "day": np.full(len(there), day_number(day), np.int32),
        "unit_id": known[there // kinds].astype(np.uint32),
        "stage": (there % kinds // len(LIFECYCLES)).astype(np.uint8),
        "lifecycle": (there % len(LIFECYCLES)).astype(np.uint8),
        "customers": customers[there].astype(np.uint32),
        "total": total[there],
    }


def _columns(book: Book, reading: Reading, need: engine.Codes) -> Columns:
    state = book.state
    columns: Columns = {"seq": book.seqs, "told": book.told, "signs": book.signs, "lifecycle": reading.lifecycle}
    columns |= {name: getattr(state, name) for name in ("since", "last", "ever", "stage", "staged", "fell")}
    for place, part in enumerate(PARTS):
        columns |= {f"heat_{part}": state.heat[place], f"mean_{part}": state.mean[place]}
        columns[f"score_{part}"] = reading.scores[place]
    assert set(columns) >= set(CARRIED), "all that tomorrow needs is kept"
    return {**columns, "temperature": reading.temperature, "confidence": reading.confidence, "need": need}

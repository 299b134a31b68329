"""Questions about plays: what a customer sees, how a play goes, and whether every draw was as it had to be."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import scipy

from huoke.govern import privacy
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.reward import grants
from huoke.reward.plays import chances, store, store_deed, store_design, store_draw
from huoke.reward.plays.chance import bounds_of, commitment_of
from huoke.reward.plays.draft import seen
from huoke.reward.plays.draw import closed_to_all
from huoke.reward.plays.eligible import eligible
from huoke.reward.plays.events import OddsAlarm
from huoke.reward.plays.model import PPM, Draw, Play, PlayState, Prize, PrizeTable, day_begins, day_of
from huoke.reward.plays.refusals import DrawUnknown, PlayUnknown, SeedSecret
from huoke.reward.plays.replay import Mismatch, Replay
from huoke.reward.plays.seed import marks_of
from huoke.reward.plays.ways import DeedKind

CHUNK = 5_000
PUBLIC_WIN_FEN = 50_000
"""Wins of more than 500 yuan are published, masked (rule L5)."""
ALARM_P = 1e-4
"""Odds that come out with less than this probability raise an alarm: once in 27 years of daily looks by chance."""
EXPECTED_MIN = 5
"""Lines expected less often than this are counted together, as the chi-square test asks for."""


class PrizeFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A prize as it goes: stock is what stands in its pool (rule L7), None without one.

    `observed_ppm` is of the draws under the table in force, whose odds it stands beside.
    """

    line: int
    title: str
    title_en: str
    odds_ppm: int
    stock: int | None
    picked: int
    given: int
    observed_ppm: int


class PlayDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day of a play."""

    day: date
    draws: int
    won: int
    players: int


class OddsDay(msgspec.Struct, frozen=True, kw_only=True):
    """How probable so large a gap between observed and stated odds is, in ppm, over all draws until that day."""

    day: date
    draws: int
    p_ppm: int
    alarm: bool


class DoneDay(msgspec.Struct, frozen=True, kw_only=True):
    """What was done on one day, by kind of deed, and by how many natural persons."""

    day: date
    kind: DeedKind
    count: int
    people: int


class PlayFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How a play goes: draws, and what was done by day and kind; `cost_fen` is of all prizes given."""

    draws: int
    won: int
    players: int
    prizes: list[PrizeFigure]
    days: list[PlayDay]
    odds: list[OddsDay]
    done: list[DoneDay]
    cost_fen: int


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What doing all draws again came to: no mismatch where all is as it had to be."""

    draws: int
    mismatches: list[Mismatch]
    commitment_holds: bool


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A publication: which table and which end since when, and what was said of it; the first one says nothing."""

    table_version: int
    version: int
    zh: str
    en: str
    closes_at: datetime
    published_at: datetime


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """A play as one visitor finds it: why it is closed to them (a refusal's code) or "", chances, stock by line."""

    play: Play
    table: PrizeTable
    stock: dict[int, int]
    closed: str
    chances: int
    latest: list[Draw]


async def published(tx: Tx, code: str) -> Play:
    """A play by its address on the phone; `PlayUnknown` before its approval."""
    play = await store.by_code(tx, code)
    if play is None or play.published_at is None:
        raise PlayUnknown(f"There is no play {code[:20]}.")
    return play


async def live(tx: Tx) -> list[Play]:
    """Every play that is open now."""
    found = await store.with_codes(tx, PlayState.LIVE)
    return [play for play in found if play.opens_at and play.closes_at and play.opens_at <= tx.now < play.closes_at]


async def table_of(tx: Tx, play: Play) -> PrizeTable:
    """The prize table in force."""
    return (await store.tables(tx, [play.id]))[play.id][play.table_version]


async def tables_of(tx: Tx, play: Play) -> list[PrizeTable]:
    """Every version of a published play's prize table, the first one first."""
    return list((await store.tables(tx, [play.id])).get(play.id, {}).values())


async def promised(tx: Tx, play: Play) -> dict[int, bytes]:
    """By version the hash of each prize table, as it was published before anybody drew from it."""
    return await store.promised(tx, play.id)


async def stand(tx: Tx, play: Play, seq: int | None) -> Stand:
    """What a customer (None: somebody nobody knows) finds; nothing is written."""
    table = await table_of(tx, play)
    refusal = closed_to_all(play, tx)
    closed, left, latest = refusal.code if refusal else "", 0, []
    if seq is not None:
        facts = await customers.facts(tx, [seq])
        if not len(facts.seqs):
            closed = closed or "customers.not_eligible"
        else:
            person = int(facts.persons[0])
            marks = await marks_of(tx, await privacy.keys(tx), play.id, [person])
            latest = await store_draw.own(tx, list(marks), 20)
            left = await chances.left(tx, play, seq, person)
            closed = closed or await _closed_to(tx, play, table, seq, marks, left)
    return Stand(play=play, table=table, stock=await stock(tx, table), closed=closed, chances=left, latest=latest)


async def _closed_to(tx: Tx, play: Play, table: PrizeTable, seq: int, marks: dict[bytes, int], left: int) -> str:
    if seq not in await eligible(tx, play, [seq]):
        return "customers.not_eligible"
    if table.draws_a_day:
        past = await store_draw.past(tx, marks, day_begins(tx.now))
        if any(one.today >= table.draws_a_day for one in past.values()):
            return "plays.day_limit"
    return "" if left else "plays.no_chance"


async def stock(tx: Tx, table: PrizeTable) -> dict[int, int]:
    """The units available to each prize: what its pool has now, never another number (rule L7)."""
    found: dict[int, int] = {}
    for prize in table.prizes:
        if prize.offer_id is not None:
            terms = await grants.unit_terms(tx, prize.offer_id)
            [pool] = await grants.get_pools(tx, [terms[grants.EVERY_UNIT].pool_id])
            found[prize.line] = pool.available
    return found


async def own_draw(tx: Tx, play: Play, number: int, seq: int) -> Draw:
    """A customer's own draw; `DrawUnknown` for anybody else's."""
    found = (await store_draw.draws_of(tx, [(play.id, number)])).get((play.id, number))
    if found is None or found.seq not in await customers.numbers_of(tx, Seq(seq)):
        raise DrawUnknown(f"There is no draw {number}.")
    return found


async def big_wins(tx: Tx, play: Play, table: PrizeTable) -> list[Draw]:
    """The latest wins of more than 500 yuan (rule L5)."""
    lines = [prize.line for prize in table.prizes if prize.value_fen > PUBLIC_WIN_FEN]
    return await store_draw.latest_won(tx, play.id, lines, 100) if lines else []


async def latest_wins(tx: Tx, play: Play, table: PrizeTable, limit: int) -> list[Draw]:
    """The latest draws that won something."""
    lines = [prize.line for prize in table.prizes if prize.offer_id is not None]
    return await store_draw.latest_won(tx, play.id, lines, limit) if lines else []


async def releases(tx: Tx, play: Play) -> list[Release]:
    """What was published of a play, the first one first (rule L3)."""
    names = Release.__struct_fields__
    return [Release(**{name: row[name] for name in names}) for row in await store_design.releases(tx, play.id)]


async def figures(tx: Tx, principal: Principal, play_id: UUID) -> PlayFigures:
    """How a play in scope goes; `PlayUnknown`."""
    play = await seen(tx, play_id, principal)
    found = await store.tables(tx, [play.id])
    if play.id not in found:
        return PlayFigures(draws=0, won=0, players=0, prizes=[], days=[], odds=[], done=[], cost_fen=0)
    table = found[play.id][play.table_version]
    tally = await store_draw.tally(tx, play.id)
    left, certain = await stock(tx, table), await store_deed.given_by_line(tx, play.id)
    total = sum(row["count"] for row in tally)
    drawn = [_figure(prize, left, tally, table.version) for prize in table.prizes]
    prizes = [msgspec.structs.replace(one, given=one.given + certain.get(one.line, 0)) for one in drawn]
    return PlayFigures(
        draws=total,
        won=sum(one.given for one, prize in zip(drawn, table.prizes, strict=True) if prize.offer_id),
        players=await store_draw.count_players(tx, play.id),
        prizes=prizes,
        days=[PlayDay(**dict(row)) for row in await store_draw.by_day(tx, play.id)],
        odds=[
            OddsDay(day=row["day"], draws=row["draws"], p_ppm=row["p_ppm"], alarm=row["alarm"])
            for row in await store.odds_checks(tx, play.id)
        ],
        done=[
            DoneDay(day=row["day"], kind=DeedKind(row["kind"]), count=row["count"], people=row["people"])
            for row in await store_deed.done_by_day(tx, play.id)
        ],
        cost_fen=await _cost(tx, play, prizes),
    )


async def _cost(tx: Tx, play: Play, prizes: Sequence[PrizeFigure]) -> int:
    """What the prizes given so far cost, in fen."""
    costs = {offer.line: offer.cost_fen for offer in await grants.find_offers(tx, "play", play.id)}
    return sum(costs.get(one.line, 0) * one.given for one in prizes)


def _figure(prize: Prize, left: Mapping[int, int], rows: Sequence[Any], version: int) -> PrizeFigure:
    picked = sum(row["count"] for row in rows if row["picked"] == prize.line)
    now = [row for row in rows if row["version"] == version]
    under, total = sum(row["count"] for row in now if row["picked"] == prize.line), sum(row["count"] for row in now)
    return PrizeFigure(
        line=prize.line,
        title=prize.title,
        title_en=prize.title_en,
        odds_ppm=prize.odds_ppm,
        stock=left.get(prize.line),
        picked=picked,
        given=sum(row["count"] for row in rows if row["given"] == prize.line),
        observed_ppm=under * PPM // total if total else 0,
    )


async def archive(database: Database, tenant: TenantId, play_id: UUID) -> AsyncIterator[Sequence[Draw]]:
    """Every draw of a play in order, in chunks; each is read in a transaction of its own."""
    number = 0
    while True:
        async with database.begin(tenant) as tx:
            found = await store_draw.after(tx, play_id, number, CHUNK)
        if not found:
            return
        yield found
        number = found[-1].number


async def replay(database: Database, tenant: TenantId, play_id: UUID) -> Replayed:
    """Do every draw of an ended play again from seed, tables and archive; `SeedSecret` before the end."""
    async with database.begin(tenant) as tx:
        play = await store.get(tx, play_id)
        tables = (await store.tables(tx, [play_id])).get(play_id, {})
        hashes = await store.promised(tx, play_id)
    if play is None or play.commitment is None:
        raise PlayUnknown(f"There is no play {play_id}.")
    if play.seed is None:
        raise SeedSecret("The seed is revealed when the play ends; verify then.")
    again = Replay(play.id, play.seed, tables)
    wrong = [
        Mismatch(number=version, field="table", stored=table.digest().hex(), replayed=hashes[version].hex())
        for version, table in tables.items()
        if table.digest() != hashes[version]
    ]
    async for draws in archive(database, tenant, play_id):
        for draw in draws:
            wrong += again.check(draw)
    if again.draws != play.drawn:
        wrong.append(Mismatch(number=play.drawn, field="count", stored=str(again.draws), replayed=str(play.drawn)))
    return Replayed(draws=again.draws, mismatches=wrong, commitment_holds=commitment_of(play.seed) == play.commitment)


async def check_odds(tx: Tx, play: Play) -> float:
    """Compare what outcomes pointed at with the stated odds (chi-square), keep the answer, alarm below 1 in 10,000.

    Returns the probability of a gap this large. What was given instead of a sold-out prize does not count. An alarm is
    told once, until a look finds the odds as stated.
    """
    table = await table_of(tx, play)
    bounds = bounds_of(table)
    observed_by_rank = await store_draw.pointed_at(tx, play.id, table.version, bounds)
    places = sorted(set(bounds[:-1]))
    weights = [high - low for low, high in zip([0, *places], [*places, PPM], strict=True)]
    observed = [observed_by_rank[rank] for rank in range(len(weights))]
    p = probability(observed, weights)
    alarm = p < ALARM_P
    stands = play.id in await store.latest_alarms(tx, [play.id])
    await store.put_odds_check(tx, play.id, sum(observed), round(p * PPM), alarm=alarm, day=day_of(tx.now))
    if alarm and not stands:
        tx.emit(OddsAlarm(play_id=play.id, draws=sum(observed), p_ppm=round(p * PPM)))
    return p


def probability(observed: Sequence[int], weights: Sequence[int]) -> float:
    """The p-value of counts against weights in ppm; rare lines are counted together. 1.0 where there is too little."""
    total = sum(observed)
    rare, pairs = [0, 0.0], list[tuple[int, float]]()
    for count, weight in zip(observed, weights, strict=True):
        expected = total * weight / PPM
        if expected < EXPECTED_MIN:
            rare[0] += count
            rare[1] += expected
        elif weight:
            pairs.append((count, expected))
    if rare[1] >= EXPECTED_MIN or (rare[0] and not rare[1]):
        pairs.append((int(rare[0]), max(rare[1], 1e-9)))
    if len(pairs) < 2:
        return 1.0
    scale = sum(count for count, _ in pairs) / sum(expected for _, expected in pairs)
    off = sum((count - expected * scale) ** 2 / (expected * scale) for count, expected in pairs)
    return float(scipy.special.chdtrc(len(pairs) - 1, off))


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Count draws of customers (seq → natural person) as those persons'. Serves `customers.register_recount`."""
    await store.recount(tx, persons)

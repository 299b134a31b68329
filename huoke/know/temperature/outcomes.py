"""What became of those who were warned of, and of those kept back: measured once the 30 days after are over."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx
from huoke.know.temperature import sql_states, store
from huoke.know.temperature.model import Part, Scale

AFTER_DAYS = 30
CHUNK = 5_000
OUTCOME_DAYS = 365


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Of measured warnings: how many customers stayed (did anything in the 30 days after), and what went through their
    hands in 30 days before the warning and after it, in fen, of all of them together.
    """

    warnings: int
    stayed: int
    value_fen: int
    after_fen: int


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """Those shown to somebody, and the control group, who were shown to nobody."""

    shown: Outcome
    control: Outcome


async def measure_warnings(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, scale: Scale, day: date
) -> int:
    """Say of warnings whose 30 days are over on `day` what became of the customers; how many were measured.

    Staying is doing something of one's own accord: events of activity and money. A call or a visit is what the bank
    did about the warning, and counts for nothing here.
    """
    own = [rule.event for rule in scale.signals if rule.part is not Part.HUMAN]
    measured = 0
    while True:
        async with database.begin(tenant) as tx:
            rows = await store.unmeasured(tx, day - timedelta(days=AFTER_DAYS), CHUNK)
        if not rows:
            return measured
        begun = rows[0]["day"]
        rows = [row for row in rows if row["day"] == begun]
        seqs, last = [row["seq"] for row in rows], begun + timedelta(days=AFTER_DAYS)
        stayed = set((await sql_states.did(clickhouse, tenant, own, last, AFTER_DAYS)).tolist())
        fen = await _after(clickhouse, tenant, seqs, last)
        async with database.begin(tenant) as tx:
            await store.note_outcomes(tx, [row["id"] for row in rows], [seq in stayed for seq in seqs], fen)
        measured += len(rows)


async def _after(clickhouse: ClickHouse, tenant: TenantId, seqs: Sequence[int], last: date) -> list[int]:
    found = await sql_states.moved(clickhouse, tenant, seqs, last, AFTER_DAYS - 1)
    return [found.get(seq, 0) for seq in seqs]


async def outcomes(tx: Tx) -> Outcomes:
    """What became of whom, of the warnings of a year; the whole bank, as both groups are drawn from all of it."""
    since = tx.now.date() - timedelta(days=OUTCOME_DAYS)
    found = {
        row["control"]: Outcome(**{name: row[name] for name in ("warnings", "stayed", "value_fen", "after_fen")})
        for row in await store.outcomes(tx, since)
    }
    none = Outcome(warnings=0, stayed=0, value_fen=0, after_fen=0)
    return Outcomes(shown=found.get(False, none), control=found.get(True, none))

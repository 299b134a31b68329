"""Early warnings: made by the reading of a day, worked on by people, some kept from them for comparison."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.govern.people import staff
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, UnitId, new_id
from huoke.kernel.sets import PPM, CustomerSet, bucket_numbers
from huoke.kernel.sorting import Place, Rows, Sort, sort_of
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.know.temperature import signs, sql_states, store
from huoke.know.temperature.model import (
    ALLOWED,
    OWNER,
    STAGES,
    EarlyWarning,
    Sign,
    StageName,
    WarningMoved,
    WarningState,
    WarningUnknown,
)

SALT = "temperature.warnings"
CONTROL_PERCENT = 10
"""Of so many natural persons nobody is told: what becomes of them says what caring for the others does (rule R1)."""
CHUNK = 5_000
NOTE_MAX = 500
LATEST = "-day"


class WarningStep(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody does with a warning."""

    warning_id: UUID
    state: WarningState
    note: str = ""


async def warn(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    day: date,
    seqs: NDArray[np.uint32],
    bits: NDArray[np.uint8],
    temperatures: NDArray[np.float32],
    before: NDArray[np.uint8],
    stages: NDArray[np.uint8],
) -> int:
    """Write the warnings of a day, all columns alike long; how many came to be. Again it writes none twice.

    Who is warned of already has the later signs added to that warning, which opens again where it was closed.
    """
    written = 0
    for start in range(0, len(seqs), CHUNK):
        part = slice(start, start + CHUNK)
        worth = await sql_states.values(clickhouse, tenant, seqs[part].tolist(), day)
        async with database.begin(tenant) as tx:
            members, persons = await customers.persons(tx, CustomerSet.of(tenant, seqs[part], tx.now))
            facts = await customers.facts(tx, members.array().tolist())
            unit_of = dict(zip(facts.seqs.tolist(), facts.unit_ids.tolist(), strict=True))
            control = bucket_numbers(SALT, persons) < CONTROL_PERCENT * (PPM // 100)
            kept = dict(zip(members.array().tolist(), control.tolist(), strict=True))
            rows = [
                {
                    "id": new_id(),
                    "seq": seq,
                    "unit_id": unit_of[seq],
                    "signs": ",".join(signs.names(bit)),
                    "temperature": temperature,
                    "was_stage": STAGES[was].value,
                    "stage": STAGES[stage].value,
                    "value_fen": worth.get(seq, 0),
                    "control": kept[seq],
                }
                for seq, bit, temperature, was, stage in zip(
                    seqs[part].tolist(), bits[part].tolist(), temperatures[part].tolist(), before[part].tolist(),
                    stages[part].tolist(), strict=True,
                )
                if seq in kept and seq in unit_of
            ]  # fmt: skip
            await store.add_signs(tx, day, rows)
            written += await store.add_warnings(tx, day, rows)
    return written


async def find(
    tx: Tx, *, scope: Iterable[UnitId] | None = None, state: WarningState | None = None, limit: int = 50
) -> list[EarlyWarning]:
    """Warnings latest first, of the units of `scope`; those of the control group are shown to nobody."""
    return list((await listed(tx, scope=scope, state=state, limit=limit)).rows)


async def listed(
    tx: Tx,
    *,
    scope: Iterable[UnitId] | None = None,
    sign: Sign | None = None,
    state: WarningState | None = None,
    value_fen_min: int = 0,
    sort: str = LATEST,
    after: Place | None = None,
    limit: int = 50,
) -> Rows[EarlyWarning]:
    """A page of warnings as `find` tells them, counted by state."""
    rows = await store.warnings(
        tx, units=scope, sign=sign or "", value_fen_min=value_fen_min, state=state or "", sort=order_of(sort),
        after=after, limit=limit,
    )  # fmt: skip
    by_state, _ = await counts(tx, scope=scope, sign=sign, value_fen_min=value_fen_min)
    return Rows(rows=await _named(tx, rows), keys=[row["sort_key"] for row in rows], counts=by_state)


def order_of(asked: str) -> Sort:
    """The order somebody asked for: a column of `SORTS`, a hyphen before it for the other way round."""
    return sort_of(store.SORTS, asked)


async def counts(
    tx: Tx, *, scope: Iterable[UnitId] | None = None, sign: Sign | None = None, value_fen_min: int = 0
) -> tuple[dict[str, int], int]:
    """Warnings by state, and what is at risk of those that are open, in fen."""
    return await store.warning_counts(tx, units=scope, sign=sign or "", value_fen_min=value_fen_min)


async def move(tx: Tx, step: WarningStep, *, scope: Iterable[UnitId] | None = None) -> UUID:
    """Take a warning, say it is done, or that it was none; `WarningUnknown`, `WarningMoved`."""
    row = await store.lock_warning(tx, step.warning_id, scope)
    if row is None:
        raise WarningUnknown("There is no such warning in your units.")
    if WarningState(row["state"]) not in ALLOWED.get(step.state, set()):
        raise WarningMoved(f"A warning that is {row['state']} does not become {step.state}.", state=row["state"])
    taken_by = tx.actor.id if step.state is WarningState.TAKEN or row["taken_by"] is None else row["taken_by"]
    await store.move_warning(tx, step.warning_id, step.state.value, taken_by, step.note.strip()[:NOTE_MAX])
    return step.warning_id


async def _named(tx: Tx, rows: list[Any]) -> list[EarlyWarning]:
    seqs = sorted({row["seq"] for row in rows})
    people = {row.seq: row for row in await customers.masked_rows(tx, seqs)}
    owners = await customers.attributes_of(tx, seqs)
    names = await staff.names(tx, {row["taken_by"] for row in rows if row["taken_by"]})
    return [
        EarlyWarning(
            customer_no=people[row["seq"]].customer_no,
            name=people[row["seq"]].name,
            unit_name=people[row["seq"]].unit_name,
            owner=str(owners.get(row["seq"], {}).get(OWNER) or ""),
            signs=[Sign(one) for one in row["signs"]],
            was_stage=StageName(row["was_stage"]),
            stage=StageName(row["stage"]),
            state=WarningState(row["state"]),
            taken_by=names.get(row["taken_by"], row["taken_by"]),
            **{
                name: row[name]
                for name in ("id", "seq", "unit_id", "day", "temperature", "value_fen", "changed_at", "note")
            },
        )
        for row in rows
        if row["seq"] in people
    ]

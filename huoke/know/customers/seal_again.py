"""Bringing stored values to what their attribute says by now: sealed where it became class C2, banded by new edges."""

from collections.abc import Mapping
from typing import Any

import msgspec

from huoke.govern import privacy
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx
from huoke.know.customers import sealing, store, store_values
from huoke.know.customers.model import Attribute
from huoke.know.customers.streams import COLUMN_PREFIX

ROWS_AT_ONCE = 5_000


async def seal_again(database: Database, clickhouse: ClickHouse, tenant: TenantId) -> int:
    """Seal what waits for it, history included, and drop what ClickHouse held of it in clear; how many rows changed.

    May be cut short and called again at any time: a row that lies as it should is left alone.
    """
    async with database.begin(tenant) as tx:
        names = await store_values.unsealed(tx)
        waiting = [attribute for attribute in await store.attributes(tx) if attribute.name in names]
    if not waiting:
        return 0
    changed = 0
    for history in (False, True):
        after: tuple[int, int] | None = (-1, -1)
        while after is not None:
            async with database.begin(tenant) as tx:
                after, count = await _seal_some(tx, waiting, after, history=history)
                changed += count
    await store_values.drop_columns(clickhouse, tenant, [COLUMN_PREFIX + attribute.name for attribute in waiting])
    async with database.begin(tenant) as tx:
        await store_values.note_sealed(tx, [attribute.name for attribute in waiting])
    return changed


async def _seal_some(
    tx: Tx, waiting: list[Attribute], after: tuple[int, int], *, history: bool
) -> tuple[tuple[int, int] | None, int]:
    """The next rows: where they end (None at the end of all), and how many changed."""
    names = [attribute.name for attribute in waiting]
    rows = await store_values.with_names(tx, names, after, ROWS_AT_ONCE, history=history)
    if not rows:
        return None, 0
    seqs = [row["seq"] for row in rows]
    keys = await privacy.customer_keys(tx, seqs)
    held = [_readable(keys, row["seq"], row["held"], names) for row in rows]
    texts = [msgspec.json.encode(one).decode() for one in held]
    sealed = await sealing.seal(tx, waiting, seqs, texts)
    places = [(row["seq"], row["version"]) for row in rows]
    if history:
        count = await store_values.put_former(tx, places, sealed)
    else:
        count = await store_values.put_attributes(tx, seqs, sealed)
    return places[-1] if len(rows) == ROWS_AT_ONCE else None, count


def _readable(keys: privacy.CustomerKeys, seq: int, held: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The row with the values of `names` in clear, to be sealed by the definition of now."""
    chosen = {name: held[name] for name in names if held.get(name) is not None}
    opened = sealing.unseal(keys, seq, chosen)
    return {**{name: value for name, value in held.items() if name not in chosen}, **opened}

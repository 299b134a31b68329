"""The SQL of taking back what an import wrote last on accounts and holdings."""

from uuid import UUID

from huoke.kernel.tx import Tx

_COLUMNS = {
    "account": {
        "seq": "int", "number_enc": "bytea", "number_masked": "text", "kind": "text", "currency": "text",
        "opened_on": "date", "closed_on": "date", "standing": "text", "unit_id": "int", "balance_enc": "bytea",
        "as_of": "date",
    },
    "holding": {
        "seq": "int", "product": "text", "kind": "text", "account_index": "bytea", "currency": "text",
        "started_on": "date", "matures_on": "date", "standing": "text", "amount_enc": "bytea", "as_of": "date",
    },
}  # fmt: skip
_ERASED = {"account": "c.number_masked IS NULL", "holding": "c.holding_no = 'erased-' || c.id"}

_CREATE_LAST = """
CREATE TEMPORARY TABLE last ON COMMIT DROP AS
SELECT c.id, c.seq, c.version, NOT ({erased}) AS whole, f.before FROM accounts.{what} AS c
LEFT JOIN accounts.former AS f ON f.id = c.id AND f.version = c.version - 1 AND f.import_id = $1
WHERE c.import_id = $1 ORDER BY c.id LIMIT $2
"""

_KEEP_FORMER = """
INSERT INTO accounts.former (id, version, what, seq, before, actor, replaced_at)
SELECT c.id, c.version, '{what}', c.seq, CASE WHEN l.before IS NULL THEN to_jsonb(c) - 'tenant_id'
    ELSE (SELECT coalesce(jsonb_object_agg(k, to_jsonb(c) -> k), '{{}}') FROM jsonb_object_keys(l.before) AS k) END,
  $1, $2
FROM last AS l JOIN accounts.{what} AS c ON c.id = l.id
WHERE l.whole AND (l.before IS NOT NULL OR c.version = 1)
"""

_PUT_BACK = """
UPDATE accounts.{what} AS c SET {restored}, version = c.version + 1, import_id = NULL, changed_at = $1
FROM last AS l WHERE c.id = l.id AND l.whole AND l.before IS NOT NULL RETURNING c.seq, l.seq AS held
"""

_REMOVE = """
DELETE FROM accounts.{what} AS c USING last AS l WHERE c.id = l.id AND l.whole AND c.version = 1 RETURNING c.seq
"""


async def take_back(tx: Tx, what: str, import_id: UUID, limit: int) -> tuple[int, int, list[int]]:
    """Take back up to `limit` rows of `what` (account, holding) that an import wrote last.

    How many it found, how many are as before or gone, and the seqs whose rows are other now. What an erased customer
    left stays as it is.
    """
    columns = _COLUMNS[what]
    restored = ", ".join(
        f"{name} = CASE WHEN l.before ? '{name}' THEN (l.before ->> '{name}')::{kind} ELSE c.{name} END"
        for name, kind in columns.items()
    )
    if "matures_on" in columns:
        restored += ", counted_past = false"
    locked = f"SELECT 1 FROM accounts.{what} WHERE import_id = $1 ORDER BY id LIMIT $2 FOR UPDATE"
    await tx.fetch(locked, import_id, limit)
    await tx.execute(_CREATE_LAST.format(what=what, erased=_ERASED[what]), import_id, limit)
    found = await tx.fetch_value("SELECT count(*) FROM last")
    await tx.execute(_KEEP_FORMER.format(what=what), f"{tx.actor.kind.value}:{tx.actor.id}", tx.now)
    changed = await tx.fetch(_PUT_BACK.format(what=what, restored=restored), tx.now)
    removed = await tx.fetch(_REMOVE.format(what=what))
    await tx.execute(f"UPDATE accounts.{what} AS c SET import_id = NULL FROM last AS l WHERE c.id = l.id")
    await tx.execute("DROP TABLE last")
    touched = {row["seq"] for row in (*changed, *removed)} | {row["held"] for row in changed}
    return found, len(changed) + len(removed), sorted(touched)

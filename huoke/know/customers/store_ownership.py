"""The SQL of who looks after whom."""

from collections.abc import Collection, Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.know.customers.ownership_model import Change, Pair


async def of_customer(tx: Tx, seq: int) -> list[Record]:
    """Who looks after a customer, the owner first."""
    return await tx.fetch(
        "SELECT staff_id, standing, since FROM customers.ownership WHERE seq = $1"
        " ORDER BY standing <> 'owner', since, staff_id",
        seq,
    )


async def seqs_of(tx: Tx, staff_id: UUID) -> list[int]:
    """Whom somebody looks after, ascending."""
    rows = await tx.fetch("SELECT seq FROM customers.ownership WHERE staff_id = $1 ORDER BY seq", staff_id)
    return [row["seq"] for row in rows]


async def active(tx: Tx, seqs: Sequence[int]) -> dict[int, int]:
    """The unit of each active customer, their rows held against other changes in one order."""
    rows = await tx.fetch(
        "SELECT seq, unit_id FROM customers.customer WHERE seq = ANY($1::int[]) AND status = 'active'"
        " ORDER BY seq FOR NO KEY UPDATE",
        list(seqs),
    )
    return {row["seq"]: row["unit_id"] for row in rows}


async def units_of(tx: Tx, seqs: Sequence[int], *, hold: bool) -> dict[int, int]:
    """The unit of each customer, closed ones too; `hold` keeps their rows against other changes, in one order."""
    rows = await tx.fetch(
        "SELECT seq, unit_id FROM customers.customer WHERE seq = ANY($1::int[]) ORDER BY seq"
        + (" FOR NO KEY UPDATE" if hold else ""),
        list(seqs),
    )
    return {row["seq"]: row["unit_id"] for row in rows}


async def standings(tx: Tx, seqs: Collection[int]) -> dict[Pair, str]:
    """How everybody stands who looks after these customers."""
    rows = await tx.fetch(
        "SELECT seq, staff_id, standing FROM customers.ownership WHERE seq = ANY($1::int[])", list(seqs)
    )
    return {(row["seq"], row["staff_id"]): row["standing"] for row in rows}


async def write(tx: Tx, changes: Sequence[Change], import_id: UUID | None = None) -> None:
    """Write changes of pairs that each stand once, and keep them in the log; the customers' rows are held."""
    columns = (
        [one.seq for one in changes],
        [one.staff_id for one in changes],
        [one.standing and one.standing.value for one in changes],
    )
    await tx.execute(
        "DELETE FROM customers.ownership AS o USING unnest($1::int[], $2::uuid[]) AS n (seq, staff_id)"
        " WHERE o.seq = n.seq AND o.staff_id = n.staff_id",
        *columns[:2],
    )
    await tx.execute(
        "INSERT INTO customers.ownership (seq, staff_id, standing, since, given_by)"
        " SELECT seq, staff_id, standing, $4, $5 FROM unnest($1::int[], $2::uuid[], $3::text[])"
        " AS n (seq, staff_id, standing) WHERE standing IS NOT NULL",
        *columns,
        tx.now,
        tx.actor.id,
    )
    await tx.execute(
        "INSERT INTO customers.ownership_log (id, seq, staff_id, before, standing, at, given_by, import_id)"
        " SELECT id, seq, staff_id, before, standing, $6, $7, $8"
        " FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[]) AS n (id, seq, staff_id, before,"
        " standing)",
        new_ids(len(changes)),
        columns[0],
        columns[1],
        [one.before and one.before.value for one in changes],
        columns[2],
        tx.now,
        tx.actor.id,
        import_id,
    )


async def owners_by(tx: Tx, import_id: UUID, seqs: Collection[int]) -> dict[int, UUID]:
    """Of these customers those whose owner a file named, and who it is."""
    rows = await tx.fetch(
        "SELECT DISTINCT l.seq, o.staff_id FROM customers.ownership_log AS l JOIN customers.ownership AS o"
        " ON o.seq = l.seq AND o.staff_id = l.staff_id AND o.standing = 'owner'"
        " WHERE l.import_id = $1 AND l.seq = ANY($2::int[]) AND l.standing = 'owner' AND NOT l.taken_back",
        import_id,
        list(seqs),
    )
    return {row["seq"]: row["staff_id"] for row in rows}


async def brought_by(tx: Tx, import_id: UUID, limit: int) -> list[int]:
    """Customers whose ownership a file changed and that were not looked at yet, to take it back; by seq."""
    rows = await tx.fetch(
        "SELECT DISTINCT seq FROM customers.ownership_log WHERE import_id = $1 AND NOT taken_back"
        " ORDER BY seq LIMIT $2",
        import_id,
        limit,
    )
    return [row["seq"] for row in rows]


async def before(tx: Tx, import_id: UUID, seqs: Sequence[int]) -> list[Record]:
    """How each pair stood before a file, and whether the file named it; of customers nothing else changed since."""
    return await tx.fetch(
        "SELECT DISTINCT ON (l.seq, l.staff_id) l.seq, l.staff_id, l.before, l.standing IS NOT NULL AS named"
        " FROM customers.ownership_log AS l"
        " WHERE l.import_id = $1 AND l.seq = ANY($2::int[]) AND NOT EXISTS ("
        " SELECT FROM customers.ownership_log AS later WHERE later.seq = l.seq AND (later.at, later.id) > (l.at, l.id)"
        " AND later.import_id IS DISTINCT FROM $1) ORDER BY l.seq, l.staff_id, l.at, l.id",
        import_id,
        list(seqs),
    )


async def mark_taken_back(tx: Tx, import_id: UUID, seqs: Sequence[int]) -> None:
    """Note that what a file said of these customers was looked at."""
    await tx.execute(
        "UPDATE customers.ownership_log SET taken_back = true WHERE import_id = $1 AND seq = ANY($2::int[])",
        import_id,
        list(seqs),
    )


async def history(tx: Tx, seq: int, limit: int) -> list[Record]:
    """Who came to look after a customer and who ceased, the latest first."""
    return await tx.fetch(
        "SELECT id, staff_id, before, standing, at, given_by, import_id FROM customers.ownership_log WHERE seq = $1"
        " ORDER BY at DESC, id DESC LIMIT $2",
        seq,
        limit,
    )


async def count_managed(tx: Tx, staff_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many customers each of these owns and looks after beside an owner."""
    rows = await tx.fetch(
        "SELECT staff_id, count(*) FILTER (WHERE standing = 'owner') AS owned,"
        " count(*) FILTER (WHERE standing = 'co_owner') AS shared FROM customers.ownership"
        " WHERE staff_id = ANY($1::uuid[]) GROUP BY staff_id",
        list(staff_ids),
    )
    return {row["staff_id"]: (row["owned"], row["shared"]) for row in rows}


async def pool_size(tx: Tx, units: Collection[int] | None) -> int:
    """How many active customers of these units, None for all, nobody owns."""
    found: int = await tx.fetch_value(
        "SELECT count(*) FROM customers.customer AS c WHERE c.status = 'active'"
        " AND ($1::int[] IS NULL OR c.unit_id = ANY($1)) AND NOT EXISTS (SELECT FROM customers.ownership AS o"
        " WHERE o.seq = c.seq AND o.standing = 'owner')",
        None if units is None else list(units),
    )
    return found


async def forget(tx: Tx, seqs: Sequence[int]) -> None:
    """Nobody looks after these customers any more, and nothing tells who did."""
    await tx.execute("DELETE FROM customers.ownership WHERE seq = ANY($1::int[])", list(seqs))
    await tx.execute("DELETE FROM customers.ownership_log WHERE seq = ANY($1::int[])", list(seqs))

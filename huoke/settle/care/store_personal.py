"""The SQL of forgetting the words of cases."""

from collections.abc import Sequence

from asyncpg import Record

from huoke.kernel.tx import Tx


async def words(tx: Tx, seq: int) -> list[Record]:
    """Cases of a customer with their notes, first to last."""
    return await tx.fetch(
        "SELECT c.number, c.title, c.outcome, n.at, n.body FROM care.case_file c"
        " LEFT JOIN care.note n ON n.case_id = c.id WHERE c.seq = $1 ORDER BY c.opened_at, n.place",
        seq,
    )


async def open_cases(tx: Tx, seqs: Sequence[int]) -> int:
    """How many cases of these customers are open."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM care.case_file WHERE seq = ANY($1) AND state = 'open'", list(seqs)
    )
    return count


async def forget(tx: Tx, seqs: Sequence[int]) -> None:
    """Blank titles, outcomes, notes and the reasons given beside them."""
    mine = list(seqs)
    await tx.execute(
        "UPDATE care.note n SET body = '' FROM care.case_file c WHERE c.id = n.case_id AND c.seq = ANY($1)", mine
    )
    await tx.execute("UPDATE care.case_file SET title = '', outcome = '' WHERE seq = ANY($1)", mine)
    await tx.execute("UPDATE care.compensation SET reason = '', back_reason = '' WHERE seq = ANY($1)", mine)
    await tx.execute("UPDATE care.extension SET reason = '' WHERE seq = ANY($1)", mine)
    await tx.execute("UPDATE care.code_reading SET reason = '' WHERE seq = ANY($1)", mine)


async def left(tx: Tx, seqs: Sequence[int]) -> int:
    """How many notes, titles and reasons of these customers still hold words."""
    count: int = await tx.fetch_value(
        "SELECT (SELECT count(*) FROM care.case_file WHERE seq = ANY($1) AND (title <> '' OR outcome <> ''))"
        " + (SELECT count(*) FROM care.note n JOIN care.case_file c ON c.id = n.case_id"
        " WHERE c.seq = ANY($1) AND n.body <> '')"
        " + (SELECT count(*) FROM care.compensation WHERE seq = ANY($1) AND (reason <> '' OR back_reason <> ''))"
        " + (SELECT count(*) FROM care.extension WHERE seq = ANY($1) AND reason <> '')"
        " + (SELECT count(*) FROM care.code_reading WHERE seq = ANY($1) AND reason <> '')",
        list(seqs),
    )
    return count

"""Who of a few customers fulfils a condition at this moment: what is asked while they claim."""

from collections.abc import Sequence

from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.know.language import Expression, Verdict, compile_expression, evaluate, subjects
from huoke.know.segments.count import Scope
from huoke.know.segments.upload import upload_members
from huoke.know.segments.vocabulary import vocabulary


async def fulfil(
    tx: Tx, clickhouse: ClickHouse | None, expression: Expression, scope: Scope, seqs: Sequence[int]
) -> list[bool]:
    """For each of at most a batch of customers whether the expression is true of them; unknown is a no.

    Attributes are read from the truth in PostgreSQL, all else from ClickHouse in one query for all of them.
    Raises `DataBehind` where the rule looks at those and they cannot be read, `CustomerUnknown`, and what compiling
    refuses.
    """
    words = await vocabulary(tx, expression, of=scope.segment_id)
    compiled = compile_expression(expression, words, serves=scope.serves, basis=scope.basis, purpose=scope.purpose)
    lists = {upload_id: await upload_members(tx, upload_id) for upload_id in compiled.uploads}
    found = await subjects(tx, clickhouse, compiled, seqs, uploads=lists, units=scope.units)
    return [evaluate(compiled, found[seq])[""] is Verdict.TRUE for seq in seqs]

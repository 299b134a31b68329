"""Who of a few customers fulfils a condition at this moment: what is asked while they claim."""

from collections.abc import Sequence

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import (
    DataBehind,
    Expression,
    Subject,
    Verdict,
    compile_expression,
    day_of,
    evaluate,
    happened_to,
    tagged,
)
from huoke.know.segments.count import Scope
from huoke.know.segments.upload import upload_members
from huoke.know.segments.vocabulary import vocabulary


async def fulfil(
    tx: Tx, clickhouse: ClickHouse | None, expression: Expression, scope: Scope, seqs: Sequence[int]
) -> list[bool]:
    """For each of at most a batch of customers whether the expression is true of them; unknown is a no.

    Attributes are read from the truth in PostgreSQL, events and tags from ClickHouse in one query for all of them.
    Raises `DataBehind` where the rule looks at those and they cannot be read, `CustomerUnknown`, and what compiling
    refuses.
    """
    words = await vocabulary(tx, expression, of=scope.segment_id)
    compiled = compile_expression(expression, words, serves=scope.serves, basis=scope.basis, purpose=scope.purpose)
    if (compiled.behaviours or compiled.tags) and clickhouse is None:
        raise DataBehind("This rule looks at events or tags, which cannot be read here.")
    happenings = (
        await happened_to(clickhouse, tx.tenant, seqs, list(compiled.behaviours.values()))
        if compiled.behaviours and clickhouse is not None
        else {}
    )
    values = (
        await tagged(clickhouse, tx.tenant, seqs, [one.word for one in compiled.tags.values()])
        if compiled.tags and clickhouse is not None
        else {}
    )
    lists = {upload_id: await upload_members(tx, upload_id) for upload_id in compiled.uploads}
    verdicts = []
    for seq in seqs:
        _, unit_id, attributes, _ = await customers.state(tx, Seq(seq))
        named = frozenset(upload_id for upload_id, members in lists.items() if seq in members)
        done = happenings.get(seq, [])
        subject = Subject(seq, unit_id, attributes, named, done, day_of(tx.now), values.get(seq, {}))
        verdicts.append(evaluate(compiled, subject)[""] is Verdict.TRUE)
    return verdicts

"""Why a customer is in a segment, or not: node by node, with the smallest change that would turn it around."""

from uuid import UUID

from huoke.govern import audit
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.customers import CustomerStatus, CustomerUnknown
from huoke.know.language import (
    UNIT,
    Among,
    Attr,
    Compiled,
    Edge,
    Expression,
    Subject,
    Verdict,
    compile_expression,
    content_hash,
    data_version,
    day_of,
    edges,
    evaluate,
    smallest_flip,
    subjects,
    value_ranked,
    walk,
)
from huoke.know.segments.count import Scope
from huoke.know.segments.findings import Facts, finding, flip
from huoke.know.segments.model import Explanation, UploadReport
from huoke.know.segments.upload import get_upload, upload_members
from huoke.know.segments.vocabulary import vocabulary


async def explain(
    tx: Tx, expression: Expression, scope: Scope, seq: Seq, *, clickhouse: ClickHouse | None = None
) -> Explanation:
    """The verdict of every node for one customer: attributes from the truth in PostgreSQL, all else from ClickHouse.

    `DataBehind` where the rule looks at events, tags or ranks and no `clickhouse` was given; `CustomerUnknown` for a
    customer outside the caller's units as well. Ranked is among the customers of those units.
    """
    status, unit_id, _, changed_at = await customers.state(tx, seq)
    if scope.units is not None and unit_id not in scope.units:
        raise CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    words = await vocabulary(tx, expression, of=scope.segment_id)
    compiled = compile_expression(expression, words, serves=scope.serves, basis=scope.basis, purpose=scope.purpose)
    lists = {upload_id: await upload_members(tx, upload_id) for upload_id in compiled.uploads}
    found = await subjects(tx, clickhouse, compiled, [seq], uploads=lists, units=scope.units)
    subject = found[seq]
    verdicts = evaluate(compiled, subject)
    kept_out = [] if status is CustomerStatus.ACTIVE else ["closed"]
    if seq not in await consent.selectable(tx, scope.purpose):
        kept_out.append("basis")
    facts = Facts(
        compiled=compiled,
        words=words,
        subject=subject,
        changed_at=changed_at,
        now=tx.now,
        came=await customers.provenance(tx, seq, _attributes_of(compiled)),
        lists=await _reports(tx, compiled),
        places={} if clickhouse is None else await _places(tx, clickhouse, compiled, subject, scope),
    )
    stated = dict(walk(compiled.expression))
    nodes = dict(walk(compiled.expanded))
    wanted = Verdict.FALSE if verdicts[""] is Verdict.TRUE else Verdict.TRUE
    return Explanation(
        seq=seq,
        verdict=verdicts[""],
        member=verdicts[""] is Verdict.TRUE and not kept_out,
        scope=kept_out,
        nodes=[finding(path, stated.get(path, node), verdicts[path], facts) for path, node in nodes.items()],
        flips=[
            flip(path, nodes[path], needed, facts)
            for path, needed in smallest_flip(compiled.expanded, verdicts, wanted=wanted)
        ],
    )


async def keep(tx: Tx, expression: Expression, found: Explanation, segment_id: UUID | None) -> None:
    """Put into the audit trail that somebody asked why a customer is meant by a rule."""
    await audit.record(
        tx,
        audit.AuditEntry(
            action="segments.explain",
            subject_kind="customer",
            subject_id=str(found.seq),
            after={
                "segment_id": None if segment_id is None else str(segment_id),
                "hash": content_hash(expression).hex(),
                "verdict": found.verdict.value,
            },
        ),
    )


def _attributes_of(compiled: Compiled) -> list[str]:
    """The fields of a customer's row that are looked at, as its history names them."""
    named = [node.name for _, node in walk(compiled.expanded) if isinstance(node, Attr)]
    ranked = [one.attribute.name for one in compiled.ranks.values() if one.behaviour is None]
    return ["unit_id" if name == UNIT else name for name in (*named, *ranked)]


async def _reports(tx: Tx, compiled: Compiled) -> dict[UUID, UploadReport]:
    return {upload_id: await get_upload(tx, upload_id) for upload_id in compiled.uploads}


async def _places(
    tx: Tx, clickhouse: ClickHouse, compiled: Compiled, subject: Subject, scope: Scope
) -> dict[str, Edge]:
    """For each rank, by its path, the edge of the customer's group and how many are before the customer."""
    if not compiled.ranks:
        return {}
    among = Among((await data_version(clickhouse, tx.tenant)).columns, day_of(tx.now), scope.units)
    found = {}
    for path, rank in compiled.ranks.items():
        group = rank.group_of(subject.unit_id)
        value = value_ranked(rank, subject.attributes, subject.happenings, subject.today)
        edge = (await edges(clickhouse, tx.tenant, rank, among, [group], value)).get(group)
        if edge is not None:
            found[path] = edge
    return found

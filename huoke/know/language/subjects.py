"""What is known of a few customers, gathered for the evaluator: attributes from the truth, the rest from ClickHouse."""

from collections.abc import Collection, Mapping
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language.behaviour import Happened, day_of
from huoke.know.language.compile import Compiled
from huoke.know.language.evaluate import Subject
from huoke.know.language.model import DataBehind
from huoke.know.language.ranks import rank_digest
from huoke.know.language.sql_behaviour import happened_to
from huoke.know.language.sql_leaves import data_version
from huoke.know.language.sql_rank import Among, edges
from huoke.know.language.sql_tags import tagged
from huoke.know.language.typed import Value


async def subjects(
    tx: Tx,
    clickhouse: ClickHouse | None,
    compiled: Compiled,
    seqs: Collection[int],
    *,
    uploads: Mapping[UUID, CustomerSet] | None = None,
    units: frozenset[UnitId] | None = None,
) -> dict[int, Subject]:
    """Each of a batch of customers as `evaluate` needs it; `units` are those among whose customers is ranked.

    Raises `CustomerUnknown`, and `DataBehind` where the rule looks at events, tags or ranks without a `clickhouse`.
    """
    states = {seq: await customers.state(tx, Seq(seq)) for seq in seqs}
    happenings: dict[int, list[Happened]] = {}
    values: dict[int, dict[str, str]] = {}
    found: dict[str, dict[int, Value]] = {}
    if compiled.events or compiled.tags or compiled.ranks:
        if clickhouse is None:
            raise DataBehind("This rule looks at events, tags or ranks, which cannot be read here.")
        happenings = await happened_to(clickhouse, tx.tenant, seqs, compiled.events)
        values = await tagged(clickhouse, tx.tenant, seqs, [one.word for one in compiled.tags.values()])
        units_there = {unit_id for _, unit_id, *_ in states.values()}
        found = await _edges(tx, clickhouse, compiled, units_there, units)
    lists = uploads or {}
    groups = {rank_digest(one): one for one in compiled.ranks.values()}
    return {
        seq: Subject(
            seq,
            unit_id,
            attributes,
            frozenset(upload_id for upload_id, members in lists.items() if seq in members),
            happenings.get(seq, ()),
            day_of(tx.now),
            values.get(seq, {}),
            {
                digest: edge
                for digest, one in groups.items()
                if (edge := found[digest].get(one.group_of(unit_id))) is not None
            },
        )
        for seq, (_, unit_id, attributes, _) in states.items()
    }


async def _edges(
    tx: Tx, clickhouse: ClickHouse, compiled: Compiled, there: Collection[int], units: frozenset[UnitId] | None
) -> dict[str, dict[int, Value]]:
    """For each rank, by its digest, the edge of every group that units belong to."""
    if not compiled.ranks:
        return {}
    version = await data_version(clickhouse, tx.tenant)
    among = Among(version.columns, day_of(tx.now), units)
    return {
        rank_digest(one): {
            group: edge.value
            for group, edge in (
                await edges(clickhouse, tx.tenant, one, among, {one.group_of(unit) for unit in there})
            ).items()
        }
        for one in compiled.ranks.values()
    }

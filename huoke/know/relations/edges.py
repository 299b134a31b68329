"""Edges as what an import brings: who is related to whom, by customer number, employer or device."""

from collections.abc import Mapping
from typing import Any

from huoke.govern import privacy
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import AttributeType, CountUndone, EntityField, EntityLoaded, Place, RowFlaw, Rows
from huoke.know.relations import store
from huoke.know.relations.model import Kind, NewEdge

UNDONE_AT_ONCE = 5_000
WEIGHT_MAX = 1_000_000
HUB_MAX = 200
_WORDS = {
    Kind.REFERRAL: ("推荐", "邀请"),
    Kind.TRANSFER: ("转账",),
    Kind.PAYROLL: ("代发", "工资", "employer"),
    Kind.HOUSEHOLD: ("家庭", "家人"),
    Kind.DEVICE: ("设备",),
}
_BY_WORD = {word: kind for kind, words in _WORDS.items() for word in (kind.value, *words)}


class _Undone(Exception):  # noqa: N818 - named for what happened
    """A dry run's writes are taken back."""


class Relations:
    """Serves `customers.Entity`: edges by both ends, kind and first day."""

    name = "relations"
    label = "客户关系"
    label_en = "Relations"
    fields: tuple[EntityField, ...] = (
        EntityField(name="customer_no", label="客户号", label_en="Customer number", required=True, key=True,
                    words=("customerno", "custno", "custid", "customerid", "客户号", "客户编号")),
        EntityField(name="kind", label="关系类型", label_en="Kind", required=True, key=True,
                    words=("kind", "relation", "关系", "关系类型")),
        EntityField(name="other", label="对方（客户号、单位、设备或账号）",
                    label_en="The other end (customer number, employer, device or account)", required=True, key=True,
                    personal=True, data_class="C2",
                    words=("other", "to", "counterparty", "对方", "对方客户号", "单位", "设备号")),
        EntityField(name="since", label="起始日期", label_en="Since", required=True, key=True, type=AttributeType.DATE,
                    words=("since", "startdate", "起始日期", "开始日期")),
        EntityField(name="until", label="截止日期", label_en="Until", type=AttributeType.DATE,
                    words=("until", "enddate", "截止日期", "结束日期")),
        EntityField(name="weight", label="次数", label_en="Times seen", type=AttributeType.INTEGER,
                    words=("weight", "times", "次数")),
    )  # fmt: skip

    async def load(self, place: Place, rows: Rows, *, dry_run: bool) -> EntityLoaded:
        """Write a chunk in one transaction; the same chunk again changes nothing."""
        found = EntityLoaded(added=0, changed=0, same=0)
        try:
            async with place.database.begin(place.tenant, place.actor) as tx:
                edges, flaws = await _read(tx, rows)
                added, changed = await store.put(tx, edges, place.source or "import", place.import_id)
                same = len(rows.lines) - len(flaws) - added - changed
                found = EntityLoaded(added=added, changed=changed, same=same, refused=tuple(flaws))
                _keep_unless(dry_run)
        except _Undone:
            pass
        return found

    async def take_back(self, place: Place, count: CountUndone) -> None:
        """What the import changed is as it was; what it brought is gone."""
        undone = UNDONE_AT_ONCE
        while undone == UNDONE_AT_ONCE:
            async with place.database.begin(place.tenant, place.actor) as tx:
                undone = await store.take_back(tx, place.import_id, UNDONE_AT_ONCE)
                await count(tx, undone)


def _keep_unless(dry_run: bool) -> None:
    if dry_run:
        raise _Undone


async def _read(tx: Tx, rows: Rows) -> tuple[list[NewEdge], list[RowFlaw]]:
    """The rows that fit as edges, and why the others do not."""
    columns: dict[str, list[Any]] = {
        field.name: rows.columns.get(field.name) or [None] * len(rows.lines) for field in Relations.fields
    }
    named = {*columns["customer_no"], *columns["other"]}
    known = await customers.find_by_no(tx, sorted(no for no in named if no))
    keys = await privacy.keys(tx)
    edges: list[NewEdge] = []
    flaws: list[RowFlaw] = []
    for at in range(len(rows.lines)):
        row = {name: column[at] for name, column in columns.items()}
        flaw = _flaw(at, row, known)
        if flaw:
            flaws.append(flaw)
            continue
        kind, other = _BY_WORD[row["kind"].strip().lower()], row["other"].strip()
        to = known.get(other) if kind in (Kind.REFERRAL, Kind.HOUSEHOLD, Kind.TRANSFER) else None
        seq = known[row["customer_no"]]
        if kind is Kind.HOUSEHOLD and to is not None:
            seq, to = min(seq, to), max(seq, to)
        hub = other if kind is Kind.PAYROLL else keys.mac(f"relations.{kind}", other).hex()[:32]
        edges.append(
            NewEdge(
                kind=kind,
                seq=Seq(seq),
                other_seq=None if to is None else Seq(to),
                hub=hub if to is None else None,
                since=row["since"],
                until=row["until"],
                weight=row["weight"] or 1,
            )
        )
    return list({(e.kind, e.seq, e.other_seq, e.hub, e.since): e for e in edges}.values()), flaws


def _flaw(at: int, row: dict[str, Any], known: Mapping[str, int]) -> RowFlaw | None:
    """The first reason why a row does not fit."""
    kind, other = _BY_WORD.get(row["kind"].strip().lower()), row["other"].strip()
    named = kind in (Kind.REFERRAL, Kind.HOUSEHOLD)
    own = kind not in (Kind.PAYROLL, Kind.DEVICE) and other in known and known[other] == known.get(row["customer_no"])
    unknown = "No customer has this number: import customers first."
    checks = (
        (row["customer_no"] not in known, "customer_no", "customer_unknown", unknown),
        (kind is None, "kind", "word_unknown", f"Write one of {', '.join(kind.value for kind in Kind)}."),
        (named and other not in known, "other", "customer_unknown", unknown),
        (own, "other", "same_customer", "Nobody is related to themselves: name another customer."),
        (len(other) > HUB_MAX, "other", "too_long", f"Write at most {HUB_MAX} characters."),
        (
            row["until"] is not None and row["until"] < row["since"],
            "until",
            "dates",
            "A relation ends after it begins.",
        ),
        (not 1 <= int(row["weight"] or 1) <= WEIGHT_MAX, "weight", "range", f"Write a number from 1 to {WEIGHT_MAX}."),
    )
    return next((RowFlaw(at, column, cause, mend) for wrong, column, cause, mend in checks if wrong), None)

"""A list of customers as a file (名单下发): asked for with a reason, approved by another, checked again, marked."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import ChangeState, Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import staff
from huoke.govern.views import ExportColumn, ExportFormat, Out, open_file
from huoke.kernel import files, jobs
from huoke.kernel.ids import new_id
from huoke.kernel.jobs import JobContext
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet, sample_numbers
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, exclusions, language, segments
from huoke.know.lists import store
from huoke.know.lists.model import (
    CHANGE,
    FIELDS,
    KEPT,
    ClearNotAllowed,
    ListApproved,
    ListColumn,
    ListMade,
    ListState,
    ListUnknown,
    NewListExport,
    check_new,
)

SLICE = 2_000
TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def list_columns(tx: Tx) -> dict[str, ListColumn]:
    """The columns a list may have, by name: fields of every customer, then attributes that are not of class C2."""
    attributes = [
        ListColumn(name=one.name, label=one.label, label_en=one.label_en)
        for one in await customers.list_attributes(tx)
        if one.data_class != "C2"
    ]
    return {one.name: one for one in (*attributes, *FIELDS)}


async def request_list(tx: Tx, principal: Principal, analytics: language.Analytics, new: NewListExport) -> UUID:
    """Freeze the segment's customers, and ask for a second person's approval to hand them out; returns the list's id.

    `ListUnfit`, `ReasonMissing`, `ClearNotAllowed` without `customer.reveal`, and the refusals of freezing.
    """
    reason = audit.require_reason(new.reason)
    known = await list_columns(tx)
    check_new(new, known)
    if new.clear and not principal.may("customer.reveal"):
        raise ClearNotAllowed("You may not see names and phones: ask for a masked list.", pointer="/clear", rule="F2")
    audience_id = await segments.freeze_now(tx, analytics, new.segment_id, units=principal.units)
    frozen = await segments.audience(tx, audience_id)
    list_id = new_id()
    unit_id = principal.unit_id
    assert unit_id is not None, "a member of staff belongs to a unit"
    await store.insert(tx, list_id, msgspec.structs.replace(new, reason=reason), frozen, unit_id, KEPT)
    change = NewChange(
        kind=CHANGE,
        subject_id=str(list_id),
        title=f"名单下发 · {frozen.name}",
        diff=await _diff(tx, list_id),
        unit_id=unit_id,
    )
    await store.set_change(tx, list_id, await approvals.submit(tx, change))
    return list_id


async def cancel_list(tx: Tx, principal: Principal, list_id: UUID) -> None:
    """Stop an own list that waits or is being made; `ListUnknown`, `ChangeClosed` or `JobFinished` when it is over."""
    row = await own(tx, principal, list_id)
    if row["state"] == ListState.PENDING.value and row["change_id"]:
        await approvals.withdraw(tx, row["change_id"])
    elif row["job_id"]:
        await jobs.cancel(tx, row["job_id"])
        await store.end(tx, list_id, ListState.CANCELLED)


async def own(tx: Tx, principal: Principal, list_id: UUID) -> Record:
    """A list of the caller's; `ListUnknown`."""
    row = await store.get(tx, list_id)
    if row is None or str(row["staff_id"]) != principal.actor.id:
        raise ListUnknown("You have no such list.")
    return row


async def users(tx: Tx) -> list[segments.SegmentUse]:
    """Lists that are not over without a file, for who asks what uses a segment."""
    return [
        segments.SegmentUse(
            kind="list",
            id=row["id"],
            name=row["name"],
            state=row["state"],
            segment_id=row["segment_id"],
            unit_id=row["unit_id"],
        )
        for row in await store.standing(tx)
    ]


class ListChange:
    """Lists are approved like everything that leaves: the checker sees how many, which columns, and why."""

    kind = CHANGE

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """Who would be in the file if it were made now."""
        row = await _row(tx, subject_id)
        allowed = len(await _allowed(tx, row, await segments.audience_members(tx, row["audience_id"])))
        return Simulation(
            rows=(
                SimulationRow(key="customers", label="快照客户", label_en="Customers frozen", unit="count", before=None,
                              after=row["size"]),
                SimulationRow(key="rows", label="现在可下发", label_en="May be handed out now", unit="count",
                              before=None, after=min(allowed, row["rows_max"])),
            )
        )  # fmt: skip

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Consent, suppression, personal data, cap."""
        row = await _row(tx, subject_id)
        allowed = len(await _allowed(tx, row, await segments.audience_members(tx, row["audience_id"])))
        out, capped = row["size"] - allowed, allowed > row["rows_max"]
        return [
            Check(
                rule="P1",
                verdict=CheckVerdict.PASS if allowed else CheckVerdict.FAIL,
                detail=f"{allowed:,} 户现在有依据且未被抑制，{out:,} 户将被剔除；生成文件时再查一次。",
                detail_en=f"{allowed:,} have a basis and are not suppressed now, {out:,} will be left out;"
                " checked again when the file is made.",
                data={"allowed": allowed, "left_out": out},
            ),
            Check(
                rule="F2",
                verdict=CheckVerdict.WARN if row["clear"] else CheckVerdict.PASS,
                detail="姓名、手机号为明文，请核对用途。" if row["clear"] else "姓名、手机号已脱敏。",
                detail_en="Names and phones are readable: weigh the purpose."
                if row["clear"]
                else "Names and phones are masked.",
            ),
            Check(
                rule="F3",
                verdict=CheckVerdict.WARN if capped else CheckVerdict.PASS,
                detail=f"上限 {row['rows_max']:,} 行" + ("，超出部分按散列公平抽取。" if capped else "。"),
                detail_en=f"At most {row['rows_max']:,} rows" + ("; a fair sample is taken." if capped else "."),
            ),
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Let a worker make the file; `Stale` when the list is not what was approved."""
        list_id = UUID(subject_id)
        if approvals.diff_hash(await _diff(tx, list_id)) != diff_hash:
            raise approvals.Stale("The list is no longer what was approved; ask again.")
        await store.end(tx, list_id, ListState.APPROVED)
        tx.emit(ListApproved(list_id=list_id))

    async def close(self, tx: Tx, subject_id: str, state: ChangeState) -> None:
        """A list that was not approved is over: another one has to be asked for."""
        await store.end(tx, UUID(subject_id), ListState(state.value))


async def make_file(context: JobContext, list_id: UUID) -> None:
    """Write the file and keep it for who asked; a list that is over is left alone, cancelled no file stays."""
    async with context.database.begin(context.tenant, context.actor) as tx:
        row = await store.get(tx, list_id)
        if row is None or row["state"] != ListState.APPROVED.value:
            return
        members = await segments.audience_members(tx, row["audience_id"])
        chosen = sample_numbers(str(list_id), (await _allowed(tx, row, members)).array(), row["rows_max"])
        known = await list_columns(tx)
        names = await staff.names(tx, [str(row["staff_id"])])
    at = context.clock.now()
    mark = (
        f"Huoke · {names.get(str(row['staff_id']), row['staff_id'])} · {at.isoformat(timespec='seconds')} · {list_id}"
    )
    columns = [known[name] for name in row["columns"] if name in known]
    kind = ExportFormat(row["format"])
    with tempfile.TemporaryDirectory(prefix="huoke-list-") as folder:
        path = Path(folder) / f"list.{kind.value}"
        headings = [ExportColumn(field=one.name, title=one.label) for one in columns]
        with open_file(path, kind, headings, mark) as out:
            handed = await _write(context, row, chosen.tolist(), columns, out)
        if context.cancelled:
            return
        name = f"名单-{at:%Y%m%d-%H%M%S}.{kind.value}"
        file_id = await files.upload(
            context.database, context.tenant, context.actor, name, TYPES[kind], _pieces(path), at + KEPT
        )
    async with context.database.begin(context.tenant, context.actor) as tx:
        if not await store.done(tx, list_id, file_id, len(handed), row["size"] - len(handed), at + KEPT):
            return
        entry = audit.AuditEntry(
            action="lists.make",
            subject_kind="list_export",
            subject_id=str(list_id),
            reason=row["reason"],
            after={"rows": len(handed), "columns": list(row["columns"]), "clear": row["clear"], "mark": mark},
        )
        await audit.record(tx, entry)
        made = ListMade(list_id=list_id, segment_id=row["segment_id"], rows=len(handed), clear=row["clear"])
        tx.emit(made, members=handed.bitmap.serialize())


async def _write(
    context: JobContext, row: Record, chosen: Sequence[int], columns: Sequence[ListColumn], out: Out
) -> CustomerSet:
    """The customers handed out; each slice is checked again, since the hand-over is this moment."""
    handed = CustomerSet.empty(context.tenant)
    for start in range(0, len(chosen), SLICE):
        async with context.database.begin(context.tenant, context.actor) as tx:
            wanted = CustomerSet.of(context.tenant, chosen[start : start + SLICE], tx.now)
            still = await _allowed(tx, row, wanted)
            for cells in await _rows(tx, list(still), columns, clear=row["clear"]):
                out.add(cells)
        handed |= still
        if not await context.progress(min(start + SLICE, len(chosen)), len(chosen)):
            break
    return handed


async def _rows(
    tx: Tx, seqs: Sequence[int], columns: Sequence[ListColumn], *, clear: bool
) -> list[list[str | int | float | None]]:
    masked = {int(row.seq): row for row in await customers.masked_rows(tx, seqs)}
    contacts = await customers.contacts(tx, seqs) if clear else {}
    values = await customers.attributes_of(tx, seqs)

    def cell(seq: int, name: str) -> str | int | float | None:
        row = masked[seq]
        contact = contacts.get(seq)
        fields: Mapping[str, str | None] = {
            "customer_no": row.customer_no,
            "name": contact.name if contact else row.name,
            "phone": contact.phone if contact else row.phone,
            "unit": row.unit_name,
        }
        if name in fields:
            return fields[name]
        value = values.get(seq, {}).get(name)
        return ("是" if value else "否") if isinstance(value, bool) else value

    return [[cell(seq, one.name) for one in columns] for seq in seqs if seq in masked]


async def _allowed(tx: Tx, row: Record, members: CustomerSet) -> CustomerSet:
    """Those who may still be handed out: who can be chosen for the purpose, did not refuse to be called, and are on no
    suppression list, nor always left out, and deleted none of the tags they were chosen by (rules P1, P4, S2).
    """
    free = members & await consent.selectable(tx, row["purpose"])
    if row["purpose"] != consent.SERVICE:
        free -= await consent.withdrawn(tx, consent.MARKETING_CALL)
    free -= await segments.hid_since(tx, row["audience_id"])
    return free - await consent.suppressed(tx) - await exclusions.excluded(tx)


async def _row(tx: Tx, subject_id: str) -> Record:
    row = await store.get(tx, UUID(subject_id))
    if row is None:
        raise ListUnknown("There is no such list.")
    return row


async def _diff(tx: Tx, list_id: UUID) -> tuple[FieldChange, ...]:
    """The list field by field; all of it is new."""
    row = await _row(tx, str(list_id))
    known = await list_columns(tx)
    titles = "、".join(known[name].label if name in known else name for name in row["columns"])
    clear = "明文" if row["clear"] else "脱敏"
    fields = (
        ("audience", "segment", "客群", "Segment", f"{row['name']} · v{row['segment_version']}", "text"),
        ("audience", "size", "快照客户", "Customers frozen", row["size"], "count"),
        ("copy", "columns", "列", "Columns", titles, "text"),
        ("copy", "clear", "姓名与手机号", "Names and phones", clear, "text"),
        ("rules", "rows_max", "行数上限", "At most rows", row["rows_max"], "count"),
        ("rules", "format", "文件格式", "Format", row["format"].upper(), "text"),
        ("rules", "reason", "用途", "Purpose", row["reason"], "text"),
    )
    return tuple(
        FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, group=group, unit=unit)
        for group, path, label, label_en, after, unit in fields
    )


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(1 << 20):
            yield piece

"""The life of what two people decide: asked for, decided, in force, replaced."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec
from asyncpg import Record
from sqlalchemy import Table

from huoke.govern import approvals, audit
from huoke.govern.approvals import FieldChange, NewChange
from huoke.govern.people import staff, units
from huoke.govern.requests import store
from huoke.govern.requests.model import Request, RequestState, RequestUnknown
from huoke.kernel.events import Event
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Conflict, Invalid
from huoke.kernel.tx import Tx

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class Requests(ABC, Generic[Wanted]):
    """One kind of thing that one person asks for and another decides (rule D5); a module says here what is its own.

    `kind` is that of its changes, `group` their place on the page, `action` and `subject_kind` those of the audit
    entry; `open` and `unfit` are the module's refusals, `pointer` leads to what is asked for in its body.
    """

    kind: ClassVar[str]
    table: ClassVar[Table]
    shape: ClassVar[type[msgspec.Struct]]
    group: ClassVar[str]
    action: ClassVar[str]
    subject_kind: ClassVar[str]
    open: ClassVar[type[Conflict]]
    unfit: ClassVar[type[Invalid]]
    pointer: ClassVar[str]
    named: ClassVar[str] = ""
    usual: ClassVar[Any] = None
    """What holds until a bank decided for itself."""
    applied: ClassVar[RequestState] = RequestState.IN_FORCE
    replaces: ClassVar[bool] = True
    """Whether what comes in force replaces what was, in the table; else another place says what holds."""

    async def title(self, tx: Tx, wanted: Wanted) -> str:
        """The title of the change in both languages: `named`, whatever is wanted."""
        del tx, wanted
        return self.named

    @abstractmethod
    async def require_fit(self, tx: Tx, wanted: Wanted) -> None:
        """Raise the module's refusal where this cannot be; asked again when it is approved."""

    async def held(self, tx: Tx, wanted: Wanted) -> Wanted | None:
        """What holds in its place now; None for something new."""
        del wanted
        return await self.in_force(tx)

    @abstractmethod
    def diff(self, held: Wanted | None, wanted: Wanted) -> Sequence[FieldChange]:
        """What changes, field by field; the reason is added here."""

    async def enact(self, tx: Tx, wanted: Wanted) -> None:
        """What is to happen in the same transaction, where another place says what holds."""

    def event(self, request_id: UUID) -> Event | None:
        """What is told to others once it holds."""

    def asked(self, wanted: Wanted) -> dict[str, Any]:
        """What the table's own columns hold of it."""
        return {"body": msgspec.to_builtins(wanted)}

    def read(self, row: Record) -> Wanted:
        """What a row asks for."""
        found: Wanted = msgspec.convert(row["body"], self.shape)  # type: ignore[assignment]
        return found

    def subject(self, wanted: Wanted) -> str | None:
        """What the audit entry is about, where not the request."""

    async def in_force(self, tx: Tx) -> Wanted | None:
        """What holds, where the table says so: `usual` until a bank decided for itself."""
        row = await store.in_force(tx, self.table)
        usual: Wanted | None = self.usual
        return usual if row is None else self.read(row)

    async def ask(self, tx: Tx, wanted: Wanted, reason: str) -> UUID:
        """Ask; another person decides. Returns the request's id.

        Raises `audit.ReasonMissing`, `open` while another request waits, `unfit` also for what holds already, and what
        `require_fit` raises.
        """
        why = audit.require_reason(reason)
        await self.require_fit(tx, wanted)
        held = await self.held(tx, wanted)
        if held == wanted:
            raise self.unfit("This is what holds already.", pointer=self.pointer)
        request_id = new_id()
        if not await store.add(tx, self.table, request_id, self.asked(wanted), why):
            raise self.open("Another request waits for its decision: see approvals.", pointer=self.pointer)
        change = NewChange(
            kind=self.kind,
            subject_id=str(request_id),
            title=await self.title(tx, wanted),
            unit_id=await units.head_office(tx),
            diff=self._diff(held, wanted, why),
        )
        await store.set_change(tx, self.table, request_id, await approvals.submit(tx, change))
        return request_id

    async def listed(self, tx: Tx, limit: int) -> list[tuple[Wanted, dict[str, Any]]]:
        """Requests, latest first: what each asked for, and the fields of a `Request`, by name of who asked."""
        rows = await store.find(tx, self.table, limit)
        names = await staff.names(tx, {row["requested_by"] for row in rows})
        return [
            (
                self.read(row),
                {name: row[name] for name in Request.__struct_fields__}
                | {
                    "state": RequestState(row["state"]),
                    "requested_by": names.get(row["requested_by"], row["requested_by"]),
                },
            )
            for row in rows
        ]

    async def wanted(self, tx: Tx, subject_id: str) -> Wanted:
        """What a request asks for; `RequestUnknown`."""
        return self.read(await self._row(tx, subject_id))

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Put it in force in this transaction; `approvals.Stale` when it is no longer what was approved."""
        row = await self._row(tx, subject_id, lock=True)
        wanted = self.read(row)
        held = await self.held(tx, wanted)
        diff = self._diff(held, wanted, row["reason"])
        if row["state"] != RequestState.REQUESTED or approvals.diff_hash(diff) != diff_hash:
            raise approvals.Stale("This is no longer what was approved.")
        await self.require_fit(tx, wanted)
        if self.replaces:
            await store.replace(tx, self.table)
        await store.end(tx, self.table, row["id"], self.applied)
        entry = audit.AuditEntry(
            action=self.action,
            subject_kind=self.subject_kind,
            subject_id=self.subject(wanted) or subject_id,
            reason=row["reason"],
            before=None if held is None else msgspec.to_builtins(held),
            after=msgspec.to_builtins(wanted),
        )
        await audit.record(tx, entry)
        await self.enact(tx, wanted)
        if event := self.event(row["id"]):
            tx.emit(event)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved changes nothing."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        await store.end(tx, self.table, UUID(subject_id), RequestState.WITHDRAWN if withdrawn else RequestState.REFUSED)

    async def _row(self, tx: Tx, subject_id: str, *, lock: bool = False) -> Record:
        row = await store.get(tx, self.table, UUID(subject_id), lock=lock)
        if row is None:
            raise RequestUnknown("There is no such request.")
        return row

    def _diff(self, held: Wanted | None, wanted: Wanted, reason: str) -> tuple[FieldChange, ...]:
        why = FieldChange(path="reason", label="理由", label_en="Reason", before=None, after=reason, group=self.group)
        return (*self.diff(held, wanted), why)


class Once(Requests[Wanted]):
    """What is done once and leaves nothing in force: every request is a new one."""

    applied = RequestState.DONE
    replaces = False

    async def held(self, tx: Tx, wanted: Wanted) -> Wanted | None:
        """Nothing."""
        del tx, wanted
        return None

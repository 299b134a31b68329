"""Asking for a database: who imports asks for it, another person decides; whoever sets the system up has no part in it.

The password is sealed when it is asked for, and moves as it lies when the change is applied (rules D2, D5).
"""

from collections.abc import Callable
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import units
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Conflict, Refusal
from huoke.kernel.tx import Tx
from huoke.know.customers import databases, store_extract
from huoke.know.customers.import_model import NewDatabase

KIND = "import_database"
_ENDED = {approvals.ChangeState.WITHDRAWN: "withdrawn"}


class DatabaseAsked(Conflict):
    """Somebody asked for this database already; another person decides first."""

    code = "customers.database_asked"


async def request_database(tx: Tx, new: NewDatabase, allowed: frozenset[str]) -> UUID:
    """Ask for a database, or for a change of the one of that name; another person decides. Returns the request's id.

    `DatabaseUnfit`, `AddressNotAllowed`, `DatabaseAsked`.
    """
    known, sealed = await databases.sealed(tx, new, allowed)
    database_id = known["id"] if known is not None else sealed.database_id
    request_id = new_id()
    if not await store_extract.add_request(tx, request_id, database_id, new, sealed.password):
        raise DatabaseAsked("This database was asked for already and waits for its decision.", pointer="/name")
    change = NewChange(
        kind=KIND,
        subject_id=str(request_id),
        title=f"接入数据库 {new.name.strip()} · Database {new.name.strip()}",
        unit_id=(await units.tree(tx))[0].id,
        diff=_diff(known, new, new_password=sealed.password is not None),
    )
    await store_extract.set_change(tx, request_id, await approvals.submit(tx, change))
    return request_id


class DatabaseApproval:
    """Serves approvals of kind `import_database`; `allowed` are the addresses of the instance."""

    kind = KIND

    def __init__(self, allowed: Callable[[], frozenset[str]]) -> None:
        self._allowed = allowed

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """One more address that imports may read, or another one."""
        row = await _get(tx, subject_id)
        count = len(await databases.list_databases(tx))
        fresh = await store_extract.database(tx, database_id=row["database_id"]) is None
        shown = SimulationRow(
            key="databases", label="可读取的数据库", label_en="Databases to read", unit="count", before=count,
            after=count + fresh,
        )  # fmt: skip
        return Simulation(rows=(shown,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """The instance must allow the address, still."""
        row = await _get(tx, subject_id)
        try:
            databases.check(_wish(row), self._allowed())
        except Refusal as refusal:
            return [Check(rule="D2", verdict=CheckVerdict.FAIL, detail=refusal.detail, detail_en=refusal.detail)]
        return [
            Check(
                rule="D2",
                verdict=CheckVerdict.PASS,
                detail="该地址已由系统运行方放行；口令已加密，任何人不可见",
                detail_en="The instance allows this address; the password is sealed and shown to nobody",
            )
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Keep it in this transaction; `approvals.Stale` when it is no longer what was approved."""
        row = await _get(tx, subject_id, lock=True)
        known = await store_extract.database(tx, database_id=row["database_id"])
        diff = _diff(known, _wish(row), new_password=row["password"] is not None)
        if row["state"] != "requested" or approvals.diff_hash(diff) != diff_hash:
            raise approvals.Stale("This database is no longer what was approved.")
        await databases.keep(tx, row["database_id"], _wish(row), row["password"], known, changed_by=row["asked_by"])
        await store_extract.end_request(tx, row["id"], "done")

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved is not kept, its password least of all."""
        await store_extract.end_request(tx, UUID(subject_id), _ENDED.get(state, "refused"))


async def _get(tx: Tx, subject_id: str, *, lock: bool = False) -> Record:
    row = await store_extract.request(tx, UUID(subject_id), lock=lock)
    if row is None:
        raise databases.DatabaseUnknown("Nobody asked for such a database.")
    return row


def _wish(row: Record) -> NewDatabase:
    return msgspec.convert({name: row[name] for name in ("name", "address", "login", "encrypted")}, NewDatabase)


def _diff(known: Record | None, new: NewDatabase, *, new_password: bool) -> tuple[FieldChange, ...]:
    held = dict(known) if known is not None else {}
    yes, kept = "是 / yes", "不变 / kept"
    fields = (
        ("name", "名称", "Name", held.get("name"), new.name.strip()),
        ("address", "地址", "Address", held.get("address"), new.address.strip()),
        ("login", "用户", "User", held.get("login"), new.login.strip()),
        ("encrypted", "必须 TLS", "TLS required", _yes(held.get("encrypted")), _yes(new.encrypted)),
        ("password", "新口令", "New password", None, yes if new_password else kept),
    )
    return tuple(
        FieldChange(path=path, label=label, label_en=label_en, before=before, after=after, group="source")
        for path, label, label_en, before, after in fields
        if before != after
    )


def _yes(value: bool | None) -> str | None:
    return None if value is None else "是 / yes" if value else "否 / no"

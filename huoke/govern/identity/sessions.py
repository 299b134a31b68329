"""Sessions of staff: listed, ended by their owner or by a security administrator."""

from uuid import UUID

from huoke.govern import audit
from huoke.govern.identity import store
from huoke.govern.identity.model import SessionUnknown, StaffSession
from huoke.kernel.tx import Tx


async def find(tx: Tx, staff_id: UUID | None = None) -> list[StaffSession]:
    """Live sessions, last seen first: one person's, or everybody's."""
    return await store.sessions(tx, staff_id)


async def get(tx: Tx, session_id: UUID) -> StaffSession:
    """A live session; `SessionUnknown`."""
    session = await store.get_session(tx, session_id)
    if session is None:
        raise SessionUnknown("There is no such session, or it has ended.")
    return session


async def end(tx: Tx, session_id: UUID) -> None:
    """End a session at once; `SessionUnknown`."""
    session = await get(tx, session_id)
    await store.end_session(tx, session_id)
    await audit.record(
        tx,
        audit.AuditEntry(
            action="identity.end_session",
            subject_kind="staff",
            subject_id=str(session.staff_id),
            after={"session": str(session_id)},
        ),
    )


async def end_all(tx: Tx, staff_id: UUID) -> int:
    """End every session of one person; says how many."""
    return await store.end_sessions(tx, staff_id)

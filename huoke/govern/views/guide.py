"""Whether the bank has put its first guide away."""

from huoke.govern import audit
from huoke.govern.views import store
from huoke.kernel.tx import Tx


async def guide_dismissed(tx: Tx) -> bool:
    """Whether somebody has put the guide away."""
    return bool(await store.guide(tx))


async def dismiss_guide(tx: Tx) -> None:
    """Put the guide away for the whole bank."""
    await _put(tx, dismissed=True)


async def restore_guide(tx: Tx) -> None:
    """Bring the guide back."""
    await _put(tx, dismissed=False)


async def _put(tx: Tx, *, dismissed: bool) -> None:
    await store.put_guide(tx, dismissed)
    action = "views.dismiss_guide" if dismissed else "views.restore_guide"
    await audit.record(tx, audit.AuditEntry(action=action, subject_kind="guide", subject_id="first_hour"))

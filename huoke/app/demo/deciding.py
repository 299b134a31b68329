"""The second person of the demo: who asked and who decided stand in one transaction, so a start that is cut off in
between leaves neither.
"""

from uuid import UUID

from huoke.app.demo.fill import Peopled
from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.tx import Tx

CHECKED = "示范：已核对"


async def approve(
    tx: Tx, bank: Peopled, change_id: UUID | None, *, by: tuple[Role, ...] = (Role.APPROVER,), comment: str = CHECKED
) -> None:
    """Each of `by` looks at a change and says yes, in order; the refusals of `approvals.decide`."""
    assert change_id is not None, "what was asked for waits for its approval"
    asker = tx.actor
    for role in by:
        checker = bank.actors[role]
        tx.actor = checker.actor
        change = await approvals.get(tx, checker, change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, comment, change.diff_hash)
    tx.actor = asker

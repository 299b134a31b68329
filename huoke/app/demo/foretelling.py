"""The demo's models: who is about to leave is learned once the demo stands; a person proposes, another approves."""

from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.refusals import Refusal
from huoke.know import models, tags
from huoke.know.models import TaskName

CUSTOMERS_MIN = 10_000
"""Of fewer customers chance alone moves the shares of a tenth by more than a model may be off."""


async def ask(runtime: Runtime, bank: Filled, customers: int) -> None:
    """Bring the tag of the bands, and have the worker train."""
    if customers < CUSTOMERS_MIN:
        return
    operator, approver = bank.actors[Role.OPERATOR], bank.actors[Role.APPROVER]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        bands = models.band_tags([TaskName.CHURN_30])
        outcomes = await tags.save(tx, bands)
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                raise outcome
        change_id = await tags.submit(tx, [one.name for one in bands], "模型分档")
        await models.ask_training(tx, runtime.clickhouse, TaskName.CHURN_30)
    if change_id is not None:
        async with runtime.database.begin(bank.tenant, approver.actor) as tx:
            change = await approvals.get(tx, approver, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)

"""The demo's models: the first bank learns who is about to leave; the approver lets the better version in."""

from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.refusals import Refusal
from huoke.know import models, tags
from huoke.know.models import OutcomeTooRare, TaskName

CUSTOMERS_MIN = 10_000
"""Of fewer customers chance alone moves the shares of a tenth by more than a model may be off."""


async def learn(runtime: Runtime, bank: Filled, customers: int) -> None:
    """Train, propose and approve; the worker scores everybody then. Nothing is proposed where none may be."""
    if customers < CUSTOMERS_MIN:
        return
    operator, approver = bank.actors[Role.OPERATOR], bank.actors[Role.APPROVER]
    try:
        made = await models.train(runtime.database, runtime.clickhouse, bank.tenant, operator.actor, TaskName.CHURN_30)
    except OutcomeTooRare:
        return
    best = next((version for version in made if version.recommended), None)
    if best is None:
        return
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        bands = models.band_tags([TaskName.CHURN_30])
        for outcome in await tags.save(tx, bands):
            if isinstance(outcome, Refusal):
                raise outcome
        asked = [await tags.submit(tx, [one.name for one in bands], "模型分档"), await models.propose(tx, best.id)]
    for change_id in asked:
        if change_id is not None:
            async with runtime.database.begin(bank.tenant, approver.actor) as tx:
                change = await approvals.get(tx, approver, change_id)
                await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)

"""The demo's models: learned from its own past while the rest is filled, proposed by one person, let in by another."""

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.refusals import Refusal
from huoke.know import models, tags
from huoke.know.models import TaskName

CUSTOMERS_MIN = 10_000
"""Of fewer customers chance alone moves the shares of a tenth by more than a model may be off."""
FORETOLD = (TaskName.CHURN_30, TaskName.VALUE)


async def foretell(runtime: Runtime, bank: Filled, customers: int) -> None:
    """Learn who is about to leave and who will pay, let in what may be, and score everybody.

    A model that is too far off stays a draft: the demo's past is what it is.
    """
    if customers < CUSTOMERS_MIN:
        return
    await _bring_tags(runtime, bank)
    for task in FORETOLD:
        async with runtime.database.begin(bank.tenant) as tx:
            known = await models.versions(tx, task)
        if known:
            continue
        made = await models.train(
            runtime.database, runtime.clickhouse, bank.tenant, bank.actors[Role.OPERATOR].actor, task
        )
        if best := next((version for version in made if version.recommended), None):
            await _let_in(runtime, bank, best)
            await models.score(runtime.database, runtime.clickhouse, bank.tenant, task)


async def _bring_tags(runtime: Runtime, bank: Filled) -> None:
    bands = models.band_tags(FORETOLD)
    async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
        for outcome in await tags.save(tx, bands):
            if isinstance(outcome, Refusal):
                raise outcome
        if (change_id := await tags.submit(tx, [one.name for one in bands], "模型分档")) is not None:
            await approve(tx, bank, change_id, comment="")


async def _let_in(runtime: Runtime, bank: Filled, version: models.Version) -> None:
    async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
        await approve(tx, bank, await models.propose(tx, version.id), comment="")

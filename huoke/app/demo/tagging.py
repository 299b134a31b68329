"""The demo's tags: the library, saved by the operator and let in by the approver; the worker fills them."""

from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.refusals import Refusal
from huoke.know import tags

AT_ONCE = 150
"""So many are saved, and checked by the approver, well below the two seconds a transaction may last."""


async def bring_tags(runtime: Runtime, bank: Filled) -> None:
    """Save and approve every tag of the library that the bank does not have; those that look at others come last."""
    whole = sorted(tags.library(), key=lambda one: one.kind is tags.Kind.DERIVED)
    for start in range(0, len(whole), AT_ONCE):
        part = whole[start : start + AT_ONCE]
        async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
            names = []
            for outcome in await tags.save(tx, part):
                if isinstance(outcome, Refusal):
                    raise outcome
                names += [outcome.name] if outcome.changed else []
        if not names:
            continue
        async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
            change_id = await tags.submit(tx, names, "标签库")
        if change_id is not None:
            async with runtime.database.begin(bank.tenant, bank.actors[Role.APPROVER].actor) as tx:
                asked = await approvals.get(tx, bank.actors[Role.APPROVER], change_id)
                await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", asked.diff_hash)

"""Identities in the background: every night those are joined whom a rule of the bank joins at once."""

from datetime import datetime, time
from typing import Any

from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.tx import Actor, Database
from huoke.know.identities.match import evidence_of, held_back, pairs_of
from huoke.know.identities.merge import join_by_rule
from huoke.know.identities.rule_model import Certainty
from huoke.know.identities.rules import in_force

JOIN_FROM = time(2, 30)
TITLE = "客户合并 · Joining customers"
JOINED_MAX = 1_000
"""In one night; a rule that finds more is looked at by people before it goes on."""
AT_ONCE = 50


@every("identities.schedule", seconds=300)
async def schedule(sweep: Sweep) -> None:
    """Enqueue a night's joining once, where a rule asks for it."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        if local < datetime.combine(local.date(), JOIN_FROM, CHINA):
            return
        if any(one.certainty is Certainty.JOINS for one in (await in_force(tx)).rules):
            await jobs.enqueue(tx, "identities.join", {}, title=TITLE, unique_key=f"identities/{local.date()}")


@job("identities.join", at_once_max=1)
async def join_found(context: JobContext, _payload: dict[str, Any]) -> None:
    """Join them."""
    await join_all(context.database, context.tenant, context.actor)


async def join_all(database: Database, tenant: TenantId, actor: Actor) -> int:
    """Join whom the rules join at once, by their order; how many. What is held back waits for a person."""
    joined = 0
    async with database.begin(tenant, actor) as tx:
        rules = await in_force(tx)
        found = [
            (rule, pair)
            for place, rule in enumerate(rules.rules)
            if rule.certainty is Certainty.JOINS
            for pair in await pairs_of(tx, rules, place, limit=JOINED_MAX)
        ][:JOINED_MAX]
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        async with database.begin(tenant, actor) as tx:
            told = await evidence_of(tx, [pair for _, pair in part], rules)
            for (rule, pair), evidence in zip(part, told, strict=True):
                if not held_back(evidence, rule):
                    joined += await join_by_rule(tx, rule, pair, evidence) is not None
    return joined

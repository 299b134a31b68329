"""What is written on whose behalf: planned by campaigns and journeys, queued as their customers are reached."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from pyroaring import BitMap

from huoke.govern import tenants
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reach.channels import store
from huoke.reach.channels.model import MessagesQueued, Plan, PlanState, PlanTaken, TextUnfit, awake
from huoke.reach.channels.text import Language, unknown_variables

TEXT_LENGTH_MAX = 500
PERSONAL = frozenset({"name", "link", "unsubscribe"})
"""Variables filled in at hand-over, for each customer or from the plan's link."""


Withdrawn = Callable[[Tx, UUID], Awaitable[CustomerSet]]
_withdrawn: dict[str, Withdrawn] = {}


def register_withdrawn(kind: str, withdrawn: Withdrawn) -> None:
    """`app` says who knows which customers a source of a kind is for no longer (rule P4)."""
    _withdrawn[kind] = withdrawn


async def withdrawn_from(tx: Tx, plan: Plan) -> CustomerSet:
    """Customers to whom nothing of a plan is handed over any more, by who made it."""
    asked = _withdrawn.get(plan.source_kind)
    return CustomerSet.empty(tx.tenant, tx.now) if asked is None else await asked(tx, plan.source_id)


async def add_plan(tx: Tx, new: Plan) -> None:
    """Plan what is written to whom a source reaches; `TextUnfit`, `PlanTaken`."""
    check_texts(new.texts, frozenset(new.variables) | PERSONAL)
    if not await store.insert_plan(tx, new):
        raise PlanTaken("This source has its messages planned already.")


def check_texts(texts: dict[str, str], variables: frozenset[str]) -> None:
    """Raise `TextUnfit` for texts that cannot be sent; Chinese is always there."""
    if not texts.get(Language.ZH, "").strip():
        raise TextUnfit("The Chinese text is missing.", pointer="/texts/zh")
    for language, text in texts.items():
        if language not in set(Language):
            raise TextUnfit(f"A language is one of: {', '.join(Language)}.", pointer=f"/texts/{language}")
        if len(text) > TEXT_LENGTH_MAX:
            raise TextUnfit(f"A text has at most {TEXT_LENGTH_MAX} characters.", pointer=f"/texts/{language}")
        if strangers := unknown_variables(text, variables):
            known = ", ".join(f"{{{name}}}" for name in sorted(variables))
            raise TextUnfit(
                f"{{{strangers[0]}}} is filled in by nothing; there are {known}.", pointer=f"/texts/{language}"
            )


async def queue(tx: Tx, source_id: UUID, members: BitMap) -> int:
    """Queue a message to each of at most 10,000 customers a source reached; returns how many got one.

    Who has one of this source already is passed over, under whichever number, so the same set may come twice.
    """
    found = (await store.plans(tx, [source_id])).get(source_id)
    if found is None or found[1] is PlanState.ENDED:
        return 0
    meant = (await customers.current(tx, CustomerSet(tx.tenant, members))).bitmap
    joined = await customers.joined_to(tx, list(meant))
    told = await store.addressed(tx, [source_id], [number for numbers in joined.values() for number in numbers])
    passed = [seq for seq, numbers in joined.items() if any((source_id, number) in told for number in numbers)]
    facts = await customers.facts(tx, list(meant - BitMap(passed)))
    begins = max(found[0].send_at or tx.now, tx.now)
    due_at = begins if found[0].service else await next_awake(tx, begins)
    queued = await store.queue(tx, source_id, facts.seqs.tolist(), facts.unit_ids.tolist(), Language.ZH.value, due_at)
    if queued:
        tx.emit(MessagesQueued(source_id=source_id, count=len(queued)), members=BitMap(queued).serialize())
    return len(queued)


async def next_awake(tx: Tx, at: datetime) -> datetime:
    """`at`, or the end of the bank's quiet hours when it falls into them (rule M2)."""
    quiet = await tenants.setting(tx, tenants.QUIET_HOURS)
    return awake(at, quiet.start, quiet.end)


async def get_plan(tx: Tx, source_id: UUID) -> Plan | None:
    """What a source writes; None where it writes nothing."""
    found = (await store.plans(tx, [source_id])).get(source_id)
    return found[0] if found else None


async def hold(tx: Tx, source_id: UUID) -> None:
    """Keep a source's messages queued until `resume`."""
    await store.set_plan_state(tx, source_id, PlanState.HELD)


async def resume(tx: Tx, source_id: UUID) -> None:
    """Let a held source's messages go out."""
    await store.set_plan_state(tx, source_id, PlanState.ACTIVE)


async def end(tx: Tx, source_id: UUID) -> None:
    """Withhold what a source has not sent yet, for good."""
    await store.set_plan_state(tx, source_id, PlanState.ENDED)

"""Why a campaign did not reach somebody: condition by condition; what the desk must not say stays out of its answer."""

from typing import Any
from uuid import UUID

from huoke.govern.people import units
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import Verdict
from huoke.know.segments import Explanation
from huoke.measure.desk import store, words
from huoke.measure.desk.model import Answer, Asking, Reasons, RuleLine, Said
from huoke.reach import campaigns
from huoke.reach.campaigns import Condition, Finding

CONTROL = "control.read"
"""Who may know that somebody is in a control group (rule E1)."""
_SECRET = (Condition.AUDIENCE.value, Condition.NOT_CONTROL.value)
_SHOWN = {Verdict.TRUE: True, Verdict.FALSE: False}


async def askable(tx: Tx, principal: Principal, seq: int) -> list[Asking]:
    """Campaigns of the customer's unit and those above it, latest first. `customers.CustomerUnknown`."""
    customer = await customers.get(tx, Seq(seq), scope=principal.units)
    path = next((unit.path for unit in await units.tree(tx) if unit.id == customer.unit_id), [])
    return [Asking(**dict(row)) for row in await store.askable(tx, path)]


async def reasons(tx: Tx, clickhouse: ClickHouse, principal: Principal, seq: int, campaign_id: UUID) -> Reasons:
    """Every condition of a campaign for one customer, and what to say. `customers.CustomerUnknown`,
    `campaigns.CampaignUnknown`.

    Whoever may not know of control groups reads "selected" or "not selected", which is also what the customer is told.
    """
    await customers.get(tx, Seq(seq), scope=principal.units)
    found = await campaigns.why(tx, clickhouse, campaign_id, Seq(seq))
    every = [Answer(condition=one.condition.value, holds=one.holds, what=_what(one)) for one in found.findings]
    told = _told(every)
    first = next((one.condition for one in told if not one.holds), "")
    return Reasons(
        campaign=found.name,
        answers=every if principal.may(CONTROL) else told,
        rule=_lines(found.rule) if found.rule else [],
        grant_ids=found.grant_ids,
        script=words.SCRIPT["limit" if found.grant_ids else first],
    )


def _told(every: list[Answer]) -> list[Answer]:
    """Audience and control group as one condition, so that neither can be told from the other."""
    place = next((place for place, one in enumerate(every) if one.condition in _SECRET), None)
    if place is None:
        return every
    selected = all(one.holds for one in every if one.condition in _SECRET)
    answer = Answer(condition="selected", holds=selected, what=words.CONDITION["selected", selected])
    rest = [one for one in every if one.condition not in _SECRET]
    return [*rest[:place], answer, *rest[place:]]


def _what(finding: Finding) -> Said:
    said = words.CONDITION[finding.condition.value, finding.holds]
    if finding.condition is Condition.RUNNING and finding.word in words.STATE:
        word = words.STATE[finding.word]
        return words.joined(said, f"：{word.zh}", f": {word.en}")
    if finding.condition is Condition.LIMIT:
        return words.joined(said, f"（{finding.word} 份）", f" ({finding.word})")
    return said


def _lines(rule: Explanation) -> list[RuleLine]:
    """The comparisons of a rule, as it is today; groups and references say nothing that these do not."""
    return [
        RuleLine(
            holds=_SHOWN.get(node.verdict),
            what=Said(
                zh=f"{node.label or node.name} {node.op or ''} {_shown(node.threshold)}".strip(),
                en=f"{node.label_en or node.label or node.name} {node.op or ''} {_shown(node.threshold)}".strip(),
            ),
            value=node.value,
            masked=node.masked,
        )
        for node in rule.nodes
        if node.kind in ("attr", "event", "upload")
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)

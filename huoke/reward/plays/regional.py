"""How many of those who may play live where a prize is of no use: shown before anybody decides."""

from collections.abc import Iterable

from huoke.govern.approvals import Check, CheckVerdict
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.reward.catalogue import Regional, Sku, Where
from huoke.reward.plays.eligible import all_eligible, analytics


async def regions(tx: Tx, condition: segments.Segment | None, skus: Iterable[Sku]) -> list[Check]:
    """The check of prizes that hold in some regions only; none where every prize holds everywhere.

    Nothing is said of a condition that cannot be asked: its own check says why.
    """
    bound = {sku.id: sku for sku in skus if sku.regions}
    if not bound:
        return []
    try:
        who = await all_eligible(tx, condition)
        found = await _counted(tx, list(bound.values()), who)
    except Refusal:
        return []
    except Outage:
        return [
            _check("现在数不出住在别处的客户，请稍后再看", "Who lives elsewhere cannot be counted now; look again", [])
        ]
    zh, en = "；".join(one.told() for one in found), "; ".join(one.told_en() for one in found)
    return [_check(f"只在部分地区可用的奖品：{zh}", f"Prizes used in some regions only: {en}", found)]


async def _counted(tx: Tx, skus: list[Sku], who: CustomerSet) -> list[Regional]:
    where = Where(tx, analytics(), who)
    return [await where.of(sku, who) for sku in skus]


def _check(zh: str, en: str, found: list[Regional]) -> Check:
    fine = bool(found) and not any(one.elsewhere or one.unknown for one in found)
    verdict = CheckVerdict.PASS if fine else CheckVerdict.WARN
    regional = [
        {"name": one.name, "elsewhere": one.elsewhere, "unknown": one.unknown, "regions": one.regions} for one in found
    ]
    return Check(rule="SKU", verdict=verdict, detail=zh, detail_en=en, data={"code": "regions", "regional": regional})

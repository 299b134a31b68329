"""What may change in a play that runs: only what is in its customers' favour (rule L3). Pure.

More stock, a later end, more chances a day, looser limits, an earlier guarantee, higher odds of prizes at the cost of
winning nothing, further prizes. Everything else stands as it was published, and the field says so.
"""

from collections.abc import Iterator, Mapping

from huoke.reward.plays.draft import Problem
from huoke.reward.plays.model import PPM, Draft, PrizeDraft

_STAND = {
    "name": "name",
    "kind": "kind",
    "ways": "ways",
    "lobby": "lobby",
    "opens_at": "opens_at",
    "budget_id": "budget_id",
    "segment_id": "segment_id",
    "welcome_chances": "welcome_chances",
    "zh": "zh",
    "en": "en",
    "design": "design",
    "channels": "channels",
}
STOCK_MAX = 1_000_000


def against(before: Draft, after: Draft, stock: Mapping[int, int]) -> Iterator[Problem]:
    """What of an amended draft is not in the customers' favour, field by field; `stock` are units to add by line."""
    for name, pointer in _STAND.items():
        if getattr(before, name) != getattr(after, name):
            yield _no(pointer, "stands", "This was published and stands as it is.")
    if before.closes_at is None or after.closes_at is None or after.closes_at < before.closes_at:
        yield _no("closes_at", "shorter", "The end is only ever moved later.")
    if after.daily_chances < before.daily_chances:
        yield _no("daily_chances", "fewer", "Chances a day only ever become more.")
    if _tighter(before.draws_a_day, after.draws_a_day):
        yield _no("draws_a_day", "tighter", "The limit a day is only ever raised or lifted.")
    if after.claim_days < before.claim_days:
        yield _no("claim_days", "shorter", "The time to claim is only ever longer.")
    yield from _guarantee(before, after)
    yield from _lines(before, after)
    for line, units in stock.items():
        if not 0 <= line < len(before.prizes) or before.prizes[line].sku_id is None or not 0 < units <= STOCK_MAX:
            yield _no(f"stock/{line}", "stock", "Stock is added to a prize of the table, one unit or more.")
    if before == after and not stock:
        yield _no("draft", "nothing", "Nothing would change.")


def _lines(before: Draft, after: Draft) -> Iterator[Problem]:
    if len(after.prizes) < len(before.prizes):
        yield _no("prizes", "dropped", "A published prize stays on the table.")
        return
    for line, (old, new) in enumerate(zip(before.prizes, after.prizes, strict=False)):
        yield from _line(f"prizes/{line}", old, new)
    for line, new in enumerate(after.prizes[len(before.prizes) :], len(before.prizes)):
        if new.sku_id is None:
            yield _no(f"prizes/{line}/sku_id", "empty_line", "What is added is a prize.")
    if sum(prize.odds_ppm for prize in after.prizes) != PPM:
        yield _no("prizes", "odds_sum", "Odds add up to 100 %.")


def _line(pointer: str, old: PrizeDraft, new: PrizeDraft) -> Iterator[Problem]:
    for name in ("title", "title_en", "sku_id", "pool_id", "fallback"):
        if getattr(old, name) != getattr(new, name):
            yield _no(f"{pointer}/{name}", "stands", "This was published and stands as it is.")
    if old.sku_id is not None and new.odds_ppm < old.odds_ppm:
        yield _no(f"{pointer}/odds_ppm", "lower", "Odds of a prize only ever rise, at the cost of winning nothing.")
    if old.sku_id is None and new.odds_ppm > old.odds_ppm:
        yield _no(f"{pointer}/odds_ppm", "nothing_up", "Winning nothing never becomes more likely.")
    for name in ("per_day", "per_person"):
        if _tighter(getattr(old, name), getattr(new, name)):
            yield _no(f"{pointer}/{name}", "tighter", "A limit is only ever raised or lifted.")


def _guarantee(before: Draft, after: Draft) -> Iterator[Problem]:
    if before.guarantee_line is None:
        return
    if after.guarantee_line != before.guarantee_line or not 0 < after.guarantee_after <= before.guarantee_after:
        yield _no("guarantee_after", "guarantee", "A guarantee only ever comes earlier.")


def _tighter(old: int, new: int) -> bool:
    """Whether a limit became tighter; 0 is none."""
    return new != 0 and (old == 0 or new < old)


def _no(pointer: str, code: str, detail: str) -> Problem:
    return Problem(pointer=f"/{pointer}", code=code, detail=detail)

"""Rules of acceptance: adding and removing them, and asking them for many benefits at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.merchants import store
from huoke.reward.merchants.model import (
    MerchantsChanged,
    NewRule,
    Place,
    Rule,
    RuleUnknown,
    Scope,
    Status,
    Store,
    Units,
    Unknown,
    check_rule,
    check_whole_bank,
    judge,
)
from huoke.reward.merchants.stores import find_stores

STORES_MAX = 5_000


async def add_rule(tx: Tx, new: NewRule, *, units: Units) -> UUID:
    """Add a rule; it holds at once, in the whole bank.

    `MerchantUnfit`, `Unknown` for stores that are not there, `OutOfScope` for somebody of a part of the bank.
    """
    check_whole_bank(units)
    check_rule(new)
    named = {*new.store_ids, *new.excluded_store_ids}
    if named and len(await find_stores(tx, ids=list(named), limit=STORES_MAX)) != len(named):
        raise Unknown("There is no such store in this bank.", pointer="/store_ids")
    rule_id = new_id()
    row = msgspec.structs.asdict(new) | {"id": rule_id, "added_by": tx.actor.id, "added_at": tx.now}
    del row["request_no"]
    await store.add(tx, "acceptance", row | {"scope": new.scope.value})
    await _tell(tx, rule_id, "added", {"scope": new.scope.value, "scope_key": new.scope_key})
    return rule_id


async def remove_rule(tx: Tx, rule_id: UUID, *, units: Units) -> UUID:
    """Take a rule away; it no longer holds. `RuleUnknown`, `OutOfScope`."""
    check_whole_bank(units)
    if not await store.remove(tx, rule_id):
        raise RuleUnknown("There is no such rule of acceptance.")
    await _tell(tx, rule_id, "removed", {})
    return rule_id


async def find_rules(tx: Tx) -> list[Rule]:
    """Every rule, by scope."""
    return [_rule(dict(row)) for row in await store.rules(tx, None)]


async def check(tx: Tx, sku_ids: Iterable[UUID], place: Place, at: datetime) -> dict[UUID, Refusal]:
    """Which of these benefits are not accepted at a place and time, and why; those that are accepted are left out."""
    rules = await _rules_of(tx, sku_ids)
    refused: dict[UUID, Refusal] = {}
    for sku_id, own in rules.items():
        if refusal := judge(own, place, at, ()):
            names = [shop.name for shop in await _stores(tx, own)] if own else []
            refused[sku_id] = judge(own, place, at, names) or refusal
    return refused


async def where(tx: Tx, sku_id: UUID) -> tuple[list[Store], bool]:
    """The stores that accept a benefit, and whether the bank's own counters do."""
    rules = (await _rules_of(tx, [sku_id]))[sku_id]
    return await _stores(tx, rules), not rules or any(rule.counters for rule in rules)


async def _rules_of(tx: Tx, sku_ids: Iterable[UUID]) -> dict[UUID, list[Rule]]:
    """By SKU, the rules of the narrowest scope that has any."""
    wanted = set(sku_ids)
    skus = await catalogue.skus(tx, wanted)
    scopes = {sku_id: _scopes(sku_id, skus.get(sku_id)) for sku_id in wanted}
    rows = await store.rules(tx, sorted({scope for own in scopes.values() for scope in own}))
    by_scope: dict[tuple[str, str], list[Rule]] = {}
    for row in rows:
        by_scope.setdefault((row["scope"], row["scope_key"]), []).append(_rule(dict(row)))
    return {sku_id: next((by_scope[scope] for scope in own if scope in by_scope), []) for sku_id, own in scopes.items()}


def _scopes(sku_id: UUID, sku: catalogue.Sku | None) -> Sequence[tuple[str, str]]:
    own = [(Scope.SKU.value, str(sku_id))]
    if sku is None:
        return own
    return [*own, (Scope.BRAND.value, str(sku.brand_id)), (Scope.CATEGORY.value, sku.category)]


async def _stores(tx: Tx, rules: Sequence[Rule]) -> list[Store]:
    """The active stores that a SKU's rules name, by code."""
    ids = {store_id for rule in rules for store_id in rule.store_ids}
    merchants = {merchant_id for rule in rules for merchant_id in rule.merchant_ids}
    found = await find_stores(tx, ids=list(ids), limit=STORES_MAX) if ids else []
    found += await find_stores(tx, merchant_ids=list(merchants), limit=STORES_MAX) if merchants else []
    stores = {shop.id: shop for shop in found if shop.status is Status.ACTIVE}
    covered = [shop for shop in stores.values() if any(rule.covers(_place(shop)) for rule in rules)]
    return sorted(covered, key=lambda shop: shop.code)


def _place(shop: Store) -> Place:
    return Place(unit_id=shop.unit_id, store_id=shop.id, merchant_id=shop.merchant_id)


def _rule(row: Mapping[str, object]) -> Rule:
    return msgspec.convert({name: row[name] for name in Rule.__struct_fields__}, Rule)


async def _tell(tx: Tx, rule_id: UUID, change: str, after: dict[str, object]) -> None:
    tx.emit(MerchantsChanged(subject_kind="acceptance", subject_id=rule_id, change=change))
    entry = audit.AuditEntry(
        action=f"merchants.acceptance_{change}", subject_kind="acceptance", subject_id=str(rule_id), after=after
    )
    await audit.record(tx, entry)

"""A file of ownership: customer number, the manager's login, and whether they own the customer or share them."""

from collections.abc import Mapping
from typing import Any

from huoke.know import customers
from huoke.know.customers import (
    OWNERSHIP_MENDS,
    CountUndone,
    EntityField,
    EntityLoaded,
    Given,
    NewOwnership,
    OwnershipStanding,
    Place,
    RowFlaw,
    Rows,
)

UNDONE_AT_ONCE = 2_000
_WORDS: Mapping[str, OwnershipStanding] = {
    "": OwnershipStanding.OWNER,
    "owner": OwnershipStanding.OWNER,
    "主办": OwnershipStanding.OWNER,
    "管户": OwnershipStanding.OWNER,
    "co_owner": OwnershipStanding.CO_OWNER,
    "co-owner": OwnershipStanding.CO_OWNER,
    "协办": OwnershipStanding.CO_OWNER,
}
_FLAW_COLUMNS = {"login": "login", "customer_no": "customer_no", "standing": "role"}


class Ownerships:
    """Serves `customers.Entity`: who is to look after whom; the manager's units must hold the customer."""

    name = "ownerships"
    label = "管户关系"
    label_en = "Ownership"
    fields: tuple[EntityField, ...] = (
        EntityField(name="customer_no", label="客户号", label_en="Customer number", required=True, key=True,
                    words=("customerno", "custno", "custid", "customerid", "客户号", "客户编号")),
        EntityField(name="login", label="客户经理工号（登录名）", label_en="Manager's login (staff number)",
                    required=True, key=True,
                    words=("login", "staffno", "staffid", "rm", "manager", "工号", "客户经理工号", "登录名")),
        EntityField(name="role", label="角色（主办、协办）", label_en="Role (owner, co-owner)",
                    words=("role", "standing", "角色", "管户角色")),
    )  # fmt: skip

    async def load(self, place: Place, rows: Rows, *, dry_run: bool) -> EntityLoaded:
        """Write a chunk in one transaction; the same chunk again changes nothing."""
        news = _read(rows)
        fit = [new for new in news if new]
        async with place.database.begin(place.tenant, place.actor) as tx:
            given = iter(await customers.give(tx, fit, import_id=place.import_id, trial=dry_run))
        outcomes = [next(given) if new else None for new in news]
        return EntityLoaded(
            added=outcomes.count(Given.ADDED),
            changed=outcomes.count(Given.CHANGED),
            same=outcomes.count(Given.SAME),
            refused=tuple(flaw for at, outcome in enumerate(outcomes) if (flaw := _flaw(at, outcome))),
        )

    async def take_back(self, place: Place, count: CountUndone) -> None:
        """Customers are looked after as before the file, but for those whose ownership changed since."""
        seen = 1
        while seen:
            async with place.database.begin(place.tenant, place.actor) as tx:
                seen, undone = await customers.take_back(tx, place.import_id, UNDONE_AT_ONCE)
                await count(tx, undone)


def _read(rows: Rows) -> list[NewOwnership | None]:
    """Rows as they are to stand; None where the role is no role."""
    nothing: list[Any] = [None] * len(rows.lines)
    columns = (rows.columns.get(name) or nothing for name in ("customer_no", "login", "role"))
    found: list[NewOwnership | None] = []
    for number, login, role in zip(*columns, strict=True):
        standing = _WORDS.get((role or "").strip().lower())
        found.append(NewOwnership(customer_no=number, login=login, standing=standing) if standing else None)
    return found


def _flaw(at: int, outcome: Given | None) -> RowFlaw | None:
    if outcome is None:
        return RowFlaw(at, "role", "role_unknown", "Write owner (主办), co_owner (协办), or leave it empty for owner.")
    if outcome not in OWNERSHIP_MENDS:
        return None
    field, mend = OWNERSHIP_MENDS[outcome]
    return RowFlaw(at, _FLAW_COLUMNS[field], outcome.value, mend)

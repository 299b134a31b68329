"""The relationship managers of some units, with how many customers each has."""

from collections.abc import Iterable

from huoke.govern.people import Role, staff
from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import Managed
from huoke.know.ownership.model import Manager


async def managers(
    tx: Tx, *, q: str = "", scope: Iterable[UnitId] | None = None, after: str = "", limit: int = 50
) -> list[Manager]:
    """In the order of their logins, also those who may no longer sign in; `q` finds by name or login."""
    units = None if scope is None else frozenset(int(unit) for unit in scope)
    people = await staff.find(tx, role=Role.RM, q=q, unit_ids=units, after=after, limit=limit)
    counts = await customers.count_managed(tx, [one.id for one in people])
    found = [(one, counts.get(one.id, Managed())) for one in people]
    return [
        Manager(
            id=one.id,
            login=one.login,
            name=one.name,
            post=one.post,
            unit_id=one.unit_id,
            active=one.active,
            owned=counted.owned,
            shared=counted.shared,
        )
        for one, counted in found
    ]

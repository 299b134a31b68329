"""Keeping, changing and removing saved views: everybody their own."""

from uuid import UUID

from huoke.govern.views import store
from huoke.govern.views.model import (
    VIEWS_MAX,
    NewView,
    TooManyViews,
    ViewChange,
    ViewNameTaken,
    ViewUnknown,
    check_view,
)
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx


async def save(tx: Tx, principal: Principal, new: NewView) -> UUID:
    """Keep a view; returns its id. `ViewUnfit`, `ViewNameTaken`, `TooManyViews`."""
    check_view(new)
    staff_id = UUID(principal.actor.id)
    if await store.count_views(tx, staff_id, new.page) >= VIEWS_MAX:
        raise TooManyViews(f"You have {VIEWS_MAX} views of this list; remove one first.")
    view_id = new_id()
    if not await store.add_view(tx, view_id, staff_id, _shared_with(principal, new.shared), new):
        raise _taken(new.name)
    return view_id


async def change(tx: Tx, principal: Principal, wanted: ViewChange) -> UUID:
    """Change a view of one's own; `ViewUnknown`, `ViewUnfit`, `ViewNameTaken`."""
    check_view(wanted)
    staff_id = UUID(principal.actor.id)
    if await store.named(tx, staff_id, wanted.id, wanted.name):
        raise _taken(wanted.name)
    if not await store.change_view(tx, staff_id, _shared_with(principal, wanted.shared), wanted):
        raise ViewUnknown("You have no such view; a shared one is changed by its owner.")
    return wanted.id


async def remove(tx: Tx, principal: Principal, view_id: UUID) -> None:
    """Remove a view of one's own; `ViewUnknown`."""
    if not await store.remove_view(tx, UUID(principal.actor.id), view_id):
        raise ViewUnknown("You have no such view; a shared one is removed by its owner.")


def _shared_with(principal: Principal, shared: bool) -> int | None:
    return principal.unit_id if shared else None


def _taken(name: str) -> ViewNameTaken:
    return ViewNameTaken(f"You have a view '{name.strip()}' of this list; choose another name.", pointer="/name")

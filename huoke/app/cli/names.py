"""What people call things on the command line: an id, or a code or name that is the only one."""

from collections.abc import Sequence
from uuid import UUID

from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid, NotFound
from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.reward import catalogue, ledger, supply


def as_id(text: str) -> UUID | None:
    """The id a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def segment_of(tx: Tx, text: str, principal: Principal) -> UUID:
    """A segment by id or exact name."""
    if given := as_id(text):
        return given
    found, _ = await segments.find(tx, q=text, units=principal.units, limit=200)
    return _only("segment", text, [one.id for one in found if one.name == text])


async def sku_of(tx: Tx, text: str) -> UUID:
    """A SKU by id or code."""
    if given := as_id(text):
        return given
    found = await catalogue.find_skus(tx, q=text, limit=200)
    return _only("SKU", text, [one.id for one in found if one.code == text])


async def budget_of(tx: Tx, text: str, principal: Principal) -> UUID:
    """A budget by id or exact name; of several of one name, the root."""
    if given := as_id(text):
        return given
    found = [one for one in await ledger.find_budgets(tx, units=principal.units) if one.name == text]
    roots = [one.id for one in found if one.parent_id is None]
    return _only("budget", text, roots or [one.id for one in found])


async def supplier_of(tx: Tx, text: str) -> UUID:
    """A supplier by id or code."""
    if given := as_id(text):
        return given
    found = await supply.find(tx, q=text, limit=200)
    return _only("supplier", text, [one.id for one in found if one.code == text])


def _only(kind: str, text: str, found: Sequence[UUID]) -> UUID:
    if not found:
        raise NotFound(f"There is no {kind} '{text}'.")
    if len(found) > 1:
        raise Invalid(f"There are {len(found)} of '{text}'; give the {kind}'s id.")
    return found[0]

"""What a campaign gives, line by line: one SKU, or those of a bundle; and the most that may cost. Pure."""

from collections.abc import Sequence

from huoke.reach.campaigns.model import Draft, Line, Share


def lines_of(draft: Draft) -> list[Line]:
    """The benefits of a draft in the order of its offers; none while nothing is chosen."""
    if draft.bundle_id is not None:
        return draft.lines
    return [Line(sku_id=draft.sku_id, stock=draft.stock, pool_id=draft.pool_id)] if draft.sku_id else []


def units_of(draft: Draft) -> int:
    """How many units of anything a campaign gives."""
    return draft.stock if draft.bundle_id is None else sum(line.stock for line in draft.lines)


def share_stock(draft: Draft, share: Share, line: Line) -> int:
    """How many units of one benefit a branch has of its own."""
    return share.stock if draft.bundle_id is None else share.stocks.get(line.sku_id, 0)


def dearest_fen(costs_fen: Sequence[int], choose: int, person_limit: int) -> int:
    """What the choices of one person cost at most: `choose` units, `person_limit` of each at most."""
    return most_fen(costs_fen, [person_limit] * len(costs_fen), choose)


def most_fen(costs_fen: Sequence[int], units: Sequence[int], room: int) -> int:
    """The dearest `room` units there are, with so many of each at its cost."""
    total = 0
    for cost_fen, count in sorted(zip(costs_fen, units, strict=True), reverse=True):
        taken = min(count, room)
        total, room = total + taken * cost_fen, room - taken
    return total

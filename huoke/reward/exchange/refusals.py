"""What exchange refuses."""

from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound


class CardUnfit(Invalid):
    """A rate card cannot be like this."""

    code = "exchange.card_unfit"


class CardOpen(Conflict):
    """Another request for this card waits for its decision."""

    code = "exchange.card_open"


class CardUnknown(NotFound):
    """This bank has no such rate card."""

    code = "exchange.card_unknown"


class CardClosed(Conflict):
    """The card has ended, or does not hold today."""

    code = "exchange.card_closed"


class PartnerUnknown(NotFound):
    """This bank exchanges points with no such partner."""

    code = "exchange.partner_unknown"


class AmountUnfit(Invalid):
    """Too few points, not a whole step, or too few to get anything."""

    code = "exchange.amount_unfit"


class QuoteMoved(Conflict):
    """The exchange would bring something else than the customer was shown."""

    code = "exchange.quote_moved"


class LimitReached(Conflict):
    """The day's or the month's limit, of the person or of everybody, leaves no room."""

    code = "exchange.limit_reached"


class PointsShort(Conflict):
    """The customer has fewer points than that."""

    code = "exchange.points_short"


class LiquidityShort(Conflict):
    """What was set aside for this exchange is used up."""

    code = "exchange.liquidity_short"


class PointsFrozen(Forbidden):
    """The customer's points are frozen."""

    code = "exchange.points_frozen"


class TradeUnknown(NotFound):
    """There is no such exchange of this customer, or in this bank."""

    code = "exchange.trade_unknown"


class NotUndoable(Conflict):
    """The time is over, or some of what came in is spent."""

    code = "exchange.not_undoable"


class RequestTaken(Conflict):
    """The same request number asked for something else."""

    code = "exchange.request_taken"

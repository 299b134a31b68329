"""Why a group buy, a seat or a stop is refused."""

from huoke.kernel.refusals import Conflict, Invalid, NotFound


class ProgrammeUnknown(NotFound):
    """There is no such group buy in this bank."""

    code = "group_buy.programme_unknown"


class GroupUnknown(NotFound):
    """There is no such group in this bank."""

    code = "group_buy.group_unknown"


class SeatUnknown(NotFound):
    """The customer has no such seat."""

    code = "group_buy.seat_unknown"


class ProgrammeUnfit(Invalid):
    """Terms that contradict each other or promise what cannot be given; `pointer` names the field."""

    code = "group_buy.programme_unfit"


class NotGroupable(Invalid):
    """A financial benefit, or a deposit, wealth, insurance or loan product: never bought in groups (rules B1, B4)."""

    code = "group_buy.not_groupable"


class ProgrammeClosed(Conflict):
    """The group buy is not in a state that allows this."""

    code = "group_buy.programme_closed"


class NotStarted(Conflict):
    """The group buy has not begun."""

    code = "group_buy.not_started"


class Ended(Conflict):
    """The group buy takes nobody any more."""

    code = "group_buy.ended"


class PriceChanged(Conflict):
    """The price is another one than the customer saw."""

    code = "group_buy.price_changed"


class GroupClosed(Conflict):
    """The group is complete, over or was stopped."""

    code = "group_buy.group_closed"


class GroupFull(Conflict):
    """Every seat is taken."""

    code = "group_buy.group_full"


class SeatTaken(Conflict):
    """The natural person sits in this group already."""

    code = "group_buy.seat_taken"


class LimitReached(Conflict):
    """The natural person takes part as often as one can."""

    code = "group_buy.limit_reached"


class SoldOut(Conflict):
    """No seat is left in the whole group buy."""

    code = "group_buy.sold_out"


class PointsShort(Conflict):
    """The customer has too few points."""

    code = "group_buy.points_short"


class NotLeavable(Conflict):
    """The group is complete or over: its seats are settled."""

    code = "group_buy.not_leavable"

"""Why a play, or a draw in it, is refused."""

from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound


class PlayUnknown(NotFound):
    """There is no such play in this bank, or none the caller may know of."""

    code = "plays.unknown"


class DrawUnknown(NotFound):
    """There is no such draw, or it is another customer's."""

    code = "plays.unknown_draw"


class PictureUnknown(NotFound):
    """There is no such picture of a page in this bank."""

    code = "plays.unknown_picture"


class PlayUnfit(Invalid):
    """A play whose parts contradict each other or name nothing that exists."""

    code = "plays.unfit"


class AmendmentOpen(Conflict):
    """The play has a change that is not decided yet."""

    code = "plays.amendment_open"


class NotYours(Forbidden):
    """The caller may look at the play and not change it."""

    code = "plays.not_yours"


class VersionMoved(Conflict):
    """Somebody saved the play meanwhile."""

    code = "plays.version_moved"


class WrongState(Conflict):
    """The play is in a state that does not allow it."""

    code = "plays.wrong_state"


class NotStarted(Conflict):
    """The play has not opened."""

    code = "plays.not_started"


class Paused(Conflict):
    """The play is paused; chances are kept."""

    code = "plays.paused"


class Ended(Conflict):
    """The play is over."""

    code = "plays.ended"


class NoChance(Conflict):
    """The customer has no chance left."""

    code = "plays.no_chance"


class DayLimit(Conflict):
    """The natural person has drawn as often as one may in a day (rule R1)."""

    code = "plays.day_limit"


class SeedSecret(Conflict):
    """The seed is told only after the end, or the draws to come could be foretold."""

    code = "plays.seed_secret"


class ChannelClosed(Conflict):
    """The play is not shown on the channel one came by."""

    code = "plays.channel_closed"


class CodeUnknown(NotFound):
    """No branch of this bank made this code."""

    code = "plays.code_unknown"


class CodeStale(Conflict):
    """The code's minute is over."""

    code = "plays.code_stale"


class BranchClosed(Conflict):
    """It is outside of the hours of branches."""

    code = "plays.branch_closed"


class NotCheckedIn(Conflict):
    """The customer has not checked in at this branch today."""

    code = "plays.not_checked_in"


class GiftUnknown(NotFound):
    """There is no such gift of a card, or it is over."""

    code = "plays.unknown_gift"


class NoGiving(Conflict):
    """Cards of this play are not given."""

    code = "plays.no_giving"


class CardNotFree(Conflict):
    """The card is not there, is offered already, came as a gift, or is part of a set that was claimed."""

    code = "plays.card_not_free"


class OwnGift(Conflict):
    """A card goes from one natural person to another."""

    code = "plays.own_gift"


class GiftLimit(Conflict):
    """The natural person has given, asked for or received as many cards as one may."""

    code = "plays.gift_limit"

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


class NotEligible(Forbidden):
    """The play is not meant for this customer."""

    code = "plays.not_eligible"


class NoChance(Conflict):
    """The customer has no chance left."""

    code = "plays.no_chance"


class DayLimit(Conflict):
    """The natural person has drawn as often as one may in a day (rule R1)."""

    code = "plays.day_limit"


class SeedSecret(Conflict):
    """The seed is told only after the end, or the draws to come could be foretold."""

    code = "plays.seed_secret"

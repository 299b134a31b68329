"""Why a campaign is refused."""

from huoke.kernel.refusals import Conflict, Invalid, NotFound


class CampaignUnknown(NotFound):
    """No such campaign in this bank or in the caller's scope."""

    code = "campaigns.unknown"


class DraftUnfit(Invalid):
    """A field of the draft cannot be; `pointer` names the first, `problems` in data all of them."""

    code = "campaigns.draft_unfit"


class VersionMoved(Conflict):
    """Somebody saved another version meanwhile."""

    code = "campaigns.version_moved"


class WrongState(Conflict):
    """The campaign is in a state that does not allow it."""

    code = "campaigns.wrong_state"


class WindowClosed(Conflict):
    """The campaign's window is over, or has not opened."""

    code = "campaigns.window_closed"

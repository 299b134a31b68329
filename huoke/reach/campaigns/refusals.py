"""Why a campaign is refused."""

from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound


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


class ChecksFailed(Conflict):
    """A check fails, so the campaign can be neither submitted nor approved."""

    code = "campaigns.checks_failed"


class DiffMoved(Conflict):
    """What was approved is not what the campaign is now."""

    code = "campaigns.diff_moved"


class WindowClosed(Conflict):
    """The campaign's window is over, or has not opened."""

    code = "campaigns.window_closed"


class DepositCondition(Forbidden):
    """A claim condition on a deposit fact (rule B1); there is no override."""

    code = "campaigns.deposit_condition"

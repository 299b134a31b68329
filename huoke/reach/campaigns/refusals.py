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


class ReleaseUnfit(Conflict):
    """There is no further release to open."""

    code = "campaigns.release_unfit"


class AmendmentUnknown(NotFound):
    """No such change of a live campaign."""

    code = "campaigns.amendment_unknown"


class AmendmentUnfit(Invalid):
    """The change of a live campaign changes nothing, or to the customers' disadvantage (rule L3)."""

    code = "campaigns.amendment_unfit"


class AmendmentOpen(Conflict):
    """The campaign has a change that is not decided yet."""

    code = "campaigns.amendment_open"


class TemplateUnknown(NotFound):
    """No such template."""

    code = "campaigns.template_unknown"


class NameMismatch(Invalid):
    """The name typed to confirm is another one."""

    code = "campaigns.name_mismatch"

"""Why something of the catalogue is refused."""

from huoke.kernel.refusals import Conflict, Invalid, NotFound


class CatalogueUnfit(Invalid):
    """A code, name or term that cannot be."""

    code = "catalogue.unfit"


class AcceptanceMissing(CatalogueUnfit):
    """Terms that do not say where they may be used cannot be published (rule L4)."""

    code = "catalogue.acceptance_missing"


class PictureUnfit(Invalid):
    """No picture, or one that is too large or too small, or a square outside of it."""

    code = "catalogue.picture_unfit"


class CodeTaken(Conflict):
    """Another brand, item or SKU of this bank has the code."""

    code = "catalogue.code_taken"


class Unknown(NotFound):
    """There is no such brand, item, SKU or picture in this bank."""

    code = "catalogue.unknown"


class NotPublished(Conflict):
    """The SKU has no published version, or no draft to publish."""

    code = "catalogue.not_published"


class Retired(Conflict):
    """The brand, item or SKU is retired."""

    code = "catalogue.retired"


class RewardForbidden(Invalid):
    """A benefit on a product no benefit may reward (rules B1, B4): there is no override."""

    code = "catalogue.reward_forbidden"

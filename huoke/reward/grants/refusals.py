"""Why a grant, a claim or a redemption is refused."""

from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound, TooMany


class SoldOut(Conflict):
    """The pool has nothing available."""

    code = "grants.sold_out"


class BudgetExhausted(Conflict):
    """The budget cannot pay for one more."""

    code = "grants.budget_exhausted"


class LimitReached(Conflict):
    """The natural person has what one person can get (rule R1)."""

    code = "grants.limit_reached"


class AlreadyChosen(Conflict):
    """The natural person has chosen as many benefits of the bundle as one may."""

    code = "grants.already_chosen"


class Paused(Conflict):
    """The offer is paused."""

    code = "grants.paused"


class Ended(Conflict):
    """The offer was stopped, has ended or is past its window."""

    code = "grants.ended"


class NotStarted(Conflict):
    """The offer's window has not opened."""

    code = "grants.not_started"


class UnknownOffer(NotFound):
    """There is no such offer in this bank."""

    code = "grants.unknown_offer"


class UnfitOffer(Invalid):
    """An offer whose terms contradict each other or name nothing that exists."""

    code = "grants.unfit_offer"


class UnknownPool(NotFound):
    """There is no such pool in this bank."""

    code = "grants.unknown_pool"


class PoolShort(Conflict):
    """The pool has fewer units available than are to be moved."""

    code = "grants.pool_short"


class UnknownGrant(NotFound):
    """There is no such grant in this bank, or none the caller may know of."""

    code = "grants.unknown_grant"


class WrongState(Conflict):
    """The grant is in a state that does not allow it."""

    code = "grants.wrong_state"


class Expired(Conflict):
    """The grant's time has run out."""

    code = "grants.expired"


class UnknownCode(NotFound):
    """The redemption code is not, or no longer, valid."""

    code = "grants.unknown_code"


class TooManyGuesses(TooMany):
    """The teller entered too many codes that do not exist."""

    code = "grants.too_many_guesses"


class UndoTooLate(Conflict):
    """A redemption can be undone for ten minutes."""

    code = "grants.undo_too_late"


class UndoNotYours(Forbidden):
    """Only the teller who redeemed, or somebody in charge of the unit, may undo."""

    code = "grants.undo_not_yours"


class UnknownRedemption(NotFound):
    """There is no such redemption in this bank, or it was undone."""

    code = "grants.unknown_redemption"


class ReasonMissing(Invalid):
    """An undo, a revocation or a return needs a reason."""

    code = "grants.reason_missing"


class BadQuantity(Invalid):
    """A number of units is zero, negative or larger than a pool can hold."""

    code = "grants.bad_quantity"


class DeliveryMissing(Invalid):
    """A top-up needs a phone number, a gift that is sent an address."""

    code = "grants.delivery_missing"


class DeliveryUnfit(Invalid):
    """A phone number or an address that cannot be, or that this benefit does not need."""

    code = "grants.delivery_unfit"

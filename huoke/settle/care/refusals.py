"""Why the desk is refused: what is not there, not open, not fit, or not its customer's."""

from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound


class CaseUnknown(NotFound):
    """There is no such case in this bank, or none in the caller's units."""

    code = "care.case_unknown"


class CaseShut(Conflict):
    """The case is closed; open it again first."""

    code = "care.case_closed"


class OtherCustomer(Invalid):
    """The benefit is not one of the case's customer."""

    code = "care.other_customer"


class PersonalText(Invalid):
    """A phone, id or card number, or a mail address, stands in a text that is kept."""

    code = "care.personal_text"


class TextUnfit(Invalid):
    """A title, note or name that is missing or too long."""

    code = "care.text_unfit"


class NothingToSend(Conflict):
    """There is no message of this benefit to write again, or nothing to look at behind a link."""

    code = "care.nothing_to_send"


class EnoughSent(Conflict):
    """The customer was written to often enough for one day."""

    code = "care.enough_sent"


class NoOrder(NotFound):
    """Nothing was ordered for this benefit."""

    code = "care.no_order"


class OrderSent(Conflict):
    """The order is with its supplier, or may be: the desk asks after it and does not cancel it."""

    code = "care.order_sent"


class OrderNotFailed(Conflict):
    """Only what definitely failed is delivered again; an unknown order is asked after."""

    code = "care.order_not_failed"


class ServiceOfferUnknown(NotFound):
    """There is no such service offer in this bank."""

    code = "care.service_offer_unknown"


class ServiceOfferUnfit(Invalid):
    """Units, money, dates or the benefit of a service offer cannot be."""

    code = "care.service_offer_unfit"


class ServiceOfferClosed(Conflict):
    """The service offer is not, or no longer, at the desk's disposal."""

    code = "care.service_offer_closed"


class CompensationUnknown(NotFound):
    """There is no such compensation in this bank, or none in the caller's units."""

    code = "care.compensation_unknown"


class CompensationUsed(Conflict):
    """The goodwill benefit was not given, was used, or was taken back already."""

    code = "care.compensation_used"


class NothingToWithdraw(Conflict):
    """What was asked for is decided: there is nothing to withdraw."""

    code = "care.nothing_to_withdraw"


class AssigneeUnfit(Invalid):
    """Whoever is to take the case does not sit at a service desk over the customer's unit."""

    code = "care.assignee_unfit"


class ReadingUnknown(NotFound):
    """There is no such reading in this bank, or none in the caller's units."""

    code = "care.reading_unknown"


class ReadingUnfit(Conflict):
    """The benefit has no card code that its customer could have lost."""

    code = "care.reading_unfit"


class ReadingShut(Conflict):
    """The code is not open to be read: not approved, read already, or its time is over; ask anew."""

    code = "care.reading_closed"


class ExtensionUnknown(NotFound):
    """There is no such extension in this bank, or none in the caller's units."""

    code = "care.extension_unknown"


class ExtensionUnfit(Invalid):
    """The benefit cannot be extended, or not for so long."""

    code = "care.extension_unfit"


class ExtendedBefore(Conflict):
    """A benefit is extended once."""

    code = "care.extended_before"


class NotMeant(Forbidden):
    """The customer cannot be given this: no phone, closed, or outside its units."""

    code = "care.not_meant"

"""Why something of invoices is refused."""

from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound


class InvoiceUnfit(Invalid):
    """A number, amount, rate or tax that cannot be, or lines that one invoice cannot cover."""

    code = "invoices.unfit"


class LineUnknown(NotFound):
    """There is no such line of a confirmed statement in this bank."""

    code = "invoices.line_unknown"


class InvoiceUnknown(NotFound):
    """There is no such invoice in this bank."""

    code = "invoices.unknown"


class NumberTaken(Conflict):
    """The invoice was entered before: each counts once, also after it was reversed."""

    code = "invoices.number_taken"


class LineTaken(Conflict):
    """The line is in a state that does not allow it, or its statement is confirmed no more."""

    code = "invoices.line_taken"


class OwnStatement(Forbidden):
    """Who made the statement does not change how its lines are taxed (rule D5)."""

    code = "invoices.own_statement"

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


class PaperUnfit(Invalid):
    """A file that is no PDF, OFD or XML, is too large, or is of another invoice; `pointer` names what is wrong."""

    code = "invoices.paper_unfit"


class PaperTaken(Conflict):
    """This file, or another of its format, is kept already."""

    code = "invoices.paper_taken"


class PaperUnknown(NotFound):
    """There is no such file of an invoice in this bank."""

    code = "invoices.paper_unknown"


class NumberTaken(Conflict):
    """The invoice was entered before: each counts once, also after it was reversed."""

    code = "invoices.number_taken"


class LineTaken(Conflict):
    """The line is in a state that does not allow it, or its statement is confirmed no more."""

    code = "invoices.line_taken"


class OwnStatement(Forbidden):
    """Who made the statement does not change how its lines are taxed (rule D5)."""

    code = "invoices.own_statement"

"""What a customer is told of something that is not for them: one code and one sentence, wherever it is asked."""

from huoke.kernel.refusals import Forbidden


class NotEligible(Forbidden):
    """It is not meant for this customer: outside its audience or units, or closed. Which of them is never told."""

    code = "customers.not_eligible"

    def __init__(self, *, pointer: str = "") -> None:
        super().__init__("This is not open to you for now; your branch can tell you more.", pointer=pointer)

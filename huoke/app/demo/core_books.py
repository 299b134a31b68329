"""Core banking, played: takes a day's file of benefits, grants what it can, and answers with a file of its own."""

from datetime import date

from huoke.settle.fulfilment import CoreAnswer, CoreFileUnfit, read_rows, write_answer

NO_ACCOUNT = ("no_account", "客户名下没有可用的账户")


class CoreBooks:
    """What core banking knows: whose benefits it granted, by order number; `refused` customers have no account.

    Nor has anybody whose number ends in `ends`, where that is given.
    """

    def __init__(self, ends: str = "") -> None:
        self.ends = ends
        self.granted: dict[str, str] = {}
        self.answers: dict[str, bytes] = {}
        self.refused: set[str] = set()

    def act(self, what: str, on: str, body: bytes) -> tuple[int, object]:
        """One call: a file handed over, or its answer asked for."""
        if what == "core-files":
            return (200, {}) if self.take(on, body) else (422, {"code": "file_unfit"})
        answer = self.answers.get(on)
        return (200, answer) if answer else (404, {"code": "not_yet"})

    def take(self, on: str, content: bytes) -> bool:
        """Take a file once; the same day again answers as before. Whether it adds up."""
        if on in self.answers:
            return True
        try:
            rows = read_rows(content, date.fromisoformat(on))
        except CoreFileUnfit:
            return False
        answers = []
        for row in rows:
            _, number, customer_no, *_, amount = row
            if not customer_no or customer_no in self.refused or (self.ends and customer_no.endswith(self.ends)):
                answers.append(CoreAnswer(number=number, code=NO_ACCOUNT[0], reason=NO_ACCOUNT[1]))
                continue
            core_no = self.granted.setdefault(number, f"CB{len(self.granted) + 1:08d}")
            answers.append(CoreAnswer(number=number, core_no=core_no, amount_fen=int(amount)))
        self.answers[on] = write_answer("core", date.fromisoformat(on), answers)
        return True

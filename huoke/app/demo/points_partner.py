"""A partner whose points are exchanged, for tests and the demo: a small server that speaks docs/exchange.md.

It keeps books of its own and shares nothing with Huoke but keys and addresses.
"""

import csv
import io
import time
from datetime import date
from urllib.parse import unquote

import msgspec

from huoke.app.demo.outside import Clock, Door, Outside, Partner

FILE_COLUMNS = ("exchange_no", "status", "units")


class Habits(msgspec.Struct, kw_only=True):
    """How a partner behaves; shares are chances from 0 to 1, drawn for each call."""

    busy: float = 0.0
    """Calls that are told to come back later, with no effect."""
    drop: float = 0.0
    """Calls whose effect is done and whose answer never leaves."""
    broken: float = 0.0
    """Calls answered by a proxy's page, unsigned, after their effect."""
    refuse: float = 0.0
    """Exchanges that fail."""
    later: float = 0.0
    """Exchanges that are processed first; `end_all` ends them."""
    lies: int = 0
    """How many queries of each exchange are answered "no such exchange" although it is there."""
    spent: bool = False
    """Members have spent what they got: nothing is taken back."""
    slow_seconds: float = 0.0


class Kept(msgspec.Struct, kw_only=True):
    """An exchange in the partner's books."""

    exchange_no: str
    exchanged_on: str
    member_no: str
    units: int
    status: str
    queries: int = 0

    def wire(self) -> dict[str, object]:
        """As the protocol writes it."""
        reason = {"reason_code": "member_closed", "reason": "会员已注销"} if self.status == "failed" else {}
        return {"exchange_no": self.exchange_no, "status": self.status, "units": self.units, **reason}


class PointsPartner(Partner):
    """One partner: its habits, its books."""

    def __init__(self, code: str, key_id: str, key: bytes, now: Clock, habits: Habits | None = None) -> None:
        super().__init__(code, key_id, key, now)
        self.habits = habits or Habits()
        self.books: dict[str, Kept] = {}

    def given(self) -> int:
        """Units its books say it gave and kept given."""
        return sum(one.units for one in self.books.values() if one.status == "success")

    def give(self, wanted: dict[str, object]) -> Kept:
        """Book an exchange once."""
        number = str(wanted["exchange_no"])
        if number not in self.books:
            later = self.chance(self.habits.later)
            end = "failed" if self.chance(self.habits.refuse) else "success"
            self.books[number] = Kept(
                exchange_no=number, exchanged_on=str(wanted["exchanged_on"]), member_no=str(wanted["member_no"]),
                units=int(str(wanted["units"])), status="processing" if later else end,
            )  # fmt: skip
        return self.books[number]

    def take_back(self, kept: Kept) -> None:
        """Take units back, where the member still has them."""
        if kept.status == "success" and not self.habits.spent:
            kept.status = "reversed"

    def end_all(self, status: str = "success") -> None:
        """Let every exchange that is still processed come to its end."""
        with self.lock:
            for kept in self.books.values():
                if kept.status == "processing":
                    kept.status = status

    def day_file(self, on: date) -> bytes:
        """The file of a day: every exchange of it that ended; one taken back failed."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(FILE_COLUMNS)
        for kept in self.books.values():
            if kept.exchanged_on == on.isoformat() and kept.status != "processing":
                writer.writerow([kept.exchange_no, "success" if kept.status == "success" else "failed", kept.units])
        return out.getvalue().encode()


class _Door(Door):
    def answer(self, body: bytes) -> None:
        """One signed call."""
        partner, path = self.split()
        if not self.admitted(partner, body):
            return
        habits = partner.habits
        if partner.chance(habits.busy):
            self.sign(partner, 503, {"code": "busy"})
            return
        with partner.lock:
            status, content = self._act(partner, [unquote(part) for part in path.split("/")], body)
        time.sleep(habits.slow_seconds)
        if partner.chance(habits.drop):
            self.drop()
        elif partner.chance(habits.broken):
            self.send(502, b"<html>Bad gateway</html>", {})
        else:
            self.sign(partner, status, content)

    def _act(self, partner: PointsPartner, parts: list[str], body: bytes) -> tuple[int, object]:
        if parts == ["exchanges"]:
            return 200, partner.give(msgspec.json.decode(body, type=dict)).wire()
        if parts[0] == "day-files":
            return 200, partner.day_file(date.fromisoformat(parts[1]))
        kept = partner.books.get(parts[1])
        if kept is None or (parts[2:] == [] and kept.queries < partner.habits.lies):
            if kept is not None:
                kept.queries += 1
            return 404, {"exchange_no": parts[1], "status": "absent"}
        if parts[2:] == ["reversal"]:
            partner.take_back(kept)
        return 200, kept.wire()


class PointsServer(Outside[PointsPartner]):
    """`with PointsServer([...]) as server: server.address(code)`."""

    handler = _Door

"""A partner whose points are exchanged, for tests and the demo: a small server that speaks docs/exchange.md.

It keeps books of its own and shares nothing with Huoke but keys and addresses. Its members bring units to the bank on
a page of its own, /{code}/app.
"""

import base64
import csv
import html
import http.client
import io
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, unquote

import msgspec

from huoke.app.demo.outside import Clock, Door, Outside, Partner, read_private, write_private
from huoke.app.demo.partner_page import app_page
from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock
from huoke.kernel.ids import new_id

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
    recants: str = ""
    """Members whose number ends so are told no; the units are booked after all, and the bank is told `seconds` on."""
    lingers: str = ""
    """Members whose number ends so wait; what became of it the bank is told `seconds` on."""
    seconds: float = 8.0
    lingering_seconds: float = 1_800.0


class Kept(msgspec.Struct, kw_only=True):
    """An exchange in the partner's books."""

    exchange_no: str
    exchanged_on: str
    member_no: str
    units: int
    status: str
    queries: int = 0
    coming: str = ""
    """What it will come to, where the bank is to be told later."""

    def wire(self) -> dict[str, object]:
        """As the protocol writes it."""
        reason = {"reason_code": "member_closed", "reason": "会员已注销"} if self.status == "failed" else {}
        return {"exchange_no": self.exchange_no, "status": self.status, "units": self.units, **reason}


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """Units a member brought to the bank, and what the bank said."""

    exchange_no: str
    member_no: str
    units: int
    status: str
    points: int = 0
    reason_code: str = ""


class Bank(msgspec.Struct, frozen=True):
    """Where the bank listens, and by which names it knows itself and this partner."""

    address: str
    code: str
    partner: str

    @property
    def callback(self) -> str:
        """Where it is told how exchanges stand."""
        return f"{self.address}/v1/exchange-callbacks/{self.code}/{self.partner}"

    @property
    def door(self) -> str:
        """Where it is asked for points."""
        return f"{self.address}/v1/partner-exchanges/{self.code}/{self.partner}"


class PointsPartner(Partner):
    """One partner: its habits, its books; with a `file` the books outlive the process."""

    def __init__(
        self, code: str, key_id: str, key: bytes, now: Clock, habits: Habits | None = None, bank: Bank | None = None,
        file: Path | None = None,
    ) -> None:  # fmt: skip
        super().__init__(code, key_id, key, now)
        self.habits, self.bank, self.file = habits or Habits(), bank, file
        kept = read_private(file, Kept) if file else []
        self.books: dict[str, Kept] = {one.exchange_no: one for one in kept}

    def keep(self) -> None:
        """Write the books down."""
        if self.file is not None:
            write_private(self.file, list(self.books.values()))

    def tell_late(self, kept: Kept) -> None:
        """An exchange comes to its end, and the bank is told."""
        with self.lock:
            if not kept.coming:
                return
            kept.status, kept.coming = kept.coming, ""
            self.keep()
            said = kept.wire()
        if self.bank is not None:
            self.try_call(self.bank.callback, said)

    def bring(self, number: str, member_no: str, units: int) -> Sold:
        """A member brings units to the bank, once under a number; unknown where the bank did not answer."""
        assert self.bank is not None, "a partner with a page knows its bank"
        asked = Sold(exchange_no=number, member_no=member_no, units=units, status="unknown")
        wire = {"exchange_no": number, "member_no": member_no, "units": units}
        try:
            status, answer = self.ask(self.bank.door, wire)
        except (OSError, http.client.HTTPException):
            return asked
        if status != 200 or answer is None:
            return asked
        return msgspec.convert({**wire, **msgspec.json.decode(answer, type=dict)}, Sold)

    def given(self) -> int:
        """Units its books say it gave and kept given."""
        return sum(one.units for one in self.books.values() if one.status == "success")

    def give(self, wanted: dict[str, object]) -> Kept:
        """Book an exchange once."""
        number = str(wanted["exchange_no"])
        if number not in self.books:
            member = str(wanted["member_no"])
            later, recants = self.chance(self.habits.later), _ends(member, self.habits.recants)
            lingers = _ends(member, self.habits.lingers)
            end = "failed" if recants or self.chance(self.habits.refuse) else "success"
            self.books[number] = Kept(
                exchange_no=number, exchanged_on=str(wanted["exchanged_on"]), member_no=member,
                units=int(str(wanted["units"])), status="processing" if later or lingers else end,
                coming="success" if recants or lingers else "",
            )  # fmt: skip
        return self.books[number]

    def delay(self, kept: Kept) -> float:
        """How many seconds the bank waits to be told."""
        return self.habits.lingering_seconds if kept.status == "processing" else self.habits.seconds

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


def _ends(member: str, tail: str) -> bool:
    return bool(tail) and member.endswith(tail)


class _Door(Door):
    def answer(self, body: bytes) -> None:
        """One signed call, or a member's page."""
        partner, path = self.split()
        if path == "app" and partner is not None and partner.bank is not None:
            self._app(partner, body)
            return
        if not self.admitted(partner, body):
            return
        habits = partner.habits
        if partner.chance(habits.busy):
            self.sign(partner, 503, {"code": "busy"})
            return
        with partner.lock:
            status, content = self._act(partner, [unquote(part) for part in path.split("/")], body)
            partner.keep()
        time.sleep(habits.slow_seconds)
        if partner.chance(habits.drop):
            self.drop()
        elif partner.chance(habits.broken):
            self.send(502, b"<html>Bad gateway</html>", {})
        else:
            self.sign(partner, status, content)

    def _act(self, partner: PointsPartner, parts: list[str], body: bytes) -> tuple[int, object]:
        if parts == ["exchanges"]:
            known = len(partner.books)
            given = partner.give(msgspec.json.decode(body, type=dict))
            if given.coming and len(partner.books) > known:
                self.outside.later(partner.delay(given), partial(partner.tell_late, given))
            return 200, given.wire()
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

    def _app(self, partner: PointsPartner, body: bytes) -> None:
        """A member's page: whose units, how many, and what the bank said."""
        form = parse_qs(body.decode(errors="replace"))
        number, member, units = (form.get(name, [""])[0].strip() for name in ("number", "member", "units"))
        said = None
        if units.isascii() and units.isdigit() and member:
            said = partner.bring(number or new_id().hex, member, int(units[:9]))
        told = (
            {} if said is None else {name: html.escape(str(value)) for name, value in msgspec.to_builtins(said).items()}
        )
        if said is None or said.status != "unknown":
            told["exchange_no"] = new_id().hex
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        self.send(200, app_page(told).encode(), headers)


class PointsServer(Outside[PointsPartner]):
    """`with PointsServer([...]) as server: server.address(code)`."""

    handler = _Door

    def start(self) -> None:
        """What the bank was to be told when the process ended it is told soon."""
        super().start()
        for partner in self.partners.values():
            for kept in partner.books.values():
                if kept.coming:
                    self.later(partner.delay(kept), partial(partner.tell_late, kept))


class PartnerNote(msgspec.Struct, frozen=True):
    """A partner to play for one bank, which knows it as `partner`; the key is shared with it (base64)."""

    code: str
    bank: str
    partner: str
    key_id: str
    key: str


def read_partners(home: Path) -> list[PartnerNote]:
    """The partners to play; none before the demo is there."""
    return read_private(home / "partners.json", PartnerNote)


def write_partners(home: Path, notes: list[PartnerNote]) -> None:
    """Keep them for the process that plays them."""
    write_private(home / "partners.json", notes)


HABITS = Habits(recants="7", lingers="5")
"""Of the demo's partners: whose number ends in 7 is told no and gets it late; whose ends in 5 waits half an hour."""


def main() -> None:
    """Play the partners of the instance's demo banks until told to stop."""
    settings = instance.load(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    while not (notes := read_partners(settings.home)):
        time.sleep(1)
    web = f"http://127.0.0.1:{settings.web_port}"
    played = [
        PointsPartner(
            note.code, note.key_id, base64.b64decode(note.key), SystemClock().now, HABITS,
            Bank(web, note.bank, note.partner), settings.home / f"partner-{note.code}.json",
        )
        for note in notes
    ]  # fmt: skip
    PointsServer(played, settings.partner_port).serve()


if __name__ == "__main__":
    main()

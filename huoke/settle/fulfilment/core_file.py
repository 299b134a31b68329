"""The adapter for core banking: a file a day out, its answer a file in, at a signed address (docs/suppliers.md)."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

import httpx

from huoke.kernel.clock import CHINA
from huoke.kernel.refusals import Refusal
from huoke.kernel.signing import NONCE_HEADER, is_signed_answer, sign_call
from huoke.reward.supply import Answer, Endpoint, NoAnswer, NoRefunds, NotTaken, OrderCall, Told, Wire
from huoke.settle.fulfilment.core_format import CoreAnswer, read_answer
from huoke.settle.fulfilment.model import Call, CallbackUnfit, Spoken
from huoke.settle.fulfilment.rest import exchange

ADAPTER = "core_file"


class CoreFileSupplier(NoRefunds):
    """Core banking, as orders go to it: see `supply.SupplierOrder` for what each call answers and raises."""

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._now = now
        self._client = httpx.AsyncClient(timeout=endpoint.timeout_seconds, follow_redirects=False, trust_env=False)

    async def order(self, call: OrderCall) -> Answer:
        """Nothing goes out now: the line stands in the file of its business day."""
        return Answer(number=call.number, told=Told.PROCESSING)

    async def query(self, call: OrderCall) -> Answer:
        """What the answer of its day says; PROCESSING until it is there."""
        if call.ordered_on >= self._now().astimezone(CHINA).date():
            return Answer(number=call.number, told=Told.PROCESSING)
        content, wire = await self._ask("GET", f"/core-answers/{call.ordered_on.isoformat()}")
        if content is None:
            return Answer(number=call.number, told=Told.PROCESSING, wire=wire)
        said = {one.number: one for one in _read(content, call.ordered_on, wire)}
        one = said.get(call.number)
        return Answer(number=call.number, told=Told.PROCESSING, wire=wire) if one is None else _told(one, wire)

    async def cancel(self, call: OrderCall) -> Answer:
        """A line that is on its way cannot be called back: how it stands."""
        return await self.query(call)

    async def stock(self, sku_codes: Sequence[str]) -> Mapping[str, int]:  # noqa: ARG002 - nothing is counted there
        """Core banking counts no stock."""
        return {}

    async def day_file(self, on: date) -> bytes:
        """The answer of a business day as the day file that reconciliation reads; `NotTaken` while it is not there."""
        content, wire = await self._ask("GET", f"/core-answers/{on.isoformat()}")
        if content is None:
            raise NotTaken(f"Core banking has not answered the file of {on} yet.", wire)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["order_no", "supplier_no", "sku_code", "status", "amount_fen"])
        answers = _read(content, on, wire)
        for one in answers:
            writer.writerow([one.number, one.core_no, "", "success" if one.accepted else "failed", one.amount_fen])
        total = sum(one.amount_fen for one in answers)
        writer.writerow(["#total", len(answers), sum(one.accepted for one in answers), total, ""])
        return out.getvalue().encode()

    async def send_file(self, on: date, content: bytes) -> Wire:
        """Hand a day's file over; the same file again is the same. Raises `NotTaken`, `NoAnswer`."""
        _, wire = await self._ask("POST", f"/core-files/{on.isoformat()}", content)
        return wire

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[bytes | None, Wire]:
        """One signed call; None for 404. What is kept of it names no customer."""
        address = self._endpoint.address.rstrip("/") + path
        target = urlsplit(address).path
        headers = sign_call(self._endpoint.key, self._endpoint.key_id, method, target, body, self._now())
        shown = f"{method} {target}" + (f"\n{len(body)} bytes" if body else "")
        answer = await exchange(
            self._client, self._endpoint.timeout_seconds, method, address, headers, body, shown=shown
        )
        wire = Wire(
            request=shown, response=f"{answer.status_code}\n{len(answer.content)} bytes", status=answer.status_code
        )
        nonce = headers[NONCE_HEADER]
        if not is_signed_answer(
            self._endpoint.key, answer.status_code, nonce, answer.headers, answer.content, self._now()
        ):
            raise NoAnswer("The answer is not signed by core banking.", wire)
        if answer.status_code == 404:
            return None, wire
        if answer.status_code not in (200, 201, 202):
            raise NotTaken(f"Core banking turned the call away ({answer.status_code}).", wire)
        return answer.content, wire


def hear(_endpoint: Endpoint, _call: Call, _now: datetime) -> Spoken | None:
    """Core banking makes no calls of its own."""
    raise CallbackUnfit("Core banking answers by file alone.")


def _read(content: bytes, on: date, wire: Wire) -> list[CoreAnswer]:
    try:
        return read_answer(content, on)
    except Refusal as error:
        raise NotTaken(error.detail, wire) from error


def _told(one: CoreAnswer, wire: Wire) -> Answer:
    if one.accepted:
        return Answer(
            number=one.number,
            told=Told.SUCCESS,
            supplier_no=one.core_no,
            amount_fen=one.amount_fen,
            proof={"core_no": one.core_no},
            wire=wire,
        )
    return Answer(number=one.number, told=Told.FAILED, code=one.code, reason=one.reason, wire=wire)

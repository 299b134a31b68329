"""The adapter for suppliers that speak our REST protocol (docs/suppliers.md): signed JSON over HTTP."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from huoke.govern import privacy
from huoke.kernel.outward import open_client
from huoke.kernel.signing import NONCE_HEADER, is_signed_answer, is_signed_call, sign_call
from huoke.reward.supply import (
    Answer,
    Endpoint,
    NoAnswer,
    NotTaken,
    OrderCall,
    Parcel,
    ParcelState,
    Recipient,
    RefundCall,
    RefundStatus,
    RefundTold,
    Told,
    Wire,
)
from huoke.settle.fulfilment.model import Call, CallbackUnfit, Spoken

ADAPTER = "rest_hmac"
STOCK_ASKED_MAX = 100
SHOWN_CHARACTERS_MAX = 4_000
_NOT_TAKEN = frozenset({429, 503})


class WireParcel(msgspec.Struct, frozen=True, kw_only=True):
    """Where goods are, as written on the wire."""

    state: ParcelState
    at: datetime
    carrier: str = ""
    tracking_no: str = ""
    note: str = ""


class WireRefund(msgspec.Struct, frozen=True, kw_only=True):
    """How a refund stands, as written on the wire."""

    refund_no: str
    status: RefundStatus
    code: str = ""
    reason: str = ""


class WireOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as both sides write it: in answers and in callbacks."""

    order_no: str
    status: str
    supplier_no: str = ""
    amount_fen: int | None = None
    reason_code: str = ""
    reason: str = ""
    proof: dict[str, str] = {}
    parcel: WireParcel | None = None
    refund: WireRefund | None = None

    def told(self) -> Told | None:
        """What the status says; None where it says nothing this protocol knows."""
        return _STATUS.get(self.status)


class WireStock(msgspec.Struct, frozen=True):
    """What the supplier has of a SKU."""

    sku_code: str
    available: int


class WireStocks(msgspec.Struct, frozen=True):
    """What the supplier has."""

    items: list[WireStock]


class WireRefusal(msgspec.Struct, frozen=True):
    """A plain no."""

    code: str = ""
    reason: str = ""


_STATUS = {"processing": Told.PROCESSING, "success": Told.SUCCESS, "failed": Told.FAILED, "refunded": Told.REFUNDED}
_PERSONAL = re.compile(r'("(?:account|phone|name|address)"\s*:\s*")((?:[^"\\]|\\.)*)(")')
_FIELDS = {
    "account": privacy.Field.PHONE,
    "phone": privacy.Field.PHONE,
    "name": privacy.Field.NAME,
    "address": privacy.Field.ADDRESS,
}


class _Taken(msgspec.Struct, frozen=True):
    """A signed answer, and the exchange as it may be shown."""

    status: int
    body: bytes
    wire: Wire


class RestSupplier:
    """One supplier over REST and HMAC; see `supply.SupplierOrder` for what each call answers and raises."""

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._now = now
        self._client = open_client(endpoint.timeout_seconds)

    async def order(self, call: OrderCall) -> Answer:
        """POST /orders."""
        body = {
            "order_no": call.number,
            "ordered_on": call.ordered_on.isoformat(),
            "sku_code": call.sku_code,
            "kind": call.kind.value,
            "quantity": call.quantity,
            "amount_fen": call.amount_fen,
            "recipient": _recipient(call.recipient),
            "callback_url": self._endpoint.callback_address,
        }
        return _read(await self._ask("POST", "/orders", msgspec.json.encode(body)), call.number)

    async def query(self, call: OrderCall) -> Answer:
        """GET /orders/{order_no}."""
        taken = await self._ask("GET", f"/orders/{quote(call.number, safe='')}")
        return _read(taken, call.number, absent_is_told=True)

    async def cancel(self, call: OrderCall) -> Answer:
        """POST /orders/{order_no}/cancellation."""
        taken = await self._ask("POST", f"/orders/{quote(call.number, safe='')}/cancellation", b"{}")
        return _read(taken, call.number, absent_is_told=True)

    async def refund(self, call: OrderCall, refund: RefundCall) -> Answer:
        """POST /orders/{order_no}/refunds; a signed 404 or 422 is a plain no: nothing was refunded."""
        body = {"refund_no": refund.number, "amount_fen": call.amount_fen, "reason": refund.reason}
        path = f"/orders/{quote(call.number, safe='')}/refunds"
        return _read_refund(await self._ask("POST", path, msgspec.json.encode(body)), call.number, refund.number)

    async def stock(self, sku_codes: Sequence[str]) -> Mapping[str, int]:
        """GET /stock?sku_codes=…, a hundred at a time."""
        found: dict[str, int] = {}
        for start in range(0, len(sku_codes), STOCK_ASKED_MAX):
            asked = ",".join(quote(code, safe="") for code in sku_codes[start : start + STOCK_ASKED_MAX])
            taken = await self._ask("GET", f"/stock?sku_codes={asked}")
            found |= {item.sku_code: item.available for item in _decode(taken, WireStocks).items}
        return found

    async def day_file(self, on: date) -> bytes:
        """GET /day-files/{date}."""
        taken = await self._ask("GET", f"/day-files/{on.isoformat()}")
        if taken.status != 200:
            raise NotTaken(f"The supplier has no file of {on} yet.", taken.wire)
        return taken.body

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: bytes = b"") -> _Taken:
        """One signed call; raises `NotTaken` and `NoAnswer`."""
        address = self._endpoint.address.rstrip("/") + path
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = sign_call(self._endpoint.key, self._endpoint.key_id, method, target, body, self._now())
        shown = f"{method} {target}" + (f"\n{shown_text(body)}" if body else "")
        answer = await exchange(
            self._client, self._endpoint.timeout_seconds, method, address, headers, body, shown=shown
        )
        content, status = answer.content, answer.status_code
        wire = Wire(request=shown, response=f"{status}\n{shown_text(content)}", status=status)
        if not is_signed_answer(
            self._endpoint.key, status, headers[NONCE_HEADER], answer.headers, content, self._now()
        ):
            raise NoAnswer("The answer is not signed by this supplier.", wire)
        if status in _NOT_TAKEN:
            raise NotTaken("The supplier is busy.", wire)
        if status >= 500:
            raise NoAnswer(f"The supplier broke ({status}).", wire)
        return _Taken(status, content, wire)


def hear(endpoint: Endpoint, call: Call, now: datetime) -> Spoken | None:
    """What a callback says; None where it is not signed by this supplier. `CallbackUnfit` where it is no order."""
    if not is_signed_call(endpoint.key, endpoint.key_id, "POST", call.target, call.headers, call.body, now):
        return None
    try:
        said = msgspec.json.decode(call.body, type=WireOrder)
    except msgspec.MsgspecError as error:
        raise CallbackUnfit(f"The body is not an order: {error}.") from None
    told = said.told()
    if told is None:
        raise CallbackUnfit("status is processing, success, failed or refunded.", pointer="/status")
    wire = Wire(request=f"POST {call.target}\n{shown_text(call.body)}", response="200", status=200)
    return Spoken(nonce=call.headers[NONCE_HEADER], answer=answer_of(said, told, wire))


async def exchange(
    client: httpx.AsyncClient,
    timeout_seconds: float,
    method: str,
    address: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    shown: str,
) -> httpx.Response:
    """One call of JSON and whatever came back; `NotTaken` without a connection, `NoAnswer` without an answer in time.

    `shown` is the call as it may be kept.
    """
    try:
        async with asyncio.timeout(timeout_seconds):
            return await client.request(
                method, address, content=body or None, headers={**headers, "Content-Type": "application/json"}
            )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotTaken(f"No connection: {_name(error)}.", Wire(request=shown)) from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise NoAnswer(f"No answer: {_name(error)}.", Wire(request=shown)) from error


def shown_text(body: bytes) -> str:
    """A body as it may be kept and shown: personal fields masked, at most 4,000 characters."""
    text = body[: 4 * SHOWN_CHARACTERS_MAX].decode(errors="replace")
    return _PERSONAL.sub(_masked, text)[:SHOWN_CHARACTERS_MAX].replace("\0", "")


def _masked(found: re.Match[str]) -> str:
    field = _FIELDS[found[1].split('"')[1]]
    return f"{found[1]}{privacy.mask(field, found[2])}{found[3]}"


def _recipient(recipient: Recipient) -> dict[str, str]:
    return {name: value for name, value in msgspec.structs.asdict(recipient).items() if value}


def _read(taken: _Taken, number: str, *, absent_is_told: bool = False) -> Answer:
    """What a signed answer says of an order; `NoAnswer` where it says nothing this protocol knows."""
    if taken.status == 404 and absent_is_told:
        return Answer(number=number, told=Told.ABSENT, wire=taken.wire)
    if taken.status == 422:
        no: WireRefusal = _decode(taken, WireRefusal)
        code, reason = _kept(no.code, 64) or "refused", _kept(no.reason, 300)
        return Answer(number=number, told=Told.FAILED, code=code, reason=reason, wire=taken.wire)
    if taken.status not in (200, 201, 202):
        raise NoAnswer(f"An answer this protocol does not know ({taken.status}).", taken.wire)
    said: WireOrder = _decode(taken, WireOrder)
    told = said.told()
    if told is None or said.order_no != number:
        raise NoAnswer("The answer is about something else.", taken.wire)
    return answer_of(said, told, taken.wire)


def _read_refund(taken: _Taken, number: str, refund_no: str) -> Answer:
    """What a signed answer says of a refund; `NoAnswer` where it says nothing of this one."""
    if taken.status in (404, 422):
        no: WireRefusal = _decode(taken, WireRefusal)
        told = RefundTold(
            number=refund_no,
            status=RefundStatus.REFUSED,
            code=_kept(no.code, 64) or "refused",
            reason=_kept(no.reason, 300),
        )
        return Answer(number=number, told=Told.SUCCESS, refund=told, wire=taken.wire)
    answer = _read(taken, number)
    if answer.refund is None or answer.refund.number != refund_no:
        raise NoAnswer("The answer says nothing of this refund.", taken.wire)
    return answer


def answer_of(said: WireOrder, told: Told, wire: Wire) -> Answer:
    """An order as written on the wire, bounded to what we keep."""
    return Answer(
        number=said.order_no,
        told=told,
        supplier_no=_kept(said.supplier_no, 64),
        amount_fen=said.amount_fen,
        code=_kept(said.reason_code, 64),
        reason=_kept(said.reason, 300),
        proof={_kept(name, 40): _kept(text, 200) for name, text in list(said.proof.items())[:10]},
        parcel=_parcel_of(said.parcel),
        refund=_refund_of(said.refund),
        wire=wire,
    )


def _parcel_of(said: WireParcel | None) -> Parcel | None:
    if said is None or said.at.tzinfo is None:
        return None
    return Parcel(
        state=said.state, at=said.at, carrier=_kept(said.carrier, 40), tracking_no=_kept(said.tracking_no, 40),
        note=_kept(said.note, 100),
    )  # fmt: skip


def _refund_of(said: WireRefund | None) -> RefundTold | None:
    if said is None:
        return None
    return RefundTold(
        number=said.refund_no, status=said.status, code=_kept(said.code, 64), reason=_kept(said.reason, 300)
    )


def _kept(text: str, most: int) -> str:
    return text.replace("\0", "")[:most]


def _decode(taken: _Taken, kind: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.json.decode(taken.body, type=kind)
    except msgspec.MsgspecError as error:
        raise NoAnswer(f"The answer cannot be read: {error}.", taken.wire) from error


def _name(error: Exception) -> str:
    return str(error) or type(error).__name__

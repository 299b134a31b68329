"""One field, one answer: whatever number a customer reads out leads to them; every look-up is on record."""

import re
from datetime import timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit, tenants
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid, Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.measure.desk import store
from huoke.measure.desk.model import FINDS_MAX, WINDOW_SECONDS, Asked, Found, Kind, TooManyFinds
from huoke.reward import grants
from huoke.settle import care

ACTION = "desk.find"
TEXT_LENGTH_MAX = 100
CUSTOMERS_MAX = 10
_CODE = re.compile(r"(HUOKE:R:)?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}")
_CASE = re.compile(r"[Cc]-[0-9]{8}-[0-9]{3,}")
_ORDER = re.compile(r"[0-9A-Za-z_-]{4,64}")


async def find(tx: Tx, principal: Principal, asked: Asked) -> Found:
    """Who stands behind a number, within the caller's units and masked; somebody else's answers as nobody.

    A customer, phone or id document number; an order of ours or the supplier's; a benefit; a redemption code that is
    good now; a message; a case. Commit in any case: the look-up is recorded, and wrong codes are counted.
    `TooManyFinds`, `grants.TooManyGuesses`, `Invalid` for nothing or far too much.
    """
    text = asked.text.strip()
    if not 2 <= len(text) <= TEXT_LENGTH_MAX or "\x00" in text:
        raise Invalid(f"Enter 2 to {TEXT_LENGTH_MAX} characters.", pointer="/text")
    left = await _left(tx, principal)
    found = await _Finding(tx, principal, text, left).run()
    entry = audit.AuditEntry(
        action=ACTION,
        subject_kind="customer",
        subject_id=",".join(str(row.seq) for row in found.customers),
        unit_id=None if principal.unit_id is None else int(principal.unit_id),
        reason=asked.purpose.value,
        after={"kind": found.kind.value if found.kind else "", "tried": [kind.value for kind in found.tried]},
    )
    await audit.record(tx, entry)
    return found


async def _left(tx: Tx, principal: Principal) -> int:
    """Look-ups left after this one; the trail itself is what is counted."""
    most = await tenants.setting(tx, FINDS_MAX)
    recent = audit.AuditFilter(
        actor_id=principal.actor.id, action=ACTION, since=tx.now - timedelta(seconds=WINDOW_SECONDS)
    )
    done = await audit.count(tx, recent)
    if done >= most:
        raise TooManyFinds("Too many look-ups; wait a few minutes.", retry_after_seconds=WINDOW_SECONDS)
    return most - done - 1


class _Finding:
    """One text on its way through everything it can be; the first that fits wins."""

    def __init__(self, tx: Tx, principal: Principal, text: str, left: int) -> None:
        self.tx, self.principal, self.text, self.left = tx, principal, text, left
        self.tried: list[Kind] = []

    async def run(self) -> Found:
        self.tried.append(Kind.CUSTOMER)
        rows, _ = await customers.find(self.tx, q=self.text, scope=self.principal.units, limit=CUSTOMERS_MAX)
        if rows and (known := await self._as_now([row.seq for row in rows])):
            return self._found(Kind.CUSTOMER, known)
        for kind, fits, look in (
            (Kind.CASE, bool(_CASE.fullmatch(self.text)), self._case),
            (Kind.CODE, bool(_CODE.fullmatch(self.text)), self._code),
            (Kind.GRANT, _uuid(self.text) is not None, self._grant),
            (Kind.MESSAGE, _uuid(self.text) is not None, self._message),
            (Kind.ORDER, bool(_ORDER.fullmatch(self.text)), self._order),
        ):
            if fits:
                self.tried.append(kind)
                if found := await look():
                    return found
        return self._found(None, [])

    async def _case(self) -> Found | None:
        case = await care.case_by_number(self.tx, self.principal, self.text)
        return None if case is None else await self._of(Kind.CASE, case.seq, case.grant_id, case.id)

    async def _code(self) -> Found | None:
        [item] = await grants.look_up(self.tx, [self.text], teller=self.principal.actor.id)
        if isinstance(item, Refusal) or not self.principal.covers(item.unit_id):
            return None
        return await self._of(Kind.CODE, item.seq, item.id)

    async def _grant(self) -> Found | None:
        grant_id = _uuid(self.text)
        assert grant_id is not None, "looked at before"
        return await self._place(Kind.GRANT, await store.grant_place(self.tx, grant_id), "id")

    async def _message(self) -> Found | None:
        message_id = _uuid(self.text)
        assert message_id is not None, "looked at before"
        return await self._place(Kind.MESSAGE, await store.message_place(self.tx, message_id), "grant_id")

    async def _order(self) -> Found | None:
        return await self._place(Kind.ORDER, await store.order_place(self.tx, self.text, _uuid(self.text)), "grant_id")

    async def _place(self, kind: Kind, row: Record | None, grant: str) -> Found | None:
        if row is None or not self.principal.covers(row["unit_id"]):
            return None
        return await self._of(kind, row["seq"], row[grant])

    async def _of(self, kind: Kind, seq: int, grant_id: UUID | None, case_id: UUID | None = None) -> Found | None:
        """Masked; a customer who moved to a unit beyond the caller's is nobody by now."""
        rows = await self._as_now([seq])
        return self._found(kind, rows, grant_id, case_id) if rows else None

    async def _as_now(self, seqs: list[int]) -> list[customers.CustomerRow]:
        """Customers within the caller's units, joined ones as who they are now."""
        ends = await customers.survivors(self.tx, seqs)
        rows = await customers.masked_rows(self.tx, sorted({ends.get(seq, seq) for seq in seqs}))
        return [row for row in rows if self.principal.covers(row.unit_id)]

    def _found(
        self,
        kind: Kind | None,
        rows: list[customers.CustomerRow],
        grant_id: UUID | None = None,
        case_id: UUID | None = None,
    ) -> Found:
        return Found(kind=kind, customers=rows, grant_id=grant_id, case_id=case_id, tried=self.tried, left=self.left)


def _uuid(text: str) -> UUID | None:
    """An id as we write it, with hyphens or without."""
    plain = text.replace("-", "").lower()
    if len(plain) != 32 or any(sign not in "0123456789abcdef" for sign in plain):
        return None
    return UUID(hex=plain)

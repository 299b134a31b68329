"""Consent and suppression over HTTP."""

from datetime import datetime

import msgspec
from litestar import get, post

from huoke.kernel.http import Page, Result, each_once
from huoke.kernel.ids import Seq
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.consent.model import (
    Basis,
    Purpose,
    SeqsUnfit,
    Statement,
    SuppressionReason,
    SuppressionStatement,
    Verdict,
)
from huoke.know.consent.record import list_purposes, record, suppress

TAGS = ["consent"]
SEQS_MAX = 10_000
SEQ_LIMIT = 2**31


class NewConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Customers who gave or withdrew a basis for a purpose."""

    seqs: list[Seq]
    purpose: str
    verdict: Verdict
    basis: Basis = Basis.CONSENT
    text_version: str = ""
    channel: str = ""
    at: datetime | None = None
    request_no: str | None = None


class NewSuppression(msgspec.Struct, frozen=True, kw_only=True):
    """Customers to put on a suppression list (`given`) or to take off it (`withdrawn`)."""

    seqs: list[Seq]
    reason: SuppressionReason
    verdict: Verdict = Verdict.GIVEN
    source: str = ""
    request_no: str | None = None


@get(
    "/v1/purposes",
    operation_id="list_purposes",
    opt={"permission": "segment.read"},
    tags=TAGS,
    summary="What customers' data is processed for",
)
async def purposes(tx: Tx) -> Page[Purpose]:
    """By code."""
    found = await list_purposes(tx)
    return Page(items=found, total=len(found))


@post(
    "/v1/consents",
    operation_id="record_consents",
    opt={"permission": "customer.import"},
    tags=TAGS,
    summary="Record consents given or withdrawn",
)
async def record_consents(tx: Tx, data: list[NewConsent]) -> list[Result]:
    """Each item stands in the ledger for good; a withdrawal acts at once."""

    async def write(part: Tx, new: NewConsent) -> None:
        statement = Statement(
            purpose=new.purpose,
            verdict=new.verdict,
            members=_members(part, new.seqs),
            basis=new.basis,
            text_version=new.text_version,
            channel=new.channel,
            at=new.at,
        )
        await record(part, [statement])

    return await each_once(tx, "consent.record", data, write)


@post(
    "/v1/suppressions",
    operation_id="record_suppressions",
    opt={"permission": "customer.import"},
    tags=TAGS,
    summary="Put customers on suppression lists, or take them off",
)
async def record_suppressions(tx: Tx, data: list[NewSuppression]) -> list[Result]:
    """Acts at once."""

    async def write(part: Tx, new: NewSuppression) -> None:
        statement = SuppressionStatement(
            reason=new.reason, verdict=new.verdict, members=_members(part, new.seqs), source=new.source
        )
        await suppress(part, [statement])

    return await each_once(tx, "consent.suppress", data, write)


def _members(tx: Tx, seqs: list[Seq]) -> CustomerSet:
    if not 0 < len(seqs) <= SEQS_MAX or not all(0 <= seq < SEQ_LIMIT for seq in seqs):
        raise SeqsUnfit(f"Name 1 to {SEQS_MAX} customers by their seq.", pointer="/seqs")
    return CustomerSet.of(tx.tenant, seqs)


routes = [purposes, record_consents, record_suppressions]

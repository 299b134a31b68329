"""Bands of sealed values: what rules may tell of them one person asks for and another decides (rules F1, D5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Request, Requests, RequestState
from huoke.kernel.refusals import Conflict
from huoke.kernel.tx import ActorKind, Tx
from huoke.know.customers import attributes, tables
from huoke.know.customers.model import Attribute, BandsUnfit, check_bands

PLENTY = 10
"""Edges beyond which a band says nearly what the value is, for who can see both."""


class NewBands(msgspec.Struct, frozen=True, kw_only=True):
    """The edges one attribute of class C2 is to have, ascending or not, and why; none closes it to rules again."""

    name: str
    bands: tuple[str, ...]
    reason: str


class Bands(msgspec.Struct, frozen=True, kw_only=True):
    """The edges of one attribute."""

    name: str
    bands: tuple[str, ...]


class BandsRequest(Request, frozen=True, kw_only=True):
    """A request as listed."""

    name: str
    bands: tuple[str, ...]


class BandsOpen(Conflict):
    """Another request about this attribute waits for its decision."""

    code = "customers.bands_open"


class BandsUndecided(Conflict):
    """Bands are asked for under sealed values and decided by another person, not brought along with a definition."""

    code = "customers.bands_undecided"


class BandsRequests(Requests[Bands]):
    """Bands of attributes; what holds stands with the attribute."""

    kind = "attribute_bands"
    table = tables.bands_change
    shape = Bands
    group = "privacy"
    action = "customers.bands"
    subject_kind = "attribute"
    open = BandsOpen
    unfit = BandsUnfit
    pointer = "/bands"
    applied = RequestState.DONE
    replaces = False

    async def title(self, tx: Tx, wanted: Bands) -> str:
        """By the attribute's names."""
        known = await _attribute(tx, wanted.name)
        return f"申明分档 {known.label} · Bands of {known.label_en or known.name}"

    async def require_fit(self, tx: Tx, wanted: Bands) -> None:
        """`BandsUnfit`."""
        check_bands(msgspec.structs.replace(await _attribute(tx, wanted.name), bands=wanted.bands), "/bands")

    async def held(self, tx: Tx, wanted: Bands) -> Bands:
        """The edges the attribute has."""
        return Bands(name=wanted.name, bands=(await _attribute(tx, wanted.name)).bands)

    def diff(self, held: Bands | None, wanted: Bands) -> list[FieldChange]:
        """The edges."""
        return [
            FieldChange(
                path="bands", label="分界点", label_en="Edges",
                before="、".join(held.bands if held else ()) or None, after="、".join(wanted.bands) or None,
                group=self.group,
            )
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: Bands) -> None:
        """Declared in this transaction; values are sealed again in the background."""
        await attributes.declare_bands(tx, await _attribute(tx, wanted.name), wanted.bands)

    def asked(self, wanted: Bands) -> dict[str, Any]:
        """Columns of their own."""
        return {"name": wanted.name, "bands": list(wanted.bands)}

    def read(self, row: Record) -> Bands:
        """From columns of their own."""
        return Bands(name=row["name"], bands=tuple(row["bands"]))

    def subject(self, wanted: Bands) -> str:
        """The attribute."""
        return wanted.name


REQUESTS = BandsRequests()


async def request_bands(tx: Tx, new: NewBands) -> UUID:
    """Ask for the bands of an attribute of class C2; another person decides. Returns the request's id.

    `BandsUnfit` for no such attribute, edges that are none, or those it has; `BandsOpen`, `audit.ReasonMissing`.
    """
    wanted = Bands(name=new.name, bands=tuple(edge.strip() for edge in new.bands))
    return await REQUESTS.ask(tx, wanted, new.reason)


async def band_requests(tx: Tx, *, limit: int = 100) -> list[BandsRequest]:
    """Requests, latest first, by name of who asked."""
    return [
        BandsRequest(name=wanted.name, bands=wanted.bands, **fields)
        for wanted, fields in await REQUESTS.listed(tx, limit)
    ]


async def check_decided(tx: Tx, wanted: Sequence[Attribute]) -> None:
    """Raise `BandsUndecided` where a member of staff brings bands along that nobody decided."""
    if tx.actor.kind is not ActorKind.STAFF:
        return
    known = {one.name: one.bands for one in await attributes.list_attributes(tx)}
    for one in wanted:
        if one.bands and one.bands != known.get(one.name):
            raise BandsUndecided(
                f"The bands of '{one.name}' are decided by another person: leave them out here, and ask for them"
                " under sealed values.",
                name=one.name,
                rule="D5",
            )


class BandsApproval(Approval[Bands]):
    """Serves approvals of kind `attribute_bands`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    async def effects(self, tx: Tx, wanted: Bands) -> Simulation:
        """How many bands a rule can tell apart, before and after."""
        edges = (await _attribute(tx, wanted.name)).bands
        shown = SimulationRow(
            key="bands", label="可区分的分档", label_en="Bands rules can tell apart", unit="count",
            before=len(edges) + 1 if edges else 0, after=len(wanted.bands) + 1 if wanted.bands else 0,
        )  # fmt: skip
        return Simulation(rows=(shown,))

    async def checks(self, tx: Tx, wanted: Bands) -> list[Check]:
        """Few edges are better than many: whoever knows them learns the band (rule F1)."""
        del tx
        count = len(wanted.bands)
        return [
            Check(
                rule="F1",
                verdict=CheckVerdict.WARN if count > PLENTY else CheckVerdict.PASS,
                detail=f"规则只能看到所在分档；共 {count} 个分界点，越少越好",
                detail_en=f"Rules see the band only; {count} edges, and fewer are better",
                data={"edges": count},
            )
        ]


async def _attribute(tx: Tx, name: str) -> Attribute:
    known = next((one for one in await attributes.list_attributes(tx) if one.name == name), None)
    if known is None or known.data_class != "C2":
        raise BandsUnfit(f"'{name[:80]}' is no attribute of class C2.", pointer="/name")
    return known

"""The lobby as staff see it: the code on their screen, whom they received today, what a play came to by branch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import people, privacy, tenants
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers, entry_points
from huoke.reward.plays import store, store_lobby
from huoke.reward.plays.draft import seen
from huoke.reward.plays.lobby import SHOWN_SECONDS, code_now, is_open
from huoke.reward.plays.model import Play, PrizeTable, day_of
from huoke.reward.plays.refusals import BranchClosed, PlayUnfit
from huoke.reward.plays.visiting import CLOSES_HOUR, OPENS_HOUR
from huoke.reward.plays.ways import CodeOf

PATH = "/h5/{bank}/lobby/{code}"


class LobbyPlay(msgspec.Struct, frozen=True, kw_only=True):
    """A play that visits open; `by` is whose code opens it."""

    id: UUID
    name: str
    by: CodeOf
    chances: int


class LobbyScreen(msgspec.Struct, frozen=True, kw_only=True):
    """What a screen at a branch shows for `seconds`: a code as a picture, and the plays it opens; none when closed."""

    of: CodeOf
    unit_id: int
    unit: str
    unit_en: str
    open: bool
    opens_hour: int
    closes_hour: int
    path: str
    svg: str
    seconds: int
    plays: list[LobbyPlay]


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A prize somebody drew in a visit, so many times."""

    title: str
    title_en: str
    count: int


class VisitPlay(msgspec.Struct, frozen=True, kw_only=True):
    """A play as a visit opened it: chances given, draws made, prizes won."""

    play_id: UUID
    name: str
    chances: int
    draws: int
    prizes: list[Drawn]


class LobbyVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor somebody received today; without `seq` and name where the customer is not theirs to see."""

    id: UUID
    seq: int | None
    name: str
    unit_id: int
    checked_in_at: datetime
    plays: list[VisitPlay]


class LobbyFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What a play came to at one branch with one relationship manager ("": nobody received them)."""

    unit_id: int
    unit: str
    unit_en: str
    rm: str
    visits: int
    people: int
    played: int
    draws: int
    won: int


async def screen(tx: Tx, principal: Principal, of: CodeOf, origin: str) -> LobbyScreen:
    """The code that the caller's screen shows now; `PlayUnfit` for a caller without a unit."""
    if principal.unit_id is None:
        raise PlayUnfit("Codes are shown at a branch; you belong to none.", pointer="/unit_id")
    [unit] = [one for one in await people.units.tree(tx) if one.id == principal.unit_id]
    opens, closes = await tenants.setting(tx, OPENS_HOUR), await tenants.setting(tx, CLOSES_HOUR)
    is_now, path = is_open(tx.now, opens, closes), ""
    if is_now:
        rm_id = UUID(principal.actor.id) if of is CodeOf.RM else None
        code, _ = code_now(await privacy.keys(tx), unit.id, rm_id, tx.now)
        path = PATH.format(bank=(await tenants.get(tx)).code, code=code)
    return LobbyScreen(
        of=of,
        unit_id=unit.id,
        unit=unit.name,
        unit_en=unit.name_en,
        open=is_now,
        opens_hour=opens,
        closes_hour=closes,
        path=path,
        svg=entry_points.qr_svg(f"{origin}{path}").decode() if is_now else "",
        seconds=SHOWN_SECONDS - int(tx.now.timestamp()) % SHOWN_SECONDS,
        plays=[
            LobbyPlay(id=play.id, name=play.draft.name, by=lobby.by, chances=lobby.chances)
            for play in await store_lobby.of_the_lobby(tx)
            if (lobby := play.draft.lobby) is not None
            and play.unit_id in unit.path
            and (of is CodeOf.RM or lobby.by is CodeOf.BRANCH)
        ],
    )


async def screen_png(tx: Tx, principal: Principal, of: CodeOf, origin: str) -> bytes:
    """The same code as a raster picture, for screens that show no drawings; `PlayUnfit`, `BranchClosed`."""
    shown = await screen(tx, principal, of, origin)
    if not shown.open:
        raise BranchClosed(
            "Codes are shown while the branch is open.", opens=shown.opens_hour, closes=shown.closes_hour
        )
    return entry_points.qr_png(f"{origin}{shown.path}")


async def received(tx: Tx, principal: Principal) -> list[LobbyVisit]:
    """Whom the caller received today and what came of it, the latest first."""
    rows = await store_lobby.received_by(tx, UUID(principal.actor.id), day_of(tx.now))
    plays = {play.id: play for play in await store_lobby.of_the_lobby(tx)}
    tables = await store.tables(tx, plays)
    names = {int(row.seq): row.name for row in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    found: dict[UUID, LobbyVisit] = {}
    for row in rows:
        one = found.setdefault(
            row["id"],
            LobbyVisit(
                id=row["id"],
                seq=row["seq"] if row["seq"] in names else None,
                name=names.get(row["seq"]) or "",
                unit_id=row["unit_id"],
                checked_in_at=row["checked_in_at"],
                plays=[],
            ),
        )
        play = plays.get(row["play_id"])
        if play is not None:
            one.plays.append(_played(play, tables[play.id], row["chances"], row["given"] or ()))
    return list(found.values())


async def lobby_figures(tx: Tx, principal: Principal, play_id: UUID) -> list[LobbyFigure]:
    """What a play of the lobby in scope came to by branch and relationship manager; `PlayUnknown`."""
    play = await seen(tx, play_id, principal)
    rows = await store_lobby.by_branch(tx, play.id)
    known = {unit.id: unit for unit in await people.units.tree(tx)}
    names = await people.staff.names(tx, {str(row["rm_id"]) for row in rows if row["rm_id"]})
    return [
        LobbyFigure(
            unit_id=row["unit_id"],
            unit=known[row["unit_id"]].name,
            unit_en=known[row["unit_id"]].name_en,
            rm=names.get(str(row["rm_id"]), "") if row["rm_id"] else "",
            visits=row["visits"],
            people=row["people"],
            played=row["played"],
            draws=row["draws"],
            won=row["won"],
        )
        for row in rows
        if principal.covers(row["unit_id"])
    ]


def _played(play: Play, tables: Mapping[int, PrizeTable], chances: int, given: Sequence[int]) -> VisitPlay:
    prizes = tables[play.table_version].prizes
    won = Counter(line for line in given if prizes[line].offer_id is not None)
    return VisitPlay(
        play_id=play.id,
        name=play.draft.name,
        chances=chances,
        draws=len(given),
        prizes=[
            Drawn(title=prizes[line].title, title_en=prizes[line].title_en, count=count)
            for line, count in sorted(won.items())
        ],
    )

"""Pages of plays that are done: what there is to do today, what it gives, what was done. No script is needed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5 import card_gifts, play_channels, way_cards, way_checkin, way_missions, way_quiz
from huoke.app.h5.rewards import Titles
from huoke.app.h5.visit import Visit
from huoke.kernel.http import Batchers, check_csrf
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.reward import plays
from huoke.reward.plays import Act, Doing, DoneDeeds, Own, Play, PlayKind, PrizeTable

_NO_STORE = {"Cache-Control": "no-store"}
_PAGES: Mapping[PlayKind, Callable[[Own, Titles, Visit], dict[str, Any]]] = {
    PlayKind.CHECKIN: way_checkin.page,
    PlayKind.MISSION: way_missions.page,
    PlayKind.STEPS: way_missions.page,
    PlayKind.QUIZ: way_quiz.page,
    PlayKind.CARDS: way_cards.page,
}
TOLD = frozenset(
    {
        "plays.not_missed",
        "plays.no_card",
        "plays.not_reached",
        "plays.reward_gone",
        "plays.not_begun",
        "plays.too_late",
        "plays.no_set",
    }
    | card_gifts.TOLD
)
"""Refusals that the page explains; all others are its states."""


class DoForm(msgspec.Struct, frozen=True, kw_only=True):
    """A button of such a play; `a0` to `a9` are the answers to questions, by place."""

    csrf: str = ""
    act: Act
    item: int = 0
    day: date | None = None
    a0: int = -1
    a1: int = -1
    a2: int = -1
    a3: int = -1
    a4: int = -1
    a5: int = -1
    a6: int = -1
    a7: int = -1
    a8: int = -1
    a9: int = -1

    @property
    def answers(self) -> list[int]:
        """The answers in order; -1 where there is none."""
        return [getattr(self, f"a{place}") for place in range(10)]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of such a play shows beside its prizes."""

    closed: str
    values: dict[str, Any]


async def shown(
    tx: Tx,
    play: Play,
    table: PrizeTable,
    visit: Visit,
    stock: Mapping[int, int],
    *,
    did: bool = False,
    no: str = "",
) -> Way | None:
    """What somebody finds to do while so much of each prize is left; None for a play that is only drawn on."""
    build = _PAGES.get(play.draft.kind)
    if build is None:
        return None
    seq = visit.customer.seq if visit.customer else None
    found = await plays.mine(tx, play, None if seq is None else int(seq))
    titles = Titles(table, visit.words, stock)
    said = visit.words(f"way.no.{no}") if no in TOLD else ""
    values = build(found.own, titles, visit) | {
        "said": said or (_done(found.own, titles, visit) if did else ""),
        "refused": bool(said),
        "gone": titles.gone and not found.closed,
    }
    return Way(closed=found.closed, values=values)


def _done(own: Own, titles: Titles, visit: Visit) -> str:
    """What the last thing done came to."""
    if not own.deeds:
        return ""
    at = max(deed.at for deed in own.deeds)
    last = [deed for deed in own.deeds if deed.at == at]
    gave = titles.joined([text for deed in last if (text := titles.deed(deed))])
    head = visit.words(f"way.did.{last[0].kind.value}")
    lacks = any(deed.lacked for deed in last)
    told = visit.words("way.gave", gave=gave, where=titles.where(*last)) if gave else ""
    return head + told + (visit.words("way.lacks") if lacks else "")


@post("/p/{code:str}/do", operation_id="do_play", opt={"public": True}, include_in_schema=False, status_code=303)
async def do(
    visit: Visit,
    database: Database,
    batchers: Batchers,
    code: str,
    data: Annotated[DoForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Do something in the micro-batch; the play's page says what came of it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
    doing = Doing(
        play_id=play.id, seq=int(customer.seq), act=data.act, item=data.item, day=data.day, answers=data.answers
    )
    path = f"{visit.home}/p/{code}"
    try:
        play_channels.require(play, visit)
        made: DoneDeeds = await batchers.submit(plays.do, customer.tenant, customer.actor, doing)
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
        path += f"?no={refusal.code}" if refusal.code in TOLD else ""
    else:
        path += "?did=1" if made.deeds else ""
    return Redirect(path, status_code=303, headers=_NO_STORE)


routes = [do, *card_gifts.routes]

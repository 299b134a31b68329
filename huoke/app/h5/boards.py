"""What boards say whose draws come by rounds or give cards: look, verb, how chances come, why there is none."""

from collections.abc import Mapping
from datetime import datetime

from huoke.app.h5.words import Words
from huoke.reward import plays
from huoke.reward.plays import BOARDS, CodeOf, Play, PlayKind

_VERBS: Mapping[PlayKind, str] = {
    PlayKind.SCRATCH: "play.scratch",
    PlayKind.EGG: "play.egg",
    PlayKind.BOX: "play.box",
    PlayKind.RAIN: "play.rain",
    PlayKind.CARDS: "play.card",
}
PICTURED = frozenset({"wheel", "grid"})
"""Boards on whose fields the prizes stand."""
_LOOKS: Mapping[PlayKind, str] = {PlayKind.CARDS: "box", PlayKind.RAIN: "rain"}


def look_of(kind: PlayKind) -> str:
    """Which board the template draws; plays that are done draw on a wheel."""
    return kind.value if kind in BOARDS else _LOOKS.get(kind, "wheel")


def verb_of(kind: PlayKind, words: Words) -> str:
    """What the button says."""
    return words(_VERBS.get(kind, "play.draw"))


def earned_by(play: Play, words: Words) -> str:
    """How chances come."""
    draft, parts = play.draft, list[str]()
    if draft.daily_chances:
        parts.append(words("play.daily", count=draft.daily_chances))
    if draft.welcome_chances:
        parts.append(words("play.welcome", count=draft.welcome_chances))
    if draft.lobby is not None:
        parts.append(words("lobby.earn", count=draft.lobby.chances))
    if draft.ways.rain is not None:
        rain = draft.ways.rain
        parts.append(words("way.rain", times=words("way.and").join(sorted(rain.times)), seconds=rain.seconds))
    return " · ".join(parts)


def closed_by_rain(closed: str, play: Play, now: datetime) -> tuple[str, datetime | None]:
    """Why a rain gives no chance: between rounds, after this round's draw, after the last; and what comes next."""
    rain = play.draft.ways.rain
    if rain is None or closed != "plays.no_chance" or play.closes_at is None:
        return closed, play.opens_at
    following = plays.next_round(rain, now, play.closes_at)
    if plays.round_on(rain, now) is not None:
        return "rain.taken", following
    return ("rain.next" if following else "rain.over"), following


def closed_by_visit(closed: str, play: Play, *, played: bool) -> str:
    """Why a play of the lobby gives no chance: nobody opened it by a visit today, or its chances are used."""
    lobby = play.draft.lobby
    if lobby is None or closed != "plays.no_chance":
        return closed
    if played:
        return "lobby.used"
    return "lobby.visit" if lobby.by is CodeOf.RM else "lobby.door"


def is_card(play: Play, line: int) -> bool:
    """Whether a line is a card that is collected."""
    cards = play.draft.ways.cards
    return cards is not None and line in {*cards.lines, cards.wild}

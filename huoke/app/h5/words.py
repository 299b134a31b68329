"""The words of the phone pages in Chinese and English: the same keys in both (a test compares them).

Voice: verb first; the fact, then the next step; numbers with unit and time; no exclamation marks.
"""

import string
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from huoke.app.h5 import en, zh
from huoke.app.h5.booking_words import EN_BOOKING, ZH_BOOKING
from huoke.app.h5.exchange_words import EN_EXCHANGE, ZH_EXCHANGE
from huoke.app.h5.group_words import EN_GROUP, ZH_GROUP
from huoke.app.h5.help_words import EN_HELP, ZH_HELP
from huoke.app.h5.invite_words import EN_INVITE, ZH_INVITE
from huoke.app.h5.lobby_words import EN_LOBBY, ZH_LOBBY
from huoke.app.h5.mall_words import EN_MALL, ZH_MALL
from huoke.app.h5.plays_words import EN_PLAYS, ZH_PLAYS
from huoke.app.h5.points_words import EN_POINTS, ZH_POINTS
from huoke.app.h5.profile_words import EN_PROFILE, ZH_PROFILE
from huoke.app.h5.tier_words import EN_TIER, ZH_TIER
from huoke.app.h5.ways_words import EN_WAYS, ZH_WAYS
from huoke.kernel.clock import CHINA

__all__ = ["EN", "LANGUAGES", "ZH", "Language", "Words", "choose"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")

ZH: Mapping[str, str] = {
    **zh.ZH,
    **ZH_PLAYS,
    **ZH_TIER,
    **ZH_BOOKING,
    **ZH_POINTS,
    **ZH_EXCHANGE,
    **ZH_MALL,
    **ZH_INVITE,
    **ZH_HELP,
    **ZH_GROUP,
    **ZH_WAYS,
    **ZH_LOBBY,
    **ZH_PROFILE,
}
EN: Mapping[str, str] = {
    **en.EN,
    **EN_PLAYS,
    **EN_TIER,
    **EN_BOOKING,
    **EN_POINTS,
    **EN_EXCHANGE,
    **EN_MALL,
    **EN_INVITE,
    **EN_HELP,
    **EN_GROUP,
    **EN_WAYS,
    **EN_LOBBY,
    **EN_PROFILE,
}
_WORDS: Mapping[Language, Mapping[str, str]] = {"zh": ZH, "en": EN}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Counting(string.Formatter):
    """Fills sentences in; `{count:day|days}` is the first word where the count is one, else the second."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else many


_COUNTING = _Counting()


class Words:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._words = _WORDS[language]

    def __call__(self, key: str, **values: Any) -> str:
        """The sentence of a key, its values filled in."""
        return _COUNTING.format(self._words[key], **values)

    def either(self, zh: str, en: str) -> str:
        """What the bank wrote in this language, else in the other."""
        return (en or zh) if self.language == "en" else (zh or en)

    def day(self, instant: datetime) -> str:
        """2026-12-18, in the bank's time zone."""
        return instant.astimezone(CHINA).strftime("%Y-%m-%d")

    def minute(self, instant: datetime) -> str:
        """2026-12-18 09:30, in the bank's time zone."""
        return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")

    def month_day(self, day: date) -> str:
        """11月16日 or 16 Nov."""
        return f"{day.day} {_MONTHS[day.month - 1]}" if self.language == "en" else f"{day.month}月{day.day}日"

    def month(self, day: date) -> str:
        """2026年11月 or Nov 2026."""
        return f"{_MONTHS[day.month - 1]} {day.year}" if self.language == "en" else f"{day.year}年{day.month}月"

    def clock(self, instant: datetime) -> str:
        """09:30, in the bank's time zone."""
        return instant.astimezone(CHINA).strftime("%H:%M")

    def second(self, instant: datetime) -> str:
        """09:30:05, in the bank's time zone."""
        return instant.astimezone(CHINA).strftime("%H:%M:%S")

    def short_day(self, instant: datetime) -> str:
        """11月16日 or 16 Nov."""
        return self.month_day(instant.astimezone(CHINA).date())


def choose(asked: str | None, remembered: str | None, accepted: str) -> Language:
    """The language of a page: asked for in the address, remembered, else the browser's first of the two."""
    for wish in (asked, remembered):
        for language in LANGUAGES:
            if wish == language:
                return language
    for part in accepted.lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"

"""How names are found: as they are written, as they sound, by the first letters of how they sound.

Three texts of every listing, each a line a field so that nothing is found across two of them:

    words      星巴克 拿铁 中杯 ↵ starbucks latte ↵ 星巴克 ↵ SB-1023       lower case, full width made plain
    sounds     xingbakenatiezhongbei ↵ xingbake                          without tones; ü is v
    initials   xbkntzb ↵ xbk

What is typed is found wherever it stands in one of the three. Names and brands begin with `START` in `words`, so that
what begins with the typed text can be told from what only holds it.
"""

import re
import unicodedata
from functools import cache, lru_cache

import msgspec

START = "\x02"
"""Stands before what a name begins with; nobody types it."""
LINE = "\n"
WORDS_MAX = 8
TYPED_MAX = 60
_HAN = re.compile(r"[㐀-鿿]+")
_SPACE = re.compile(r"[\s\x00-\x1f]+")
_LATIN = re.compile(r"[a-z]+")
_PHRASE_MAX = 8
_RUNS_KEPT = 200_000


class Words(msgspec.Struct, frozen=True):
    """The three texts of one listing."""

    words: str
    sounds: str
    initials: str


class Typed(msgspec.Struct, frozen=True):
    """One word somebody typed, made plain; `latin` where it may be how something sounds."""

    text: str
    latin: bool


def words_of(name: str, name_en: str, brand: str, item: str, code: str) -> Words:
    """The texts by which a listing is found."""
    named, whose, what = plain(name), plain(brand), plain(item)
    fields = [START + named, plain(name_en), START + whose, what, plain(code)]
    sounding = [sound(text) for text in dict.fromkeys((named, whose, what)) if text]
    return Words(
        words=LINE.join(field for field in fields if field.strip(START)),
        sounds=LINE.join(full for full, _ in sounding if full),
        initials=LINE.join(first for _, first in sounding if first),
    )


def plain(text: str) -> str:
    """Lower case, full width made plain (NFKC), one space for any blank or control character."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def typed(q: str) -> list[Typed]:
    """The words somebody typed, each of which has to be found; at most 8 of 60 characters together."""
    return [Typed(word, _LATIN.fullmatch(word) is not None) for word in plain(q[:TYPED_MAX]).split(" ") if word][
        :WORDS_MAX
    ]


def grams(text: str, length: int) -> list[str]:
    """Every run of `length` characters, each once."""
    return list(dict.fromkeys(text[place : place + length] for place in range(len(text) - length + 1)))


@lru_cache(_RUNS_KEPT)
def sound(text: str) -> tuple[str, str]:
    """How the Chinese of a plain text sounds, and the first letters of that; two empty texts where there is none."""
    syllables = [syllable for run in _HAN.findall(text) for syllable in _read(run)]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _read(run: str) -> list[str]:
    characters, phrases, longest = _readings()
    found: list[str] = []
    place = 0
    while place < len(run):
        for length in range(longest.get(run[place : place + 2], 1), 1, -1):
            if (known := phrases.get(run[place : place + length])) is not None:
                found += known
                place += length
                break
        else:
            if (one := characters.get(run[place])) is not None:
                found.append(one)
            place += 1
    return found


@cache
def _readings() -> tuple[dict[str, str], dict[str, list[str]], dict[str, int]]:
    """Usual readings of characters; phrases that are read otherwise than character by character (银行, 长沙); how long
    the longest phrase is that begins with two characters.

    The tables are pypinyin's; they take a second to load, so only who writes names loads them.
    """
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # noqa: PLC0415 - a second at the start of every process

    characters = {chr(point): _toneless(readings.partition(",")[0]) for point, readings in PINYIN_DICT.items()}
    phrases: dict[str, list[str]] = {}
    longest: dict[str, int] = {}
    for phrase, readings in PHRASES_DICT.items():
        if 1 < len(phrase) <= _PHRASE_MAX and len(readings) == len(phrase):
            syllables = [_toneless(one[0]) for one in readings]
            if any(characters.get(each) != one for each, one in zip(phrase, syllables, strict=True)):
                phrases[phrase] = syllables
                longest[phrase[:2]] = max(longest.get(phrase[:2], 0), len(phrase))
    return characters, phrases, longest


@cache
def _toneless(reading: str) -> str:
    parts = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(part for part in parts if not unicodedata.combining(part))

"""Where a play may be shown and what its rules say there, by the channel one comes by (rule M3); pure.

A channel has rules of its own: a platform bans inducing people to share or to follow, whoever wrote the words.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import msgspec


class PlayChannel(StrEnum):
    """How somebody comes to a play: the bank's app, WeChat (account or mini programme), a link in a text message, the
    lobby of a branch.
    """

    APP = "app"
    WECHAT = "wechat"
    SMS = "sms"
    LOBBY = "lobby"


class ChannelText(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules say to who comes by one channel, beside the rules for all."""

    channel: PlayChannel
    zh: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    en: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


_SHARE = r"分享|转发|集赞|点赞|扩散|朋友圈|拉人|shar(?:e|ing)|forward|repost"
_FOLLOW = r"关注|订阅(?:号|公众号)|follow|subscribe"
_GETS = r"领|送|得|赢|抽|换|奖|解锁|机会|[加多]\s*\S{0,2}次|get|win|earn|receive|chance|unlock|draw|reward|prize|gift"
_NOT = re.compile(r"[不无非勿禁]|没有|\b(?:not|no|never|without|nothing)\b", re.IGNORECASE)
_REACH = 24
_BEFORE = 6


def induces_sharing(text: str) -> str:
    """The words that promise something for sharing, empty where none do; a sentence that denies it does not."""
    return _induces(_SHARE, text)


def induces_following(text: str) -> str:
    """The words that promise something for following an account, empty where none do."""
    return _induces(_FOLLOW, text)


def flaws_of(channels: list[ChannelText]) -> Iterator[tuple[str, str]]:
    """What is wrong with the channels of a draft: pointer and sentence."""
    seen = set()
    for place, one in enumerate(channels):
        if one.channel in seen:
            yield f"/channels/{place}/channel", "A channel is named once."
        seen.add(one.channel)
        if not one.zh.strip():
            yield f"/channels/{place}/zh", "Every channel has its rules."


def _induces(act: str, text: str) -> str:
    pattern = re.compile(rf"(?:{act})(?P<between>[^。；;.!！\n]{{0,{_REACH}}}?)(?:{_GETS})", re.IGNORECASE)
    for found in pattern.finditer(text):
        before = re.split(r"[。；;.!！，,\n]", text[: found.start()])[-1][-_BEFORE * 2 :]
        if not _NOT.search(found["between"]) and not _NOT.search(before):
            return found[0]
    return ""

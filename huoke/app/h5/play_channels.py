"""Plays by the channel one comes by: what its rules say there, and who is sent to another channel (rule M3)."""

from huoke.app.h5.visit import Visit
from huoke.app.h5.words import Words
from huoke.reward import plays
from huoke.reward.plays import ChannelText, Play


def require(play: Play, visit: Visit) -> None:
    """Raise `plays.ChannelClosed` unless it may be played by the channel one came by."""
    if not play.draft.shown_on(visit.via):
        raise plays.ChannelClosed("This play is not open on the channel you came by.", channel=visit.via.value)


def rules_of(play: Play, visit: Visit) -> str:
    """What the rules say to who comes by this channel, beside those for all; empty where they say nothing."""
    return "\n".join(_text(one, visit.words) for one in play.draft.channels if one.channel is visit.via)


def every_rule(play: Play, words: Words) -> str:
    """The rules for all, then those of every channel under its name: what was published (rule L3)."""
    own = [words("play.channel.rules", channel=name_of(one, words)) + _text(one, words) for one in play.draft.channels]
    return "\n".join([words.either(play.draft.zh.rules, play.draft.en.rules), *own])


def where(play: Play, words: Words) -> str:
    """The channels a play is open on, by name."""
    return words("way.and").join(name_of(one, words) for one in play.draft.channels)


def name_of(one: ChannelText, words: Words) -> str:
    """What a channel is called."""
    return words(f"play.channel.{one.channel}")


def _text(one: ChannelText, words: Words) -> str:
    return words.either(one.zh, one.en)

"""What a referral programme is: its terms, the life of an invitation, and the pure rules over both.

Accepted, an invitation is bound. Once the act is done it is qualified and held; after the hold it is rewarded, and may
be clawed back. Without the act it lapses; what looks like abuse is held twice as long, or blocked until two people
release it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.money import FEN_MAX
from huoke.reward.referral.refusals import (
    ChannelClosed,
    Circle,
    Ended,
    InvitedBefore,
    NotStarted,
    Paused,
    ProgrammeUnfit,
    SelfInvited,
)

NAME_MAX, RULES_MAX = 40, 1_000
STOCK_MAX = 1_000_000
HELP_HOURS_MAX = 720
GOAL_MAX = 100
LADDER_MAX = 6
INVITER_LINE, INVITEE_LINE, LADDER_LINE = 0, 1, 2
"""Lines of a programme's benefits: who invites, who is invited, and from there one for each step of the ladder."""
CHANNEL_LINES = 100
"""From here on the lines of channels with benefits of their own: ten for each, the two sides first."""
CROWD = 3
"""A device that so many customers use is no one's own."""


class ProgrammeState(StrEnum):
    """Submitted waits for its approval; paused comes back; stopped and refused do not."""

    SUBMITTED = "submitted"
    LIVE = "live"
    PAUSED = "paused"
    STOPPED = "stopped"
    REFUSED = "refused"


PROGRAMME_NEXT: Mapping[ProgrammeState, frozenset[ProgrammeState]] = {
    ProgrammeState.SUBMITTED: frozenset({ProgrammeState.LIVE, ProgrammeState.REFUSED}),
    ProgrammeState.LIVE: frozenset({ProgrammeState.PAUSED, ProgrammeState.STOPPED}),
    ProgrammeState.PAUSED: frozenset({ProgrammeState.LIVE, ProgrammeState.STOPPED}),
    ProgrammeState.STOPPED: frozenset(),
    ProgrammeState.REFUSED: frozenset(),
}


class BondState(StrEnum):
    """The life of an accepted invitation."""

    BOUND = "bound"
    QUALIFIED = "qualified"
    REWARDED = "rewarded"
    LAPSED = "lapsed"
    BLOCKED = "blocked"
    CLAWED_BACK = "clawed_back"


BOND_NEXT: Mapping[BondState, frozenset[BondState]] = {
    BondState.BOUND: frozenset({BondState.QUALIFIED, BondState.LAPSED, BondState.BLOCKED}),
    BondState.QUALIFIED: frozenset({BondState.REWARDED, BondState.LAPSED, BondState.BLOCKED}),
    BondState.REWARDED: frozenset({BondState.CLAWED_BACK}),
    BondState.BLOCKED: frozenset({BondState.QUALIFIED}),
    BondState.LAPSED: frozenset(),
    BondState.CLAWED_BACK: frozenset(),
}
OPEN = frozenset({BondState.BOUND, BondState.QUALIFIED})
"""States that something still follows by itself."""


class Verdict(StrEnum):
    """What risk says of an invitation: pay after the hold, pay after a second hold, pay when two people say so."""

    ALLOW = "allow"
    DELAY = "delay"
    BLOCK = "block"


class Reason(StrEnum):
    """Why an invitation was delayed, blocked or lapsed."""

    SUPPRESSED = "suppressed"
    RING = "ring"
    CROWDED_DEVICE = "crowded_device"
    SHARED_DEVICE = "shared_device"
    VELOCITY = "velocity"
    BURST = "burst"
    SAME_PERSON = "same_person"
    NOT_NEW = "not_new"
    TOO_LATE = "too_late"
    UNDONE = "undone"
    NOTHING_GIVEN = "nothing_given"


class Channel(StrEnum):
    """How an invitation reaches the invitee: a code typed in, a link, a QR code or poster, or staff in any of these."""

    CODE = "code"
    LINK = "link"
    POSTER = "poster"
    STAFF = "staff"


class Benefit(msgspec.Struct, frozen=True, kw_only=True):
    """What one side gets each time: a published SKU, how many there are, who pays, for how long it is good.

    `pool_id` is where the units come from; None makes new ones.
    """

    sku_id: UUID
    budget_id: UUID
    stock: int
    valid_days: int = 30
    pool_id: UUID | None = None


class LadderStep(msgspec.Struct, frozen=True, kw_only=True):
    """A further benefit for the inviter, once, when so many invitees were rewarded."""

    invitees: int
    benefit: Benefit


class ChannelRule(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for invitations that come one way; what is not said is as the programme has it.

    `days`: an invitation can be accepted so many days after it was made. `person_limit`: so many of one inviter are
    accepted this way. `day_limit`: from so many in 24 hours on they wait. 0 leaves it to the programme. A benefit takes
    the place of that side's.
    """

    open: bool = True
    days: int = 0
    person_limit: int = 0
    day_limit: int = 0
    inviter: Benefit | None = None
    invitee: Benefit | None = None


NO_RULE = ChannelRule()


class NewProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """A programme to be approved. `act` is a tree of the expression language over events alone.

    The act counts within `act_days` of accepting; the benefit is held for `hold_days` after it. Whoever did the act in
    the `fresh_days` before accepting is no newcomer; 0 asks nothing of the past. An inviter gets at most `person_limit`
    benefits; invitations beyond `day_limit` in 24 hours wait longer.

    With `help_hours` it is a programme of help 助力: whoever asks gets nothing for each helper, but the steps of the
    ladder once so many did the act, each within `help_hours` of asking; the last step is the goal, and closes it.
    """

    name: str
    title: str
    title_en: str = ""
    rules: str
    rules_en: str = ""
    act: dict[str, Any]
    act_label: str
    act_label_en: str = ""
    act_days: int = 30
    hold_days: int = 7
    fresh_days: int = 180
    day_limit: int = 20
    person_limit: int = 20
    help_hours: int = 0
    opens_at: datetime
    closes_at: datetime
    inviter: Benefit | None = None
    invitee: Benefit | None = None
    ladder: tuple[LadderStep, ...] = ()
    channels: dict[Channel, ChannelRule] = {}
    request_no: str | None = None

    def rule(self, channel: Channel) -> ChannelRule:
        """What holds for invitations that come this way."""
        return self.channels.get(channel, NO_RULE)

    def accepted_until(self, channel: Channel, made_at: datetime) -> datetime | None:
        """Until when an invitation made then can be accepted this way; None where only the programme ends it."""
        days = self.rule(channel).days
        return made_at + timedelta(days=days) if days else None

    def haste(self, channel: Channel) -> int:
        """From how many invitations in 24 hours on one that came this way waits."""
        return self.rule(channel).day_limit or self.day_limit

    def asked_until(self, asked_at: datetime) -> datetime | None:
        """Until when who asked for help may be helped; None where nobody asks for help."""
        return min(asked_at + timedelta(hours=self.help_hours), self.closes_at) if self.help_hours else None

    @property
    def goal(self) -> int:
        """How many helpers fulfil what was asked; 0 where nobody asks for help."""
        return self.ladder[-1].invitees if self.help_hours else 0


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A programme as stored; `offers` maps lines to what grants publish."""

    id: UUID
    unit_id: int
    state: ProgrammeState
    terms: NewProgramme
    offers: dict[str, UUID]
    change_id: UUID | None
    created_by: str
    created_at: datetime

    def takes_no_more(self, at: datetime) -> bool:
        """Whether nobody can be invited in it ever again."""
        return self.state is ProgrammeState.STOPPED or (
            self.state in (ProgrammeState.LIVE, ProgrammeState.PAUSED) and at >= self.terms.closes_at
        )

    def closed(self, at: datetime) -> Paused | Ended | NotStarted | None:
        """Why no invitation is accepted at this instant, or None."""
        if self.state is ProgrammeState.PAUSED:
            return Paused("This programme is paused; come back later.")
        if self.state is not ProgrammeState.LIVE or at >= self.terms.closes_at:
            return Ended("This programme has ended.", closes_at=self.terms.closes_at.isoformat())
        if at < self.terms.opens_at:
            return NotStarted("This programme has not begun.", opens_at=self.terms.opens_at.isoformat())
        return None


class Bond(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted invitation as it stands. `due_at` is when it is looked at next; None once nothing follows by itself.

    `inviter_seq` and `inviter_person` are None where staff invited.
    """

    id: UUID
    programme_id: UUID
    referrer_id: UUID
    inviter_seq: int | None
    inviter_person: int | None
    invitee_seq: int
    invitee_person: int
    state: BondState
    verdict: Verdict
    reasons: list[Reason]
    steps: int
    bound_at: datetime
    act_by: datetime
    qualified_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    value_fen: int
    channel: Channel = Channel.CODE


class RiskFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an invitation: `device_users` of the busiest device both use (0: none is shared), how many this
    inviter had brought in the 24 hours before, and whether either side is suppressed or in a ring.
    """

    suppressed: bool = False
    ringed: bool = False
    device_users: int = 0
    invited_in_a_day: int = 0


def judge(facts: RiskFacts, day_limit: int) -> tuple[Verdict, list[Reason]]:
    """The verdict and every reason for it, the gravest first; twice the day's limit is no longer zeal."""
    block = [
        (facts.suppressed, Reason.SUPPRESSED),
        (facts.ringed, Reason.RING),
        (facts.device_users >= CROWD, Reason.CROWDED_DEVICE),
        (facts.invited_in_a_day >= 2 * day_limit, Reason.BURST),
    ]
    delay = [
        (0 < facts.device_users < CROWD, Reason.SHARED_DEVICE),
        (day_limit <= facts.invited_in_a_day < 2 * day_limit, Reason.VELOCITY),
    ]
    grave = [reason for holds, reason in block if holds]
    light = [reason for holds, reason in delay if holds]
    verdict = Verdict.BLOCK if grave else Verdict.DELAY if light else Verdict.ALLOW
    return verdict, grave + light


def refuse_bond(
    inviter: int | None, invitee: int, invited: Mapping[int, int | None]
) -> SelfInvited | InvitedBefore | Circle | None:
    """Why an invitation cannot be accepted, or None; persons throughout (rule R1).

    `invited` maps everybody on the inviter's way up, and the invitee if there already, to whoever invited them; None
    stands for staff. The way is followed to its end, however long.
    """
    if inviter == invitee:
        return SelfInvited("Nobody invites themselves.")
    if invitee in invited:
        return InvitedBefore("You have accepted an invitation of this programme already.")
    above = inviter
    while above is not None:
        if above == invitee:
            return Circle("You invited the person who invites you, directly or through others.")
        above = invited.get(above)
    return None


def reached(ladder: Sequence[LadderStep], rewarded: int) -> list[int]:
    """The lines of the steps that so many rewarded invitees reach."""
    return [LADDER_LINE + place for place, step in enumerate(ladder) if step.invitees <= rewarded]


def benefits_of(terms: NewProgramme) -> dict[int, Benefit]:
    """Every benefit of a programme by its line."""
    sides = {INVITER_LINE: terms.inviter, INVITEE_LINE: terms.invitee}
    steps = {LADDER_LINE + place: step.benefit for place, step in enumerate(terms.ladder)}
    own = {
        _channel_line(channel, side): (rule.inviter if side == INVITER_LINE else rule.invitee)
        for channel, rule in terms.channels.items()
        for side in (INVITER_LINE, INVITEE_LINE)
    }
    return {line: one for line, one in {**sides, **steps, **own}.items() if one is not None}


def line_of(terms: NewProgramme, channel: Channel, side: int) -> int:
    """The line that a side of an invitation gets: its channel's own, else the programme's."""
    rule = terms.rule(channel)
    own = rule.inviter if side == INVITER_LINE else rule.invitee
    return side if own is None else _channel_line(channel, side)


def side_of(line: int) -> tuple[Channel | None, int] | None:
    """Which side a line is, and of which channel alone; None for a step of the ladder."""
    if line < LADDER_LINE:
        return None, line
    if line < CHANNEL_LINES:
        return None
    place, side = divmod(line - CHANNEL_LINES, 10)
    return list(Channel)[place], side


def _channel_line(channel: Channel, side: int) -> int:
    return CHANNEL_LINES + 10 * list(Channel).index(channel) + side


def pointer_of(line: int) -> str:
    """Where a line's benefit stands in `NewProgramme`."""
    found = side_of(line)
    if found is None:
        return f"/ladder/{line - LADDER_LINE}/benefit"
    channel, side = found
    name = "inviter" if side == INVITER_LINE else "invitee"
    return f"/channels/{channel.value}/{name}" if channel else f"/{name}"


def refuse_channel(terms: NewProgramme, channel: Channel, made_at: datetime, at: datetime) -> ChannelClosed | None:
    """Why an invitation made then is not accepted this way now, or None."""
    until = terms.accepted_until(channel, made_at)
    if not terms.rule(channel).open:
        return ChannelClosed("This programme accepts no invitations that come this way.", channel=channel.value)
    if until is not None and at >= until:
        return ChannelClosed("This invitation is too old.", channel=channel.value, until=until.isoformat())
    return None


def check_terms(terms: NewProgramme, now: datetime) -> None:
    """Raise `ProgrammeUnfit` for what cannot be; nothing is looked up."""
    needed = ("name", "title", "rules", "act_label")
    days = {"act_days": (1, 365), "hold_days": (0, 90), "fresh_days": (0, 3_650)}
    limits = {"day_limit": (1, 1_000), "person_limit": (1, 10_000)}
    wrong = {
        **{f"/{field}": not getattr(terms, field).strip() for field in needed},
        **{f"/{field}": not low <= getattr(terms, field) <= high for field, (low, high) in {**days, **limits}.items()},
        "/closes_at": terms.closes_at <= max(terms.opens_at, now),
        "/ladder": len(terms.ladder) > LADDER_MAX or not _rising([step.invitees for step in terms.ladder]),
    }
    wrong |= _wrong_help(terms) | _wrong_channels(terms)
    texts = {"name": NAME_MAX, "title": NAME_MAX, "title_en": 80, "act_label": NAME_MAX, "act_label_en": 80}
    wrong |= {f"/{field}": True for field, most in texts.items() if len(getattr(terms, field)) > most}
    wrong |= {f"/{field}": True for field in ("rules", "rules_en") if len(getattr(terms, field)) > RULES_MAX}
    for line, benefit in benefits_of(terms).items():
        wrong[f"{pointer_of(line)}/stock"] = not 1 <= benefit.stock <= STOCK_MAX
        wrong[f"{pointer_of(line)}/valid_days"] = not 1 <= benefit.valid_days <= 365
    for pointer, is_wrong in wrong.items():
        if is_wrong:
            raise ProgrammeUnfit(f"The programme's {pointer[1:]} cannot be.", pointer=pointer)
    if terms.inviter is None and terms.invitee is None and not terms.help_hours:
        raise ProgrammeUnfit("Somebody gets something: name a benefit for a side.", pointer="/inviter")


def _wrong_help(terms: NewProgramme) -> dict[str, bool]:
    """What a programme of help may not be: too long, without a goal, paying the asker for each helper."""
    if not terms.help_hours:
        return {}
    return {
        "/help_hours": not 1 <= terms.help_hours <= HELP_HOURS_MAX,
        "/ladder": not terms.ladder or not _rising([one.invitees for one in terms.ladder]) or terms.goal > GOAL_MAX,
        "/inviter": terms.inviter is not None,
    }


def _wrong_channels(terms: NewProgramme) -> dict[str, bool]:
    """What the rules of channels may not be: beyond bounds, all closed, paying staff or who asks for help."""
    unpaid = {Channel.STAFF} if not terms.help_hours else set(Channel)
    wrong = {"/channels": all(not terms.rule(channel).open for channel in Channel)}
    for channel, rule in terms.channels.items():
        place = f"/channels/{channel.value}"
        wrong[f"{place}/days"] = not 0 <= rule.days <= 365
        wrong[f"{place}/person_limit"] = not 0 <= rule.person_limit <= 10_000
        wrong[f"{place}/day_limit"] = not 0 <= rule.day_limit <= 1_000
        wrong[f"{place}/inviter"] = rule.inviter is not None and channel in unpaid
    return wrong


def money_of(cost_fen: int, stock: int) -> int:
    """What a benefit may cost in all; `ProgrammeUnfit` beyond what money can be."""
    if cost_fen * stock > FEN_MAX:
        raise ProgrammeUnfit("So many cost more than a budget can hold.", pointer="/inviter/stock")
    return cost_fen * stock


def _rising(counts: Collection[int]) -> bool:
    ordered = list(counts)
    return all(one > 0 for one in ordered) and ordered == sorted(set(ordered))

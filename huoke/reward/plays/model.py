"""What a play is: its kinds and states, what its maker writes, and the prize table its customers may rely on."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.reward.plays.channels import ChannelText, PlayChannel
from huoke.reward.plays.design import Design
from huoke.reward.plays.ways import Lobby, Ways, rewards

PPM = 1_000_000
"""Odds are parts of a million; those of a table add up to it, those of winning nothing included."""
LINES_MAX = 24
TITLE = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
SHORT = Annotated[str, msgspec.Meta(max_length=60)]
TEXT = Annotated[str, msgspec.Meta(max_length=8_000)]
COUNT = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class PlayKind(StrEnum):
    """How a play looks and what one does in it; the engine of draws is one and the same."""

    WHEEL = "wheel"
    GRID = "grid"
    SCRATCH = "scratch"
    EGG = "egg"
    BOX = "box"
    CHECKIN = "checkin"
    MISSION = "mission"
    QUIZ = "quiz"
    STEPS = "steps"
    CARDS = "cards"
    RAIN = "rain"


BOARDS = frozenset({PlayKind.WHEEL, PlayKind.GRID, PlayKind.SCRATCH, PlayKind.EGG, PlayKind.BOX})
"""Kinds that are drawn on and nothing else; the others are done, and may hand out draws."""
DRAWN = BOARDS | {PlayKind.CARDS, PlayKind.RAIN}
"""Kinds that are nothing without draws."""


class PlayState(StrEnum):
    """draft → submitted → live ⇄ paused → ended; an approval that fails leads back to draft."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


NEXT: Mapping[PlayState, frozenset[PlayState]] = {
    PlayState.DRAFT: frozenset({PlayState.SUBMITTED}),
    PlayState.SUBMITTED: frozenset({PlayState.DRAFT, PlayState.LIVE}),
    PlayState.LIVE: frozenset({PlayState.PAUSED, PlayState.ENDED}),
    PlayState.PAUSED: frozenset({PlayState.LIVE, PlayState.ENDED}),
    PlayState.ENDED: frozenset(),
}


class PrizeDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a prize table as its maker writes it. Without a SKU it is the line that wins nothing.

    `odds_ppm` are parts of a million; 0 is a prize only a fallback or a guarantee leads to. `per_day` and
    `per_person` limit how often it is given (0: no limit). `fallback` is the line given where this one cannot be.
    """

    title: TITLE
    title_en: Annotated[str, msgspec.Meta(max_length=40)] = ""
    sku_id: UUID | None = None
    pool_id: UUID | None = None
    odds_ppm: Annotated[int, msgspec.Meta(ge=0, le=PPM)] = 0
    per_day: COUNT = 0
    per_person: COUNT = 0
    fallback: Annotated[int, msgspec.Meta(ge=0, lt=LINES_MAX)] | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What the phone page says, in one language."""

    title: SHORT = ""
    subtitle: SHORT = ""
    rules: TEXT = ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A play as its maker writes it.

    Chances: `daily_chances` every day until its end, `welcome_chances` once; a natural person gets each once (rule R1).
    `draws_a_day` limits draws of one person (0: as many as chances). `guarantee_after` n: the n-th draw on end that
    would win nothing gives `guarantee_line` instead, to everybody alike. `segment_id` is a condition to fulfil.
    What is sent waits `claim_days` for its address. A play of the `lobby` has no other chances than its visits'.
    `channels` are those it is shown on, each with its own rules beside those for all; none is every channel (rule M3).
    """

    name: TITLE
    kind: PlayKind = PlayKind.WHEEL
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    budget_id: UUID | None = None
    segment_id: UUID | None = None
    daily_chances: Annotated[int, msgspec.Meta(ge=0, le=20)] = 1
    welcome_chances: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    draws_a_day: COUNT = 0
    guarantee_after: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    guarantee_line: Annotated[int, msgspec.Meta(ge=0, lt=LINES_MAX)] | None = None
    claim_days: Annotated[int, msgspec.Meta(ge=3, le=90)] = 15
    prizes: Annotated[list[PrizeDraft], msgspec.Meta(max_length=LINES_MAX)] = []
    zh: Page = Page()
    en: Page = Page()
    ways: Ways = msgspec.field(default_factory=Ways)
    lobby: Lobby | None = None
    design: Design = msgspec.field(default_factory=Design)
    channels: Annotated[list[ChannelText], msgspec.Meta(max_length=len(PlayChannel))] = []

    def shown_on(self, channel: PlayChannel) -> bool:
        """Whether who comes by a channel may see it and take part."""
        return not self.channels or any(one.channel is channel for one in self.channels)

    @property
    def is_drawn(self) -> bool:
        """Whether anybody can ever draw in it."""
        handed = any(reward.chances for _, reward in rewards(self.ways))
        return self.kind in DRAWN or bool(self.daily_chances or self.welcome_chances or self.lobby) or handed


class NewPlay(Draft, frozen=True, kw_only=True):
    """A play to make; `unit_id` None is the maker's own unit."""

    unit_id: int | None = None
    request_no: str | None = None


class PlayChange(Draft, frozen=True, kw_only=True):
    """The whole new draft, and the version it was made from."""

    expected_version: int


class NewAmendment(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a play that runs: the whole play as it would be, units to add by line, what its rules page says."""

    draft: Draft
    stock: dict[int, int] = {}
    zh: Annotated[str, msgspec.Meta(min_length=4, max_length=300)]
    en: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A change as asked for: submitted → applied or refused; `table_version` is the table it changes."""

    id: UUID
    play_id: UUID
    table_version: int
    draft: Draft
    stock: dict[int, int]
    zh: str
    en: str
    state: str
    change_id: UUID | None
    made_by: str
    made_at: datetime
    closed_at: datetime | None


class Prize(msgspec.Struct, frozen=True, kw_only=True):
    """A line as published: `offer_id` None wins nothing; `value_fen` is its market price (rule L1)."""

    line: int
    title: str
    title_en: str
    odds_ppm: int
    per_day: int
    per_person: int
    fallback: int | None
    offer_id: UUID | None = None
    sku_id: UUID | None = None
    kind: str = ""
    value_fen: int = 0
    tax_code: str = ""
    withholding_ppm: int = 0


class PrizeTable(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a play's prizes, odds and limits: never changed, told by its hash."""

    version: int
    prizes: list[Prize]
    draws_a_day: int = 0
    guarantee_after: int = 0
    guarantee_line: int | None = None

    def digest(self) -> bytes:
        """SHA-256 of the table's JSON with sorted keys: what a reader of the public archive recomputes."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).digest()


class Play(msgspec.Struct, frozen=True, kw_only=True):
    """A play as stored. `version` counts drafts, `table_version` prize tables, `drawn` draws without a gap.

    `commitment` is SHA-256 of the seed, public from publication; `seed` is None until the end.
    """

    id: UUID
    code: str
    unit_id: int
    state: PlayState
    version: int
    draft: Draft
    opens_at: datetime | None
    closes_at: datetime | None
    table_version: int
    drawn: int
    commitment: bytes | None
    seed: bytes | None
    change_id: UUID | None
    created_at: datetime
    published_at: datetime | None
    ended_at: datetime | None

    @property
    def currency(self) -> str:
        """The ledger's name for this play's chances."""
        return f"PLAY-{self.id.hex}"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A line that could not be given, why, and the units its pool had left then."""

    line: int
    why: str
    left: int = 0


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """One draw with all that is needed to do it again.

    `picked` is the line the outcome points at, or the guarantee's; `steps` the lines passed over on the way to `given`;
    `left` what the pool of `given` had before; `mark` stands for the natural person and says nothing of who it is.
    """

    number: int
    version: int
    outcome: int
    picked: int
    given: int
    steps: list[Step]
    left: int
    mark: bytes
    at: datetime
    seq: int = 0
    grant_id: UUID | None = None


def drafted_table(draft: Draft) -> PrizeTable:
    """The table a draft would publish, for showing it: its offers do not exist."""
    prizes = [
        Prize(
            line=line,
            title=one.title,
            title_en=one.title_en,
            odds_ppm=one.odds_ppm,
            per_day=one.per_day,
            per_person=one.per_person,
            fallback=one.fallback if one.fallback is not None and one.fallback < len(draft.prizes) else None,
            sku_id=one.sku_id,
            kind="voucher" if one.sku_id else "",
        )
        for line, one in enumerate(draft.prizes)
    ]
    line = draft.guarantee_line if (draft.guarantee_line or 0) < len(prizes) else None
    return PrizeTable(
        version=0,
        prizes=prizes,
        draws_a_day=draft.draws_a_day,
        guarantee_after=draft.guarantee_after,
        guarantee_line=line,
    )


def day_of(at: datetime) -> date:
    """The bank's day of an instant."""
    return at.astimezone(CHINA).date()


def day_begins(at: datetime) -> datetime:
    """Midnight before, in the bank's time zone."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def dead_end(fallbacks: Sequence[int | None], wins: Sequence[bool]) -> int | None:
    """The first line whose fallbacks do not end at a line that wins nothing, or None where all do."""
    for start in range(len(fallbacks)):
        line, passed = start, set[int]()
        while wins[line]:
            onward = fallbacks[line]
            if onward is None or not 0 <= onward < len(fallbacks) or line in passed:
                return start
            passed.add(line)
            line = onward
    return None

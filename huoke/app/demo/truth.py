"""What the finished campaigns of a demo really did: written down when their effects are planted, to judge measuring."""

from pathlib import Path
from uuid import UUID

import msgspec

from huoke.app.demo.planted import Aggregate


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """The effect of one campaign on those it reached, as only their maker can know it.

    `with_` and `without` are means of the metric over the `treated`, as it is and as it would have been: shares,
    numbers or fen, by `aggregate`.
    """

    bank: str
    campaign_id: UUID
    name: str
    event: str
    aggregate: Aggregate
    metric: str | None
    days: int
    treated: int
    control: int
    with_: float
    without: float

    @property
    def effect(self) -> float:
        """The average effect on those treated."""
        return self.with_ - self.without

    @property
    def relative(self) -> float | None:
        """The effect against what would have been; None where that is nothing."""
        return self.effect / self.without if self.without else None


def read_truths(home: Path) -> list[Truth]:
    """Every planted effect; none before the demo is there."""
    try:
        return msgspec.json.decode((home / "demo-truth.json").read_bytes(), type=list[Truth])
    except FileNotFoundError:
        return []


def write_truths(home: Path, truths: list[Truth]) -> None:
    """Write them whole or not at all."""
    draft = home / "demo-truth.new"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(truths), indent=2))
    draft.replace(home / "demo-truth.json")

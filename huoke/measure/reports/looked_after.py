"""What looking after early warnings does: customers who were shown to somebody against those kept back (rule E1)."""

import msgspec
import numpy as np

from huoke.decide import experiments
from huoke.decide.experiments import Effect, Group
from huoke.kernel.tx import Tx
from huoke.know import temperature
from huoke.know.temperature import Outcome


class WarningEffect(msgspec.Struct, frozen=True, kw_only=True):
    """Warnings of a year whose 30 days are over. `stayed`: the share of customers who did anything of their own accord
    in those days; amounts went through their hands in 30 days, before and after, in fen a customer.
    """

    shown: int
    control: int
    stayed: Effect
    shown_before_fen: int
    shown_after_fen: int
    control_before_fen: int
    control_after_fen: int


async def looked_after(tx: Tx) -> WarningEffect:
    """Of the whole bank: both groups are drawn from all of it."""
    found = await temperature.outcomes(tx)
    return WarningEffect(
        shown=found.shown.warnings,
        control=found.control.warnings,
        stayed=experiments.share_effect(_stayed(found.shown), _stayed(found.control)),
        shown_before_fen=_each(found.shown.value_fen, found.shown),
        shown_after_fen=_each(found.shown.after_fen, found.shown),
        control_before_fen=_each(found.control.value_fen, found.control),
        control_after_fen=_each(found.control.after_fen, found.control),
    )


def _stayed(outcome: Outcome) -> Group:
    return Group((np.arange(outcome.warnings) < outcome.stayed).astype(np.float64))


def _each(fen: int, outcome: Outcome) -> int:
    return fen // outcome.warnings if outcome.warnings else 0

"""Whether the groups have the sizes they were drawn with: the sample-ratio check."""

import msgspec
import scipy

ALARM_BELOW = 0.001
"""p at which groups are no longer compared (Fabijan et al., Diagnosing sample ratio mismatch, KDD 2019)."""


class SampleRatio(msgspec.Struct, frozen=True, kw_only=True):
    """Persons of both groups, the share that control was drawn with, and the exact two-sided p of such a split."""

    treated: int
    control: int
    expected_control: float
    p: float
    alarm: bool


def sample_ratio(treated: int, control: int, control_share: float) -> SampleRatio:
    """Exact binomial test of the control group's size; `control_share` between 0 and 1, both excluded.

    p is twice the smaller tail (Clopper & Pearson, Biometrika 26, 1934, 404-413), never more than 1.
    """
    assert 0 < control_share < 1, "somebody is treated and somebody is not"
    total = treated + control
    below = float(scipy.special.bdtr(control, total, control_share))
    above = float(scipy.special.bdtrc(control - 1, total, control_share)) if control else 1.0
    p = min(1.0, 2 * min(below, above))
    return SampleRatio(
        treated=treated, control=control, expected_control=total * control_share, p=p, alarm=p < ALARM_BELOW
    )

"""Experiments: the control group of a campaign, by salted hash of the natural person (rules E1, R1), and its effect.

effect = experiments.share_effect(Group(treated), Group(control), experiments.sample_ratio(9_012, 988, 0.1))
rows = [experiments.plan(41_312, percent, Baseline(average=0.36)) for percent in (5, 10, 20)]     before launch
"""

from huoke.decide.experiments.balance import ALARM_BELOW, SampleRatio, sample_ratio
from huoke.decide.experiments.draw import control_group, control_members, keep, split
from huoke.decide.experiments.effect import (
    EVENTS_MIN,
    PERSONS_MIN,
    Group,
    baseline_of,
    cost_per_incremental,
    mean_effect,
    share_effect,
    silent,
)
from huoke.decide.experiments.means import Moments, mean_difference, mean_ratio
from huoke.decide.experiments.model import PERCENT_MAX, ControlGroup, PublicOffer, control_arm
from huoke.decide.experiments.outcome import Effect, Estimate, Gap, Method, Missing, Verdict
from huoke.decide.experiments.plan import Baseline, Plan, detectable, persons_for, plan
from huoke.decide.experiments.shares import share_difference, share_ratio

__all__ = [
    "ALARM_BELOW",
    "EVENTS_MIN",
    "PERCENT_MAX",
    "PERSONS_MIN",
    "Baseline",
    "ControlGroup",
    "Effect",
    "Estimate",
    "Gap",
    "Group",
    "Method",
    "Missing",
    "Moments",
    "Plan",
    "PublicOffer",
    "SampleRatio",
    "Verdict",
    "baseline_of",
    "control_arm",
    "control_group",
    "control_members",
    "cost_per_incremental",
    "detectable",
    "keep",
    "mean_difference",
    "mean_effect",
    "mean_ratio",
    "persons_for",
    "plan",
    "sample_ratio",
    "share_difference",
    "share_effect",
    "share_ratio",
    "silent",
    "split",
]

"""Experiments: the control group of a campaign, by salted hash of the natural person (rules E1, R1)."""

from huoke.decide.experiments.draw import control_group, control_members, keep, split
from huoke.decide.experiments.model import PERCENT_MAX, ControlGroup, PublicOffer, control_arm

__all__ = [
    "PERCENT_MAX",
    "ControlGroup",
    "PublicOffer",
    "control_arm",
    "control_group",
    "control_members",
    "keep",
    "split",
]

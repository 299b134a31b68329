"""Missions, pure: which day an event counts for, and taking what a goal gives once it is reached."""

from datetime import date

from huoke.kernel.refusals import Refusal
from huoke.reward.plays.deed import Doing, NotReached, NotThisPlay, Own, Planned
from huoke.reward.plays.ways import DeedKind, Mission, Span, place_of


def day_for(mission: Mission, happened_on: date, opens_on: date) -> date:
    """The day under which a mission's events count together."""
    return happened_on if mission.span is Span.DAY else opens_on


def take(own: Own, doing: Doing) -> list[Planned] | Refusal:
    """What a reached goal gives; a day's goals can be taken until the play ends."""
    place, step = place_of(doing.item)
    missions = own.draft.ways.missions
    if place >= len(missions) or step >= len(missions[place].goals):
        return NotThisPlay("There is no such mission.", pointer="/item")
    mission = missions[place]
    day = day_for(mission, doing.day or own.today, own.opens_on)
    if own.did(DeedKind.GOAL, doing.item, day):
        return []
    goal, done = mission.goals[step], own.counts.get((place, day), 0)
    if done < goal.target:
        return NotReached("This goal is not reached.", done=done, target=goal.target)
    return [Planned(kind=DeedKind.GOAL, day=day, item=doing.item, reward=goal.gives, owed=True)]

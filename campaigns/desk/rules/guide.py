"""The guide of the first steps: which there are for whom, and which are done."""

from dataclasses import dataclass
from enum import StrEnum


class GuideStep(StrEnum):
    """The steps; managers have the first, the second and the last, members the last two."""

    TEAM = "team"
    CAMPAIGN = "campaign"
    MINE = "mine"
    TICK = "tick"


@dataclass(frozen=True)
class GuideFacts:
    """What is there already, seen by one person."""

    manages: bool
    works: bool
    # Somebody else is in a team that this person manages, or is invited.
    has_team: bool
    has_template: bool
    has_campaign: bool
    # This person has owned a task; has ticked a line or finished a task.
    has_owned: bool
    has_ticked: bool


def guide_steps(facts: GuideFacts) -> tuple[tuple[GuideStep, bool], ...]:
    """Each step with whether it is done; none for those who only look on."""
    if facts.manages:
        return (
            (GuideStep.TEAM, facts.has_team),
            (GuideStep.CAMPAIGN, facts.has_campaign),
            (GuideStep.TICK, facts.has_ticked),
        )
    if facts.works:
        return ((GuideStep.MINE, facts.has_owned), (GuideStep.TICK, facts.has_ticked))
    return ()

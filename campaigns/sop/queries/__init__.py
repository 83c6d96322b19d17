"""Procedures as their readers may see them, and plans before they are written."""

from campaigns.sop.queries.plans import (
    Choices,
    Generation,
    PreviewScreen,
    campaign_choices,
    generation_of,
    ground_of,
    managed_teams,
    owners_for,
    plan_on,
    plan_preview,
)
from campaigns.sop.queries.templates import (
    StepLine,
    TemplateCard,
    VersionScreen,
    newest_version,
    steps_of,
    templates_of,
    version_of_team,
    version_screen,
)

__all__ = [
    "Choices",
    "Generation",
    "PreviewScreen",
    "StepLine",
    "TemplateCard",
    "VersionScreen",
    "campaign_choices",
    "generation_of",
    "ground_of",
    "managed_teams",
    "newest_version",
    "owners_for",
    "plan_on",
    "plan_preview",
    "steps_of",
    "templates_of",
    "version_of_team",
    "version_screen",
]

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
    Derived,
    StepLine,
    TemplateCard,
    VersionScreen,
    templates_of,
    version_screen,
)
from campaigns.sop.queries.versions import (
    TemplateChoice,
    base_of,
    newest_version,
    steps_of,
    template_choices,
    used_anchors_of,
    version_of_team,
)

__all__ = [
    "Choices",
    "Derived",
    "Generation",
    "PreviewScreen",
    "StepLine",
    "TemplateCard",
    "TemplateChoice",
    "VersionScreen",
    "base_of",
    "campaign_choices",
    "generation_of",
    "ground_of",
    "managed_teams",
    "newest_version",
    "owners_for",
    "plan_on",
    "plan_preview",
    "steps_of",
    "template_choices",
    "templates_of",
    "used_anchors_of",
    "version_of_team",
    "version_screen",
]

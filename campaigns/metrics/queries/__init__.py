"""Figures of a campaign as its readers may see them."""

from campaigns.metrics.queries.figures import campaign_days, day_totals, figures_of, visitors_by_day
from campaigns.metrics.queries.imports import (
    IMPORTS_SHOWN,
    ImportLine,
    ImportOutcome,
    import_for,
    import_outcome,
    imports_of,
    kept_lines,
)
from campaigns.metrics.queries.screen import DAYS_SHOWN, NumbersScreen, numbers_screen
from campaigns.metrics.queries.targets import DayVisitors, TargetShown, target_for, target_of, visitors_of

__all__ = [
    "DAYS_SHOWN",
    "IMPORTS_SHOWN",
    "DayVisitors",
    "ImportLine",
    "ImportOutcome",
    "NumbersScreen",
    "TargetShown",
    "campaign_days",
    "day_totals",
    "figures_of",
    "import_for",
    "import_outcome",
    "imports_of",
    "kept_lines",
    "numbers_screen",
    "target_for",
    "target_of",
    "visitors_by_day",
    "visitors_of",
]

"""Verbs on figures: imports in one file, targets and visitors in the other."""

from campaigns.metrics.actions.figures import set_daily_figures, set_target, undo_figures_change
from campaigns.metrics.actions.imports import run_import, start_import, undo_import

__all__ = ["run_import", "set_daily_figures", "set_target", "start_import", "undo_figures_change", "undo_import"]

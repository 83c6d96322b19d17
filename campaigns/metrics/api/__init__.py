"""Figures over the API: a file each for the numbers, their imports, the target and the visitors."""

from campaigns.metrics.api.imports import ImportsView, ImportView, UndoImportView
from campaigns.metrics.api.numbers import NumbersView
from campaigns.metrics.api.target import TargetView
from campaigns.metrics.api.visitors import VisitorsView

__all__ = ["ImportView", "ImportsView", "NumbersView", "TargetView", "UndoImportView", "VisitorsView"]

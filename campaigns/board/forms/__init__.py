"""What people type about tasks."""

from campaigns.board.forms.table import BulkForm, ChosenForm, TableForm
from campaigns.board.forms.task import (
    AssignForm,
    CommentForm,
    CompleteForm,
    CreateTaskForm,
    DependencyForm,
    EditTaskForm,
    FilterForm,
    HelpersForm,
    HoursForm,
    MoveForm,
    ReasonForm,
    ReviewForm,
    TaskForm,
    VersionForm,
    WaiveDependencyForm,
)

__all__ = [
    "AssignForm",
    "BulkForm",
    "ChosenForm",
    "CommentForm",
    "CompleteForm",
    "CreateTaskForm",
    "DependencyForm",
    "EditTaskForm",
    "FilterForm",
    "HelpersForm",
    "HoursForm",
    "MoveForm",
    "ReasonForm",
    "ReviewForm",
    "TableForm",
    "TaskForm",
    "VersionForm",
    "WaiveDependencyForm",
]

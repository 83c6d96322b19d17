"""What can be done to a task: one POST a verb, named like its action; each answers with the task as it is then."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from rest_framework.request import Request

from campaigns.board import actions
from campaigns.board.api.shapes import (
    AcceptIn,
    AssignIn,
    CompleteIn,
    HelpersIn,
    HoursIn,
    MoveIn,
    PredecessorIn,
    ReasonIn,
    ReviewIn,
    TaskDetailOut,
    WaivePredecessorIn,
    detail,
)
from planner.web.api import ApiView, operation
from staff.people.queries import actor_for

Values = dict[str, Any]


def _does(request: Request, verb: Callable[..., object], task_id: int, **values: Any) -> Values:
    actor = actor_for(request.user)
    verb(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return detail(actor, task_id)


def _does_to_item(request: Request, verb: Callable[..., int], item_id: int, **values: Any) -> Values:
    actor = actor_for(request.user)
    return detail(actor, verb(actor=actor, item_id=item_id, now=timezone.now(), **values))


class AssignView(ApiView):
    """Who owns it."""

    @operation("assign_task", takes=AssignIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Gives the task to somebody, or to nobody."""
        return _does(request, actions.assign_task, task_id, version=version, **values)


class TakeView(ApiView):
    """Taking it."""

    @operation("take_task", gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, version: int | None) -> Values:
        """The caller becomes the owner of a task that nobody owns."""
        return _does(request, actions.take_task, task_id, version=version)


class HelpersView(ApiView):
    """Who helps."""

    @operation("set_helpers", takes=HelpersIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Exactly these people work on it beside its owner."""
        return _does(request, actions.set_helpers, task_id, version=version, **values)


class StartView(ApiView):
    """Beginning."""

    @operation("start_task", gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, version: int | None) -> Values:
        """Work on it begins."""
        return _does(request, actions.start_task, task_id, version=version)


class ReviewView(ApiView):
    """Having it checked."""

    @operation("send_to_review", takes=ReviewIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Asks a second person to check it; from then on they or a manager mark it done."""
        return _does(request, actions.send_to_review, task_id, version=version, **values)


class CompleteView(ApiView):
    """Done."""

    @operation("complete_task", takes=CompleteIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Marks it done: its checklist is ticked or waived, and what it waits for is done or waived."""
        return _does(request, actions.complete_task, task_id, version=version, **values)


class ReopenView(ApiView):
    """Not done after all."""

    @operation("reopen_task", gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, version: int | None) -> Values:
        """Takes it back into work: from done, from being checked, or from cancelled."""
        return _does(request, actions.reopen_task, task_id, version=version)


class BlockView(ApiView):
    """Standing still."""

    @operation("block_task", takes=ReasonIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Says that it cannot go on, and why."""
        return _does(request, actions.block_task, task_id, version=version, **values)


class UnblockView(ApiView):
    """Going on."""

    @operation("unblock_task", gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, version: int | None) -> Values:
        """It can go on: back into work."""
        return _does(request, actions.unblock_task, task_id, version=version)


class CancelView(ApiView):
    """Calling it off."""

    @operation("cancel_task", takes=ReasonIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Says that it is not needed, and why; ordinary tasks that waited for it wait no longer."""
        return _does(request, actions.cancel_task, task_id, version=version, **values)


class AcceptRushView(ApiView):
    """Taking a rush request on."""

    @operation("accept_rush", takes=AcceptIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Accepts a rush request that waits, and gives it to somebody where one is named. A manager's to do."""
        return _does(request, actions.accept_rush, task_id, version=version, **values)


class DeclineRushView(ApiView):
    """Turning a rush request down."""

    @operation("decline_rush", takes=ReasonIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Declines a rush request that waits: it is cancelled with the reason. A manager's to do."""
        return _does(request, actions.decline_rush, task_id, version=version, **values)


class ConfirmView(ApiView):
    """The second signature."""

    @operation("confirm_gate", gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, version: int | None) -> Values:
        """Confirms a gate that somebody else did."""
        return _does(request, actions.confirm_gate, task_id, version=version)


class MoveView(ApiView):
    """Its place on the board."""

    @operation("move_task", takes=MoveIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Moves it into a column, beside a neighbour, or both; every column obeys the rule of its own verb."""
        return _does(request, actions.move_task, task_id, version=version, **values)


class LogHoursView(ApiView):
    """Time worked."""

    @operation("log_hours", takes=HoursIn, gives=TaskDetailOut)
    def post(self, request: Request, *, task_id: int, values: Values) -> Values:
        """Adds worked hours."""
        return _does(request, actions.log_hours, task_id, **values)


class AddDependencyView(ApiView):
    """What comes first."""

    @operation("add_dependency", takes=PredecessorIn, gives=TaskDetailOut)
    def post(self, request: Request, *, task_id: int, values: Values) -> Values:
        """The task waits for another one of its campaign; a ring is refused by name."""
        return _does(request, actions.add_dependency, task_id, **values)


class RemoveDependencyView(ApiView):
    """What need not come first."""

    @operation("remove_dependency", takes=PredecessorIn, gives=TaskDetailOut)
    def post(self, request: Request, *, task_id: int, values: Values) -> Values:
        """The task no longer waits for that one."""
        return _does(request, actions.remove_dependency, task_id, **values)


class WaivePredecessorView(ApiView):
    """What is not waited for this time."""

    @operation("waive_predecessor", takes=WaivePredecessorIn, gives=TaskDetailOut)
    def post(self, request: Request, *, task_id: int, values: Values) -> Values:
        """The task may be done although that one is not; the reason is kept."""
        return _does(request, actions.waive_predecessor, task_id, **values)


class TickView(ApiView):
    """A line of a checklist, done."""

    @operation("tick_item", gives=TaskDetailOut)
    def post(self, request: Request, *, item_id: int) -> Values:
        """Ticks the line; ticking a ticked one changes nothing."""
        return _does_to_item(request, actions.tick_item, item_id)


class UntickView(ApiView):
    """A line of a checklist, open again."""

    @operation("untick_item", gives=TaskDetailOut)
    def post(self, request: Request, *, item_id: int) -> Values:
        """Opens the line again; taking back a waiver is for those who may waive."""
        return _does_to_item(request, actions.untick_item, item_id)


class WaiveItemView(ApiView):
    """A line of a checklist, let off."""

    @operation("waive_item", takes=ReasonIn, gives=TaskDetailOut)
    def post(self, request: Request, *, item_id: int, values: Values) -> Values:
        """The line need not be done this time; the reason is kept."""
        return _does_to_item(request, actions.waive_item, item_id, **values)

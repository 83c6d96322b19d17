"""Runs over the API."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from planner.web.api import ApiView, Choice, Id, Moment, Out, Sentence, operation
from staff.people.queries import actor_for
from staff.runs import actions
from staff.runs.queries import RunScreen, run_screen
from staff.runs.rules import RunState


class RunOut(Out):
    """Long work that a worker does: how far it is and how it ended."""

    id = Id(help_text="The run's id.")
    team_id = Id(help_text="The team whose work it is.")
    kind = serializers.CharField(
        help_text="What it does: `import_orders` takes an order file in, `compile_review` compiles a review."
    )
    subject_id = Id(
        help_text="What it is about: of `import_orders` the import's id, of `compile_review` the campaign's."
    )
    state = Choice(
        RunState,
        help_text="`queued` waits for a worker, `running` is worked on; `done`, `failed` and `cancelled` have ended.",
    )
    progress = serializers.IntegerField(
        help_text="How much of `total` is done; of `import_orders` in orders, of `compile_review` in reviews, 0 or 1."
    )
    total = serializers.IntegerField(help_text="How much there is to do, in the unit of `progress`; 0 while unknown.")
    cancel_asked = serializers.BooleanField(
        help_text="Somebody asked it to stop. It stops at the worker's next look, unless it ends before."
    )
    error = Sentence(allow_null=True, help_text="Why it failed, in the caller's language; null unless `failed`.")
    result = serializers.DictField(
        child=serializers.JSONField(help_text="A number, a word or true or false."),
        help_text=(
            "What it brought about; empty unless `done`. `import_orders`: `orders` written, `known_orders` that an"
            " earlier import had brought, `state` of the import. `compile_review`: `changed`, false when the review"
            " said the same already."
        ),
    )
    created_at = Moment(help_text="When it was asked for.")
    ended_at = Moment(allow_null=True, help_text="When it ended; null while it is `queued` or `running`.")


class RunView(ApiView):
    """One run."""

    @operation("get_run", gives=RunOut)
    def get(self, request: Request, *, run_id: int) -> RunScreen:
        """The run. Ask again every second or so until `ended_at` is there."""
        return run_screen(actor_for(request.user), run_id)


class CancelRunView(ApiView):
    """The wish that a run stops."""

    @operation("ask_cancel", gives=RunOut)
    def post(self, request: Request, *, run_id: int) -> RunScreen:
        """Asks the run to stop; what it wrote before it stops is taken back. Refused once it has ended."""
        actor = actor_for(request.user)
        actions.ask_cancel(actor=actor, run_id=run_id, now=timezone.now())
        return run_screen(actor, run_id)

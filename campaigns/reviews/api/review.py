"""The whole review over the API, and its compiling."""

from django.utils import timezone
from rest_framework.request import Request

from campaigns.reviews import actions, jobs
from campaigns.reviews.api.summary import ReviewOut
from campaigns.reviews.queries import ReviewScreen, review_screen
from planner.web.api import ApiView, operation
from planner.web.bell import ring
from staff.people.queries import actor_for
from staff.runs.api import RunOut
from staff.runs.queries import RunScreen, run_screen


class ReviewView(ApiView):
    """A campaign's review."""

    @operation("get_review", gives=ReviewOut)
    def get(self, request: Request, *, campaign_id: int) -> ReviewScreen:
        """The compiled summary as codes and numbers, and what people wrote beside it.

        The summary is as of `compiled_at`; a section whose data does not exist is null or empty. Names of people and
        tasks are as they are now.
        """
        return review_screen(actor_for(request.user), campaign_id)


class CompileView(ApiView):
    """The compiling of a review."""

    @operation("ask_compile", gives=RunOut, status=202)
    def post(self, request: Request, *, campaign_id: int) -> RunScreen:
        """Asks a worker to compile the review from the present facts; answers with the run.

        While one is open already, that one is the answer. Notes and lessons are not touched. A review is also compiled
        by itself when the review phase opens.
        """
        actor = actor_for(request.user)
        run_id = actions.ask_compile(actor=actor, campaign_id=campaign_id, now=timezone.now())
        ring(jobs.sweep_reviews)
        return run_screen(actor, run_id)

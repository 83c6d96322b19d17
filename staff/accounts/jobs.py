"""The sweep of accounts, for Celery. The rows are the truth: a lost message costs one sweep."""

from celery import shared_task
from django.utils import timezone

from staff.accounts.actions.guard import tidy_guards
from staff.accounts.actions.resets import answer_requests, tidy_requests
from staff.accounts.actions.sending import send_due_mails


@shared_task
def sweep_accounts() -> None:
    """Turns requests into links, sends the mail of links, drops what is of no use any more."""
    answer_requests(now=timezone.now())
    send_due_mails(now=timezone.now())
    tidy_requests(now=timezone.now())
    tidy_guards(now=timezone.now())

"""Makes the tables and the rows that the crash table starts from: `python -m tests.chaos.stage`."""

import os
from datetime import UTC, datetime, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings
from django.core.management import call_command


def build_stage() -> None:
    """Tables straight from the models; one task due in 23 hours, one overdue by 25, both of the designer."""
    settings.MIGRATION_MODULES = dict.fromkeys(["staff", "campaigns", "auth", "contenttypes", "sessions"])
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)

    # Models can only be imported now.
    from tests.cast import make_cast
    from tests.factories import CampaignFactory, TaskFactory

    now = datetime.now(UTC)
    cast = make_cast()
    campaign = CampaignFactory(team=cast.team)
    before = now - timedelta(days=20)
    for hours in (23, -25):
        due_at = now + timedelta(hours=hours)
        TaskFactory(campaign=campaign, owner=cast.designer, due_at=due_at, created_at=before, assigned_at=before)


if __name__ == "__main__":
    build_stage()

"""Rows for tests, with believable defaults; what a test is about it says itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory

from campaigns.board.models import ChecklistItem, Task, TaskDependency
from campaigns.campaign.models import Campaign, CampaignMember, Store
from staff.people.models import Membership, MembershipRole, Team, User

# The smallest picture there is.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000"
    "000d49444154789c63506848f80f0003c40200b6d697800000000049454e44ae426082"
)
# A fixed moment of the whole suite: a Monday morning in Shanghai.
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person without a team."""

    class Meta:
        """Of User."""

        model = User

    login = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.Sequence(lambda n: f"同事{n}")
    pinyin = factory.Sequence(lambda n: f"tongshi{n} ts{n}")
    email = factory.LazyAttribute(lambda user: f"{user.login}@example.test")
    joined_at = NOW


class TeamFactory(factory.django.DjangoModelFactory[Team]):
    """A shop team in Shanghai."""

    class Meta:
        """Of Team."""

        model = Team

    name = factory.Sequence(lambda n: f"店铺{n}")
    created_at = NOW


def join(user: User, team: Team, level: str = "member", *roles: str, capacity: int = 6) -> Membership:
    """Gives `user` a place in `team`."""
    membership = Membership.objects.create(team=team, user=user, level=level, capacity_hours=Decimal(capacity))
    MembershipRole.objects.bulk_create(MembershipRole(membership=membership, role=role) for role in roles)
    return membership


class StoreFactory(factory.django.DjangoModelFactory[Store]):
    """A Tmall shop."""

    class Meta:
        """Of Store."""

        model = Store

    team = factory.SubFactory(TeamFactory)
    name = factory.Sequence(lambda n: f"旗舰店{n}")
    platform = "tmall"


class CampaignFactory(factory.django.DjangoModelFactory[Campaign]):
    """A promotion in preparation that starts 60 days from now."""

    class Meta:
        """Of Campaign."""

        model = Campaign

    team = factory.SubFactory(TeamFactory)
    name = factory.Sequence(lambda n: f"双11 大促{n}")
    platforms = ["tmall", "jd"]  # noqa: RUF012 - factory_boy copies it
    starts_at = NOW + timedelta(days=60)
    ends_at = factory.LazyAttribute(lambda campaign: campaign.starts_at + timedelta(days=25))
    created_at = NOW


class TaskFactory(factory.django.DjangoModelFactory[Task]):
    """An open preparation task of the operators, due in three days."""

    class Meta:
        """Of Task."""

        model = Task

    campaign = factory.SubFactory(CampaignFactory)
    title = factory.Sequence(lambda n: f"任务{n}")
    role = "ops"
    phase = "prep"
    due_at = NOW + timedelta(days=3)
    planned_due_at = factory.SelfAttribute("due_at")
    assigned_at = factory.LazyAttribute(lambda task: NOW if task.owner else None)
    estimate_hours = Decimal(4)
    position = factory.Sequence(lambda n: float(1024 * (n + 1)))
    created_at = NOW
    owner = None


class ChecklistItemFactory(factory.django.DjangoModelFactory[ChecklistItem]):
    """An open line of a task's checklist."""

    class Meta:
        """Of ChecklistItem."""

        model = ChecklistItem

    task = factory.SubFactory(TaskFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = factory.Sequence(lambda n: f"检查项{n}")


def depends(task: Task, predecessor: Task, **values: Any) -> TaskDependency:
    """Makes `task` wait for `predecessor`."""
    return TaskDependency.objects.create(task=task, predecessor=predecessor, **values)


def hold_role(campaign: Campaign, role: str, user: User) -> CampaignMember:
    """Makes `user` the campaign's holder of `role`."""
    return CampaignMember.objects.create(campaign=campaign, role=role, user=user)

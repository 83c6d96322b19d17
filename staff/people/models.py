"""Users, teams, memberships and the team's event log."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Finds a user by log-in name without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this log-in name, whatever its case."""
        return self.get(login__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in."""

    login = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    # Full pinyin and initials, written when the name is: "chenxiaomei cxm".
    pinyin = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(default=True)
    # Raised when what lets a person in has changed: every session and token from before is worth nothing then.
    epoch = models.PositiveIntegerField(default=1)
    joined_at = models.DateTimeField()
    # When the guide of the first steps was put away.
    guide_closed_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects = UserManager()

    class Meta:
        """Log-in names are unique without regard to case."""

        constraints: ClassVar = [models.UniqueConstraint(Lower("login"), name="user_login_ci")]

    def __str__(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # The epoch, beside the password that Django covers, ends sessions when somebody leaves or logs out everywhere.
        return salted_hmac(
            "staff.User.session", f"{self.epoch}:{self.password}", secret, algorithm="sha256"
        ).hexdigest()


class Team(models.Model):
    """A shop or brand team: the wall around everything it owns."""

    name = models.CharField(max_length=60, unique=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    level = models.CharField(max_length=10)
    capacity_hours = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(6))
    # Raised by every change: a screen that shows an older one is stale.
    version = models.PositiveIntegerField(default=1)
    # Since when the place has ended. The row stays: work and log keep the name, and the place can be given back.
    left_at = models.DateTimeField(null=True)

    class Meta:
        """One place per person and team; a day has 24 hours."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(level__in=["manager", "member", "viewer"]), name="membership_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity_hours__gt=0, capacity_hours__lte=24), name="membership_capacity_in_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.team}"


# The filter for places that hold: whoever lists people, seats or addressees asks it.
IN_TEAM = models.Q(left_at=None, user__is_active=True)


class MembershipRole(models.Model):
    """One functional role of a member."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=12)

    class Meta:
        """Each role once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["membership", "role"], name="membership_role_once")]

    def __str__(self) -> str:
        return self.role


class TeamEvent(models.Model):
    """What happened to a team's people and settings: appended, never changed."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="events")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField()

    class Meta:
        """Read by team, newest first."""

        indexes: ClassVar = [models.Index(fields=["team", "-at"], name="teamevent_team_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"

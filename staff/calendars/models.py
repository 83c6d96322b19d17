"""Days that differ from the plain week."""

from typing import ClassVar

from django.db import models


class CalendarDay(models.Model):
    """A holiday on a weekday or weekend, or a weekend day worked instead (调休)."""

    on = models.DateField(unique=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=60, blank=True)
    # False while the State Council's notice for the year is not out: a guess to be shown as provisional.
    official = models.BooleanField(default=True)

    class Meta:
        """Two kinds only."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["holiday", "makeup_workday"]), name="calendarday_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"

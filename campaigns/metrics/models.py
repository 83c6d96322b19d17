"""Targets, import batches, orders and daily figures."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from campaigns.campaign.models import Campaign
from staff.runs.models import Run


class KpiTarget(models.Model):
    """What the campaign should reach: paid amount = visitors × conversion × order value."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="target")
    paid_amount = models.DecimalField(max_digits=16, decimal_places=2)
    visitors = models.PositiveIntegerField(null=True)
    # Conversion is kept as buyers over visitors and divided at the end;
    # orders stand for buyers where no file has buyers.
    buyers = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Nothing negative."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(paid_amount__gt=0), name="target_paid_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.paid_amount}"


class ImportBatch(models.Model):
    """One uploaded file: its rows can be traced to it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="batches")
    run = models.OneToOneField(Run, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16, default="orders")
    file_name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=16)
    # SHA-256 of the kept columns in canonical form: the same rows in another encoding are the same file.
    digest = models.CharField(max_length=64)
    # The kept columns, zlib-compressed, until the rows are written; personal columns were dropped before.
    payload = models.BinaryField(null=True)
    rows = models.PositiveIntegerField(default=0)
    dropped_columns = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="pending")
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """The same file enters a campaign once; a failed, cancelled or undone try does not count."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "digest"],
                condition=models.Q(state__in=["pending", "imported"]),
                name="batch_file_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "imported", "failed", "cancelled", "undone"]),
                name="batch_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Order(models.Model):
    """One order of the shop, without anything that names the buyer."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="orders")
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="orders")
    order_no = models.CharField(max_length=40)
    total_amount = models.DecimalField(max_digits=12, decimal_places=2)
    # What the export calls 买家实际支付金额: net of refunds on paid orders.
    received_amount = models.DecimalField(max_digits=12, decimal_places=2)
    # None where the file has no refunds.
    refund_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    # The day of payment in the team's zone: the day that the amounts count for.
    paid_on = models.DateField(null=True)

    class Meta:
        """An order number once a campaign; summed by payment day."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "order_no"], name="order_once")]
        indexes: ClassVar = [models.Index(fields=["campaign", "paid_on"], name="order_paid_on")]

    def __str__(self) -> str:
        return self.order_no


class DailyFigure(models.Model):
    """A day's visitors, typed or pasted: order files do not have them."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="daily_figures")
    on = models.DateField()
    visitors = models.PositiveIntegerField()

    class Meta:
        """A day once a campaign."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "on"], name="daily_once")]

    def __str__(self) -> str:
        return f"{self.on}: {self.visitors}"

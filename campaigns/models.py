"""Registers the slices' models for Django and does nothing else."""

from campaigns.board.models import (
    BulkEdit,
    BulkEditTask,
    ChecklistItem,
    Comment,
    CommentMention,
    Evidence,
    Task,
    TaskDependency,
    TaskHelper,
)
from campaigns.campaign.models import Campaign, CampaignEvent, CampaignMember, CampaignStage, Store
from campaigns.metrics.models import DailyFigure, ImportBatch, KpiTarget, Order
from campaigns.reminders.models import Delivery, Notice
from campaigns.reviews.models import CampaignReview, Lesson
from campaigns.sop.models import PlanGeneration, SopStep, SopTemplate, SopVersion

__all__ = [
    "BulkEdit",
    "BulkEditTask",
    "Campaign",
    "CampaignEvent",
    "CampaignMember",
    "CampaignReview",
    "CampaignStage",
    "ChecklistItem",
    "Comment",
    "CommentMention",
    "DailyFigure",
    "Delivery",
    "Evidence",
    "ImportBatch",
    "KpiTarget",
    "Lesson",
    "Notice",
    "Order",
    "PlanGeneration",
    "SopStep",
    "SopTemplate",
    "SopVersion",
    "Store",
    "Task",
    "TaskDependency",
    "TaskHelper",
]
